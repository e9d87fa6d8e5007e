"""What came while a lot was being served is the next lot; a lot that fails fails alone."""

import asyncio
from collections.abc import Sequence

import pytest

from onecard.app.together import LOT_MAX, Together


async def test_many_that_come_at_once_are_few_lots():
    lots: list[int] = []

    async def double(lot: Sequence[int]) -> Sequence[int]:
        lots.append(len(lot))
        await asyncio.sleep(0)
        return [2 * item for item in lot]

    together = Together(double)
    answers = await asyncio.gather(*(together.ask(number) for number in range(2 * LOT_MAX + 5)))
    assert answers == [2 * number for number in range(2 * LOT_MAX + 5)]
    assert lots == [LOT_MAX, LOT_MAX, 5]
    assert await together.ask(21) == 42


async def test_a_lot_that_fails_tells_its_own_and_the_next_is_served():
    async def serve(lot: Sequence[str]) -> Sequence[str]:
        if "bad" in lot:
            raise ValueError("bad")
        return lot

    together = Together(serve)
    with pytest.raises(ValueError, match="bad"):
        await together.ask("bad")
    assert await together.ask("good") == "good"


async def test_who_no_longer_waits_holds_up_nobody():
    begun = asyncio.Event()

    async def serve(lot: Sequence[int]) -> Sequence[int]:
        begun.set()
        await asyncio.sleep(0.01)
        return lot

    together = Together(serve)
    gone, stays = asyncio.create_task(together.ask(1)), asyncio.create_task(together.ask(2))
    await begun.wait()
    gone.cancel()
    assert await stays == 2
