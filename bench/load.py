"""A load generator in a process of its own: requests that were made before, over keep-alive connections, as cheaply as may be.

`python -m bench.load` reads one MessagePack map from stdin (`port`, `connections`, `requests`: whole HTTP/1.1 requests) and
prints what it saw as JSON.
"""

import asyncio
import re
import sys
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Final, cast

import msgspec
import uvloop

__all__ = ["LENGTH", "Job", "Seen", "request_bytes"]

LENGTH: Final = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_PAID: Final = re.compile(rb'"paid": ?([0-9]+)')


class Job(msgspec.Struct, kw_only=True):
    """What to send where."""

    port: int
    connections: int
    requests: list[bytes]


class Seen(msgspec.Struct, kw_only=True):
    """What came back."""

    seconds: float
    median_ms: float
    p99_ms: float
    answers: int  # With status 200.
    paid_fen: int  # What all answers together say was paid.
    complaint: str = ""  # The first answer of another status.


def request_bytes(path: str, body: bytes, token: str) -> bytes:
    """Return a whole POST request."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Load:
    """What all connections share."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self.waiting: Iterator[bytes] = iter(requests)
        self.seconds: list[float] = []
        self.paid_fen = 0
        self.complaint = b""


class _Line(asyncio.Protocol):
    """One connection: as soon as an answer is whole, the next request goes out."""

    def __init__(self, load: _Load) -> None:
        self._load = load
        self._received = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class is no subclass of it.

    def send_next(self) -> None:
        assert self._transport is not None
        request = next(self._load.waiting, None)
        if request is None:
            self._transport.close()
        else:
            self._sent_at = perf_counter()
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        received = self._received = self._received + data
        end = received.find(b"\r\n\r\n")
        length = LENGTH.search(received, 0, end) if end >= 0 else None
        if length is None or len(received) < end + 4 + int(length[1]):
            return
        self._received = b""
        self._take(received, end)
        self.send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _take(self, answer: bytes, end: int) -> None:
        if answer[9:12] == b"200":
            self._load.seconds.append(perf_counter() - self._sent_at)
            paid = _PAID.search(answer, end)
            self._load.paid_fen += int(paid[1]) if paid else 0
        elif not self._load.complaint:
            self._load.complaint = answer


async def _run(job: Job) -> Seen:
    load = _Load(job.requests)
    loop = asyncio.get_running_loop()
    lines = [(await loop.create_connection(lambda: _Line(load), "127.0.0.1", job.port))[1] for _ in range(job.connections)]
    start = perf_counter()
    for line in lines:
        line.send_next()
    await asyncio.gather(*(line.done for line in lines))
    took = perf_counter() - start
    sorted_ms = sorted(seconds * 1000 for seconds in load.seconds) or [0.0]
    return Seen(
        seconds=took, median_ms=sorted_ms[len(sorted_ms) // 2], p99_ms=sorted_ms[len(sorted_ms) * 99 // 100],
        answers=len(load.seconds), paid_fen=load.paid_fen, complaint=load.complaint.decode("utf-8", "replace"),
    )  # fmt: skip


if __name__ == "__main__":
    seen = uvloop.run(_run(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)))
    sys.stdout.buffer.write(msgspec.json.encode(seen))
