"""Homes, and processes that use them, for tests of the launcher."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

__all__ = ["BOUNDED_ROOT", "ORDINARY", "ROOT", "User", "alive", "folder_for", "parent_of", "postmaster_of", "processes_in", "wait_until"]

ROOT, ORDINARY, BOUNDED_ROOT = "root", "ordinary", "root without CAP_DAC_READ_SEARCH"
_SOURCE = Path(__file__).parents[3] / "src"
# An ordinary user may not be able to enter the folder this Python lives in, where that is root's own.
_ORDINARY = [
    "setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
    "--inh-caps", "-all,+dac_read_search", "--ambient-caps", "-all,+dac_read_search",
]  # fmt: skip
_DROP = {ROOT: [], ORDINARY: _ORDINARY, BOUNDED_ROOT: ["setpriv", "--bounding-set", "-dac_read_search"]}


@dataclass(slots=True)
class User:
    """One process that has a home's store open."""

    home: Path
    who: str = ROOT
    binaries: Path | None = None
    process: "subprocess.Popen[str]" = field(init=False)
    first: dict[str, Any] = field(init=False, default_factory=dict)

    def start(self, *, wait: bool = True) -> Self:
        arguments = [str(self.home)] + ([str(self.binaries)] if self.binaries else [])
        drop = _DROP[self.who] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [*drop, sys.executable, str(Path(__file__).with_name("user_of_home.py")), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(_SOURCE), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        if wait:
            self.answer_of_start()
        return self

    def answer_of_start(self) -> dict[str, Any]:
        self.first = self._line()
        return self.first

    def ask(self, sql: str) -> Any:
        return self.ask_timed(sql)["value"]

    def ask_timed(self, sql: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()
        return self._line()

    def leave(self) -> int:
        """End as a command ends; returns the exit code."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
        code = self.process.wait(timeout=30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.leave()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.leave()

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


def folder_for(parent: Path, name: str, who: str) -> Path:
    """Return a place for a home of *who*: inside a folder of theirs."""
    folder = parent / name
    folder.mkdir(parents=True)
    if who == ORDINARY and os.geteuid() == 0:
        import pwd

        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return folder / ".onecard"


def postmaster_of(home: Path) -> int:
    """Return the process id of the server that runs in *home*; 0 while none does."""
    try:
        return int((home / "postgres/data/postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return 0


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def processes_in(folder: Path) -> list[int]:
    """Return processes that work in *folder*: of PostgreSQL, all do in the data folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and (entry / "cwd").resolve(strict=True) == folder and alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def wait_until(condition: Any, seconds: float) -> float:
    """Wait for *condition*; return how long that took. Fails after *seconds*."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - began
