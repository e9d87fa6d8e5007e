"""How many streams of events are open: a few for each terminal, the oldest giving way to a new one, and so many on one server."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from onecard.app.listeners import Listener, Listeners
from onecard.values.error import OnecardError

__all__ = ["STREAMS_MAX", "STREAMS_OF_TERMINAL_MAX", "Stream", "Streams", "TooManyStreams"]

STREAMS_OF_TERMINAL_MAX: Final = 4
"""A terminal needs one; a tablet that was started anew may hold one that nobody has noticed to be dead."""

STREAMS_MAX: Final = 20_000
"""On one server: about four times the terminals of a large city. Each takes some 10 KB and a socket."""


class TooManyStreams(OnecardError):
    """This server tells as many terminals as it can."""

    code = "terminals.too_many_streams"
    http_status = 503
    zh = "监听终端过多，请在 {retry_after} 秒后再连。"
    en = "Too many terminals listen here. Connect again in {retry_after} seconds."


class Stream:
    """One of them: asleep until something moved, and over once a newer one of the same terminal took its place."""

    __slots__ = ("listener", "superseded")

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.superseded = False

    def give_way(self) -> None:
        """End: another one is there."""
        self.superseded = True
        self.listener.wake()


class Streams:
    """All of one server."""

    def __init__(self, listeners: Listeners, *, most: int = STREAMS_MAX, most_of_terminal: int = STREAMS_OF_TERMINAL_MAX) -> None:
        self._listeners = listeners
        self._most, self._most_of_terminal = most, most_of_terminal
        self._open = 0
        self._of: dict[str, deque[Stream]] = {}  # Of each terminal, oldest first.

    @contextmanager
    def opened(self, terminal: str) -> Iterator[Stream]:
        """Lend a stream of *terminal* while the block runs. Raises `TooManyStreams`."""
        if self._open >= self._most:
            raise TooManyStreams(retry_after=30)
        own = self._of.setdefault(terminal, deque())
        while len(own) >= self._most_of_terminal:
            own.popleft().give_way()
        with self._listeners.listening() as listener:
            stream = Stream(listener)
            own.append(stream)
            self._open += 1
            try:
                yield stream
            finally:
                self._open -= 1
                self._closed(terminal, stream)

    def _closed(self, terminal: str, stream: Stream) -> None:
        own = self._of.get(terminal, deque())
        if stream in own:  # One that gave way is out of it already.
            own.remove(stream)
        if not own:
            self._of.pop(terminal, None)
