"""People are found by name, letters, the end of a phone or card number, where who asks may look; along an index, however many."""

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from onecard.app.mark_keeper import MarkKeeper
from onecard.app.opening import Store
from onecard.audit.store import SQL as AUDIT
from onecard.cards.search import search_holders
from onecard.cards.store import SQL as CARDS
from onecard.db.pool import Connection
from onecard.db.walled import along_index, walled
from onecard.people.marking import mark_older
from onecard.people.model import DatedFact
from onecard.people.search import Sought, search_people
from onecard.people.service import add_facts
from onecard.people.store import SQL as PEOPLE
from tests.database.people.town_of_names import CITY, HAINING, NOON, TONGXIANG, settle


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Store]:
    await settle(store)
    yield store


async def found(
    store: Store, kind: Any, text: str, prefixes: tuple[str, ...] = CITY, wall: tuple[str, ...] = CITY, **more: Any
) -> list[int]:
    async with walled(store.database, wall) as connection:
        rows = await search_people(connection, store.keyring, prefixes, Sought(kind=kind, text=text, **more), 20)
    return [subject for subject, _ in rows]


async def held(store: Store, end: str, inside: str = "", born_year: int = 0, wall: tuple[str, ...] = CITY) -> list[int]:
    async with walled(store.database, wall) as connection:
        rows = await search_holders(connection, store.keyring, CITY, end, inside, born_year, 20)
    return [subject for subject, _ in rows]


async def test_people_are_found_by_whatever_is_known_and_by_nothing_like_it(town: Store):
    assert await found(town, "name", "王建国") == [1, 2]
    assert await found(town, "name", " 王·建 国") == [1, 2]
    assert await found(town, "name", "王建国", born_year=1952) == [2]
    assert await found(town, "name", "王建国", inside=HAINING) == [1]
    assert await found(town, "initials", "WJG") == [1, 3, 2]
    assert await found(town, "phone", "1234") == [1, 2]
    assert await found(town, "phone", "10022221234") == [2]
    assert await found(town, "phone", "21234") == [2]
    assert await found(town, "name", "<IMG SRC=x onerror=alert(1)>") == [4]
    for nobody in ("王", "王%", "王_国", "王%国", "%", "_", "", "王建国'; DROP TABLE people_mark; --"):
        assert await found(town, "name", nobody) == [], nobody
    assert await held(town, "5678") == [3, 2]
    assert await held(town, "5678", TONGXIANG) == [2]
    assert await held(town, "5678", "", 1951) == []
    assert await held(town, "b0005678") == [3]
    assert await held(town, "0006") == [], "whoever belongs nowhere is found by nobody"


async def test_another_countys_people_are_not_found_by_either_wall_alone(town: Store):
    everything = ("",)
    for prefixes, wall in (((HAINING,), CITY), (everything, (HAINING,))):
        assert await found(town, "name", "王建国", prefixes, wall) == [1]
        assert await found(town, "phone", "1234", prefixes, wall) == [1]
        assert await found(town, "initials", "wjg", prefixes, wall) == [1, 3]
    assert await held(town, "5678", wall=(HAINING,)) == [3]
    assert await found(town, "name", "王建国", wall=()) == []


async def test_no_more_are_read_than_are_asked_for(town: Store):
    async with walled(town.database, CITY) as connection:
        sought = Sought(kind="initials", text="wjg")
        assert [len(await search_people(connection, town.keyring, CITY, sought, most)) for most in (1, 2, 9)] == [1, 2, 3]


async def test_whoever_moves_is_found_where_he_belongs_now(town: Store):
    async with town.database.acquire("desk") as connection, connection.transaction():
        await add_facts(connection, 1, [DatedFact(fact="registered_region", since=date(2024, 1, 1), value=TONGXIANG)], NOON)
        await add_facts(connection, 6, [DatedFact(fact="registered_region", since=date(2024, 1, 1), value=HAINING)], NOON)
        await add_facts(connection, 2, [DatedFact(fact="registered_region", since=date(2019, 1, 1), value=HAINING)], NOON)  # Old news.
    assert await found(town, "name", "王建国", (HAINING,)) == [6]
    assert await found(town, "name", "王建国", (TONGXIANG,), (TONGXIANG,)) == [1, 2]


async def test_no_name_or_number_can_be_read_from_a_mark(town: Store, connection: Connection):
    rows = await connection.fetch("SELECT * FROM people_mark")
    assert len(rows) == 3 * 5 + 2 + 1  # `=1+1` has no letters, two have no phone.
    assert {type(value) for row in rows for value in row} == {int, str} and {row["region"] for row in rows} > {HAINING, TONGXIANG, ""}


