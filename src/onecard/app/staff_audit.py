"""The audit for somebody who signed in: who saw or changed what, each entry held to the log; and the head. Looking is on record too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from onecard.app.staff_work import StaffWork
from onecard.audit.heads import LogFigures, log_figures
from onecard.audit.reading import PAGE_MAX, Alarm, Asked, Place, alarms, entries_page
from onecard.audit.shown import HeadShown, Shown, head_shown, held_to_log
from onecard.settings.log_keys import LogKeys
from onecard.staff.errors import NotAllowed
from onecard.staff.model import Acting

__all__ = ["EXPORT_MAX", "AuditPage", "StaffAudit"]

EXPORT_MAX: Final = 20_000
"""So many entries go into one file; more are asked for by day."""

ALARMS_MAX: Final = 10

READ: Final = "audit.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Entries, newest first; the newest head, None before the first; how far the log is."""

    entries: Sequence[Shown]
    head: HeadShown | None
    figures: LogFigures
    alarms: Sequence[Alarm]  # The newest few.


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAudit:
    """What an auditor may ask. Every method's first argument is who asks. *keys* are the log's, as they stand on the disk."""

    work: StaffWork
    keys: Callable[[], LogKeys]

    async def page(self, acting: Acting, asked: Asked, *, after: Place | None = None, most: int = 51) -> AuditPage:
        """Return a page of what is *asked*, of the regions of *acting* whatever it says of them. Raises `NotAllowed`."""
        keys = self.keys()
        asked = self._within(acting, asked, READ)
        async with self.work.doing(acting, READ, "audit") as connection:
            await self.work.noted(connection, acting, READ, "audit", content=_told(asked), subject=asked.subject)
            page = await entries_page(connection, asked, after=after, most=most)
            return AuditPage(
                entries=await held_to_log(connection, keys.suite.digest, page, self.work.staff.now()),
                head=await head_shown(connection, keys), figures=await log_figures(connection),
                alarms=await alarms(connection, asked, ALARMS_MAX),
            )  # fmt: skip

    async def head(self, acting: Acting) -> HeadShown | None:
        """Return the newest head, for whoever takes it outside. Raises `NotAllowed`."""
        if not acting.may(READ):
            raise NotAllowed
        async with self.work.doing(acting, "audit.head", "audit") as connection:
            await self.work.noted(connection, acting, "audit.head", "audit")
            return await head_shown(connection, self.keys())

    async def export(self, acting: Acting, asked: Asked) -> Sequence[Shown]:
        """Return at most `EXPORT_MAX` entries for a file, newest first. Raises `NotAllowed`."""
        asked, digest, found = self._within(acting, asked, "audit.export"), self.keys().suite.digest, list[Shown]()
        async with self.work.doing(acting, "audit.export", "audit") as connection:
            await self.work.noted(connection, acting, "audit.export", "audit", content=_told(asked), subject=asked.subject)
            after: Place | None = None
            while len(found) < EXPORT_MAX and (page := await entries_page(connection, asked, after=after, most=PAGE_MAX)):
                found += await held_to_log(connection, digest, page, self.work.staff.now())
                after = page[-1].place
        return found

    def _within(self, acting: Acting, asked: Asked, permission: str) -> Asked:
        if not acting.may(permission):
            raise NotAllowed
        return replace(asked, prefixes=self.work.prefixes(acting, permission), unplaced=self.work.unplaced(acting, permission))


def _told(asked: Asked) -> dict[str, Any]:
    """Return what was asked, as a record keeps it: what narrows nothing is left out."""
    plain, told = Asked(prefixes=()), {"person": asked.person, "acts": list(asked.acts), "results": list(asked.results)}
    days = {name: getattr(asked, name).isoformat() for name in ("since", "until") if getattr(asked, name) != getattr(plain, name)}
    return {**{name: value for name, value in told.items() if value}, **days}
