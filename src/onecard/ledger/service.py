"""The door to the ledger for the rooms above: one batch, one durable write."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from onecard.db.faults import translated
from onecard.ledger import store
from onecard.ledger.model import Batch

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["keep_conflict", "keep_offline_answers", "write"]


async def write(connection: "Connection", batch: Batch) -> None:
    """Write *batch*: when this returns it is on disk. Raises `Conflict`, `DataRefused`, or `StoreLost` (fate unknown)."""
    with translated(connection):
        await store.write_batch(connection, batch)


async def keep_conflict(connection: "Connection", terminal: str, seq: int, digest: bytes, received_at: datetime, content: str) -> None:
    """Keep other content that came under a taken key, as evidence; once."""
    with translated(connection):
        await store.keep_conflict(connection, terminal, seq, digest, received_at, content)


async def keep_offline_answers(connection: "Connection", answers: Sequence[tuple[str, int, str]], received_at: datetime) -> None:
    """Keep what terminals had answered by themselves (terminal, seq, JSON) beside uses already on record; once."""
    if answers:
        with translated(connection):
            await store.keep_offline_answers(connection, answers, received_at)
