"""Read what is on record: who did what, who saw somebody, and what raised an alarm. Newest first, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec

from onecard.audit import store
from onecard.db.walled import for_what_is_asked

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["PAGE_MAX", "Alarm", "Asked", "Kept", "Place", "alarms", "entries_page"]

PAGE_MAX: Final = 500

_EVER: Final = datetime(1970, 1, 2, tzinfo=UTC)
_END: Final = datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the order of entries: a page goes on behind it."""

    at: datetime
    entry: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which entries are meant: one person's, or about one, or all.

    *prefixes*: what their regions begin with (`Acting.prefixes_for`); *unplaced*: those of no region too (`Acting.may_unplaced`).
    """

    prefixes: Sequence[str]
    unplaced: bool = False
    person: str = ""
    subject: int | None = None
    acts: Sequence[str] = ()
    results: Sequence[str] = ()
    since: datetime = _EVER
    until: datetime = _END


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One entry as it is shown."""

    entry: UUID
    at: datetime
    kind: str
    person: str
    account: str
    as_person: str
    roles: Sequence[str]
    purpose: str
    act: str
    object: str
    region: str
    subject: int | None
    result: str
    content: dict[str, Any]

    @property
    def place(self) -> Place:
        """Return where it stands, for the page behind it."""
        return Place(at=self.at, entry=self.entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What somebody should know of at once. `ref`: the entry that raised it, or of `witness` the size of the head."""

    ref: UUID
    kind: str
    at: datetime
    person: str
    detail: str


async def entries_page(connection: "Connection", asked: Asked, *, after: Place | None = None, most: int = 50) -> list[Kept]:
    """Return at most *most* entries that *asked* means, behind *after*, newest first; each question has an index. In a transaction."""
    assert 0 < most <= PAGE_MAX
    assert not (asked.person and asked.subject is not None), "one or the other is asked about"
    place = after or Place(at=asked.until, entry=UUID(int=0))
    rest = (
        list(asked.prefixes), asked.unplaced, asked.since, place.at, place.entry, list(asked.acts), list(asked.results), most,
    )  # fmt: skip
    await for_what_is_asked(connection)
    if asked.person:
        rows = await connection.fetch(store.SQL.entries_by_person, asked.person, *rest)
    elif asked.subject is not None:
        rows = await connection.fetch(store.SQL.entries_about, asked.subject, *rest)
    else:
        rows = await connection.fetch(store.SQL.entries_by_time, *rest)
    return [Kept(**{**dict(row), "content": msgspec.json.decode(row["content"])}) for row in rows]


async def alarms(connection: "Connection", asked: Asked, most: int = 50) -> list[Alarm]:
    """Return the newest alarms of the places that are *asked* about, at most *most*."""
    assert 0 < most <= PAGE_MAX
    return [Alarm(**dict(row)) for row in await connection.fetch(store.SQL.alarms, list(asked.prefixes), asked.unplaced, most)]
