"""Let a key go."""

from datetime import datetime
from typing import TYPE_CHECKING

from onecard.keys import store

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["forget_key"]


async def forget_key(connection: "Connection", key_id: str, at: datetime) -> None:
    """Ask no keyring for *key_id* from now on: its secret is about to be destroyed."""
    await store.retire_canary(connection, key_id, at)