async def test_whoever_is_erased_leaves_no_mark(town: Store, connection: Connection):
    await connection.execute("DELETE FROM cards_card WHERE subject = 1")
    for table in ("people_scope", "people_number", "people_identity", "people_fact", "people_subject"):  # As `audit_erase` does.
        await connection.execute(f"DELETE FROM {table} WHERE subject = 1")
    assert await connection.fetchval("SELECT count(*) FROM people_mark WHERE subject = 1") == 0
    assert await found(town, "name", "王建国") == [2]
    assert "audit_erase" in AUDIT.erase


async def test_whoever_is_older_than_marks_gets_his_once(town: Store, connection: Connection):
    before = await connection.fetch("SELECT * FROM people_mark ORDER BY subject, mark")
    cards = await connection.fetch("SELECT subject, tail_mark FROM cards_card ORDER BY subject")
    await connection.execute("DELETE FROM people_mark WHERE subject <> 1; UPDATE cards_card SET tail_mark = NULL")
    await connection.execute("INSERT INTO people_unmarked VALUES (-9223372036854775808)")
    async with connection.transaction():
        assert await mark_older(connection, town.keyring, 3) == [1, 2, 3]
    keeper = MarkKeeper(town.database, town.keyring)
    assert (await keeper.mark_all(0), await keeper.mark_all(0)) == (4, 0)
    assert await connection.fetch("SELECT * FROM people_mark ORDER BY subject, mark") == before
    again = await connection.fetch("SELECT subject, tail_mark FROM cards_card ORDER BY subject")
    assert again[3:] == cards[3:], "a card is gone over with its holder, by the keeper"
    assert await connection.fetchval("SELECT count(*) FROM people_unmarked") == 0


MANY = 30_000
NODES = {"Limit", "Result", "Index Scan", "Index Only Scan", "Nested Loop", "Incremental Sort", "Sort", "Memoize"}


async def fill(connection: Connection) -> None:
    """Let the town have many people: a common name, rare ones, and ends of phones and cards."""
    numbers = f"generate_series(1000, {999 + MANY}) AS n"
    regions = "(ARRAY['330402', '330411', '330421', '330424', '330481', '330482', '330483'])[n % 7 + 1]"
    await connection.execute(f"""
        INSERT INTO people_subject (subject, born, home_region, salt)
            SELECT n, date '1930-01-01' + n % 30000, '330481', decode(repeat('00', 16), 'hex') FROM {numbers};
        INSERT INTO people_scope SELECT n, {regions}, '2020-01-01' FROM {numbers};
        INSERT INTO people_mark SELECT n, n % 100, {regions}, 1930 + n % 80 FROM {numbers};
        INSERT INTO people_mark SELECT n, 1000000 + n % 5000, {regions}, 1930 + n % 80 FROM {numbers};
        INSERT INTO cards_card (subject, issued_on, number_key, chip_key, issue_region, valid_until, key_id, sealed, tail_mark)
            SELECT n, '2020-01-01', decode(lpad(to_hex(n), 64, '0'), 'hex'), decode(lpad(to_hex(n), 64, '1'), 'hex'), '330481',
                '2030-01-01', 'k', '', n % 5000 FROM {numbers};
        ANALYZE people_subject; ANALYZE people_scope; ANALYZE people_mark; ANALYZE cards_card;
    """)


async def test_every_question_goes_along_an_index(store: Store, connection: Connection):
    await fill(connection)
    types = "(bigint, text[], text, text, integer, bigint)"
    for name, sql in (("marked", PEOPLE.people_marked), ("holders", CARDS.holders_marked)):
        async with walled(store.database, CITY) as console:
            await along_index(console)
            for mode in ("force_custom_plan", "force_generic_plan"):
                await console.execute(f"SET LOCAL plan_cache_mode = {mode}")
                await console.execute(f"PREPARE {name}_{mode} {types} AS {sql}")
                called = f"EXECUTE {name}_{mode} (7, '{{3304}}', '0', ':', 0, 21)"
                plan = json.loads(await console.fetchval(f"EXPLAIN (FORMAT JSON) {called}"))[0]["Plan"]
                scans = {node.get("Index Name", node["Relation Name"]) for node in nodes_of(plan) if "Relation Name" in node}
                assert scans & {"people_mark_found", "cards_card_tail"}, (name, mode, plan)
                assert not [node for node in nodes_of(plan) if node["Node Type"] == "Seq Scan"], (name, mode)
                hashed = [node for node in nodes_of(plan) if "hashed" in node.get("Subplan Name", "") + node.get("Filter", "")]
                assert not hashed, "a policy is asked of each row, and gathers nobody"


def nodes_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for each in plan.get("Plans", []) for node in nodes_of(each))]
