"""The weather on the lines of terminal programs: each is refused now and then, or silent."""

import asyncio
from random import Random

from tests.torture.gate_tally import GateTally
from tests.torture.line import Line

__all__ = ["weather"]

_FINE_SECONDS = (3.0, 10.0)
_FOUL_SECONDS = (0.3, 3.0)  # A terminal waits 0.8 s before it takes silence for one.


async def weather(line: Line, over: asyncio.Event, tally: GateTally, random: Random) -> None:
    """Let *line* fail and come back until *over*; it is there when this returns."""
    while not await _over_within(over, random.uniform(*_FINE_SECONDS)):
        if random.random() < 0.5:
            tally.refused += 1
            await line.go()
            await _over_within(over, random.uniform(*_FOUL_SECONDS))
            await line.come()
        else:
            tally.silent += 1
            line.fall_silent()
            await _over_within(over, random.uniform(*_FOUL_SECONDS))
            line.speak()


async def _over_within(over: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await over.wait()
    except TimeoutError:
        return False
