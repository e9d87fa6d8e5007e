"""How long a request may take to arrive: who sends one byte a minute holds a connection, and is let go of.

The server reads requests itself, before any of our code sees them, so the limit stands where bytes come in. It costs a tap two
assignments; a sweep twice a second looks at what is half read. Answers may take as long as they like: streams of events do.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

__all__ = ["BoundedReading", "ReadingLimits", "end_slow"]

_TOO_SLOW: Final = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: application/problem+json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
)
_PROBLEM: Final = (
    '{"type":"/problems/request-slow","title":{"zh":"请求未在时限内发完，没有记录任何内容。请检查网络后重新发送。",'
    '"en":"The request did not arrive in time; nothing was recorded. Check the network and send it again."},"status":408,'
    '"detail":"The request did not arrive in time; nothing was recorded. Check the network and send it again.","field":null}'
).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLimits:
    """From its first byte to its last, in seconds: a request takes no longer; longer ones have their own, by path."""

    seconds_max: float = 10.0
    by_path: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"/v1/uses/batch": 120.0}))

    def of(self, path: str) -> float:
        """Return the limit of a request to *path*; '' where not even that has arrived."""
        return self.by_path.get(path, self.seconds_max)


class BoundedReading(HttpToolsProtocol):
    """A connection that knows since when a request is half read; None: none is."""

    reading_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let go of who connects and sends nothing, as of who sends nothing more."""
        super().connection_made(transport)
        self.scope = {}  # type: ignore[typeddict-item]  # Of no request yet.
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def data_received(self, data: bytes) -> None:
        """Note when the first of it came."""
        if self.reading_since is None:
            self.reading_since = self.loop.time()
        super().data_received(data)

    def on_message_complete(self) -> None:
        """All of it is here."""
        self.reading_since = None
        super().on_message_complete()

    def let_go(self, limits: ReadingLimits, now: float) -> None:
        """End the connection where its request is over its time; say so where nothing was answered yet."""
        if self.reading_since is None or self.flow.read_paused:  # Paused: it is we who do not take more.
            return
        if now - self.reading_since > limits.of(self.scope.get("path", "")):
            if self._is_unanswered():
                self.transport.write(_TOO_SLOW % (len(_PROBLEM), _PROBLEM))
            self.transport.close()

    def _is_unanswered(self) -> bool:
        """Tell whether an answer may be written: nothing was said to this request yet, and all to the one before it."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None:
            return True
        return not cycle.response_started if cycle.scope is self.scope else cycle.response_complete


def end_slow(connections: Collection[object], limits: ReadingLimits, clock: Callable[[], float]) -> None:
    """Let go of every one of a server's *connections* whose request takes too long to arrive."""
    now = clock()
    for each in [each for each in connections if isinstance(each, BoundedReading) and each.reading_since is not None]:
        each.let_go(limits, now)
