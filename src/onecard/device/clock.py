"""The city's time on a device: its own clock, set right by what the server told, and watched for jumps in between."""

import time
from datetime import datetime
from typing import Final, Protocol

from onecard.values.days import CITY_ZONE, instant_of

__all__ = ["JUMP_MS_MAX", "CityClock", "Clock", "DeviceClock"]

JUMP_MS_MAX: Final = 60_000
"""A device's clock that moved by more since it was last set right is not trusted alone (codes live 60 s)."""


class Clock(Protocol):
    """What a device can tell of time, in milliseconds."""

    def wall_ms(self) -> int:
        """Return what the device takes for the time, since 1970."""

    def steady_ms(self) -> int:
        """Return what only ever runs, also while the device sleeps; it begins anywhere."""


class DeviceClock:
    """This machine's clocks."""

    def wall_ms(self) -> int:
        """Return the system's time."""
        return time.time_ns() // 1_000_000

    def steady_ms(self) -> int:
        """Return the time since the machine started."""
        counted = time.clock_gettime_ns(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic_ns()
        return counted // 1_000_000


class CityClock:
    """The city's time: the wall clock when the program starts, and the steady one from then on."""

    def __init__(self, clock: Clock, offset_ms: int | None = None) -> None:
        """*offset_ms* is what was last known to be added to the device's clock; None where nobody ever told."""
        self._clock = clock
        self.is_told = offset_ms is not None  # Else it is the device's own time, and may be years off.
        self.offset_ms = offset_ms or 0
        self._ahead_ms = self._wall_ahead_ms()

    def now(self) -> datetime:
        """Return the city's instant, whole milliseconds."""
        return instant_of(self._clock.steady_ms() + self._ahead_ms).astimezone(CITY_ZONE)

    def correct(self, by_ms: int) -> None:
        """Take the server's word: the time told was *by_ms* behind the city's."""
        self.is_told = True
        self._ahead_ms += by_ms
        self.offset_ms = self._clock.steady_ms() + self._ahead_ms - self._clock.wall_ms()

    @property
    def jumped_ms(self) -> int:
        """How far somebody moved the device's clock since it was last set right."""
        return self._wall_ahead_ms() - self._ahead_ms

    @property
    def is_sure(self) -> bool:
        """Whether a decision may rest on it."""
        return abs(self.jumped_ms) <= JUMP_MS_MAX

    def _wall_ahead_ms(self) -> int:
        return self._clock.wall_ms() + self.offset_ms - self._clock.steady_ms()
