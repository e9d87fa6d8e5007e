"""What is on record is read by who, by whom it is about, and by time: in pages that miss and repeat nothing, inside a scope."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onecard.app.opening import Store
from onecard.audit.reading import Asked, alarms, entries_page
from onecard.audit.service import note
from tests.database.audit.acting import AUDITOR, Someone
from tests.database.town import NOON

EVERYWHERE = ("33",)
EVERYTHING = Asked(prefixes=EVERYWHERE, unplaced=True)


@pytest.fixture
async def noted(store: Store) -> Store:
    """Thirty looks, three at each instant, by two persons, about three subjects, in three regions."""
    async with store.database.acquire("desk") as connection, connection.transaction():
        for number in range(30):
            await note(
                connection, AUDITOR if number % 2 else Someone(), object=f"use {number}",
                act="uses.read" if number % 5 else "residents.full-id",
                region=("330481", "330483", "")[number % 3], purpose="p", result="ok" if number % 7 else "refused",
                at=NOON + timedelta(minutes=number // 3), subject=number % 3 + 1, content={"n": number},
            )  # fmt: skip
    return store


async def numbers(store: Store, asked: Asked, most: int = 500) -> list[int]:
    """Read all pages of *most*."""
    found, after = [], None
    async with store.database.acquire("audit_ro") as connection:
        while page := await entries_page(connection, asked, after=after, most=most):
            assert len(page) <= most
            found += page
            after = page[-1].place
    assert [each.place for each in found] == sorted((each.place for each in found), key=lambda place: (place.at, place.entry), reverse=True)
    return sorted(each.content["n"] for each in found)


@pytest.mark.parametrize("most", [1, 4, 7, 30, 500])
async def test_pages_miss_and_repeat_nothing(noted, most):
    assert await numbers(noted, EVERYTHING, most) == list(range(30))


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        pytest.param(replace(EVERYTHING, person="li-na"), lambda n: n % 2 == 1, id="by whom"),
        pytest.param(replace(EVERYTHING, subject=2), lambda n: n % 3 == 1, id="about whom"),
        pytest.param(replace(EVERYTHING, acts=["residents.full-id"]), lambda n: n % 5 == 0, id="act"),
        pytest.param(replace(EVERYTHING, person="zhang-wei", results=["refused"]), lambda n: n % 14 == 0, id="refused"),
        pytest.param(Asked(prefixes=["330481"]), lambda n: n % 3 == 0, id="his region"),
        pytest.param(Asked(prefixes=["330481"], unplaced=True), lambda n: n % 3 in (0, 2), id="his region, and what has none"),
        pytest.param(Asked(prefixes=[], unplaced=True), lambda n: n % 3 == 2, id="no region"),
        pytest.param(Asked(prefixes=[]), lambda n: False, id="nothing"),
        pytest.param(
            replace(EVERYTHING, since=NOON + timedelta(minutes=2), until=NOON + timedelta(minutes=4)),
            lambda n: 6 <= n < 12,
            id="when",
        ),
    ],
)
async def test_what_was_asked_comes_and_nothing_else(noted, asked, wanted):
    assert await numbers(noted, asked, 4) == [number for number in range(30) if wanted(number)]


SETTINGS = pytest.mark.parametrize(
    ("regions", "unplaced", "seen"),
    [("", "", set()), ("330483", "", {"330483"}), ("", "yes", {""}), ("330483", "yes", {"", "330483"}), ("330483", "no", {"330483"})],
)


@SETTINGS
async def test_the_wall_holds_where_the_question_forgets_it(noted, regions, unplaced, seen):
    async with noted.database.acquire("migrate") as connection:
        await connection.execute("INSERT INTO audit_alarm SELECT entry, 'canary', at, person, act, region FROM audit_entry")
    async with noted.database.acquire("console") as connection, connection.transaction():
        for name, value in (("regions", regions), ("unplaced", unplaced)):
            await connection.execute("SELECT set_config('onecard.' || $1, $2, true)", name, value)
        assert {each.region for each in await entries_page(connection, EVERYTHING)} == seen
        rows = await connection.fetch("SELECT DISTINCT region FROM audit_alarm_v1 UNION ALL SELECT DISTINCT region FROM audit_alarm")
        assert {row["region"] for row in rows} == seen
        assert bool(await alarms(connection, EVERYTHING)) == bool(seen)


async def test_a_connection_that_was_told_nothing_sees_nothing(noted):
    async with noted.database.acquire("console") as connection:
        assert await connection.fetchval("SELECT count(*) FROM audit_entry") == 0
        assert await connection.fetchval("SELECT count(*) FROM audit_alarm_v1") == 0


@pytest.mark.parametrize(("asked", "seen"), [(["330483"], 10), ([], 0), (EVERYWHERE, 20)])
async def test_alarms_of_no_region_are_for_who_may_see_those(noted, asked, seen):
    async with noted.database.acquire("migrate") as connection:
        await connection.execute("INSERT INTO audit_alarm SELECT entry, 'canary', at, person, act, region FROM audit_entry")
        assert len(await alarms(connection, Asked(prefixes=asked))) == seen
        assert len(await alarms(connection, Asked(prefixes=asked, unplaced=True))) == seen + 10
