"""What the approval of a release sets free: the document that was approved is checked again and comes into force."""

import hashlib

from onecard.audit.rows import rows_written
from onecard.audit.service import note_change
from onecard.db.pool import Connection
from onecard.policy.model import CityLists, Source
from onecard.releases.model import Release, Simulation
from onecard.releases.releasing import release
from onecard.staff.approval import digest_of
from onecard.staff.approvals import Executor
from onecard.staff.errors import DigestChanged
from onecard.staff.model import Acting, Request, Waiting

__all__ = ["release_executor"]


def release_executor(lists: CityLists) -> Executor:
    """Return what an approved release sets free in a city of *lists*."""

    async def released(connection: Connection, request: Request, acting: Acting) -> None:
        source = _approved(request)
        assert request.decision is not None
        at = request.decision.at
        draft, reaches_back = await release(connection, source, request.payload["version"], _made(request), lists, at)
        programme, key = draft.programme.name, {"programme": draft.programme.name, "version": draft.version}
        tables = ("releases_document", "releases_release")
        rows = [row for table in tables for row in await rows_written(connection, table, key)]
        await note_change(
            connection, acting, act="policy.release", object=f"{programme} {draft.version}", region=request.region,
            purpose=request.reason, at=at, rows=rows, more={"approval": str(request.approval), "reaches_back": reaches_back},
        )  # fmt: skip

    return released


def _approved(request: Request) -> Source:
    """Return the document that waits, if it is still the one that was prepared. Raises `DigestChanged`.

    What waits stands in the store: who reaches it there changes neither digest without the other being seen.
    """
    prepared = Waiting(
        kind=request.kind, object=request.object, region=request.region, payload=request.payload, reason=request.reason,
        scene=request.scene, programme=request.programme, subject=request.subject,
    )  # fmt: skip
    content = request.payload["source"].encode()
    if digest_of(prepared) != request.digest or hashlib.sha256(content).hexdigest() != request.payload["sha256"]:
        raise DigestChanged
    return Source(file=request.payload["file"], content=content)


def _made(request: Request) -> Release:
    decision, told = request.decision, request.payload["simulation"]
    assert decision is not None
    return Release(
        approval=request.approval, reason=request.reason,
        simulation=None if told is None else Simulation(digest=told["sha256"], figures=told["figures"]),
        prepared_by=request.by, prepared_as=request.as_person, approved_by=decision.by, approved_as=decision.as_person,
        approved_reason=decision.reason,
    )  # fmt: skip
