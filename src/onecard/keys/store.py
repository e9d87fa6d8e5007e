"""This room's table: a canary of each key that sealed something in this database."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from onecard.db.statements import statements_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["SQL", "NewCanary", "StoredCanary", "add_canaries", "canaries", "retire_canary"]

SQL = statements_of(__package__)


class StoredCanary(NamedTuple):
    """What a key should open."""

    key_id: str
    purpose: str
    sealed: bytes
    retired: bool


class NewCanary(NamedTuple):
    """What a key has sealed just now."""

    key_id: str
    purpose: str
    suite: str
    sealed: bytes


async def canaries(connection: "Connection") -> list[StoredCanary]:
    """Return all, by key."""
    return [StoredCanary(*row) for row in await connection.fetch(SQL.canaries)]


async def add_canaries(connection: "Connection", new: Sequence[NewCanary], made_at: datetime) -> None:
    """Add those of keys that were not known."""
    key_ids, purposes, suites, sealed = (list(column) for column in zip(*new, strict=True))
    await connection.execute(SQL.add_canaries, key_ids, purposes, suites, sealed, made_at)


async def retire_canary(connection: "Connection", key_id: str, at: datetime) -> None:
    """Ask no keyring for that key any more."""
    await connection.execute(SQL.retire_canary, key_id, at)
