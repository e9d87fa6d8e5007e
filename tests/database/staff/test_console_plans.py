"""What stands behind the audit's and the approvals' pages is found along an index, however much there is."""

import json
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from onecard.app.opening import Store
from onecard.audit.store import SQL as AUDIT
from onecard.db.pool import Connection
from onecard.db.walled import for_what_is_asked, walled
from onecard.staff.store import SQL as STAFF
from tests.database.staff.office import HAINING

MANY: Final = 20_000
BIG: Final = {"audit_entry", "audit_log", "audit_head", "audit_alarm", "staff_request", "staff_decision"}

EVER, END, FIRST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC), uuid.UUID(int=0)

_REGIONS = "(ARRAY['330402', '330411', '330421', '330424', '330481', '330482', ''])[n % 7 + 1]"
_AT = "'2024-01-01'::timestamptz + n * interval '1 minute'"
_HASH = "sha256(int8send(n))"

FILL: Final = (
    f"INSERT INTO audit_entry SELECT gen_random_uuid(), {_AT}, 'look', 'p' || n % 50, 'a', '', '{{clerk}}', 'a call',"
    f" CASE WHEN n % 2000 = 0 THEN 'residents.full-id' ELSE 'uses.read' END, 'use', {_REGIONS}, n % 5000,"
    f" CASE WHEN n % 1000 = 0 THEN 'staff.not_there' ELSE 'ok' END, '{{}}', decode(md5(n::text), 'hex') FROM numbers",
    f"INSERT INTO audit_log SELECT n, 'look', md5(n::text)::uuid, {_HASH}, '' FROM numbers",
    f"INSERT INTO audit_head SELECT n, {_AT}, {_HASH}, 'note', CASE WHEN n < 19000 THEN {_AT} END FROM numbers",
    f"INSERT INTO audit_alarm SELECT md5(n::text)::uuid, 'budget', {_AT}, 'p', 'd', {_REGIONS} FROM numbers",
    f"INSERT INTO staff_request SELECT md5(n::text)::uuid, 'card-cancel', 'card', {_HASH}, {_REGIONS}, '', '', n % 5000, '{{}}', 'r',"
    f" {_AT}, 'one', '', '' FROM numbers WHERE n % 7 <> 6",
    "INSERT INTO staff_decision SELECT approval, digest, prepared_by, prepared_as, 'approve', '', prepared_at, 'two', '', ''"
    " FROM staff_request WHERE prepared_at < '2024-01-14T20:00+00'",
    "INSERT INTO staff_waiting SELECT approval, prepared_at FROM staff_request WHERE prepared_at >= '2024-01-14T20:00+00'",
)


@pytest.fixture
async def filled(store: Store) -> AsyncIterator[Store]:
    """Many entries, leaves, heads, alarms, requests."""
    async with store.database.acquire("migrate") as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")  # People and sessions matter to no plan.
        await connection.execute(f"CREATE TEMPORARY TABLE numbers ON COMMIT DROP AS SELECT n FROM generate_series(1, {MANY}) AS n")
        for statement in FILL:
            await connection.execute(statement)
    async with store.database.acquire("migrate") as connection:
        await connection.execute("ANALYZE")
    yield store


def audited(*first: Any, acts: Sequence[str] = (), results: Sequence[str] = (), prefixes: Sequence[str] = ("3304",)) -> tuple[Any, ...]:
    return (*first, list(prefixes), True, EVER, END, FIRST, list(acts), list(results), 51)


ASKED: Final = {
    "the newest": (AUDIT.entries_by_time, audited()),
    "of a county": (AUDIT.entries_by_time, audited(prefixes=(HAINING,))),
    "of an act": (AUDIT.entries_by_time, audited(acts=("residents.full-id",))),
    "refused": (AUDIT.entries_by_time, audited(results=("staff.not_there", "audit.budget_spent"))),
    "refused, and none was": (AUDIT.entries_by_time, audited(results=("audit.budget_spent",))),
    "by one": (AUDIT.entries_by_person, audited("p3")),
    "about one": (AUDIT.entries_about, audited(77)),
    "entries": (AUDIT.entries, ([uuid.uuid4()] * 51,)),
    "leaves": (AUDIT.leaves_of, ([uuid.uuid4()] * 51,)),
    "nodes": (AUDIT.log_rows, ([1, 2, 3],)),
    "newest head": (AUDIT.newest_head, ()),
    "figures": (AUDIT.log_figures, ()),
    "alarms": (AUDIT.alarms, (["3304"], True, 10)),
    "alarms of a county": (AUDIT.alarms, ([HAINING], False, 10)),
    "budget": (AUDIT.acts_since, ("p3", "residents.full-id", EVER)),
    "approvals": (STAFF.list_requests, (["3304"], "", "", END, FIRST, 51)),
    "approvals that wait": (STAFF.list_waiting, (["3304"], "", END, FIRST, 51)),
    "approvals about one": (STAFF.requests_of, (77, ["3304"], 51)),
    "approval": (STAFF.find_request, (uuid.uuid4(), ["3304"])),
}


async def test_no_page_of_audit_or_approvals_reads_a_big_table_through(filled: Store):
    async with walled(filled.database, ("3304",), unplaced=True) as connection:
        await for_what_is_asked(connection)
        read = {name: await read_through(connection, sql, arguments) for name, (sql, arguments) in ASKED.items()}
    assert {name: nodes for name, nodes in read.items() if nodes} == {}


async def read_through(connection: Connection, sql: str, arguments: tuple[Any, ...]) -> list[str]:
    """Return the big tables of which more is read than a few thousand rows, or all."""
    plan = json.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *arguments))[0]["Plan"]
    return [
        f"{node['Node Type']} {node['Relation Name']}: {rows:.0f} rows"
        for node in nodes_of(plan)
        if node.get("Relation Name") in BIG
        and (rows := node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)))
        and (node["Node Type"] == "Seq Scan" or rows > MANY / 10)
    ]


def nodes_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for each in plan.get("Plans", []) for node in nodes_of(each))]
