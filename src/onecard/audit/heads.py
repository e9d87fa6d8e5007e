"""Signed heads as the store keeps them: the newest, all of them, those the witness has yet to get, and how old they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from onecard.audit import store
from onecard.values.signed_head import SignedHead, read_head

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["LogFigures", "alarm_of_witness", "heads_waiting", "kept_heads", "log_figures", "mark_witnessed", "newest_head"]

NEWEST_ALL: Final = 5_000  # Three days and a half of heads, one a minute.
OLDER_ONE_IN: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFigures:
    """How far the log, its heads and the witness are; None where there is no head yet."""

    size: int
    head_size: int | None
    head_at: datetime | None
    witnessed_size: int | None
    witnessed_at: datetime | None  # When the newest head that the witness has was signed.
    waiting: int


async def newest_head(connection: "Connection") -> SignedHead | None:
    """Return the newest head; None before the first."""
    row = await connection.fetchrow(store.SQL.newest_head)
    return None if row is None else read_head(row["note"].encode())


async def kept_heads(connection: "Connection") -> list[tuple[int, bytes, bytes]]:
    """Return size, root and note of the store's heads, smallest tree first: all of the last days, older ones one an hour."""
    rows = await connection.fetch(store.SQL.heads, NEWEST_ALL, OLDER_ONE_IN)
    return [(row["size"], row["root"], row["note"].encode()) for row in rows]


async def heads_waiting(connection: "Connection", most: int) -> list[tuple[int, bytes]]:
    """Return size and note of at most *most* heads that the witness has not had, newest first."""
    return [(row["size"], row["note"].encode()) for row in await connection.fetch(store.SQL.waiting_heads, most)]


async def mark_witnessed(connection: "Connection", sizes: Sequence[int], at: datetime) -> None:
    """The witness has the heads of *sizes* since *at*."""
    await connection.fetch(store.SQL.witnessed, list(sizes), at)


async def alarm_of_witness(connection: "Connection", size: int, at: datetime, detail: str) -> None:
    """Raise the alarm that the witness holds another head of *size*; once."""
    await connection.fetch(store.SQL.add_alarms, [UUID(int=size)], ["witness"], at, [""], [detail], [""])


async def log_figures(connection: "Connection") -> LogFigures:
    """Return how far everything is."""
    row = await connection.fetchrow(store.SQL.log_figures)
    assert row is not None
    return LogFigures(**dict(row))
