"""What commands of the home's owner change in master data, on record with the rows that they wrote; in the change's own transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from onecard.audit.rows import rows_written
from onecard.audit.service import note_change
from onecard.releases.service import Taken
from onecard.staff.model import OWNER_ACTING
from onecard.terminals.model import Site

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["note_card_work", "note_documents", "note_file", "note_moved_site"]

_OF_CARDS: Final = ("cards_move", "cards_application", "cards_application_state")


async def note_card_work(connection: "Connection", subject: int, act: str, reason: str, at: datetime) -> None:
    """Note what was done at *at* to cards and applications of *subject*; nothing where nothing was written."""
    rows = [row for table in _OF_CARDS for row in await rows_written(connection, table, {"subject": subject, "at": at})]
    if rows:
        await note_change(
            connection, OWNER_ACTING, act=f"cards.{act}", object=f"cards of subject {subject}", region="", purpose=reason, at=at,
            rows=rows, subject=subject,
        )  # fmt: skip


async def note_moved_site(connection: "Connection", site: Site, day: date, at: datetime) -> None:
    """Note the state that *site* has from *day* on."""
    rows = await rows_written(connection, "terminals_site_state", {"site": site.site, "since": day})
    await note_change(
        connection, OWNER_ACTING, act="sites.move", object=site.site, region=site.region, purpose="", at=at, rows=rows,
    )  # fmt: skip


async def note_documents(connection: "Connection", taken: Sequence[Taken], at: datetime) -> None:
    """Note each document that came into force; those that were there already changed nothing."""
    for each in taken:
        if each.new:
            key = {"programme": each.programme, "version": each.version}
            await note_change(
                connection, OWNER_ACTING, act="policy.load", object=f"{each.programme} {each.version}", region="", purpose="", at=at,
                rows=await rows_written(connection, "releases_document", key),
            )  # fmt: skip


async def note_file(connection: "Connection", act: str, table: str, at: datetime) -> None:
    """Note a file of cards that was taken or written whole at *at*, by the row that keeps its digest; nothing where it was so before."""
    rows = await rows_written(connection, table, {"at": at})
    if rows:
        await note_change(connection, OWNER_ACTING, act=act, object=table, region="", purpose="", at=at, rows=rows)
