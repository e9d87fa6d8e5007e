"""This room's statements, fed with whole batches, each sorted by key."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec

from onecard.db.statements import statements_of
from onecard.ledger.model import Batch, CounterMove, ReversalRecord, SpentCode, UseRecord
from onecard.ledger.seal import canonical_reversal, canonical_use, record_salt, root_of, sealed

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["keep_conflict", "keep_offline_answers", "write_batch"]

SQL = statements_of(__package__)

_encode = msgspec.json.Encoder().encode


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
        _moves(batch.moves, int), _moves(batch.moves, str), _json(batch.postings), _codes(batch.codes),
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


def _key(record: UseRecord | ReversalRecord) -> tuple[str, int]:
    return record.terminal, record.seq
