"""This room's statements, fed with whole batches, each sorted by key."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from onecard.db.statements import statements_of
from onecard.ledger.model import Batch, CounterMove, LinkRecord, ReversalRecord, SpentCode, UseRecord
from onecard.ledger.seal import canonical_reversal, canonical_use, record_salt, root_of, sealed

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "conflicting_terminals", "forget_verdicts", "forked_terminals", "forks_of", "keep_conflict", "keep_links", "keep_offline_answers",
    "link_keys", "mark_links", "page_links", "unchecked_links", "write_batch",
]  # fmt: skip

SQL = statements_of(__package__)

_encode = msgspec.json.Encoder().encode

_CHECKING = 0x4F4E434C  # "ONCL": one check of links at a time in a database, so that of two links on one previous one sees the other.


async def write_batch(connection: "Connection", batch: Batch) -> None:
    """Write *batch* in one durable statement; fails as a whole where a limit no longer allows it, or a key is taken."""
    await connection.fetchval(SQL.write_batch, *_arguments(batch))


async def keep_conflict(connection: "Connection", terminal: str, seq: int, digest: bytes, received_at: datetime, content: str) -> None:
    """Keep what came under a key that is taken by other content, once."""
    await connection.fetchval(SQL.keep_conflict, terminal, seq, digest, received_at, content)


async def keep_offline_answers(connection: "Connection", answers: Sequence[tuple[str, int, str]], received_at: datetime) -> None:
    """Keep (terminal, seq, answer as JSON) beside uses that were on record already, once."""
    terminals, seqs, texts = (list(column) for column in zip(*sorted(answers), strict=True))
    await connection.fetch(SQL.keep_offline_answers, terminals, seqs, received_at, texts)


async def keep_links(connection: "Connection", links: Sequence[LinkRecord], received_at: datetime) -> None:
    """Keep links that came with what was on record already, or with what conflicts with it; each once."""
    await connection.fetch(SQL.keep_links, received_at, _links(links))


async def link_keys(connection: "Connection", terminal: str, seq: int) -> list[str]:
    """Return the ids of the device keys under which a number came."""
    return [row["key_id"] for row in await connection.fetch(SQL.link_keys, terminal, seq)]


async def unchecked_links(connection: "Connection", most: int) -> Sequence[Any]:
    """Return up to *most* links whose signature nobody has looked at; none while another transaction is looking."""
    if not await connection.fetchval(SQL.take_check, _CHECKING):
        return []
    rows: Sequence[Any] = await connection.fetch(SQL.unchecked_links, most)
    return rows


async def mark_links(connection: "Connection", rows: Sequence[tuple[str, int, bytes, bool]]) -> None:
    """Write (terminal, seq, link, whether it is good)."""
    await connection.fetch(SQL.mark_links, *(list(column) for column in zip(*sorted(rows), strict=True)))


async def page_links(connection: "Connection", after: tuple[str, int, bytes], most: int) -> Sequence[Any]:
    """Return the next *most* links after (terminal, seq, link), each held against the contents that are on record."""
    rows: Sequence[Any] = await connection.fetch(SQL.page_links, *after, most)
    return rows


async def forked_terminals(connection: "Connection") -> Sequence[Any]:
    """Return terminals with two good links on one previous: terminal, key_id, seqs."""
    rows: Sequence[Any] = await connection.fetch(SQL.forked_terminals)
    return rows


async def conflicting_terminals(connection: "Connection") -> dict[str, int]:
    """Return terminals of which one number came with two contents, each with the first such number."""
    return {row["terminal"]: row["seq"] for row in await connection.fetch(SQL.conflicting_terminals)}


async def forget_verdicts(connection: "Connection", terminal: str, key_id: str) -> None:
    """Let the links of one key that were taken for bad be looked at again."""
    await connection.fetch(SQL.forget_verdicts, terminal, key_id)


async def forks_of(connection: "Connection", terminals: Sequence[str], previous: Sequence[bytes]) -> Sequence[Any]:
    """Return where a key of *terminals* has two good links on one of *previous*: terminal, key_id, seqs."""
    rows: Sequence[Any] = await connection.fetch(SQL.forks_of, list(terminals), list(previous))
    return rows


def _arguments(batch: Batch) -> list[Any]:
    uses = sorted(batch.uses, key=_key)
    reversals = sorted(batch.reversals, key=_key)
    use_seals = [
        sealed(record_salt(use.salt, use.terminal, use.seq), canonical_use(use, batch.batch, batch.received_at)) for use in uses
    ]
    reversal_seals = [
        sealed(record_salt(back.salt, back.terminal, back.seq), canonical_reversal(back, batch.batch, batch.received_at))
        for back in reversals
    ]
    return [
        batch.batch, batch.lane, batch.number, batch.received_at, batch.book_day, len(uses) + len(reversals),
        root_of([*use_seals, *reversal_seals]), _json(uses), use_seals, _json(reversals), reversal_seals,
        _moves(batch.moves, int), _moves(batch.moves, str), _json(batch.postings), _codes(batch.codes), _links(batch.links),
    ]  # fmt: skip


def _moves(moves: Sequence[CounterMove], owners: type) -> str:
    """Return the moves of persons, or of places, as JSON, sorted by key: lanes lock counters in one order."""
    mine = sorted((move for move in moves if isinstance(move.owner, owners)), key=_counter)
    assert all(_counter(one) != _counter(next_one) for one, next_one in pairwise(mine)), "a counter moves once in a batch"
    assert all(m.floor > 0 or (m.moved >= 0 and m.cap is not None) for m in mine), "what gives back leans on what is there"
    return _json(mine)


def _json(rows: Sequence[msgspec.Struct]) -> str:
    return _encode(rows).decode() if rows else "[]"


def _counter(move: CounterMove) -> tuple[Any, ...]:
    return move.owner, move.window_start, move.name, move.within


def _codes(codes: Sequence[SpentCode]) -> str:
    rows = sorted(codes, key=lambda code: code.code_hash)
    return _json(rows)


def _links(links: Sequence[LinkRecord]) -> str:
    rows = sorted(links, key=lambda link: (link.terminal, link.seq, link.link))
    return _json(rows)


def _key(record: UseRecord | ReversalRecord) -> tuple[str, int]:
    return record.terminal, record.seq
