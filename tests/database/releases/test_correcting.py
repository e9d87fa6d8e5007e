"""A release that reaches back: what stands is left as it is, and what would have come out otherwise is proposed."""

from datetime import timedelta

import pytest

from onecard.app.opening import Store
from onecard.app.replay import replay_days
from onecard.ledger.verify import verify_ledger
from onecard.uses.model import Answer, Offline, use_id
from onecard.uses.plan import anonymous_salt
from tests.database.releases.town_policies import CITY, changed, corrected, job, proposals, released, seqs, totals
from tests.database.town import NOON, Town, open_town

HALF_TO_QUARTER = ("list_price * 50%", "list_price * 25%")
SETTLED = NOON + timedelta(minutes=5)


async def rides(town: Town, *numbers: int, who: str = "visitor") -> list[Answer]:
    answers = []
    for seq in numbers:
        town.moment[0] += timedelta(seconds=1)
        answer = await town.uses.tap(town.tap(who, "BUS-1", seq))
        assert isinstance(answer, Answer)
        answers.append(answer)
    return answers


async def whole(town: Town) -> bool:
    """Tell that the ledger balances, and that the day is decided again as it stands."""
    async with town.store.database.acquire("audit_ro") as connection:
        checks = await verify_ledger(connection, anonymous_salt(town.store.keyring.hash_key))
        checks.append(await replay_days(connection, CITY.lists, NOON.date(), NOON.date()))
    assert [check for check in checks if not check.ok] == []
    return True


async def test_what_comes_after_follows_the_new_version_and_what_stands_is_only_proposed(store: Store) -> None:
    async with open_town(store) as town:
        before = await rides(town, 1, 2, 3)
        await rides(town, 4, who="young")
        await released(town, changed(HALF_TO_QUARTER), at=town.moment[0])
        after = await rides(town, 5)
        assert [(a.paid_fen, a.version) for a in before + after] == [(100, 1), (100, 1), (100, 1), (50, 2)]
        await corrected(town, SETTLED)
        found = await proposals(town)
        assert seqs(found) == [1, 2, 3]
        assert {(each.old["paid"], each.new["paid"], each.new["version"]) for each, _ in found} == {(100, 50, 2)}
        assert await totals(town) == {
            "proposals": 3, "old_paid": 300, "new_paid": 150, "funds": [{"fund": "transit-330400", "old": 300, "new": 450}],
        }  # fmt: skip
        done = await job(town)
        assert (done.examined, done.unknown, done.done_at is not None) == (5, 0, True)
        assert await whole(town)


async def test_a_page_that_comes_again_after_a_crash_proposes_nothing_twice(store: Store) -> None:
    async with open_town(store) as town:
        await rides(town, *range(1, 8))
        await released(town, changed(HALF_TO_QUARTER), at=town.moment[0])
        assert await corrected(town, NOON, most=3) == 3  # Three pages; the end waits until nothing can come in any more.
        assert (await job(town)).done_at is None
        first = await proposals(town)
        async with store.database.acquire("migrate") as connection:
            await connection.execute("UPDATE releases_job SET after_at = NULL, after_terminal = '', after_seq = 0")
        await corrected(town, SETTLED, most=2)
        assert await proposals(town) == first
        assert seqs(first) == list(range(1, 8))


async def test_what_was_on_its_way_while_the_version_came_into_force_is_not_missed(store: Store) -> None:
    async with open_town(store) as town:
        await rides(town, 1)
        await released(town, changed(HALF_TO_QUARTER), at=town.moment[0])
        await corrected(town, NOON)
        async with store.database.acquire("migrate") as connection:  # As if the page had been read just before its batch was written.
            await connection.execute("DELETE FROM releases_proposal")
        await corrected(town, SETTLED)
        assert seqs(await proposals(town)) == [1]


async def test_a_tighter_limit_takes_in_order_of_time(store: Store) -> None:
    async with open_town(store) as town:
        await rides(town, 1, 2, 3, 4)
        await released(town, changed(("30 times", "2 times")), at=town.moment[0])
        await corrected(town, SETTLED)
        found = await proposals(town)
        assert [(each.seq, each.new["paid"], each.new["reason"]) for each, _ in found] == [(3, 200, "LIMIT_DAY"), (4, 200, "LIMIT_DAY")]


