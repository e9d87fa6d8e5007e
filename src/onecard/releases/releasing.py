"""A version comes into force: what two persons agreed on is checked again, written, and heard of by everyone who decides."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from onecard.db.change import move_on
from onecard.policy.difference import changes_between
from onecard.policy.findings import Desk
from onecard.policy.model import CityLists, Programme, Source
from onecard.policy.reader import read_page
from onecard.releases import store
from onecard.releases.drafting import read_draft
from onecard.releases.errors import VersionTaken
from onecard.releases.model import Draft, Release, Version, states_of
from onecard.releases.reach import first_day_changed
from onecard.values.days import civil

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["release", "source_of", "versions_of"]

_DECIDED_AT_TERMINALS: Final = ("gate", "use")


async def release(
    connection: "Connection", source: Source, version: int, made: Release, lists: CityLists, at: datetime
) -> tuple[Draft, bool]:
    """Release *source* as *version* in the transaction of *connection*; tell too whether it reaches back.

    Everything is checked as it stands now, whoever else releases waiting: raises what `read_draft` raises, and `VersionTaken`.
    In force from its first day for whatever is decided from now on; a record that stands is left as it is.
    """
    number = await move_on(connection, "rules")  # First: whoever else releases waits here.
    draft = await read_draft(connection, source, lists)
    programme = draft.programme
    if draft.version != version:
        raise VersionTaken(programme=programme.name, version=version)
    today = civil(at).date()
    before = await _held_throughout(connection, programme, today)
    await store.add_document(connection, programme, version, number, draft.file, at)
    await store.add_release(connection, programme.name, version, made)
    first = _first_day(programme, before, lists, today)
    reaches_back = programme.kind in _DECIDED_AT_TERMINALS and first is not None and first <= today
    if first is not None and reaches_back:
        last = today if programme.until_day is None else min(today, programme.until_day)
        await store.add_job(connection, programme.name, version, number, (first, max(first, last)), at)
    return draft, reaches_back


async def _held_throughout(connection: "Connection", programme: Programme, today: date) -> str | None:
    """Return the document that held from the first day of *programme* until *today*; None where more than one did, or none."""
    versions = await store.versions_of(connection, programme.name)
    held = set()
    for day in (programme.from_day, today):
        states = states_of(versions, day)
        held.add(next((number for number, state in states.items() if state == "in_force"), None))
    version = held.pop()
    return None if held or version is None else await store.source_of(connection, programme.name, version)


def _first_day(programme: Programme, before: str | None, lists: CityLists, today: date) -> date | None:
    """Return from which day on records may come out otherwise: a tariff of next month touches none that stands."""
    if before is None or programme.from_day > today:
        return programme.from_day
    old, new = (read_page(text.encode(), Desk("")) for text in (before, programme.source))
    assert old is not None
    assert new is not None
    return first_day_changed(changes_between(old, new, lists), programme.from_day)


async def versions_of(connection: "Connection", programme: str = "") -> Sequence[Version]:
    """Return every version of *programme*, of all programmes where it is '', by programme and version."""
    return await store.versions_of(connection, programme)


async def source_of(connection: "Connection", programme: str, version: int) -> str | None:
    """Return the document of one version, None where there is none."""
    return await store.source_of(connection, programme, version)
