"""Put into the log what waits for it: one at a time, all or nothing, each batch and entry once.

Whatever dies in the middle leaves the log as it was: leaves are written in one transaction, their places are a primary key
and what they stand for is unique. Any server may do it; an advisory lock keeps the others from waiting for each other.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from onecard.audit import store
from onecard.audit.leaves import Content, kind_of, leaf_data
from onecard.audit.model import Entry, LeafKind, LogRow
from onecard.audit.service import BudgetSpent
from onecard.audit.tree import frontier_of, log_size
from onecard.values.merkle import Digest, leaf_hash

if TYPE_CHECKING:
    from onecard.db.pool import Connection
    from onecard.settings.log_keys import LogKeys
    from onecard.values.signed_head import SignedHead

__all__ = ["LEAVES_AT_ONCE", "Taken", "sequence", "sign_newest"]

LEAVES_AT_ONCE: Final = 5_000

_LOCK: Final = 0x4F434C4F  # "OCLO"; one sequencer at a time in a database.

Marker = Callable[[int], bytes]
"""The keyed hash by which a resident may be watched (`audit.canary`)."""


class Taken(NamedTuple):
    """How many leaves came, and up to which instant nothing waits that was made since the one asked about."""

    leaves: int
    until: datetime


async def sequence(connection: "Connection", digest: Digest, since: datetime, mark: Marker) -> Taken:
    """Take what was made *since* then and waits, at most `LEAVES_AT_ONCE`.

    No leaves also where another server is at it. Looks at watched residents and spent budgets raise their alarm here. Raises `LogBroken`.
    """
    async with connection.transaction():
        if not await connection.fetchval(store.SQL.try_lock, _LOCK):
            return Taken(0, since)
        batches = [store.batch_leaf_of(row) for row in await connection.fetch(store.SQL.waiting_batches, since, LEAVES_AT_ONCE)]
        people = [store.people_leaf_of(row) for row in await connection.fetch(store.SQL.waiting_people, since, LEAVES_AT_ONCE)]
        entries = [store.entry_of(row) for row in await connection.fetch(store.SQL.waiting_entries, since, LEAVES_AT_ONCE)]
        waiting = _in_order([*batches, *people, *entries])[:LEAVES_AT_ONCE]
        if waiting:
            await store.add_leaves(connection, await _leaves(connection, digest, waiting))
            await _watch(connection, entries, mark)
    return Taken(len(waiting), waiting[-1].made if waiting else since)


async def sign_newest(connection: "Connection", keys: "LogKeys", at: datetime) -> "SignedHead | None":
    """Sign the log as it stands and keep the head; None where it has not grown since the last one. Raises `LogBroken`.

    *at* is an instant before the last `sequence`: nothing made before it, but for what was just being written, comes later.
    """
    size = await log_size(connection)
    newest = await connection.fetchrow(store.SQL.newest_head)
    if size == (newest["size"] if newest else 0):
        return None
    root = (await frontier_of(connection, size)).root(keys.suite.digest)
    signed = keys.sign(size, root, at)
    kept = await connection.fetchval(store.SQL.add_head, size, signed.head.at, root, signed.note.decode())
    return signed if kept is not None else None


class _Waiting(NamedTuple):
    made: datetime
    ref: UUID
    kind: LeafKind
    data: bytes


def _in_order(waiting: Sequence[Content]) -> list[_Waiting]:
    """Return what waits, oldest first."""
    return sorted(_waiting(each) for each in waiting)


def _waiting(content: Content) -> _Waiting:
    made, ref = (content.at, content.entry) if isinstance(content, Entry) else (content.made_at, content.batch)
    return _Waiting(made, ref, kind_of(content), leaf_data(content))


async def _leaves(connection: "Connection", digest: Digest, waiting: Sequence[_Waiting]) -> list[LogRow]:
    frontier, rows = await frontier_of(connection, await log_size(connection)), []
    for each in waiting:
        leaf, position = leaf_hash(digest, each.data), frontier.size
        frontier, above = frontier.grown(digest, leaf)
        rows.append(LogRow(position=position, kind=each.kind, ref=each.ref, leaf=leaf, above=above))
    return rows


async def _watch(connection: "Connection", entries: Sequence[Entry], mark: Marker) -> None:
    """Raise an alarm for each look at a resident whom nobody has a reason to look at, and for each budget that was spent."""
    marks = {entry.entry: mark(entry.subject) for entry in entries if entry.subject is not None}
    found = await connection.fetch(store.SQL.canaries, sorted(set(marks.values()))) if marks else []
    watched = {row["mark"] for row in found}
    raised = [
        *((entry, "canary") for entry in entries if marks.get(entry.entry) in watched),
        *((entry, "budget") for entry in entries if entry.result == BudgetSpent.code),
    ]
    if raised:
        await connection.fetch(
            store.SQL.add_alarms, [entry.entry for entry, _ in raised], [kind for _, kind in raised], raised[0][0].at,
            [entry.person for entry, _ in raised], [entry.act for entry, _ in raised], [entry.region for entry, _ in raised],
        )  # fmt: skip
