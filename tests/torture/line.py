"""The line between a terminal program and the servers: to whichever of them lives, and now and then refused or silent."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from random import Random

__all__ = ["Line"]

_BYTES = 65_536


class Line:
    """Listens on a port of its own, which stays its own also while it refuses whoever comes."""

    def __init__(self, ports: Sequence[int], random: Random) -> None:
        self._ports = ports
        self._random = random
        self._socket = _bound(0)
        self.port: int = self._socket.getsockname()[1]
        self._listener: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._speaks = asyncio.Event()
        self._speaks.set()

    async def come(self) -> None:
        """Be there."""
        self._listener = await asyncio.start_server(self._pass_on, sock=self._socket)

    async def go(self) -> None:
        """Be gone: what is open breaks off, what comes is refused."""
        assert self._listener is not None
        self._listener.close()
        self._socket = _bound(self.port)  # Bound and not listening: the kernel refuses for us.
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0)

    def fall_silent(self) -> None:
        """Take everything and pass nothing on."""
        self._speaks.clear()

    def speak(self) -> None:
        """Pass on what was held back, and all that comes."""
        self._speaks.set()

    async def close(self) -> None:
        """Leave for good."""
        self.speak()
        await self.go()
        self._socket.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports = self._random.sample(list(self._ports), len(self._ports))
        for port in ports:
            with suppress(OSError):  # That server is down.
                there_reader, there = await asyncio.open_connection("127.0.0.1", port)
                break
        else:
            writer.transport.abort()
            return
        both = {writer, there}
        self._open |= both
        try:
            await asyncio.gather(self._flow(reader, there), self._flow(there_reader, writer))
        finally:
            self._open -= both
            for each in both:
                each.transport.abort()

    async def _flow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while content := await reader.read(_BYTES):
                await self._speaks.wait()
                writer.write(content)
                await writer.drain()
        writer.close()


def _bound(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made
