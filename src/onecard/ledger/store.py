"""This room's statements, fed with whole batches: columns are built once, sorted by key, equal in length."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from onecard.db.statements import statements_of
from onecard.ledger.model import Batch, CounterMove, ReversalRecord, UseRecord
from onecard.ledger.seal import canonical_reversal, canonical_use, record_salt, root_of, sealed

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["keep_conflict", "keep_offline_answers", "write_batch"]

SQL = statements_of(__package__)

_USE_COLUMNS = 29
_REVERSAL_COLUMNS = 7


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
    leaf = [
        batch.batch, batch.lane, batch.number, batch.received_at, batch.book_day, len(uses) + len(reversals),
        root_of([*use_seals, *reversal_seals]),
    ]  # fmt: skip
    postings = sorted((p.day, p.account, p.operator, p.programme, p.amount_fen) for p in batch.postings)
    return [
        *leaf,
        *_columns([_use_row(use, seal) for use, seal in zip(uses, use_seals, strict=True)], _USE_COLUMNS),
        *_columns([_reversal_row(back, seal) for back, seal in zip(reversals, reversal_seals, strict=True)], _REVERSAL_COLUMNS),
        *_moves([move for move in batch.moves if isinstance(move.owner, int)]),
        *_moves([move for move in batch.moves if isinstance(move.owner, str)]),
        *_columns(postings, 5),
    ]


def _moves(moves: Sequence[CounterMove]) -> list[list[Any]]:
    """Return the columns of moves that only take, then those of moves that gave back something first."""
    assert len({(m.owner, m.window_start, m.name, m.within) for m in moves}) == len(moves), "a counter moves once in a batch"
    assert all(m.floor > 0 or (m.moved >= 0 and m.cap is not None) for m in moves), "what gives back leans on what is there"
    taking = [(m.owner, m.window_start, m.name, m.within, m.moved, m.cap, m.in_error) for m in moves if not m.floor]
    leaning = [(m.owner, m.window_start, m.name, m.within, m.moved, m.cap, m.in_error, m.floor) for m in moves if m.floor]
    return [*_columns(sorted(taking), 7), *_columns(sorted(leaning), 8)]  # Sorted by key: lanes lock counters in one order.


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    if not rows:
        return [[] for _ in range(width)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    assert len(columns) == width
    return columns


def _use_row(use: UseRecord, seal: bytes) -> tuple[Any, ...]:
    return (
        use.terminal, use.seq, use.subject, use.day, use.occurred_at, use.digest, seal, use.credential_kind, use.credential,
        use.service, use.site, use.site_kind, use.operator, use.region, use.home_region, use.counted, use.outcome, use.reason,
        use.list_price_fen, use.paid_fen, ",".join(use.funds), ",".join(map(str, use.amounts_fen)), use.programme, use.version,
        use.rules, use.facts, use.limits, use.upload, use.offline,
    )  # fmt: skip


def _reversal_row(back: ReversalRecord, seal: bytes) -> tuple[Any, ...]:
    return back.terminal, back.seq, back.subject, back.day, back.reason, seal, back.limits


def _key(record: UseRecord | ReversalRecord) -> tuple[str, int]:
    return record.terminal, record.seq
