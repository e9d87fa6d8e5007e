"""Staff look at uses: within their regions by either wall; what a filter adds up to; pages without gaps; no table read through."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from onecard.app.opening import Store
from onecard.app.staff_desk import staff_desk_of
from onecard.app.staff_search import StaffSearch
from onecard.app.staff_uses import StaffUses
from onecard.db.statements import statements_of
from onecard.db.walled import walled
from onecard.settings.city_folder import find_city
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting, Right
from onecard.staff.scope import Scope
from onecard.uses.look import NEWEST_USE, UseFilter
from tests.database.staff.office import Moment
from tests.database.town import NOON, Town, open_town

DAY = date(2024, 10, 31)
TODAY = UseFilter(first=DAY, last=DAY)
READS = ("uses.read", "uses.explain", "residents.find", "sites.read")
MANY = 20_000
_COLUMNS = (
    "batch, book_day, subject, day, occurred_at, received_at, digest, seal, credential_kind, credential, service, site, site_kind, "
    "operator, region, home_region, counted, outcome, reason, list_price_fen, paid_fen, funds, amounts_fen, programme, version, rules, "
    "facts, limits, upload, offline"
)


def at_work(region: str, *permissions: str, scene: str = "*") -> Acting:
    right = Right(role="some-role", scope=Scope(region=region, scene=scene), permissions=frozenset(permissions or READS))
    return Acting(person="p", account="p", name="P", rights=(right,))


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Town]:
    """A town whose people rode, ate and ran; one ride was taken back."""
    async with open_town(store) as town:
        for seq, (who, terminal) in enumerate([("elder", "BUS-1"), ("elder", "CANTEEN-1"), ("young", "BUS-1"), ("visitor", "BUS-2")], 1):
            await town.uses.tap(town.tap(who, terminal, seq))
        await town.uses.reverse("BUS-2.4", "the wrong way")
        yield town


@pytest.fixture
def looks(town: Town, store: Store) -> StaffUses:
    desk = staff_desk_of(store, find_city("jiaxing"), Moment())
    return StaffUses(work=desk.work, uses=town.uses, masters=town.masters, keyring=store.keyring)


async def names(looks: StaffUses, acting: Acting, asked: UseFilter = TODAY) -> list[str]:
    return [each.use for each in await looks.listed(acting, asked)]


async def test_a_list_holds_ones_own_regions_alone_by_both_walls_and_by_either(looks: StaffUses, store: Store):
    city, county, other = at_work("330400"), at_work("330481"), at_work("330483")
    no_predicate = replace(looks, work=replace(looks.work, prefixes=lambda acting, permission="": ("",)))

    async def seen(desk: StaffUses) -> list[list[str]]:
        return [await names(desk, acting) for acting in (city, county, other)]

    expected = [["CANTEEN-1.2", "BUS-2.4", "BUS-1.3", "BUS-1.1"], ["CANTEEN-1.2"], []]
    assert await seen(looks) == expected
    assert await seen(no_predicate) == expected
    async with store.database.acquire("migrate") as connection:
        for table in ("ledger_use", "ledger_reversal", "people_identity", "people_scope"):
            await connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    assert await seen(looks) == expected


async def test_who_works_for_one_scene_sees_its_places_alone(looks: StaffUses):
    assert await names(looks, at_work("330400", scene="canteen")) == ["CANTEEN-1.2"]
    assert await names(looks, at_work("330481", scene="campus")) == []
    assert await names(looks, at_work("330400", scene="no-such-scene")) == []


async def test_a_role_without_the_right_sees_nothing_at_all(looks: StaffUses):
    with pytest.raises(NotAllowed):
        await looks.listed(at_work("330400", "sites.read"), TODAY)


async def test_totals_are_the_sums_of_the_filters_uses_less_what_was_taken_back(looks: StaffUses):
    found, totals = await looks.listed_with_totals(at_work("330400"), TODAY)
    kept = [each for each in found if not each.reversed]
    assert (totals.uses, totals.reversed, totals.refused) == (4, 1, 0)
    assert totals.list_fen == sum(each.list_fen for each in kept)
    assert totals.paid_fen == sum(each.paid_fen for each in kept)
    _, none = await looks.listed_with_totals(at_work("330400"), replace(TODAY, outcome="refused"))
    assert none.uses == none.list_fen == 0


@pytest.mark.parametrize(
    ("filtered", "expected"),
    [
        ({"kind": "canteen"}, ["CANTEEN-1.2"]), ({"site": "bus"}, ["BUS-2.4", "BUS-1.3", "BUS-1.1"]),
        ({"terminal": "BUS-1"}, ["BUS-1.3", "BUS-1.1"]), ({"region": "330481"}, ["CANTEEN-1.2"]), ({"site": "%"}, []),
        ({"first": date(2024, 10, 30), "last": date(2024, 10, 30)}, []),
    ],
)  # fmt: skip
async def test_a_filter_leaves_out_what_does_not_match(looks: StaffUses, filtered: dict[str, Any], expected: list[str]):
    assert await names(looks, at_work("330400"), replace(TODAY, **filtered)) == expected


async def test_every_look_is_on_record_before_anything_is_shown(looks: StaffUses, store: Store):
    await looks.listed(at_work("330400"), replace(TODAY, kind="bus"))
    await looks.explained(at_work("330400"), "CANTEEN-1.2")
    await looks.exported(at_work("330400"), TODAY, "csv")
    with pytest.raises(NotThere):
        await looks.explained(at_work("330483"), "CANTEEN-1.2")
    async with store.database.acquire("audit_ro") as connection:
        kept = await connection.fetch("SELECT act, object, result, subject, content::text FROM audit_entry ORDER BY at, act")
    told = {(row["act"], row["result"]) for row in kept}
    assert told == {("uses.list", "ok"), ("uses.explain", "ok"), ("uses.export-csv", "ok"), ("uses.explain", "staff.not_there")}
    assert {row["act"]: row["subject"] is not None for row in kept if row["result"] == "ok"}["uses.explain"]
    assert json.loads(next(row["content"] for row in kept if row["act"] == "uses.list"))["kind"] == "bus"


async def test_a_number_typed_in_the_wrong_place_is_not_kept_for_ever(looks: StaffUses, store: Store):
    number = "330491195003071234"
    acting = at_work("330400").because(f"he is {number}")
    with pytest.raises(NotThere):
        await looks.explained(acting, number)
    await looks.listed(acting, replace(TODAY, site=number, reasons=(number,)))
    async with store.database.acquire("audit_ro") as connection:
        kept = await connection.fetch("SELECT object, purpose, content::text FROM audit_entry")
    assert kept and all(number not in text for row in kept for text in row.values())
    assert "use 330491********1234" in {row["object"] for row in kept}


async def test_a_use_elsewhere_is_absent_and_one_in_scope_needs_the_right(looks: StaffUses):
    for absent in ("CANTEEN-1.2", "CANTEEN-1.99", "nonsense", "CANTEEN-1.02", "%.1"):
        with pytest.raises(NotThere):
            await looks.explained(at_work("330483"), absent)
    with pytest.raises(NotAllowed):
        await looks.explained(at_work("330481", "uses.read"), "CANTEEN-1.2")
    told = await looks.explained(at_work("330481"), "CANTEEN-1.2")
    assert told["reason"] == "OK_DISCOUNT" and [each["use"] for each in told["same_day"]] == ["CANTEEN-1.2"]
    wider = await looks.explained(at_work("330400"), "CANTEEN-1.2")
    assert {each["use"] for each in wider["same_day"]} == {"CANTEEN-1.2", "BUS-1.1"}


async def test_what_else_was_used_that_day_is_told_where_one_may_read_uses_and_nowhere_else(looks: StaffUses, store: Store):
    reads = at_work("330481").rights
    elsewhere = Right(role="viewer", scope=Scope(region="330400"), permissions=frozenset({"reports.read"}))
    mixed = replace(at_work("330481"), rights=(*reads, elsewhere))
    canteens = at_work("330400", scene="canteen")
    for acting in (mixed, canteens):
        told = await looks.explained(acting, "CANTEEN-1.2")
        assert [each["use"] for each in told["same_day"]] == ["CANTEEN-1.2"]
    async with store.database.acquire("migrate") as connection:
        await connection.execute("ALTER TABLE ledger_use DISABLE ROW LEVEL SECURITY")
    told = await looks.explained(at_work("330481"), "CANTEEN-1.2")
    assert [each["use"] for each in told["same_day"]] == ["CANTEEN-1.2"]


async def test_a_person_out_of_scope_is_absent_from_lists_too(looks: StaffUses, store: Store):
    async with store.database.acquire("desk") as connection:
        subject = await connection.fetchval("SELECT subject FROM people_scope WHERE region = '330481' LIMIT 1")
    with pytest.raises(NotThere):
        await looks.listed(at_work("330483"), replace(TODAY, subject=subject))
    assert await looks.listed(at_work("330481"), replace(TODAY, subject=subject)) is not None


async def test_a_text_is_looked_for_as_it_stands(looks: StaffUses, store: Store):
    desk = staff_desk_of(store, find_city("jiaxing"), Moment())
    search = StaffSearch(work=desk.work, residents=desk.residents)
    city = at_work("330400")
    assert [each.site for each in (await search.found(city, "食堂")).sites] == ["canteen"]
    assert [each.terminal for each in (await search.found(city, "bus-1")).terminals] == ["BUS-1"]
    assert (await search.found(city, "CANTEEN-1.2")).use == "CANTEEN-1.2"
    for absent in ("%%", "__", "食%", "a' OR 'a'='a"):
        assert (await search.found(city, absent)).count == 0
    assert (await search.found(at_work("330483"), "食堂")).count == 0
    assert (await search.found(at_work("330483"), "CANTEEN-1.2")).count == 0


async def many(store: Store) -> None:
    """Multiply the town's uses, a minute apart, over some weeks."""
    async with store.database.acquire("migrate") as connection:
        shifted = re.sub(r"\boccurred_at\b", "occurred_at - n * interval '1 minute'", _COLUMNS)
        shifted = re.sub(r"\bday, occurred", "(occurred_at - n * interval '1 minute' + interval '8 hours')::date, occurred", shifted)
        await connection.execute(
            f"INSERT INTO ledger_use (terminal, seq, {_COLUMNS}) SELECT terminal, seq * 1000000 + n, {shifted} "
            f"FROM ledger_use, generate_series(1, {MANY // 4}) AS n WHERE seq < 1000000"
        )
        await connection.execute("ANALYZE ledger_use")


