"""What needs a second person: prepared once, decided once, and what it sets free is done in the decision's own transaction."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

from onecard.db.pool import Connection
from onecard.staff import store
from onecard.staff.approval import digest_of, refuse_decision
from onecard.staff.errors import ApprovalNeeded, NotThere
from onecard.staff.model import Acting, Decision, Request, Waiting
from onecard.staff.permissions import KINDS

__all__ = ["LIST_MAX", "NEWEST", "Approvals", "Executor"]

LIST_MAX: Final = 200

NEWEST: Final = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
"""Where a list begins."""

Executor = Callable[[Connection, Request, Acting], Awaitable[None]]
"""Does what an approval sets free, in the transaction of the connection; what it raises takes the decision back too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Four eyes. *executors* come from the rooms that own what is decided; a kind without one sets nothing free by itself."""

    executors: Mapping[str, Executor]
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]

    async def prepare(self, connection: Connection, acting: Acting, waiting: Waiting) -> Request:
        """Write what shall be decided, and return it. What is already so must be refused before: here nothing is judged."""
        assert waiting.kind in KINDS
        approval, digest, at = self.new_id(), digest_of(waiting), self.clock()
        await store.add_request(connection, approval, waiting, digest, acting, at)
        return Request(
            approval=approval, kind=waiting.kind, object=waiting.object, digest=digest, region=waiting.region, scene=waiting.scene,
            programme=waiting.programme, subject=waiting.subject, payload=waiting.payload, reason=waiting.reason, at=at,
            by=acting.person, as_person=acting.as_person,
        )  # fmt: skip

    async def find(self, connection: Connection, approval: UUID, prefixes: tuple[str, ...]) -> Request:
        """Return one request of regions that begin with one of *prefixes*; raises `NotThere`."""
        found = await store.find_request(connection, approval, prefixes)
        if found is None:
            raise NotThere
        return found

    async def listed(
        self, connection: Connection, prefixes: tuple[str, ...], state: str, kind: str, after: tuple[datetime, UUID], most: int
    ) -> list[Request]:
        """Return at most *most* requests, newest first; *state* waiting, approved, refused or '' for any, *kind* '' for any."""
        assert most <= LIST_MAX + 1
        decision = {"approved": "approve", "refused": "refuse"}.get(state, state)
        return await store.list_requests(connection, prefixes, decision, kind, after, most)

    async def about(self, connection: Connection, subject: int, prefixes: tuple[str, ...]) -> list[Request]:
        """Return what waits about one person, newest first, at most `LIST_MAX`."""
        return await store.requests_of(connection, subject, prefixes, LIST_MAX)

    async def decide(
        self, connection: Connection, acting: Acting, request: Request, digest: bytes, decision: Literal["approve", "refuse"], reason: str
    ) -> Request:
        """Decide *request* in the transaction of *connection*, and do what it sets free. Whoever comes second gets the first answer.

        Raises `OwnWork`, `NotAllowed`, `DigestChanged`, and what the executor raises: then nothing is decided.
        """
        refuse_decision(request, acting, digest)
        if request.decision is not None:
            return request
        made = Decision(decision=decision, reason=reason, at=self.clock(), by=acting.person, as_person=acting.as_person)
        if not await store.add_decision(connection, request, made, acting.session):
            return await self.find(connection, request.approval, (request.region,))
        decided = replace(request, decision=made)
        if decision == "approve" and request.kind in self.executors:
            await self.executors[request.kind](connection, decided, acting)
        return decided

    async def use_up(self, connection: Connection, acting: Acting, approval: UUID, kind: str, object_name: str) -> Request:
        """Use an approval of one's own for what it was given, once. Raises `ApprovalNeeded` where it does not open that."""
        found = await store.find_request(connection, approval, acting.prefixes)
        good = found is not None and (found.kind, found.object, found.state, found.by) == (kind, object_name, "approved", acting.person)
        if found is None or not good:
            raise ApprovalNeeded
        if await connection.fetchval(store.SQL.use_approval, approval, self.clock(), acting.session) is None:
            raise ApprovalNeeded
        return found
