"""Whether rows are still what the changes on record made of them, and whether nothing that is old stands under no leaf."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec

from onecard.audit import store
from onecard.audit.erased import erased_people, kept_of
from onecard.audit.leaves import canonical_json
from onecard.audit.rows import row_digest
from onecard.audit.verify import LATE, PROBLEMS_MAX
from onecard.db.rows import rows_told
from onecard.ledger.verify import Check

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["check_changes", "check_erased", "check_strays"]

CHANGES_AT_ONCE: Final = 1_000


async def check_changes(connection: "Connection", erased: Collection[int]) -> Check:
    """Hold every row that a change wrote to the digest in its entry; rows of *erased* persons are gone for good reason."""
    problems: list[str] = []
    examined, after = 0, UUID(int=0)
    while entries := await connection.fetch(store.SQL.changes_page, after, CHANGES_AT_ONCE):
        after = entries[-1]["entry"]
        lines = [
            (entry["entry"], line)
            for entry in entries
            if entry["subject"] not in erased
            for line in msgspec.json.decode(entry["content"])["rows"]
        ]
        examined += len(lines)
        problems += await _rows_problems(connection, lines)
    return Check(name="rows-equal-changes", examined=examined, problems=problems[:PROBLEMS_MAX])


async def check_erased(connection: "Connection") -> Check:
    """Hold what stayed of erased persons to what their erasures keep of it."""
    people = await erased_people(connection)
    problems = [
        f"records of an erased person (erasure of {each.at.isoformat()}, subject {each.subject}) are not those that stayed then"
        for each in people
        if await kept_of(connection, each.subject) != each.kept
    ]
    return Check(name="erased-persons-records-stay", examined=len(people), problems=problems[:PROBLEMS_MAX])


async def check_strays(connection: "Connection", newest_head_at: datetime | None) -> Check:
    """Find batches and entries that are older than the newest head and stand under no leaf."""
    if newest_head_at is None:
        return Check(name="everything-is-under-a-leaf", examined=0)
    rows = await connection.fetch(store.SQL.strays, newest_head_at - LATE)
    problems = [f"{row['kind']} {row['ref']} of {row['at'].isoformat()} stands under no leaf" for row in rows]
    return Check(name="everything-is-under-a-leaf", examined=1, problems=problems)


async def _rows_problems(connection: "Connection", lines: Sequence[tuple[UUID, dict[str, Any]]]) -> list[str]:
    by_shape: dict[tuple[str, tuple[str, ...]], list[tuple[UUID, dict[str, Any]]]] = defaultdict(list)
    for entry, line in lines:
        by_shape[line["table"], tuple(sorted(line["key"]))].append((entry, line))
    problems = []
    for (table, names), wanted in by_shape.items():
        keys = {canonical_json(line["key"]): line["key"] for _, line in wanted}
        found = defaultdict(list)
        for row in await rows_told(connection, table, list(keys.values())):
            found[canonical_json({name: str(row[name]) for name in names})].append(row)
        for entry, line in wanted:
            rows = found[canonical_json(line["key"])]
            if not any(row_digest(row, line["columns"]).hex() == line["sha256"] for row in rows):
                said = "was changed" if rows else "is gone"
                problems.append(f"entry {entry}: the row of {table} that it wrote {said} ({canonical_json(line['key'])})")
    return problems
