"""Whoever listens is woken once something moved, before or after he fell asleep, and whoever taps comes in between."""

import asyncio
from itertools import pairwise

from onecard.app.listeners import SPREAD_SECONDS, WOKEN_AT_ONCE, Listeners


async def test_all_are_woken_within_the_spread_and_others_run_in_between():
    listeners, woken, between = Listeners(), [], []

    async def listen(number: int) -> None:
        with listeners.listening() as listener:
            await listener.sleep(30.0)
            woken.append((asyncio.get_running_loop().time(), number))

    async def tap() -> None:
        while True:
            between.append(len(woken))
            await asyncio.sleep(0)

    many = 40 * WOKEN_AT_ONCE
    asleep = [asyncio.create_task(listen(number)) for number in range(many)]
    await asyncio.sleep(0)
    begun = asyncio.get_running_loop().time()
    listeners.wake_in_turn()
    tapping = asyncio.create_task(tap())
    await asyncio.gather(*asleep)
    tapping.cancel()
    assert sorted(number for _, number in woken) == list(range(many))
    assert max(after - before for before, after in pairwise(between)) <= WOKEN_AT_ONCE
    assert min(at for at, _ in woken) - begun < SPREAD_SECONDS


async def test_what_moved_while_one_was_awake_wakes_him_as_soon_as_he_sleeps():
    listeners = Listeners()
    with listeners.listening() as listener:
        listeners.wake_in_turn()
        await asyncio.sleep(0.01)
        async with asyncio.timeout(5):
            await listener.sleep(30.0)


async def test_who_hears_nothing_wakes_by_himself():
    with Listeners().listening() as listener:
        async with asyncio.timeout(5):
            await listener.sleep(0.01)
            await listener.sleep(0.01)


async def test_who_went_away_is_woken_no_more():
    listeners = Listeners()
    with listeners.listening() as gone:
        pass
    with listeners.listening() as listener:
        listeners.wake_at_once()
        await listener.sleep(30.0)
        sleeping = asyncio.create_task(gone.sleep(30.0))
        await asyncio.sleep(0.01)
        assert not sleeping.done()
        sleeping.cancel()
