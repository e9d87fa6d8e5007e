"""Some thousand terminals in a process of their own: they sign in, listen, take what changed, send heartbeats, tap and upload.

`python -m bench.fleet` reads one JSON document a line (a `Task`) and answers each with one line (a `Report`).
"""

import asyncio
import random
import struct
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from time import perf_counter
from typing import Final, Literal

import msgspec
import uvloop

from bench.lines import Ears, Lines
from bench.load import request_bytes

__all__ = ["Report", "Task"]

LINES: Final = 100  # Connections that terminals share for what is no tap; listeners have one each.
TAP_LINES: Final = 20
HEARTBEATS_ONE_IN: Final = 15  # Of those who hear of a change so many are due for their heartbeat of the minute within four seconds.
_DELTA_HEAD: Final = struct.Struct(">6sQQ")


class Task(msgspec.Struct, kw_only=True):
    """What the fleet shall do."""

    do: Literal["sign_in", "heartbeat", "listen", "change", "tap"]
    port: int = 0
    token: str = ""
    terminals: list[str] = []
    clock: str = ""
    version: int = 0  # `change`: wait until everybody has heard of it,
    have: int = 0  # who held this one until then.
    taps: list[str] = []  # Bodies of uses.
    taps_a_second: int = 0
    uploads: list[str] = []  # Bodies of batches, sent one after the other for as long as there are taps to send.


class Report(msgspec.Struct, kw_only=True):
    """What came of it. Instants are the machine's monotonic clock, the same in every process."""

    seconds: float = 0.0
    failed: int = 0  # Answers of another status than 200.
    fetched: int = 0  # Requests for a hotlist.
    heard_at: list[float] = []
    tap_ms: list[float] = []
    uploaded: int = 0  # Batches that were answered,
    upload_seconds: float = 0.0  # in so long.


class Fleet:
    """All terminals of one server."""

    def __init__(self, start: Task) -> None:
        self._start = start
        self._chance = random.Random(4)
        self._ears: list[Ears] = []
        self._fetched = 0
        self._lines = Lines(start.port, LINES)
        self._tap_lines = Lines(start.port, TAP_LINES)

    async def do(self, task: Task) -> Report:
        """Do one task."""
        begun = perf_counter()
        doing = {"sign_in": self._sign_in, "heartbeat": self._beat, "listen": self._listen, "change": self._change, "tap": self._tap}
        report = await doing[task.do](task)
        report.seconds = perf_counter() - begun
        return report

    async def _sign_in(self, task: Task) -> Report:
        """Sign all in at once."""
        return await self._ask_all("/v1/terminals/sign-in", [{"terminal": name, "clock": task.clock} for name in self._start.terminals])

    async def _beat(self, task: Task) -> Report:
        """Let all tell at once how they do."""
        return await self._ask_all("/v1/terminals/heartbeat", [_heartbeat(name, task) for name in self._start.terminals])

    async def _listen(self, task: Task) -> Report:
        loop = asyncio.get_running_loop()
        for some in _chunks(self._start.terminals, 250):
            made = [loop.create_connection(partial(Ears, self._events_of(name)), "127.0.0.1", self._start.port) for name in some]
            self._ears += [ears for _, ears in await asyncio.gather(*made)]
        await asyncio.gather(*(ears.hears(0) for ears in self._ears))
        return Report()

    async def _change(self, task: Task) -> Report:
        """Tap on while everybody hears of a version, takes the difference, and some tell that they hold it."""
        self._fetched = 0
        everybody = zip(self._ears, self._start.terminals, strict=True)
        followed = asyncio.gather(*(self._follow(ears, terminal, task) for ears, terminal in everybody))
        heard, tapped = await asyncio.gather(followed, self._tap(task))
        failed = tapped.failed + sum(not good for good in heard)
        return Report(failed=failed, fetched=self._fetched, heard_at=[ears.heard_at for ears in self._ears], tap_ms=tapped.tap_ms)

    async def _follow(self, ears: Ears, terminal: str, task: Task) -> bool:
        await ears.hears(task.version)
        took = _brings(ears.delta, task) or await self._fetch(task)
        if self._chance.randrange(HEARTBEATS_ONE_IN):
            return took
        told, _ = await self._lines.ask(self._post("/v1/terminals/heartbeat", msgspec.json.encode(_heartbeat(terminal, task))))
        return took and told

    async def _fetch(self, task: Task) -> bool:
        self._fetched += 1
        good, _ = await self._lines.ask(self._get(f"/v1/hotlist?have={task.have}"))
        return good

    async def _tap(self, task: Task) -> Report:
        """Send the taps at their pace, whatever the answers take, and uploads beside them."""
        loop = asyncio.get_running_loop()
        uploading = asyncio.create_task(self._upload(task))
        begun, answers = loop.time(), []
        for number, body in enumerate(task.taps):
            await asyncio.sleep(begun + number / task.taps_a_second - loop.time())
            answers.append(asyncio.create_task(self._tap_lines.ask(self._post("/v1/uses", body.encode()))))
        done = await asyncio.gather(*answers)
        task.uploads.clear()
        report = await uploading
        report.failed += sum(not good for good, _ in done)
        report.tap_ms = [1000 * seconds for _, seconds in done]
        return report

    async def _upload(self, task: Task) -> Report:
        report, begun = Report(), perf_counter()
        while task.uploads:
            good, _ = await self._lines.ask(self._post("/v1/uses/batch", task.uploads.pop().encode()))
            report.failed += not good
            report.uploaded += 1
            report.upload_seconds = perf_counter() - begun
        return report

    async def _ask_all(self, path: str, bodies: Iterable[object]) -> Report:
        answers = await asyncio.gather(*(self._lines.ask(self._post(path, msgspec.json.encode(body))) for body in bodies))
        return Report(failed=sum(not good for good, _ in answers))

    def _events_of(self, terminal: str) -> bytes:
        return self._get(f"/v1/terminals/{terminal}/events")

    def _get(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {self._start.token}\r\n\r\n".encode()

    def _post(self, path: str, body: bytes) -> bytes:
        return request_bytes(path, body, self._start.token)


def _brings(delta: bytes, task: Task) -> bool:
    """Tell whether the difference that came with an event is the one that the terminal needs. (Taking it is measured elsewhere.)"""
    return len(delta) > _DELTA_HEAD.size and _DELTA_HEAD.unpack_from(delta) == (b"OCHL1D", task.have, task.version)


def _heartbeat(terminal: str, task: Task) -> dict[str, object]:
    return {"terminal": terminal, "clock": task.clock, "waiting": 0, "hotlist": task.version, "bundle": "", "storage_ok": True}


def _chunks(names: Sequence[str], many: int) -> list[Sequence[str]]:
    return [names[start : start + many] for start in range(0, len(names), many)]


async def _run() -> None:
    loop, fleet = asyncio.get_running_loop(), None
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        task = msgspec.json.decode(line, type=Task)
        fleet = fleet or Fleet(task)
        sys.stdout.buffer.write(msgspec.json.encode(await fleet.do(task)) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    uvloop.run(_run())
