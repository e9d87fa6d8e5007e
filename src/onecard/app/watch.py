"""One look at the store for a whole server, several times a second: what moved is loaded, and whoever waits is woken.

Terminals and lanes never ask one by one whether something changed. The watch also keeps the hotlist true: lapses each
second, everything once an hour.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Final

import structlog

from onecard.app.hotlist import HotlistBook
from onecard.app.listeners import Listeners
from onecard.app.masters import Masters
from onecard.db.change import change_numbers
from onecard.db.errors import StoreUnreachable
from onecard.db.pool import Database

__all__ = ["LOOK_SECONDS", "Watch"]

LOOK_SECONDS: Final = 0.2
LAPSE_SECONDS: Final = 1.0
MEND_SECONDS: Final = 3600.0
STALE_SECONDS: Final = 0.5  # Older than that, whoever asks looks for himself: no watch runs.

log = structlog.get_logger(__name__)


class Watch:
    """Looks, loads and wakes."""

    def __init__(self, database: Database, masters: Masters, hotlist: HotlistBook, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._masters = masters
        self._hotlist = hotlist
        self._clock = clock
        self._numbers: Mapping[str, int] = MappingProxyType({})
        self._looked_at = float("-inf")
        self.listeners = Listeners()
        self._ended = False

    @property
    def ended(self) -> bool:
        """Whether the server is on its way out: whoever listens hangs up."""
        return self._ended

    async def hotlist_version(self) -> int:
        """Return the version of the hotlist that stands, at most half a second old."""
        if asyncio.get_running_loop().time() - self._looked_at > STALE_SECONDS:
            await self._look()
        return self._numbers["hotlist"]

    def end(self) -> None:
        """Wake everybody for the last time."""
        self._ended = True
        self.listeners.wake_at_once()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch while the block runs."""
        tasks = [asyncio.create_task(self._keep_looking()), asyncio.create_task(self._keep_true())]
        try:
            yield
        finally:
            self.end()  # Before the cancelling: of a task that just gets its connection Python 3.11 may lose that.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_looking(self) -> None:
        while not self._ended:
            try:
                await self._look()
            except StoreUnreachable:
                pass  # It comes back, and is looked at again.
            except Exception:
                log.exception("look_failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def _keep_true(self) -> None:
        loop = asyncio.get_running_loop()
        mend_at = loop.time()
        while not self._ended:
            try:
                if loop.time() >= mend_at:
                    await self._hotlist.mend(self._clock())
                    mend_at = loop.time() + MEND_SECONDS
                await self._hotlist.lapse(self._clock())
            except StoreUnreachable:
                pass
            except Exception:
                log.exception("hotlist_not_kept")  # The server lives on: what is told of cards goes on the list all the same.
            await asyncio.sleep(LAPSE_SECONDS)

    async def _look(self) -> None:
        async with self._database.acquire("desk") as connection:
            numbers = await change_numbers(connection)
        if (numbers["rules"], numbers["sites"]) != (self._masters.rules.number, self._masters.directory.version):
            await self._masters.reload()
        self._looked_at = asyncio.get_running_loop().time()  # After loading: who is told a number finds what it means.
        if numbers != self._numbers:
            self._numbers = MappingProxyType(numbers)
            self.listeners.wake_in_turn()
