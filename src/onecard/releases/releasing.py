"""A version comes into force: what two persons agreed on is checked again, written, and heard of by everyone who decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from onecard.db.change import move_on
from onecard.policy.model import CityLists, Source
from onecard.releases import store
from onecard.releases.drafting import read_draft
from onecard.releases.errors import VersionTaken
from onecard.releases.model import Draft, Release, Version
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
    await store.add_document(connection, programme, version, number, draft.file, at)
    await store.add_release(connection, programme.name, version, made)
    today = civil(at).date()
    reaches_back = programme.kind in _DECIDED_AT_TERMINALS and programme.from_day <= today
    if reaches_back:
        last = today if programme.until_day is None else min(today, programme.until_day)
        await store.add_job(connection, programme.name, version, number, (programme.from_day, last), at)
    return draft, reaches_back


async def versions_of(connection: "Connection", programme: str = "") -> Sequence[Version]:
    """Return every version of *programme*, of all programmes where it is '', by programme and version."""
    return await store.versions_of(connection, programme)


async def source_of(connection: "Connection", programme: str, version: int) -> str | None:
    """Return the document of one version, None where there is none."""
    return await store.source_of(connection, programme, version)
