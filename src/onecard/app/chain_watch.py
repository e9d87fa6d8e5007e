"""Beside the taps of a running server: links are looked at as they come, and what was left over by one that died."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from onecard.app.beside import Beside
from onecard.db.errors import StoreUnreachable
from onecard.db.pool import Database
from onecard.uses.link_check import check_links

__all__ = ["ChainWatch"]

LOOK_SECONDS: Final = 0.5

log = structlog.get_logger(__name__)


class ChainWatch(Beside):
    """Looks at links that wait in the store. Of several servers one looks at a time."""

    def __init__(self, database: Database, hash_key: bytes, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._hash_key = hash_key
        self._clock = clock

    async def look(self) -> int:
        """Look at some links that nobody has looked at; return how many they were."""
        async with self._database.acquire("desk") as connection:
            return await check_links(connection, self._hash_key, self._clock())

    async def look_at_all(self) -> None:
        """Look until nothing waits, or somebody else is looking."""
        while not self._ended and await self.look():
            pass

    async def _run(self) -> None:
        while not self._ended:
            try:
                await self.look_at_all()
            except StoreUnreachable:
                pass  # It comes back; what waits there waits on.
            except Exception:
                log.exception("links_not_checked")
            await asyncio.sleep(LOOK_SECONDS)
