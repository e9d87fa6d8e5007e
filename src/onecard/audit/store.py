"""This room's tables: entries and leaves are added; a head may be marked as witnessed, nothing else ever changes."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from onecard.audit.leaves import canonical_json
from onecard.audit.model import BatchLeaf, Entry, LogRow, PeopleLeaf
from onecard.db.statements import statements_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "SQL", "add_entry", "add_leaves", "batch_leaf_of", "batches", "entries", "entry_of", "leaves_of", "log_page", "log_rows",
    "people_batches", "people_leaf_of",
]  # fmt: skip

SQL = statements_of(__package__)

_DIGEST_BYTES = 32


async def add_entry(connection: "Connection", entry: Entry) -> None:
    """Keep one entry."""
    await connection.fetchval(
        SQL.add_entry, entry.entry, entry.at, entry.kind, entry.person, entry.account, entry.as_person, list(entry.roles),
        entry.purpose, entry.act, entry.object, entry.region, entry.subject, entry.result, entry.content, entry.salt,
    )  # fmt: skip


async def add_leaves(connection: "Connection", rows: Sequence[LogRow]) -> None:
    """Write leaves at the end of the log."""
    await connection.fetch(
        SQL.add_leaves, [row.position for row in rows], [row.kind for row in rows], [row.ref for row in rows],
        [row.leaf for row in rows], [b"".join(row.above) for row in rows],
    )  # fmt: skip


async def log_rows(connection: "Connection", positions: Sequence[int]) -> dict[int, LogRow]:
    """Return leaves by their places."""
    return {row["position"]: _log_row(row) for row in await connection.fetch(SQL.log_rows, list(positions))}


async def log_page(connection: "Connection", first: int, most: int) -> list[LogRow]:
    """Return at most *most* leaves from *first* on."""
    return [_log_row(row) for row in await connection.fetch(SQL.log_page, first, most)]


async def batches(connection: "Connection", refs: Sequence[UUID]) -> dict[UUID, BatchLeaf]:
    """Return the ledger's batches of these names."""
    return {row["batch"]: batch_leaf_of(row) for row in await connection.fetch(SQL.batches, list(refs))}


async def people_batches(connection: "Connection", refs: Sequence[UUID]) -> dict[UUID, PeopleLeaf]:
    """Return what was told about people, by these names."""
    return {row["batch"]: people_leaf_of(row) for row in await connection.fetch(SQL.people_batches, list(refs))}


async def entries(connection: "Connection", refs: Sequence[UUID]) -> dict[UUID, Entry]:
    """Return the entries of these names."""
    return {row["entry"]: entry_of(row) for row in await connection.fetch(SQL.entries, list(refs))}


async def leaves_of(connection: "Connection", refs: Sequence[UUID]) -> dict[UUID, LogRow]:
    """Return the leaves of batches and entries, by their names."""
    return {row["ref"]: _log_row(row) for row in await connection.fetch(SQL.leaves_of, list(refs))}


def batch_leaf_of(row: Any) -> BatchLeaf:
    """Return the batch that *row* holds."""
    return BatchLeaf(
        batch=row["batch"], lane=row["lane"], number=row["number"], made_at=row["made_at"], book_day=row["book_day"],
        records=row["records"], root=row["root"],
    )  # fmt: skip


def people_leaf_of(row: Any) -> PeopleLeaf:
    """Return the batch about people that *row* holds."""
    return PeopleLeaf(batch=row["batch"], made_at=row["made_at"], told=row["told"], root=row["root"])


def entry_of(row: Any) -> Entry:
    """Return the entry that *row* holds, its JSON in canonical form."""
    return Entry(
        entry=row["entry"], at=row["at"], kind=row["kind"], person=row["person"], account=row["account"],
        as_person=row["as_person"], roles=tuple(row["roles"]), purpose=row["purpose"], act=row["act"], object=row["object"],
        region=row["region"], subject=row["subject"], result=row["result"], content=canonical_json(json.loads(row["content"])),
        salt=row["salt"],
    )  # fmt: skip


def _log_row(row: Any) -> LogRow:
    above = row["above"]
    parts = tuple(above[at : at + _DIGEST_BYTES] for at in range(0, len(above), _DIGEST_BYTES))
    return LogRow(position=row["position"], kind=row["kind"], ref=row["ref"], leaf=row["leaf"], above=parts)
