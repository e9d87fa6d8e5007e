"""The hotlist of one home: told of every change to a card in the same transaction, handed out by versions, kept true by itself.

An oral loss lapses without anybody doing anything. Whoever reads the list could work that out, but a version would then
mean another list at another time, and a delta between two versions nothing at all. So a server writes the lapse down as a
change like any other, a moment after it is due; of several servers one does, the others find it done.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from onecard.cards.credential import credential_alias
from onecard.cards.model import TEMP_LOSS_LASTS, Change
from onecard.db.change import change_number
from onecard.db.pool import Database
from onecard.terminals.barred import (
    KEY4_BYTES,
    Barring,
    HotlistTold,
    due,
    hotlist_message,
    hotlist_told,
    strays,
    write_found,
    write_hotlist,
)

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["HotlistBook", "HotlistTeller", "tell_hotlist"]

MESSAGES_KEPT_MAX: Final = 64  # Of one version: terminals that are behind are mostly behind by the same.
LAPSE_LOOK_BACK: Final = timedelta(days=1)  # What lapsed earlier, while no server ran, is found by `mend`.

log = structlog.get_logger(__name__)


async def tell_hotlist(connection: "Connection", terminals_key: bytes, changes: Sequence[Change]) -> int | None:
    """Write what became of cards as the next version, in the transaction of *connection*; return it, None where nothing is new."""
    if not changes:
        return None
    barrings = [
        Barring(change.key, credential_alias(terminals_key, change.kind, change.value.reveal())[:KEY4_BYTES], change.barred, change.until)
        for change in changes
    ]
    return await write_hotlist(connection, barrings, max(change.since for change in changes))


class HotlistTeller:
    """What the card desk speaks to: it knows the terminals' key, and writes in the desk's own transaction."""

    def __init__(self, terminals_key: bytes) -> None:
        self._terminals_key = terminals_key

    async def take(self, connection: "Connection", changes: Sequence[Change]) -> None:
        """Write *changes*: a new version of the list, seen by all when the transaction of *connection* commits."""
        await tell_hotlist(connection, self._terminals_key, changes)


class HotlistBook:
    """The list as a server hands it out. What it was asked for last it keeps: thousands of terminals ask for the same."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._told: tuple[int, HotlistTold] | None = None
        self._making = asyncio.Lock()

    async def message(self, have: int, version: int) -> bytes:
        """Return what brings a terminal from version *have* to *version*, full or delta."""
        asked = (have if 0 < have <= version else 0, version)
        async with self._making:  # The first makes it, the rest find it made.
            message = self._kept.get(asked)
            if message is None:
                async with self._database.acquire("desk") as connection:
                    message = await hotlist_message(connection, *asked)
                self._keep(asked, message)
        return message

    async def told(self, version: int) -> HotlistTold:
        """Return how the list stands at *version*."""
        if self._told is None or self._told[0] != version:
            async with self._database.acquire("desk") as connection:
                self._told = version, await hotlist_told(connection, version)
        return self._told[1]

    async def lapse(self, now: datetime) -> int | None:
        """Take off the list whoever leaves it by himself by *now*; return the new version, None where nobody does."""
        async with self._database.acquire("desk") as connection:
            return await write_found(connection, lambda: due(connection, now - LAPSE_LOOK_BACK, now), now)

    async def mend(self, now: datetime, lasts: timedelta = TEMP_LOSS_LASTS) -> int | None:
        """Make the list what the cards' states say at *now*; return the new version, None where it was so.

        It finds cards that came in great numbers already lost, lapses that fell due while no server ran, and dates that
        lay ahead when they were told. *lasts* is how long an oral loss holds whose record does not say.
        """
        async with self._database.acquire("desk") as connection:
            version = await write_found(connection, lambda: strays(connection, now, lasts), now)
        if version is not None:
            log.info("hotlist_mended", version=version)
        return version

    async def version(self) -> int:
        """Return the version that stands in the store."""
        async with self._database.acquire("desk") as connection:
            return await change_number(connection, "hotlist")

    def _keep(self, asked: tuple[int, int], message: bytes) -> None:
        _, version = asked
        for older in [kept for kept in self._kept if kept[1] != version]:
            del self._kept[older]
        self._kept[asked] = message
        if len(self._kept) > MESSAGES_KEPT_MAX:
            self._kept.popitem(last=False)