async def test_pages_hold_every_use_once_in_order(looks: StaffUses, store: Store):
    await many(store)
    asked = UseFilter(first=date(2024, 10, 29), last=DAY)
    seen, before, acting = [], NEWEST_USE, at_work("330400")
    while page := await looks.listed(acting, asked, before, 500):
        seen += page
        before = page[-1].key
    _, totals = await looks.listed_with_totals(acting, asked)
    keys = [each.key for each in seen]
    assert len(seen) == len(set(keys)) == totals.uses > 5000
    assert keys == sorted(keys, reverse=True)


async def test_no_look_reads_a_table_through(looks: StaffUses, store: Store):
    """Whatever the planner thinks: a statement that had no index would have to."""
    await many(store)
    asked = {
        "uses": (
            "list_uses",
            "list_uses_of",
            "total_uses",
            "total_uses_at",
            "total_uses_of",
            "total_reversed",
            "place_of_use",
            "find_use",
            "uses_of_day",
        ),
        "staff": ("sessions_of", "end_session_of"),
    }
    for room, wanted in asked.items():
        for statement in statements_of(f"onecard.{room}"):
            if statement.name in wanted:
                role = walled(store.database, ("3304",)) if room == "uses" else store.database.acquire("desk")
                async with role as connection:
                    nodes = await plan_of(connection, statement)
                read_through = {table for kind, table in nodes if kind == "Seq Scan"} - {"uses_tally_mark"}  # Of one row.
                assert read_through == set(), statement.name


async def test_a_total_reads_no_record(looks: StaffUses, store: Store):
    await many(store)
    (statement,) = (each for each in statements_of("onecard.uses") if each.name == "total_uses_at")
    async with walled(store.database, ("3304",)) as connection:
        nodes = await plan_of(connection, statement)
    assert ("Index Only Scan", "ledger_use") in nodes and not {kind for kind, table in nodes if table == "ledger_use"} - {"Index Only Scan"}


async def plan_of(connection: Any, statement: Any) -> set[tuple[str, str]]:
    """Return the nodes of the plan by which *statement* runs, each with its table."""
    types = ", ".join(parameter.partition(" ")[2] for parameter in statement.parameters)
    async with connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE looked ({types}) AS {statement.sql}")
        called = ", ".join("NULL" for _ in statement.parameters)
        plan = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE looked ({called})"))[0]["Plan"]
        await connection.execute("DEALLOCATE looked")
    return set(_nodes(plan))


def _nodes(plan: dict[str, Any]) -> list[tuple[str, str]]:
    return [(plan["Node Type"], plan.get("Relation Name", "")), *(node for each in plan.get("Plans", []) for node in _nodes(each))]


def test_the_towns_noon_is_the_day_asked_about():
    assert NOON.date() == DAY
