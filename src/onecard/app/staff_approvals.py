"""The list of what waits for a second person, and his decision; both on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from onecard.app.staff_views import request_view
from onecard.app.staff_work import StaffWork
from onecard.staff.approvals import NEWEST
from onecard.staff.errors import NotAllowed
from onecard.staff.model import Acting, Request

__all__ = ["StaffApprovals"]

Decided = Literal["approve", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffApprovals:
    """What somebody may decide, has prepared, or may look at, within his scope."""

    work: StaffWork

    async def listed(
        self, acting: Acting, *, state: str = "", kind: str = "", after: tuple[datetime, UUID] = NEWEST, most: int = 50
    ) -> list[Request]:
        """Return at most *most* requests, newest first. Raises `NotAllowed`."""
        if not acting.may("approvals.read"):
            raise NotAllowed
        async with self.work.doing(acting, "approvals.list", "approvals") as connection:
            await self.work.noted(connection, acting, "approvals.list", f"approvals {state or '*'} {kind or '*'}")
            prefixes = self.work.prefixes(acting, "approvals.read")
            return await self.work.staff.approvals.listed(connection, prefixes, state, kind, after, most)

    async def one(self, acting: Acting, approval: UUID) -> Request:
        """Return one request, on record. Raises `NotThere`, `NotAllowed`."""
        thing = f"approval {approval}"
        async with self.work.doing(acting, "approvals.read", thing) as connection:
            request = await self.work.staff.approvals.find(connection, approval, self.work.prefixes(acting))
            if not acting.may_at("approvals.read", region=request.region, scene=request.scene, programme=request.programme):
                raise NotAllowed(region=request.region)
            await self.work.noted(connection, acting, "approvals.read", thing, region=request.region, subject=request.subject)
            return request

    async def decide(self, acting: Acting, approval: UUID, digest: bytes, decision: Decided, reason: str) -> dict[str, Any]:
        """Decide, and do what that sets free; asked again, the same answer.

        Raises `NotThere`, `OwnWork`, `NotAllowed`, `DigestChanged`, and what the executor raises: then nothing is decided.
        """
        thing = f"approval {approval}"
        async with self.work.doing(acting, f"approvals.{decision}", thing) as connection:
            approvals = self.work.staff.approvals
            request = await approvals.find(connection, approval, self.work.prefixes(acting))
            decided = await approvals.decide(connection, acting, request, digest, decision, reason)
            told = {"kind": request.kind, "object": request.object, "digest": request.digest.hex(), "state": decided.state}
            await self.work.noted(
                connection, acting, f"approvals.{decision}", thing, region=request.region, subject=request.subject, content=told
            )
            return request_view(decided)
