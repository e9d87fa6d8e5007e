"""Gates: terminal programs as processes, each with its folder, fed line by line, started again whenever they were killed."""

import asyncio
import json
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.database.town import TOKEN
from tests.torture.gate_tally import GateTally
from tests.torture.line import Line
from tests.torture.servers import environment_of, onecard

__all__ = ["Gate", "Showing"]

_ANSWER_SECONDS_MAX = 60.0
_END_SECONDS_MAX = 60.0
_NICE_PAUSE_SECONDS = 0.06
_SERVICES = {"canteen": ("breakfast", "lunch", "dinner"), "campus": ("entry", "entry", "exit")}


@dataclass(slots=True)
class Showing:
    """What somebody showed, and what he was told; None where the program died before he was told anything."""

    line: str
    answer: dict[str, Any] | None = None


class Gate:
    """`onecard terminal` on one folder."""

    def __init__(self, terminal: str, site: str, folder: Path, line: Line, tally: GateTally, random: Random) -> None:
        self.terminal = terminal
        self.site = site
        self.folder = folder
        self.network = line
        self.showings: list[Showing] = []
        self.answers = 0  # Since its last start.
        self.asked = asyncio.Event()  # A line was typed, and is not answered.
        self.is_online = False  # By its last answer.
        self.answer_seconds = 0.0  # Of its last answer.
        self._tally = tally
        self._random = random
        self._process: asyncio.subprocess.Process | None = None
        self._killed = False

    async def work(self, over: asyncio.Event, shows: Callable[[], str]) -> None:
        """Let people show what *shows* returns until *over*."""
        while not over.is_set():
            if self.site in _SERVICES and self._random.random() < 0.4:
                await self.says(f"#service {self._random.choice(_SERVICES[self.site])}")
            showing = Showing(shows())
            self.showings.append(showing)
            showing.answer = await self.says(showing.line)
            if showing.answer is None:
                self._tally.unanswered += 1
            await asyncio.sleep(self._random.uniform(0, _NICE_PAUSE_SECONDS))

    async def says(self, text: str) -> dict[str, Any] | None:
        """Type a line and return its answer; None where the program was killed meanwhile."""
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        asked_at = time.monotonic()
        with suppress(OSError):
            process.stdin.write(f"{text}\n".encode())
            await process.stdin.drain()
            self.asked.set()
        async with asyncio.timeout(_ANSWER_SECONDS_MAX):
            line = await process.stdout.readline()
        self.asked.clear()
        if not line.endswith(b"\n"):  # What was not said whole was not said.
            await self._ended(process)
            return None
        self.answers += 1
        answer: dict[str, Any] = json.loads(line)
        if "offline" in answer:
            self.is_online, self.answer_seconds = not answer["offline"], time.monotonic() - asked_at
        return answer

    def kill(self) -> None:
        """kill -9, wherever it is; the next line starts it again."""
        assert self._process is not None
        self._tally.starts_failed += not self.answers
        self._killed = True
        self._process.kill()

    @property
    def lives(self) -> bool:
        """Whether there is a process that nobody has killed yet."""
        return self._process is not None and not self._killed

    async def ready(self) -> None:
        """Return once it could decide alone."""
        async with asyncio.timeout(_ANSWER_SECONDS_MAX):
            while (stands := await self.says("#status")) is None or not stands["ready_alone"]:
                await asyncio.sleep(0.2)

    async def empty(self, seconds: float) -> dict[str, Any]:
        """Wait until nothing waits to be sent, and return how the program stands."""
        async with asyncio.timeout(seconds):
            while True:
                stands = await self.says("#sync")  # None where the last kill of all was its own; a mistake if it ended by itself.
                if stands is not None and stands["online"] and not stands["waiting"]:
                    return stands
                await asyncio.sleep(0.2)

    async def leave(self) -> int:
        """Close its stdin and return its exit code."""
        process = await self._running()
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(_END_SECONDS_MAX):
            return await process.wait()

    async def abandon(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def log(self) -> Path:
        """What it complained of."""
        return self.folder.with_name(f"{self.folder.name}.log")

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            self._tally.starts += 1
            command = onecard(
                "terminal", "--terminal", self.terminal, "--server", f"http://127.0.0.1:{self.network.port}",
                "--folder", str(self.folder), "--json",
            )  # fmt: skip
            environment = {**environment_of(self.folder / "no-home"), "ONECARD_TERMINAL_TOKEN": TOKEN}
            with self.log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *command, env=environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log
                )
        return self._process

    async def _ended(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if not self._killed or code != -signal.SIGKILL:
            self._tally.mistakes.append(f"{self.terminal} ended by itself with {code}")
        self._process, self._killed, self.answers, self.is_online = None, False, 0, False
