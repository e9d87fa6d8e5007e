"""A server that ends politely, and lets go of whoever does not: uvicorn with two manners more."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from onecard.web.reading import ReadingLimits, end_slow

__all__ = ["PoliteServer"]

_TICKS: Final = 5  # A tick is a tenth of a second.


class PoliteServer(uvicorn.Server):
    """Tells those who listen for events that it ends, before it waits for every answer to be given.

    A signal to end is an ordinary end: whoever serves closes the rest, and the command returns 0.
    """

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None], limits: ReadingLimits) -> None:
        super().__init__(config)
        self._ending = ending
        self._limits = limits

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals for the time of serving, and do not raise them again afterwards."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    async def on_tick(self, counter: int) -> bool:
        """Let go of requests that do not arrive."""
        if counter % _TICKS == 0:
            end_slow(self.server_state.connections, self._limits, asyncio.get_running_loop().time)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, listeners first."""
        self._ending()
        await super().shutdown(sockets)
