"""Connections of a load generator: terminals that listen to events, and keep-alive lines on which requests wait for their turn."""

import asyncio
import re
from base64 import b64decode
from time import perf_counter
from typing import Final, cast

from bench.load import LENGTH

__all__ = ["Ears", "Lines"]

_HOTLIST: Final = re.compile(rb'"hotlist":([0-9]+)')
_DELTA: Final = re.compile(rb'"delta":"([^"]*)"')


class Ears(asyncio.Protocol):
    """One terminal that listens."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._received = b""
        self.version = -1
        self.delta = b""  # What came along with it.
        self.heard_at = 0.0
        self.changed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(self._request)  # uvloop's own class is no subclass of it.

    def data_received(self, data: bytes) -> None:
        *told, self._received = (self._received + data).split(b"\n\n")
        for line in told:
            if (found := _HOTLIST.search(line)) is not None:
                delta = _DELTA.search(line)
                self.version, self.heard_at, self.delta = int(found[1]), perf_counter(), b64decode(delta[1]) if delta else b""
                self.changed.set()

    async def hears(self, version: int) -> None:
        """Return once this terminal has heard of *version*."""
        while self.version < version:
            self.changed.clear()
            await self.changed.wait()


class Lines:
    """Keep-alive connections on which requests wait for their turn."""

    def __init__(self, port: int, many: int) -> None:
        self._port = port
        self._queue: asyncio.Queue[tuple[bytes, asyncio.Future[tuple[bool, float]]]] = asyncio.Queue()
        self._workers = [asyncio.create_task(self._work()) for _ in range(many)]

    async def ask(self, request: bytes) -> tuple[bool, float]:
        """Return whether *request* was answered 200, and how many seconds that took from now."""
        answer: asyncio.Future[tuple[bool, float]] = asyncio.get_running_loop().create_future()
        asked_at = perf_counter()
        await self._queue.put((request, answer))
        good, answered_at = await answer
        return good, answered_at - asked_at

    async def _work(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while True:
            request, answer = await self._queue.get()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            assert length is not None, head
            await reader.readexactly(int(length[1]))
            answer.set_result((head[9:12] == b"200", perf_counter()))
