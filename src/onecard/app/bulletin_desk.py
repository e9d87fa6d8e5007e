"""The bulletin as staff make it: an issue beside the one of a month before, and one figure with the sites that it counts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from onecard.app.staff_work import StaffWork
from onecard.reports.model import Bulletin, Figure
from onecard.reports.plan import month_before
from onecard.staff.errors import NotAllowed, NotThere
from onecard.terminals.overview import Among, sites_among
from onecard.values.days import civil
from onecard.values.error import OnecardError

if TYPE_CHECKING:
    from onecard.staff.model import Acting
    from onecard.terminals.model import Site

__all__ = ["SITES_MAX", "BulletinDesk", "DayNotCome", "Issue", "OneFigure"]

SITES_MAX: Final = 500
"""So many sites that a figure counts are listed."""

READ: Final = "reports.read"


class DayNotCome(OnecardError):
    """A bulletin is asked for as of a day that is still to come."""

    code = "reports.day_not_come"
    zh = "{day} 还没有到，最晚可以选 {today}。"
    en = "{day} has not come yet; the latest day is {today}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The bulletin of a day, and that of a month before, to compare."""

    bulletin: Bulletin
    before: Bulletin


@dataclass(frozen=True, slots=True, kw_only=True)
class OneFigure:
    """A figure in its issue, and those of the sites it counts that lie within the reader's own regions and scenes."""

    figure: Figure
    issue: Issue
    sites: Sequence["Site"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinDesk:
    """What may be asked about the bulletin. Every method's first argument is who asks.

    The figures are the whole city's, for whoever may read figures: anyone is told them (the page `/`). What they are counted
    from is shown within one's own regions alone.
    """

    work: StaffWork
    bulletin: Callable[[date | None], Awaitable[Bulletin]]

    async def issue(self, acting: "Acting", as_of: date | None = None) -> Issue:
        """Return the issue of *as_of* (None: of the city's bulletin day). Raises `NotAllowed`, `DayNotCome`."""
        async with self.work.doing(acting, READ, _told(as_of)) as connection:
            self._asked(acting, as_of)
            await self.work.noted(connection, acting, READ, _told(as_of))
        return await self._issue(as_of)

    async def figure(self, acting: "Acting", key: str, as_of: date | None = None) -> OneFigure:
        """Return one figure. Raises `NotThere` where there is none of that name, `NotAllowed`, `DayNotCome`."""
        async with self.work.doing(acting, READ, f"figure {key[:80]}") as connection:
            self._asked(acting, as_of)
            issue = await self._issue(as_of)
            figure = issue.bulletin.figure(key)
            if figure is None:
                raise NotThere
            await self.work.noted(connection, acting, READ, f"figure {key} {issue.bulletin.as_of}")
            rights = [
                (right.scope.prefix or "", right.scope.scene)
                for right in acting.rights
                if "sites.read" in right.permissions and right.scope.prefix is not None
            ]
            sites: Sequence[Site] = []
            if figure.sites and rights:
                among = Among(rights=rights)
                sites = await sites_among(connection, among, issue.bulletin.as_of, sites=figure.sites, most=SITES_MAX)
            return OneFigure(figure=figure, issue=issue, sites=sites)

    def _asked(self, acting: "Acting", as_of: date | None) -> None:
        if not acting.may(READ):
            raise NotAllowed
        today = civil(self.work.staff.now()).date()
        if as_of is not None and as_of > today:
            raise DayNotCome(day=as_of, today=today)

    async def _issue(self, as_of: date | None) -> Issue:
        made = await self.bulletin(as_of)
        return Issue(bulletin=made, before=await self.bulletin(month_before(made.as_of)))


def _told(as_of: date | None) -> str:
    """Return how a look at the bulletin is called on record."""
    return f"bulletin {as_of or 'newest'}"
