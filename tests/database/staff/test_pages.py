"""Pages of residents are read along an index, whatever the planner thinks that a policy lets through."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from onecard.app.opening import Store
from onecard.db.walled import along_index, walled
from onecard.people.service import people_inside
from onecard.people.store import SQL
from tests.database.staff.office import Office, open_office

PEOPLE = 20_000
_REGIONS = "(ARRAY['330402', '330411', '330421', '330424', '330481', '330482', '330483'])[n % 7 + 1]"


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ()) as office:
        async with store.database.acquire("migrate") as connection:
            numbers = f"generate_series(1000, {999 + PEOPLE}) AS n"
            row = "n, '1960-01-01', '330481', decode(repeat('00', 16), 'hex')"
            await connection.execute(f"INSERT INTO people_subject SELECT {row} FROM {numbers}")
            await connection.execute(f"INSERT INTO people_scope SELECT n, {_REGIONS}, '2020-01-01' FROM {numbers}")
            await connection.execute("ANALYZE people_scope")
        yield office


async def test_a_page_is_no_sort_of_a_county(office: Office):
    async with walled(office.store.database, ("3304",)) as connection:
        await along_index(connection)
        for mode in ("force_custom_plan", "force_generic_plan"):
            await connection.execute(f"SET LOCAL plan_cache_mode = {mode}")
            await connection.execute(f"PREPARE page_{mode} (text[], text, text, text, bigint, bigint) AS {SQL.subjects_in}")
            called = f"EXECUTE page_{mode} ('{{3304}}', '330481', '330481:', '330481', 0, 50)"
            plan = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) {called}"))[0]["Plan"]
            assert nodes_of(plan) <= {"Limit", "Result", "Index Scan", "Index Only Scan"}, mode


def nodes_of(plan: dict[str, Any]) -> set[str]:
    return {str(plan["Node Type"])}.union(*(nodes_of(each) for each in plan.get("Plans", [])))


async def test_pages_hold_everyone_of_a_place_once(office: Office):
    seen: list[tuple[int, str]] = []
    after = ("", 0)
    async with walled(office.store.database, ("330481", "330483")) as connection:
        while page := await people_inside(connection, ["330481", "330483"], "", after, 1000):
            seen += page
            after = (page[-1][1], page[-1][0])
    expected = [n for n in range(1000, 1000 + PEOPLE) if n % 7 in (4, 6)] + [1, 2, 3]
    assert sorted(subject for subject, _ in seen) == sorted(expected)
    assert {region for _, region in seen} == {"330481", "330483"}
