"""Beside the taps of a running server: whoever came before there were marks is made findable; once, after an update."""

import asyncio
from typing import Final

import structlog

from onecard.app.beside import Beside
from onecard.cards.search import mark_older_cards
from onecard.db.errors import StoreUnreachable
from onecard.db.pool import Database
from onecard.people.marking import mark_older
from onecard.settings.keys import Keyring

__all__ = ["MarkKeeper"]

PAUSE_SECONDS: Final = 0.1  # Between pages: taps come first. A city of 5.5 million is done in half an hour.
AGAIN_SECONDS: Final = 10.0  # After a store that was away.

log = structlog.get_logger(__name__)


class MarkKeeper(Beside):
    """Goes over people page by page, and keeps in the store how far it is."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    async def mark_all(self, pause_seconds: float = PAUSE_SECONDS) -> int:
        """Go over all who are left; return how many they were. Raises `SealBroken`, `StoreUnreachable`; what is done stays done."""
        marked = 0
        while not self._ended:
            async with self._database.acquire("batch") as connection, connection.transaction():
                subjects = await mark_older(connection, self._keyring)
                await mark_older_cards(connection, self._keyring, subjects)
            if not subjects:
                break
            marked += len(subjects)
            await asyncio.sleep(pause_seconds)
        return marked

    async def _run(self) -> None:
        while not self._ended:
            try:
                if marked := await self.mark_all():
                    log.info("people_marked", people=marked)
                return
            except StoreUnreachable:
                await asyncio.sleep(AGAIN_SECONDS)
            except Exception:
                log.exception("people_not_marked")
                return
