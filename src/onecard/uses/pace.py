"""How fast an upload goes while somebody taps: in small steps with pauses three times as long; and in large ones while nobody does.

A terminal that was cut off for a day has time, and a person at a gate has none. But an upload must come to its end beside
any number of taps, so the pauses have a bound.
"""

import asyncio
from collections.abc import Callable
from typing import Final

__all__ = ["STEP_ALONE", "STEP_BESIDE_TAPS", "TURN", "Pace", "breathe"]

STEP_ALONE: Final = 250
"""Uses in one write while nobody taps: larger ones save some percent, and the first tap after a quiet hour would wait for all of it."""

STEP_BESIDE_TAPS: Final = 25
"""Uses in one write while somebody taps: whoever comes just then waits for some two milliseconds' work on them."""

QUIET_SECONDS: Final = 1.0  # Nobody taps where for so long nobody did.
PAUSE: Final = 3.0  # Times what a step took: the upload has a quarter of the time.
PAUSE_SECONDS_MAX: Final = 0.1
TURN: Final = 50
"""So many uses of an upload are read, or told of, before others have their turn."""


class Pace:
    """The pace of one server's uploads."""

    def __init__(self, tapped_at: Callable[[], float]) -> None:
        """*tapped_at* tells when somebody tapped last, on the loop's clock."""
        self._tapped_at = tapped_at

    @property
    def step(self) -> int:
        """How many uses the next write takes."""
        return STEP_BESIDE_TAPS if self._somebody_taps else STEP_ALONE

    async def rest(self, seconds: float) -> None:
        """Let others work, by what a step took, *seconds*; no time at all while nobody taps."""
        await asyncio.sleep(min(PAUSE * seconds, PAUSE_SECONDS_MAX) if self._somebody_taps else 0)

    @property
    def _somebody_taps(self) -> bool:
        return asyncio.get_running_loop().time() - self._tapped_at() < QUIET_SECONDS


async def breathe(number: int) -> None:
    """Let others have their turn when *number* uses of an upload were looked at since the last one had."""
    if number % TURN == 0:
        await asyncio.sleep(0)
