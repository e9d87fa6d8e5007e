"""The hotlist as the store keeps it: rows that are only added, by versions, and the messages made of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from onecard.db.change import move_on
from onecard.terminals import store
from onecard.terminals.hotlist import encode_delta, encode_full, entry_of
from onecard.values.days import civil

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "DELTA_ENTRIES_MAX", "KEY4_BYTES", "Barring", "HotlistTold", "due", "hotlist_message", "hotlist_told", "strays", "unlisted",
    "write_found", "write_hotlist",
]  # fmt: skip

KEY4_BYTES: Final = 4

_MENDED_WITHIN: Final = timedelta(seconds=10)  # A lapse is written some seconds after it is due.

DELTA_ENTRIES_MAX: Final = 20_000
"""A terminal that is further behind is given the whole list."""


class Barring(NamedTuple):
    """A credential that comes onto the hotlist or leaves it."""

    key: bytes  # Under the home's own key.
    key4: bytes  # What terminals are given: the first bytes of the alias.
    added: bool
    until: datetime | None = None  # It leaves by itself then.


class HotlistTold(NamedTuple):
    """How the list stands."""

    entries: int
    changed_at: datetime | None


class _NothingNew(Exception):
    """Takes back a version in which nothing would have changed."""


async def write_hotlist(connection: "Connection", barrings: Sequence[Barring], at: datetime) -> int | None:
    """Write *barrings* as the next version, in the transaction of *connection*; return it, None where all of it was so already.

    Of several about one credential the last counts. Whoever else changes the list meanwhile waits.
    """
    last = {barring.key: barring for barring in barrings}

    async def told() -> list[Barring]:
        return list(last.values())

    return await write_found(connection, told, at)


async def write_found(connection: "Connection", find: Callable[[], Awaitable[Sequence[Barring]]], at: datetime) -> int | None:
    """Write what *find* finds as the next version, or return None where that is nothing.

    It is asked twice: first without holding anybody up, then again while no one else can change the list, so that a card
    which is told lost in between stays on it.
    """
    if not await find():
        return None
    try:
        async with connection.transaction():
            version = await move_on(connection, "hotlist")
            if not await store.add_hotlist(connection, version, at, await find()):
                raise _NothingNew
    except _NothingNew:
        return None
    return version


async def strays(connection: "Connection", at: datetime, lasts: timedelta) -> list[Barring]:
    """Return what must change for the list to be what the cards' states say at the instant *at*.

    *lasts* is how long an oral loss holds whose record does not say.
    """
    return [Barring(*row) for row in await store.hotlist_strays(connection, at, civil(at).date(), lasts)]


async def unlisted(connection: "Connection", lasts: timedelta) -> tuple[int | None, int, list[Barring]]:
    """Return the newest version in the rows (None: none), the number told to terminals, and what the list should have known by then.

    What happened since the newest version was written is not held against the list: it lapses, and is mended, a moment later.
    """
    newest = await store.hotlist_newest(connection)
    if newest["at"] is None:
        return None, newest["moved_to"], []
    before = {(each.key, each.added) for each in await strays(connection, newest["at"] - _MENDED_WITHIN, lasts)}
    then = await strays(connection, newest["at"], lasts)
    return newest["version"], newest["moved_to"], [each for each in then if (each.key, each.added) in before]


async def due(connection: "Connection", after: datetime, at: datetime) -> list[Barring]:
    """Return who leaves the list by himself between two instants."""
    return [Barring(key, key4, False) for key, key4 in await store.hotlist_due(connection, after, at)]


async def hotlist_message(connection: "Connection", have: int, version: int) -> bytes:
    """Return what brings a terminal from version *have* to *version*: a delta where that is possible and short, else all.

    Of a version that this store never had, because it was built anew or came from a backup, nothing can be told in steps.
    """
    if 0 < have <= version and await store.hotlist_knows(connection, have):
        rows = await store.hotlist_delta(connection, have, version, DELTA_ENTRIES_MAX + 1)
        if len(rows) <= DELTA_ENTRIES_MAX:
            adds = [entry_of(entry) for entry, was, is_there in rows if is_there and not was]
            removes = [entry_of(entry) for entry, was, is_there in rows if was and not is_there]
            return encode_delta(have, version, adds, removes)
    entries = await store.hotlist_full(connection, version)
    return await asyncio.to_thread(encode_full, version, entries)  # A city's list takes 60 ms to pack: taps are served meanwhile.


async def hotlist_told(connection: "Connection", version: int) -> HotlistTold:
    """Return how many credentials the list holds at *version*, and when it last changed."""
    row = await store.hotlist_told(connection, version)
    return HotlistTold(entries=row["entries"], changed_at=row["changed_at"])
