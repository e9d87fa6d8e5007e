"""Drafts for those who signed in: looked at before they are prepared, and by the second person before he decides."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from onecard.app.simulating import Simulator
from onecard.app.staff_approvals import StaffApprovals
from onecard.app.staff_work import StaffWork
from onecard.policy.model import CityLists, Source
from onecard.releases.reviewing import Review, review
from onecard.releases.simulated import Question, Simulated
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting, Request
from onecard.values.days import civil

__all__ = ["StaffDrafts"]

_KIND = "policy-release"
_LIST_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDrafts:
    """What may be seen of drafts. Every method's first argument is who acts."""

    work: StaffWork
    lists: CityLists

    async def review(self, acting: Acting, source: Source) -> Review:
        """Return what there is to say about *source*; nothing waits by it. Raises `NotAllowed`."""
        async with self.work.doing(acting, "policy.review", "draft") as connection:
            if not acting.may("policy.release"):
                raise NotAllowed
            found = await review(connection, source, self.lists, self._today())
            thing = "draft" if found.heading is None else f"draft {found.heading.name}"
            await self.work.noted(connection, acting, "policy.review", thing, region=self.lists.region, content={"sha256": found.sha256})
            return found

    async def simulated(self, acting: Acting, simulator: Simulator, source: Source) -> Simulated:
        """Return whom *source* would have helped and hurt lately, and what it would have cost. Raises `NotAllowed`, and what it raises."""
        async with self.work.doing(acting, "policy.simulate", "draft") as connection:
            if not acting.may("policy.simulate"):
                raise NotAllowed
            await self.work.noted(connection, acting, "policy.simulate", "draft", region=self.lists.region)
        return await simulator.simulate(Question(drafts=(source,), day=self._today()))

    async def waiting(self, acting: Acting) -> list[Request]:
        """Return what waits to be released and *acting* may look at, newest first; nothing for who may see no approvals."""
        if not acting.may("approvals.read"):
            return []
        approvals = StaffApprovals(work=self.work)
        return await approvals.listed(acting, state="waiting", kind=_KIND, most=_LIST_MAX)

    async def requested(self, acting: Acting, approval: UUID) -> tuple[Request, Review]:
        """Return one request for a release with what there is to say about the very text that waits. Raises `NotThere`, `NotAllowed`."""
        request = await StaffApprovals(work=self.work).one(acting, approval)
        if request.kind != _KIND:
            raise NotThere
        source = Source(file=request.payload["file"], content=request.payload["source"].encode())
        async with self.work.doing(acting, "policy.review", f"approval {approval}") as connection:
            if not acting.may("policy.read"):
                raise NotAllowed(region=request.region)
            return request, await review(connection, source, self.lists, self._today())

    def _today(self) -> date:
        return civil(self.work.staff.now()).date()
