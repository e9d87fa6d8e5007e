"""What uses add up to is kept: each batch once whoever adds, exact at any moment, found out where somebody changes it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from onecard.app.opening import Store
from onecard.audit.sequencer import sequence
from onecard.settings.suites import SUITES
from onecard.uses.look import Sight, Totals, UseFilter
from onecard.uses.look_store import total_uses
from onecard.uses.tally import tally_on, verify_tally
from tests.database.town import Town, open_town

DAY = date(2024, 10, 31)
TODAY = UseFilter(first=DAY, last=DAY)
CITY = Sight(prefixes=["3304"])
EVER = datetime(1970, 1, 2, tzinfo=UTC)


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Town]:
    async with open_town(store) as town:
        await log_takes(store)  # What the town itself left in the log.
        await added(store)
        yield town


async def ride(town: Town, *seqs: int, who: str = "elder") -> None:
    for seq in seqs:
        await town.uses.tap(town.tap(who, "BUS-1", seq))


async def log_takes(store: Store) -> None:
    async with store.database.acquire("batch") as connection:
        await sequence(connection, SUITES["SM"].digest, EVER, lambda subject: bytes(32))


async def added(store: Store) -> int:
    async with store.database.acquire("batch") as connection:
        return await tally_on(connection)


async def told(store: Store, sight: Sight = CITY, asked: UseFilter = TODAY) -> Totals:
    async with store.database.acquire("desk") as connection:
        return (await total_uses(connection, sight, asked))[0]


async def by_hand(store: Store) -> tuple[Any, ...]:
    async with store.database.acquire("audit_ro") as connection:
        row = await connection.fetchrow(
            "SELECT count(*), count(*) FILTER (WHERE outcome = 'refused'), "
            "coalesce(sum(list_price_fen) FILTER (WHERE outcome = 'accepted'), 0), coalesce(sum(paid_fen), 0) FROM ledger_use"
        )
    return tuple(row)


async def test_a_total_is_exact_before_the_log_has_a_use_and_after_and_once_it_is_added_up(town: Town, store: Store):
    for seq in range(1, 9):
        await ride(town, seq)
        await ride(town, 100 + seq, who="lost")
        if seq in (3, 6):
            await log_takes(store)
        if seq in (4, 7):
            assert await added(store) == 6
        assert tuple(await told(store))[:4] == await by_hand(store), seq
    assert await by_hand(store) != (0, 0, 0, 0)


async def test_what_was_added_is_not_added_again(town: Town, store: Store):
    await ride(town, 1, 2, 3)
    await log_takes(store)
    assert [await added(store) for _ in range(3)] == [3, 0, 0]
    assert (await told(store)).uses == 3


async def test_of_many_at_once_one_adds(town: Town, store: Store):
    await ride(town, *range(1, 12))
    await log_takes(store)
    done = await asyncio.gather(*(added(store) for _ in range(4)))
    assert sum(done) == 11 and await added(store) == 0
    assert (await told(store)).uses == 11


async def test_a_transaction_that_dies_leaves_nothing_behind(town: Town, store: Store):
    await ride(town, 1, 2)
    await log_takes(store)
    with pytest.raises(ZeroDivisionError):
        async with store.database.acquire("batch") as connection, connection.transaction():
            assert await tally_on(connection) == 2
            raise ZeroDivisionError
    assert (await told(store)).uses == 2
    assert await added(store) == 2 and (await told(store)).uses == 2


async def test_a_total_of_another_place_or_day_is_nothing(town: Town, store: Store):
    await ride(town, 1)
    await log_takes(store)
    await added(store)
    assert (await told(store, Sight(prefixes=["330483"]))).uses == 0
    assert (await told(store, asked=UseFilter(first=date(2024, 10, 30), last=date(2024, 10, 30)))).uses == 0


async def test_a_sum_that_somebody_changed_is_named(town: Town, store: Store):
    await ride(town, 1, 2)
    await log_takes(store)
    await added(store)
    async with store.database.acquire("migrate") as connection:
        assert (await verify_tally(connection)).ok
        await connection.execute("UPDATE uses_tally SET uses = uses + 1")
        found = await verify_tally(connection)
    assert not found.ok and "3 uses kept, 2 on record" in found.problems[0]


async def test_the_second_wall_holds_before_sums_too(town: Town, store: Store):
    from onecard.db.walled import walled

    await ride(town, 1)
    await log_takes(store)
    await added(store)
    for prefix, seen in (("3304", 1), ("330483", 0)):
        async with walled(store.database, (prefix,)) as connection:
            assert (await total_uses(connection, Sight(prefixes=[""]), TODAY))[0].uses == seen


async def test_a_store_that_was_emptied_is_added_up_from_the_start_of_its_new_log(town: Town, store: Store):
    await ride(town, 1, 2)
    await log_takes(store)
    await added(store)
    async with store.database.acquire("migrate") as owner:
        await owner.execute("TRUNCATE uses_tally, uses_tally_mark, uses_month")
    assert (await told(store)).uses == 2  # With no mark, everything waits.
    assert await added(store) > 0
    assert (await told(store)).uses == 2
    async with store.database.acquire("audit_ro") as connection:
        assert (await verify_tally(connection)).ok
