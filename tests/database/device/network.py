"""A line between a terminal and the served town that a test may cut, or let fall silent; and a terminal that is fed by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from onecard.device.program import Options, run_terminal
from tests.database.town import TOKEN

__all__ = ["Hands", "Network", "Person", "network_to", "terminal"]


class Network:
    """Listens on a port of its own and passes bytes on to a server."""

    def __init__(self, url: str) -> None:
        self._there = urlsplit(url)
        self._listener: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._passes = asyncio.Event()
        self._passes.set()
        self.port = 0

    @property
    def url(self) -> str:
        """Where the terminal finds it."""
        return f"http://127.0.0.1:{self.port}"

    async def come(self) -> None:
        """Be there."""
        self._passes.set()
        self._listener = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    @property
    def is_there(self) -> bool:
        """Whether it takes connections."""
        return self._listener is not None

    async def go(self) -> None:
        """Be gone: what is open breaks off, what comes is refused."""
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        for writer in self._writers:
            writer.close()
        await asyncio.sleep(0.05)

    def fall_silent(self) -> None:
        """Take everything and pass nothing on."""
        self._passes.clear()

    def speak(self) -> None:
        """Pass on what was held back, and all that comes."""
        self._passes.set()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(self._there.hostname, self._there.port)
        self._writers |= {writer, there_writer}
        await asyncio.gather(self._flow(reader, there_writer), self._flow(there_reader, writer))

    async def _flow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while content := await reader.read(65_536):
                await self._passes.wait()
                writer.write(content)
                await writer.drain()
        writer.close()


@dataclass
class Hands:
    """A device's clocks, moved by hand."""

    wall: int
    steady: int = 1_000

    def wall_ms(self) -> int:
        """Return it."""
        return self.wall

    def steady_ms(self) -> int:
        """Return it."""
        return self.steady

    def pass_ms(self, ms: int) -> None:
        """Let time go by."""
        self.wall += ms
        self.steady += ms


@dataclass
class Person:
    """Whoever stands at the terminal: shows things and reads answers."""

    running: "asyncio.Task[None]"
    lines: "asyncio.Queue[str | None]"
    answers: "asyncio.Queue[dict[str, Any]]"
    notices: list[str] = field(default_factory=list)

    async def show(self, line: str) -> dict[str, Any]:
        """Show something and return the answer."""
        await self.lines.put(line)
        answered = asyncio.create_task(self.answers.get())
        await asyncio.wait({answered, self.running}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
        if not answered.done():
            answered.cancel()
            await self.running
        return answered.result()

    async def until(self, **wanted: object) -> Self:
        """Return once `#status` says *wanted*."""
        async with asyncio.timeout(15):
            while not _says(await self.show("#status"), wanted):
                await asyncio.sleep(0.05)
        return self

    async def leave(self) -> None:
        """Show no more, and wait for the program's end."""
        await self.lines.put(None)
        await self.running


def _says(status: dict[str, Any], wanted: dict[str, object]) -> bool:
    return all(status[name] == told for name, told in wanted.items())


@asynccontextmanager
async def network_to(url: str) -> AsyncIterator[Network]:
    """Lend a line to the server at *url*."""
    network = Network(url)
    await network.come()
    yield network
    await network.go()


@asynccontextmanager
async def terminal(folder: Path, url: str, hands: Hands, name: str = "BUS-1", token: str = TOKEN) -> AsyncIterator[Person]:
    """Run a terminal program; it ends with the block."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    notices: list[str] = []

    async def fed() -> AsyncIterator[str]:
        while (line := await lines.get()) is not None:
            yield line

    options = Options(terminal=name, url=url, token=token, folder=folder)
    work = run_terminal(options, fed(), answers.put_nowait, clock=hands, chance=lambda: 0.1, notice=lambda zh, en: notices.append(en))
    person = Person(asyncio.create_task(work), lines, answers, notices)
    try:
        yield person
    finally:
        if not person.running.done():
            await person.leave()
