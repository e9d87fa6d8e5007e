"""An upload goes in small steps with pauses while somebody taps, in large ones without while nobody does, and always lets others in."""

import asyncio

import pytest

from onecard.ledger.model import BATCH_RECORDS_MAX
from onecard.uses.pace import PAUSE_SECONDS_MAX, QUIET_SECONDS, STEP_ALONE, STEP_BESIDE_TAPS, TURN, Pace, breathe


def now() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize(
    ("ago", "step"),
    [
        pytest.param(0.0, STEP_BESIDE_TAPS, id="somebody taps"),
        pytest.param(QUIET_SECONDS + 1, STEP_ALONE, id="nobody for a while"),
        pytest.param(float("inf"), STEP_ALONE, id="nobody ever"),
    ],
)
async def test_a_step_is_small_while_somebody_taps(ago: float, step: int):
    assert Pace(lambda: now() - ago).step == step


def test_no_step_passes_what_one_batch_may_hold():
    assert STEP_BESIDE_TAPS < STEP_ALONE <= BATCH_RECORDS_MAX


async def test_a_pause_lasts_longer_than_the_step_but_not_for_ever():
    pace, begun = Pace(now), now()
    await pace.rest(0.01)
    assert now() - begun >= 0.01
    async with asyncio.timeout(PAUSE_SECONDS_MAX + 5):
        await pace.rest(3600.0)


async def test_nobody_pauses_for_nobody():
    pace = Pace(lambda: float("-inf"))
    async with asyncio.timeout(5):
        await pace.rest(3600.0)


async def test_others_have_their_turn_while_an_upload_is_read():
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    for number in range(10 * TURN):
        await breathe(number)
    task.cancel()
    assert turns >= 9
