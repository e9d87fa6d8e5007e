"""Keep PostgreSQL running while we use a home: whoever notices first that it is gone starts it again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from onecard.db.errors import StoreError
from onecard.db.flock import is_free
from onecard.db.launcher import bring_up
from onecard.db.place import ServerPlace

__all__ = ["Keeper"]

_log = structlog.get_logger(__name__)

_LOOK_SECONDS: Final = 1.0  # SURFACES §1: serves again within 10 s.


class Keeper:
    """A watch over one embedded server. Whoever has the home's store open runs one; only one of them starts the server."""

    def __init__(self, place: ServerPlace) -> None:
        self._place = place

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watch as long as the block runs."""
        task = asyncio.create_task(self._watch(), name="postgres-keeper")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _watch(self) -> None:
        """Look once a second, for ever. A start that failed is tried again: disks get free."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if is_free(self._place.server_lock):
                await self._start_again()

    async def _start_again(self) -> None:
        try:
            await bring_up(self._place)
            _log.warning("postgres_started_again", home=str(self._place.home))
        except (StoreError, OSError) as error:
            _log.error("postgres_does_not_start", home=str(self._place.home), why=str(error))
