"""One demo home behind a real `onecard serve`: what a test may do with it, through HTTP and the command line alone."""

import itertools
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Self

import httpx

from tests.printed import heard

__all__ = ["CITY_ZONE", "ROOT", "City", "CommandLine", "Ended", "Serving"]

ROOT = Path(__file__).parents[2]
CITY_ZONE = timezone(timedelta(hours=8))
READY = "Onecard is ready: "
SECONDS_MAX = 120

_WORKDAY = "2024-10-30T{time}:00+08:00"  # A Wednesday: museums are open, grounds after school.


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str
    cpu_seconds: float

    def json(self) -> Any:
        """The one document on stdout, of a command that was content; nothing else may stand there."""
        assert self.code in (0, 1) and self.out, f"ended with {self.code}: {self.err}"
        return json.loads(self.out)


class CommandLine:
    """Runs commands one after another, as a shell would."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="onecard-said-"))
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("zygote.py"))], env=_environment(self._folder, {}),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def run(self, *arguments: str | Path, home: Path, folder: Path = ROOT, **environment: str) -> Ended:
        """Run one command in *folder* on *home* and wait for its end."""
        out, err = self._folder / "out", self._folder / "err"
        call = {
            "arguments": [*map(str, arguments)], "folder": str(folder), "environment": _environment(home, environment),
            "out": str(out), "err": str(err),
        }  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        complained = err.read_text(encoding="utf-8")
        heard(f"onecard {arguments[0] if arguments else ''}", complained)
        return Ended(**told, out=out.read_text(encoding="utf-8"), err=complained)

    def close(self) -> None:
        """Run no more."""
        self._process.communicate(timeout=SECONDS_MAX)
        shutil.rmtree(self._folder)


def _environment(home: Path, more: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONECARD_")}
    return {**kept, "ONECARD_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8", **more}


class Serving:
    """`onecard serve` on a home, from its line "ready" until it is stopped; without *port* on a free one."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "onecard.cli.main", "serve", "--port", str(port)], cwd=ROOT, env=_environment(home, {}),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self.errors: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._gather, daemon=True).start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith(READY), (line, self.said())
        self.url = line.removeprefix(READY).strip()

    def said(self) -> str:
        """What the server has written to stderr since it was last asked."""
        return "".join(itertools.chain.from_iterable(iter(self._next, [])))

    def stop(self) -> int:
        """End it as Ctrl-C does; returns its exit code, 130 as of any command that was interrupted."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def _gather(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                heard("onecard serve", line)
                self.errors.put(line)

    def _next(self) -> list[str]:
        try:
            return [self.errors.get_nowait()]
        except queue.Empty:
            return []


@dataclass(slots=True, kw_only=True)
class City:
    """A demo city that is served: its cast by key, and the doors."""

    home: Path
    commands: CommandLine
    serving: Serving
    cast: dict[str, Any]
    client: httpx.Client
    printed: str = ""  # What `onecard demo` said once the city stood.
    untouched: Path | None = None  # The home as it was built, at rest.
    seqs: "itertools.count[int]" = field(default_factory=lambda: itertools.count(2_000_000, 1000))  # `onecard tap` goes on from the last.

    @classmethod
    def open(cls, home: Path, commands: CommandLine, printed: str = "", port: int = 0) -> Self:
        """Serve the demo that stands in *home*; without *port* on a free one."""
        serving = Serving(home, port)
        cast = commands.run("cast", "--json", home=home).json()
        client = httpx.Client(base_url=serving.url, timeout=SECONDS_MAX)
        return cls(home=home, commands=commands, serving=serving, cast=cast, client=client, printed=printed)

    @contextmanager
    def copied(self) -> Iterator[Path]:
        """Lend a copy of the home as it was built, before any story."""
        folder = Path(tempfile.mkdtemp(prefix="onecard-story-"))
        subprocess.run(["cp", "-a", f"{self.untouched}/.", str(folder)], check=True)
        yield folder
        shutil.rmtree(folder)

    def close(self) -> None:
        """Stop serving."""
        self.client.close()
        assert self.serving.stop() in (0, 130)

    def onecard(self, *arguments: str | Path, folder: Path = ROOT, **environment: str) -> Ended:
        """Run one command on this home."""
        return self.commands.run(*arguments, home=self.home, folder=folder, **environment)

    def terminal(self, key: str) -> dict[str, Any]:
        """Return a terminal of the cast."""
        return next(each for each in self.cast["terminals"] if each["key"] == key)

    def shown(self, who: str, kind: str = "card", *, old: bool = False) -> dict[str, str]:
        """Return a credential of a person of the cast; of cards the newest, or the *old* one."""
        person = next(each for each in self.cast["people"] if each["key"] == who)
        found: list[dict[str, str]] = [each for each in person["credentials"] if each["kind"] == kind]
        return found[0 if old else -1]

    def use(self, who: str | dict[str, str], terminal: str = "bus", **fields: Any) -> dict[str, Any]:
        """Return the body of a use: what is usual at that terminal on Wednesday 2024-10-30, and *fields* as told."""
        there = self.terminal(terminal)
        service, price, time = _USUAL[terminal]
        usual = {
            "terminal": there["id"], "seq": next(self.seqs), "credential": self.shown(who) if isinstance(who, str) else who,
            "service": service, "list_price": price, "occurred_at": _WORKDAY.format(time=time),
        }  # fmt: skip
        return {**usual, **fields}

    def post(self, path: str, body: Any, *, terminal: str = "bus", token: str | None = None, method: str = "POST") -> httpx.Response:
        """Send *body* (as it is, if bytes or text) with the token of *terminal*, or another, or with "" none."""
        content = body if isinstance(body, bytes | str) else json.dumps(body)
        told = self.terminal(terminal)["token"] if token is None else token
        return self.client.request(method, path, content=content, headers={"Authorization": f"Bearer {told}"} if told else {})

    def tap(self, who: str | dict[str, str], terminal: str = "bus", **fields: Any) -> dict[str, Any]:
        """Send one use and return its answer, which must be 200."""
        return self.answer(self.use(who, terminal, **fields), terminal)

    def answer(self, use: dict[str, Any], terminal: str = "bus") -> dict[str, Any]:
        """Send a use that was made before and return its answer, which must be 200."""
        response = self.post("/v1/uses", use, terminal=terminal)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def explained(self, use: str, terminal: str = "bus") -> dict[str, Any]:
        """Return the explanation of a use, which must be there."""
        response = self.post(f"/v1/uses/{use}/explanation", b"", terminal=terminal, method="GET")
        assert response.status_code == 200, response.text
        told: dict[str, Any] = response.json()
        return told

    def recorded(self, use: dict[str, Any], terminal: str = "bus") -> bool:
        """Tell whether a use of this terminal and seq is on record."""
        name = f"{use['terminal']}.{use['seq']}"
        return self.post(f"/v1/uses/{name}/explanation", b"", terminal=terminal, method="GET").status_code == 200

    def now(self) -> datetime:
        """Return the city's instant, in its own zone."""
        return datetime.fromisoformat(self.client.get("/healthz").json()["now"]).astimezone(CITY_ZONE)


_USUAL: dict[str, tuple[str, int, str]] = {
    "bus": ("ride", 200, "10:00"),
    "scenic": ("entry", 5000, "10:00"),
    "merchant": ("purchase", 10_000, "10:00"),
    "museum": ("entry", 0, "10:00"),
    "library": ("entry", 0, "10:00"),
    "campus-in": ("entry", 0, "19:00"),
    "campus-out": ("exit", 0, "19:30"),
    "canteen-haining": ("lunch", 1500, "11:30"),
    "canteen-tongxiang": ("lunch", 1500, "11:30"),
    "canteen-jiashan": ("lunch", 1500, "11:30"),
    "clinic": ("visit", 0, "09:00"),
    "hospital-l3": ("visit", 0, "09:00"),
    "pharmacy": ("visit", 0, "09:00"),
}