async def test_what_earlier_proposals_count_is_carried_on_page_by_page(store: Store) -> None:
    """Under 68 nobody rides by the version that stood; by the next one two rides a day are at half price, and the third is not."""
    async with open_town(store) as town:
        at = town.moment[0]
        cases = ("{age: 65, list_price: 2.00, expect: {reason: NOT_ELIGIBLE_AGE}}", "{age: 75, list_price: 2.00, expect: {paid: 0.00}}")
        await released(town, changed(("  - age >= 60", "  - age >= 68"), day="2024-09-01", cases=cases), at=at)
        await rides(town, 1, 2, 3)
        await released(town, changed(("30 times", "2 times")), version=3, at=town.moment[0])
        await corrected(town, SETTLED, most=1)
        assert [(each.seq, each.old["paid"], each.new["paid"]) for each, _ in await proposals(town, 3)] == [(1, 200, 100), (2, 200, 100)]


async def test_what_nobody_kept_is_counted_and_named(store: Store) -> None:
    async with open_town(store) as town:
        await rides(town, 1, 2)
        asks = changed(("  - age >= 60", "  - ticket == main else NOT_ELIGIBLE\n  - age >= 60"))
        await released(town, asks, at=town.moment[0])
        await corrected(town, SETTLED)
        stands = await job(town)
        assert (stands.unknown, stands.missing, await proposals(town)) == (2, ("ticket",), [])


async def test_what_the_register_knows_of_that_day_is_looked_up(store: Store) -> None:
    async with open_town(store) as town:
        await rides(town, 1)
        asks = changed(("  - age >= 60", "  - care_level >= 1 else NOT_ELIGIBLE\n  - age >= 60"), cases=(
            "{age: 65, expect: {reason: NOT_ELIGIBLE}}", "{age: 75, care_level: 1, list_price: 2.00, expect: {paid: 0.00}}"))  # fmt: skip
        await released(town, asks, at=town.moment[0])
        await corrected(town, SETTLED)
        assert [(each.new["paid"], each.new["reason"]) for each, _ in await proposals(town)] == [(200, "NOT_ELIGIBLE")]


async def test_what_was_taken_back_is_left_alone_and_a_terminal_that_was_alone_is_held_to_the_rule(store: Store) -> None:
    async with open_town(store) as town:
        await rides(town, 1, 2)
        await town.uses.reverse(use_id("BUS-1", 1), "wrong person")
        free = town.tap("visitor", "BUS-1", 3, offline=Offline(outcome="accepted", paid_fen=0))
        alone = (await town.uses.record([free], town.moment[0]))[0]
        assert isinstance(alone, Answer)
        assert (alone.upload, alone.paid_fen) == ("accepted_in_error", 0)
        assert await whole(town)
        await released(town, changed(HALF_TO_QUARTER), at=town.moment[0])
        await corrected(town, SETTLED)
        found = await proposals(town)
        assert seqs(found) == [2, 3]
        assert dict(map(tuple, found[1][0].new["payers"])) == {"transit-330400": 150, "operator": 50}


async def test_a_later_release_over_the_same_days_takes_the_place_of_what_was_proposed(store: Store) -> None:
    async with open_town(store) as town:
        await rides(town, 1)
        await released(town, changed(HALF_TO_QUARTER), at=town.moment[0])
        await corrected(town, SETTLED)
        await released(town, changed(("list_price * 50%", "list_price * 75%")), version=3, at=SETTLED)
        await corrected(town, SETTLED + timedelta(minutes=2))
        assert [superseded for _, superseded in await proposals(town, 2)] == [True]
        assert [(each.new["paid"], superseded) for each, superseded in await proposals(town, 3)] == [(150, False)]


@pytest.mark.parametrize("day", ["2024-11-01", "2025-01-01"])
async def test_a_release_for_days_to_come_proposes_nothing(store: Store, day: str) -> None:
    async with open_town(store) as town:
        await rides(town, 1)
        await released(town, changed(HALF_TO_QUARTER, day=day), at=town.moment[0])
        assert await corrected(town, SETTLED) == 0
        assert (await rides(town, 2))[0].version == 1
