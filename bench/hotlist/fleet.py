"""Some thousand terminals in a process of their own: they sign in, listen, fetch what changed, send heartbeats, and tap.

`python -m bench.hotlist.fleet` reads one JSON document a line (a `Task`) and answers each with one line (a `Report`).
"""

import asyncio
import random
import re
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from time import perf_counter
from typing import Final, Literal, cast

import msgspec
import uvloop

from bench.load import request_bytes

__all__ = ["Report", "Task"]

LINES: Final = 100  # Connections that terminals share for what is no tap; listeners have one each.
TAP_LINES: Final = 20
HEARTBEATS_ONE_IN: Final = 15  # Of those who hear of a change so many are due for their heartbeat of the minute within four seconds.
_LENGTH: Final = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_HOTLIST: Final = re.compile(rb'"hotlist":([0-9]+)')


class Task(msgspec.Struct, kw_only=True):
    """What the fleet shall do."""

    do: Literal["sign_in", "listen", "change", "tap"]
    port: int = 0
    token: str = ""
    terminals: list[str] = []
    clock: str = ""
    version: int = 0  # `change`: wait until everybody has heard of it,
    have: int = 0  # who held this one until then.
    taps: list[str] = []  # Bodies of uses.
    taps_a_second: int = 0


class Report(msgspec.Struct, kw_only=True):
    """What came of it. Instants are the machine's monotonic clock, the same in every process."""

    seconds: float = 0.0
    failed: int = 0  # Answers of another status than 200.
    heard_at: list[float] = []
    tap_ms: list[float] = []


class _Ears(asyncio.Protocol):
    """One terminal that listens."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.version = -1
        self.heard_at = 0.0
        self.changed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(self._request)  # uvloop's own class is no subclass of it.

    def data_received(self, data: bytes) -> None:
        for found in _HOTLIST.finditer(data):
            self.version, self.heard_at = int(found[1]), perf_counter()
            self.changed.set()

    async def hears(self, version: int) -> None:
        """Return once this terminal has heard of *version*."""
        while self.version < version:
            self.changed.clear()
            await self.changed.wait()


class _Lines:
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
            length = _LENGTH.search(head)
            assert length is not None, head
            await reader.readexactly(int(length[1]))
            answer.set_result((head[9:12] == b"200", perf_counter()))


class Fleet:
    """All terminals of one server."""

    def __init__(self, start: Task) -> None:
        self._start = start
        self._chance = random.Random(4)
        self._ears: list[_Ears] = []
        self._lines = _Lines(start.port, LINES)
        self._tap_lines = _Lines(start.port, TAP_LINES)

    async def do(self, task: Task) -> Report:
        """Do one task."""
        begun = perf_counter()
        report = await {"sign_in": self._sign_in, "listen": self._listen, "change": self._change, "tap": self._tap}[task.do](task)
        report.seconds = perf_counter() - begun
        return report

    async def _sign_in(self, task: Task) -> Report:
        """Sign all in at once, and let all tell at once how they do."""
        signed = await self._ask_all("/v1/terminals/sign-in", [{"terminal": name, "clock": task.clock} for name in self._start.terminals])
        told = await self._ask_all("/v1/terminals/heartbeat", [_heartbeat(name, task) for name in self._start.terminals])
        return _failures([*signed, *told])

    async def _listen(self, task: Task) -> Report:
        loop = asyncio.get_running_loop()
        for some in _chunks(self._start.terminals, 250):
            made = [loop.create_connection(partial(_Ears, self._events_of(name)), "127.0.0.1", self._start.port) for name in some]
            self._ears += [ears for _, ears in await asyncio.gather(*made)]
        await asyncio.gather(*(ears.hears(0) for ears in self._ears))
        return Report()

    async def _change(self, task: Task) -> Report:
        """Tap on while everybody hears of a version, fetches the difference and tells that he holds it."""
        everybody = zip(self._ears, self._start.terminals, strict=True)
        followed = asyncio.gather(*(self._follow(ears, terminal, task) for ears, terminal in everybody))
        heard, tapped = await asyncio.gather(followed, self._tap(task))
        failed = tapped.failed + sum(not good for good in heard)
        return Report(failed=failed, heard_at=[ears.heard_at for ears in self._ears], tap_ms=tapped.tap_ms)

    async def _follow(self, ears: _Ears, terminal: str, task: Task) -> bool:
        await ears.hears(task.version)
        fetched, _ = await self._lines.ask(self._get(f"/v1/hotlist?have={task.have}"))
        if self._chance.randrange(HEARTBEATS_ONE_IN):
            return fetched
        told, _ = await self._lines.ask(self._post("/v1/terminals/heartbeat", msgspec.json.encode(_heartbeat(terminal, task))))
        return fetched and told

    async def _tap(self, task: Task) -> Report:
        """Send the taps at their pace, whatever the answers take."""
        loop = asyncio.get_running_loop()
        begun, answers = loop.time(), []
        for number, body in enumerate(task.taps):
            await asyncio.sleep(begun + number / task.taps_a_second - loop.time())
            answers.append(asyncio.create_task(self._tap_lines.ask(self._post("/v1/uses", body.encode()))))
        done = await asyncio.gather(*answers)
        return Report(failed=sum(not good for good, _ in done), tap_ms=[1000 * seconds for _, seconds in done])

    async def _ask_all(self, path: str, bodies: Iterable[object]) -> list[tuple[bool, float]]:
        return await asyncio.gather(*(self._lines.ask(self._post(path, msgspec.json.encode(body))) for body in bodies))

    def _events_of(self, terminal: str) -> bytes:
        return self._get(f"/v1/terminals/{terminal}/events")

    def _get(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {self._start.token}\r\n\r\n".encode()

    def _post(self, path: str, body: bytes) -> bytes:
        return request_bytes(path, body, self._start.token)


def _heartbeat(terminal: str, task: Task) -> dict[str, object]:
    return {"terminal": terminal, "clock": task.clock, "waiting": 0, "hotlist": task.version, "bundle": "", "storage_ok": True}


def _failures(answers: Sequence[tuple[bool, float]]) -> Report:
    return Report(failed=sum(not good for good, _ in answers))


def _chunks(names: Sequence[str], size: int) -> list[Sequence[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]


async def _run() -> None:
    loop, fleet = asyncio.get_running_loop(), None
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        task = msgspec.json.decode(line, type=Task)
        fleet = fleet or Fleet(task)
        sys.stdout.buffer.write(msgspec.json.encode(await fleet.do(task)) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    uvloop.run(_run())
