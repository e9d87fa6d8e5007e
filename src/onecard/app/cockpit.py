"""The cockpit: what waits for whom, today beside the same weekday, how far sites are; and the last of it where the store is slow."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from onecard.app.staff_sites import StaffSites
from onecard.app.staff_uses import StaffUses
from onecard.app.staff_work import StaffWork
from onecard.db.change import change_number
from onecard.db.errors import StoreUnreachable
from onecard.staff.approvals import LIST_MAX, NEWEST
from onecard.terminals.overview import health_counts, late_sites, site_counts
from onecard.uses.look import UseFilter
from onecard.uses.look_store import total_uses, uses_of_days
from onecard.values.days import civil

if TYPE_CHECKING:
    from onecard.db.pool import Connection
    from onecard.staff.model import Acting
    from onecard.terminals.model import SiteState

__all__ = ["ERROR_DAYS", "TODOS", "WAITING_MAX", "Cockpit", "CockpitDesk", "DayOfScene", "Todo"]

ERROR_DAYS: Final = 30
"""Uses accepted offline in error are counted over so many days, today among them."""

WAITING_MAX: Final = LIST_MAX
"""Of what waits for a second person so much is counted; more is said to be more."""

PATIENCE_SECONDS: Final = 0.8
_KEPT_MAX: Final = 500  # So many people's last figures are kept.
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """Something that may wait: who sees it, and what whoever does it must be allowed."""

    key: str
    seen_by: str  # Permission.
    done_by: str  # Permission; ending in ':' any that begins so.


TODOS: Final = (
    Todo(key="approvals", seen_by="approvals.read", done_by="approvals.decide:"),
    Todo(key="alarms", seen_by="sites.read", done_by="terminals.bind"),
    Todo(key="silent", seen_by="sites.read", done_by="terminals.bind"),
    Todo(key="late", seen_by="sites.read", done_by="sites.move"),
    Todo(key="errors", seen_by="uses.read", done_by="risk.decide"),
)
"""What the records hold that somebody must look after, the most urgent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfScene:
    """Uses of one kind of site: so far today, and of the whole day a week ago."""

    kind: str
    uses: int
    refused: int
    week_ago: int
    week_ago_refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cockpit:
    """What somebody is shown, all within his own regions and scenes; None where his role sees nothing of the kind."""

    at: datetime  # When it was read.
    waiting: Mapping[str, int]  # By `Todo.key`.
    scenes: Sequence[DayOfScene] | None
    sites: Mapping[str, Mapping["SiteState", int]] | None  # By region.
    late: bool = False  # The store was too slow: these are the last good figures.


@dataclass(frozen=True, slots=True, kw_only=True)
class CockpitDesk:
    """Makes cockpits, and keeps each person's last."""

    work: StaffWork
    uses: StaffUses
    sites: StaffSites
    patience_seconds: float = PATIENCE_SECONDS
    _last: "OrderedDict[tuple[str, str], tuple[Acting, Cockpit]]" = field(default_factory=OrderedDict)

    async def seen(self, acting: "Acting") -> Cockpit:
        """Return what *acting* is shown. Raises `StoreUnreachable` only where nothing was ever shown to him as he is now.

        Last figures are shown to the same person with the same rights alone: the look that read them is on record.
        """
        who = (acting.account, acting.as_person)
        before, last = self._last.get(who, (None, None))
        known = last if before is not None and before.rights == acting.rights else None
        try:
            async with asyncio.timeout(self.patience_seconds if known else None):
                made = await self._read(acting)
        except (TimeoutError, StoreUnreachable):
            if known is None:
                raise
            return replace(known, late=True)
        self._last[who] = (acting, made)
        self._last.move_to_end(who)
        while len(self._last) > _KEPT_MAX:
            self._last.popitem(last=False)
        return made

    async def _read(self, acting: "Acting") -> Cockpit:
        async with self.work.doing(acting, "cockpit.read", "cockpit") as connection:
            await self.work.noted(connection, acting, "cockpit.read", "cockpit")
            now = self.work.staff.now()
            today = civil(now).date()
            waiting = await self._approvals(connection, acting)
            sites = None
            if acting.may("sites.read"):
                among = self.sites.among(acting)
                sites = await site_counts(connection, among, today)
                hotlist = await change_number(connection, "hotlist")
                counts = await health_counts(connection, among, now, today, hotlist)
                late = await late_sites(connection, among, today)
                waiting |= {"alarms": counts["alarm"], "silent": counts["silent"], "late": len(late)}
            if acting.may("uses.read"):
                asked = UseFilter(first=today - timedelta(days=ERROR_DAYS - 1), last=today, in_error=True)
                totals, _ = await total_uses(connection, self.uses.sight(acting), asked)
                waiting["errors"] = totals.uses
            return Cockpit(at=now, waiting=waiting, scenes=await self._scenes(connection, acting, today), sites=sites)

    async def _approvals(self, connection: "Connection", acting: "Acting") -> dict[str, int]:
        if not acting.may("approvals.read"):
            return {}
        prefixes = self.work.prefixes(acting, "approvals.read")
        found = await self.work.staff.approvals.listed(connection, prefixes, "waiting", "", NEWEST, WAITING_MAX)
        return {"approvals": len(found)}

    async def _scenes(self, connection: "Connection", acting: "Acting", today: date) -> list[DayOfScene] | None:
        """Return today beside a week ago, by kind of site, the busiest a week ago first."""
        permission = next((each for each in ("uses.read", "reports.read") if acting.may(each)), None)
        if permission is None:
            return None
        week_ago = today - _WEEK
        counted: dict[str, dict[tuple[date, str], int]] = {}
        for row in await uses_of_days(connection, self.uses.sight(acting, permission), [today, week_ago]):
            counted.setdefault(row["site_kind"], {})[row["day"], row["outcome"]] = row["uses"]
        made = [_scene(kind, counts, today, week_ago) for kind, counts in counted.items()]
        return sorted(made, key=lambda scene: (-scene.week_ago, -scene.uses, scene.kind))


def _scene(kind: str, counts: Mapping[tuple[date, str], int], today: date, week_ago: date) -> DayOfScene:
    def of(day: date) -> int:
        return counts.get((day, "accepted"), 0) + counts.get((day, "refused"), 0)

    return DayOfScene(
        kind=kind, uses=of(today), refused=counts.get((today, "refused"), 0), week_ago=of(week_ago),
        week_ago_refused=counts.get((week_ago, "refused"), 0),
    )  # fmt: skip
