"""Residents whom nobody has a reason to look at: a look at one of them is an alarm. Who they are, the store does not tell."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from onecard.audit import store
from onecard.values.keyed_hash import keyed_hash

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["canary_mark", "watch_residents"]


def canary_mark(hash_key: bytes, subject: int) -> bytes:
    """Return the keyed hash under which *subject* may be watched."""
    return keyed_hash(hash_key, "canary", str(subject))


async def watch_residents(connection: "Connection", hash_key: bytes, subjects: Sequence[int], since: datetime) -> int:
    """Watch *subjects* from *since* on; return how many were not watched before."""
    marks = sorted({canary_mark(hash_key, subject) for subject in subjects})
    return len(await connection.fetch(store.SQL.add_canaries, marks, since))
