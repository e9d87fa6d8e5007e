"""What one read tells a lane, whatever the order of its rows, and how it is kept current while a batch is decided."""

from dataclasses import fields
from datetime import date
from random import Random
from typing import Any

import pytest

from onecard.app.opening import Store
from onecard.decision.model import EVER, EVERYWHERE, Count, Counter
from onecard.uses.known import Known, Person, known_from
from onecard.uses.plan import prepare
from onecard.uses.store import read_batch
from tests.database.town import Town, open_town


async def rows_of(town: Town) -> list[Any]:
    """Return what is read for a few taps in a town where something has happened already."""
    for tap in (town.tap("elder", "CANTEEN-1", 1), town.tap("visitor", "BUS-1", 1), town.tap("lost", "BUS-1", 2)):
        await town.uses.tap(tap)
    taps = [town.tap(who, "BUS-2", seq, guardian=("card", "A00000002")) for seq, who in enumerate(("elder", "visitor", "young", "lost"), 1)]
    city, hash_key = town.uses._context.city, town.store.keyring.hash_key
    prepared = [prepare(tap, town.masters.directory, town.masters.rules, city, hash_key, town.moment[0]) for tap in taps]
    async with town.store.database.acquire("lane") as connection:
        return list(await read_batch(connection, prepared))


def plain(known: Known) -> dict[str, Any]:
    """Return everything that *known* holds, with lists whose order means nothing sorted."""
    told = {each.name: getattr(known, each.name) for each in fields(known)}
    for person in told["people"].values():
        person.facts.sort()
    for instants in told["last"].values():
        instants.sort()
    return told


async def test_the_order_of_rows_makes_no_difference(store: Store) -> None:
    async with open_town(store) as town:
        rows = await rows_of(town)
        told = plain(known_from(rows))
        assert {1, 2, 3, 4} <= set(told["people"])
        assert {row["what"] for row in rows} >= {"credential", "state", "fact", "used", "change"}
        assert any(amount for person in told["people"].values() for amount in person.used.values())
        for seed in range(20):
            assert plain(known_from(Random(seed).sample(rows, len(rows)))) == told


OWN, GROUND, TOGETHER = Counter("", EVER, "a", ""), Counter("ground", EVER, "b", ""), Counter(EVERYWHERE, EVER, "c", "")


def count(counter: Counter, counted: int) -> Count:
    return Count(programme="", unit="times", per="day", counter=counter, cap=9, used_before=0, counted=counted)


def test_what_was_just_decided_is_seen_by_the_next_tap_where_it_looks() -> None:
    known, person = Known(), Person(subject=1, born=date(1950, 1, 1), home_region="330481", salt=b"")
    known.move(person, [count(OWN, 2), count(GROUND, 3), count(TOGETHER, 1), count(OWN, 0)])
    known.move(person, [count(GROUND, -1)])
    assert known.used(person, ("ground", EVERYWHERE)) == {OWN: 2, GROUND: 2, TOGETHER: 1}
    assert known.used(person, ("hall",)) == {OWN: 2}
    other = Person(subject=2, born=date(1950, 1, 1), home_region="330481", salt=b"")
    assert known.used(other, ("ground",)) == {GROUND: 2}, "own counters are nobody else's"
    assert known.used(None, ("ground",)) == {}


def test_only_a_person_counts() -> None:
    with pytest.raises(AssertionError):
        Known().move(None, [count(OWN, 1)])
