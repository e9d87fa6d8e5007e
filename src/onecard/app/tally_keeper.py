"""Beside the taps of a running server: what the log took in is added up for those who look at totals."""

import asyncio
from typing import Final

import structlog

from onecard.app.beside import Beside
from onecard.db.errors import StoreUnreachable
from onecard.db.pool import Database
from onecard.uses.tally import LEAVES_AT_ONCE, tally_on

__all__ = ["TallyKeeper"]

ADD_SECONDS: Final = 2.0

log = structlog.get_logger(__name__)


class TallyKeeper(Beside):
    """Adds up what waits. Of several servers one does so at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_all(self) -> None:
        """Add up until little waits, or somebody else is at it."""
        more = LEAVES_AT_ONCE
        while not self._ended and more == LEAVES_AT_ONCE:
            async with self._database.acquire("batch") as connection:
                more = await tally_on(connection)
            await asyncio.sleep(0)  # Whoever waits for the loop, or a connection, comes first.

    async def _run(self) -> None:
        while not self._ended:
            try:
                await self.add_all()
            except StoreUnreachable:
                pass  # It comes back; what waits there waits on.
            except Exception:
                log.exception("uses_not_added_up")
            await asyncio.sleep(ADD_SECONDS)
