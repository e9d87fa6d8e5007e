"""Servers as child processes of the test, started again whenever they were killed, as a supervisor would."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from tests.database.town import TOKEN
from tests.torture.tally import Tally
from tests.torture.wire import Wire

__all__ = ["Server", "answers", "environment_of", "free_port", "onecard"]

_STORE_OUT_OF_REACH = 3
_START_SECONDS_MAX = 60.0
_STOP_SECONDS_MAX = 30.0


def onecard(*arguments: str) -> list[str]:
    """Return the command line of `onecard` in this Python."""
    return [sys.executable, "-c", "from onecard.cli.main import main; main()", *arguments]


def environment_of(home: Path) -> dict[str, str]:
    """Return what a command of *home* is told."""
    source = Path(__file__).parents[2] / "src"
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(source), "ONECARD_HOME": str(home)}


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


async def answers(port: int) -> None:
    """Return once whoever listens on *port* answers; he says that he is ready a moment before he hears signals."""
    wire = Wire(port, TOKEN)
    status, _ = await wire.ask("/v1/uses", {})
    wire.close()
    assert status == 422


class Server:
    """`onecard serve` on one home and one port."""

    def __init__(self, home: Path, log: Path, tally: Tally) -> None:
        self.port = free_port()
        self.ready = asyncio.Event()
        self._home = home
        self._log = log
        self._tally = tally
        self._process: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start it, and again until it is ready; `ready` tells when."""
        self._starting = asyncio.create_task(self._start())

    async def kill(self) -> None:
        """kill -9, and start it again."""
        assert self._process is not None and self.ready.is_set()
        self.ready.clear()
        self._process.kill()
        await self._process.wait()
        self.start()

    async def stop(self, by: signal.Signals) -> int:
        """Let it end as Ctrl-C or a supervisor does; return its exit code."""
        await self.settled()
        assert self._process is not None
        self._process.send_signal(by)
        async with asyncio.timeout(_STOP_SECONDS_MAX):
            return await self._process.wait()

    async def settled(self) -> None:
        """Return once it is ready, or say why it will never be."""
        assert self._starting is not None
        await self._starting

    async def abandon(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        if self._starting is not None:
            self._starting.cancel()
            with suppress(asyncio.CancelledError, AssertionError, TimeoutError):
                await self._starting
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _start(self) -> None:
        async with asyncio.timeout(_START_SECONDS_MAX):
            while not await self._started():
                self._tally.starts_failed += 1

    async def _started(self) -> bool:
        """Start once. A server whose store is killed while it starts may give up, with one sentence and exit code 3."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *onecard("serve", "--port", str(self.port)), env=environment_of(self._home), stdout=asyncio.subprocess.PIPE, stderr=log
            )
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if b"ready" in line:
            self.ready.set()
            return True
        code = await self._process.wait()
        assert code == _STORE_OUT_OF_REACH, f"a start ended with {code}:\n{self._log.read_text(encoding='utf-8')[-4000:]}"
        return False
