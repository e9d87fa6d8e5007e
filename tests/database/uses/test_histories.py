"""Limits under concurrency: whatever clients do at once, through whichever server, each limit behaves as if they took turns."""

import itertools
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from onecard.app.opening import Store
from onecard.ledger.verify import verify_ledger
from onecard.uses.plan import anonymous_salt
from tests.database.town import CARDS, NOON, Town, open_town
from tests.database.uses.counters import Standing, gives_back, leaves, standing_of, takes
from tests.database.uses.histories import PLACES, RIDES_A_DAY, Deed, Play, scripts
from tests.database.uses.linearisable import Operation, is_linearisable

HISTORIES = int(os.environ.get("ONECARD_HISTORIES", "12"))
DAYS = 28  # Of which each example takes the next one: limits of a day start anew.
RIDERS = ("visitor", "elder")


@pytest.fixture
async def towns(store: Store) -> AsyncIterator[list[Town]]:
    """Two servers on one store, on an evening when the school ground is open."""
    async with open_town(store) as here, open_town(store, build=False, server="there") as there:
        for town in (here, there):
            town.moment[0] = NOON + timedelta(hours=7)
        yield [here, there]


_examples = itertools.count()
_seqs = itertools.count(1)


@settings(max_examples=HISTORIES, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(all_scripts=scripts)
async def test_every_history_of_a_limit_is_linearisable(towns: list[Town], all_scripts: list[list[Deed]]) -> None:
    at = towns[0].moment[0] - timedelta(days=next(_examples) % DAYS)
    await ride_until_two_are_left(towns[0], at)
    standing = await standing_at(towns[0], at)
    play = Play(towns, at, _seqs)
    await play.perform(all_scripts)
    await play.empty_ground()
    for limit, history in play.histories.items():
        event(f"{limit}, {len(history) // 10 * 10} operations and more")
        start = standing.get(limit, standing_of())
        assert is_linearisable(history, start), "\n".join([limit, *(f"{op.began:4}–{op.ended:4} {op.said}" for op in history)])
    await all_hold(towns[0])


async def ride_until_two_are_left(town: Town, at: datetime) -> None:
    taps = [town.tap(who, "BUS-2", next(_seqs), occurred_at=at) for who in RIDERS for _ in range(RIDES_A_DAY - 2)]
    await town.uses.record(taps, town.moment[0])


async def standing_at(town: Town, at: datetime) -> dict[str, Standing]:
    """Return where the limits of that day stand, by the names that histories give them."""
    names = {"elder-rides": "ride", "subsidised-meal": "meal"}
    async with town.store.database.acquire("audit_ro") as connection:
        rows = await connection.fetch("SELECT subject, name, used FROM ledger_accumulator WHERE window_start = $1", at.date())
    people = dict(enumerate(CARDS, 1))
    return {
        f"{names[row['name']]} of {who}": standing_of(**{who: row["used"]})
        for row in rows
        if row["name"] in names
        for who in (people[row["subject"]],)
    }


async def all_hold(town: Town) -> None:
    async with town.store.database.acquire("audit_ro") as connection:
        checks = await verify_ledger(connection, anonymous_salt(town.store.keyring.hash_key))
    assert [check for check in checks if not check.ok] == []


def operation(began: int, ended: int, effect: object) -> Operation:  # type: ignore[type-arg]
    return Operation(said="", began=began, ended=ended, effect=effect)  # type: ignore[arg-type]


IN, FULL = takes("a", 2, PLACES, granted=True), takes("b", 2, PLACES, granted=False)


@pytest.mark.parametrize(
    ("history", "fine"),
    [
        pytest.param([(0, 1, IN), (2, 3, FULL)], True, id="refused after it filled up"),
        pytest.param([(0, 3, IN), (1, 2, FULL)], True, id="refused while it filled up"),
        pytest.param([(2, 3, IN), (0, 1, FULL)], False, id="refused before anybody was in"),
        pytest.param([(0, 1, IN), (2, 3, IN)], False, id="four where three may be"),
        pytest.param([(0, 1, IN), (2, 3, leaves("a")), (4, 5, FULL)], False, id="refused though he had left"),
        pytest.param([(0, 1, IN), (2, 5, leaves("a")), (3, 4, FULL)], True, id="refused while he was leaving"),
        pytest.param([(0, 1, IN), (2, 3, gives_back("u", "a", 2, duplicate=True))], False, id="said to be taken back before it was"),
        pytest.param(
            [(0, 1, IN), (2, 5, gives_back("u", "a", 2, duplicate=False)), (3, 4, gives_back("u", "a", 2, duplicate=False))],
            False,
            id="taken back twice",
        ),
    ],
)
def test_the_checker_tells_good_histories_from_bad(history: list[tuple[int, int, object]], fine: bool) -> None:
    assert is_linearisable([operation(*each) for each in history], standing_of()) == fine
