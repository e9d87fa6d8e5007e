"""Beside the taps of a running server: records are decided again for releases that reach back, a little at a time."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from onecard.app.beside import Beside
from onecard.db.errors import StoreUnreachable
from onecard.db.pool import Database
from onecard.decision.rulebook import RuleBook
from onecard.releases.correcting import correct_page
from onecard.releases.service import load_rule_book
from onecard.uses.occasion import CityRules

__all__ = ["ReleaseWork"]

LOOK_SECONDS: Final = 2.0
PAGE_USES: Final = 200  # Some ten milliseconds: longer no tap of this process waits.
REST_SECONDS: Final = 0.02

log = structlog.get_logger(__name__)


class ReleaseWork(Beside):
    """Decides records again where a release waits for that. Of several processes one works at a time."""

    def __init__(self, database: Database, city: CityRules, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._city = city
        self._clock = clock
        self._books: dict[int, RuleBook] = {}

    async def page(self, most: int = PAGE_USES) -> bool:
        """Decide one page; False where nothing waits now."""
        async with self._database.acquire("batch") as connection:
            return await correct_page(connection, self._book, self._city.day_kinds, self._clock(), most)

    async def _run(self) -> None:
        while not self._ended:
            busy = False
            try:
                busy = await self.page()
            except StoreUnreachable:
                pass  # It comes back; what waits there waits on.
            except Exception:
                log.exception("releases_not_corrected")
            if not busy:
                self._books.clear()
            await asyncio.sleep(REST_SECONDS if busy else LOOK_SECONDS)

    async def _book(self, number: int) -> RuleBook:
        if number not in self._books:
            async with self._database.acquire("desk") as connection:
                self._books[number] = await load_rule_book(connection, self._city.lists, at=number)
        return self._books[number]
