"""Thousands who listen, each asleep until something moved: they are woken a few at a time, so that taps are served in between."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["SPREAD_SECONDS", "WOKEN_AT_ONCE", "Listener", "Listeners"]

WOKEN_AT_ONCE: Final = 20
"""So many are woken together: a millisecond's work, after which whoever taps is next."""

SPREAD_SECONDS: Final = 0.5
"""All know within this time, and a change that the watch saw after `LOOK_SECONDS` is known everywhere within a second."""

LOT_SECONDS_MAX: Final = 0.005  # From one lot to the next: a few dozen need not wait half a second for each other.


class Listener:
    """One of them."""

    __slots__ = ("_asleep",)

    def __init__(self) -> None:
        self._asleep = asyncio.Event()

    def wake(self) -> None:
        """Let it look, now or when it is about to fall asleep."""
        self._asleep.set()

    async def sleep(self, seconds_max: float) -> None:
        """Return once it is woken, or after so long."""
        timer = asyncio.get_running_loop().call_later(seconds_max, self._asleep.set)
        try:
            await self._asleep.wait()
        finally:
            timer.cancel()
        self._asleep.clear()


class Listeners:
    """All of them."""

    def __init__(self) -> None:
        self._all: dict[Listener, None] = {}
        self._waking: set[asyncio.Task[None]] = set()

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """Lend a listener while the block runs."""
        listener = Listener()
        self._all[listener] = None
        try:
            yield listener
        finally:
            del self._all[listener]

    def wake_in_turn(self) -> None:
        """Wake all, a few at a time, and return at once."""
        task = asyncio.create_task(self._wake_in_turn(list(self._all)))
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    def wake_at_once(self) -> None:
        """Wake all together: it is the last time."""
        for listener in self._all:
            listener.wake()

    async def _wake_in_turn(self, listeners: list[Listener]) -> None:
        """The pace is by the clock: what waking takes is no part of the pause, but whoever taps always comes in between."""
        loop = asyncio.get_running_loop()
        lot_seconds = min(LOT_SECONDS_MAX, SPREAD_SECONDS * WOKEN_AT_ONCE / max(1, len(listeners)))
        begun = loop.time()
        for number, start in enumerate(range(0, len(listeners), WOKEN_AT_ONCE), 1):
            for listener in listeners[start : start + WOKEN_AT_ONCE]:
                listener.wake()
            await asyncio.sleep(max(0.0, begun + number * lot_seconds - loop.time()))
