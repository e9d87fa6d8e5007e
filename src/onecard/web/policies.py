"""Policies over HTTP, for staff: what is released and how it came about, a draft prepared for release, and what reaching back proposes."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import JSONResponse

from onecard.app.release_desk import StaffReleases
from onecard.app.staff_desk import StaffDesk
from onecard.policy.model import CityLists, Source
from onecard.releases.correcting import FIRST_PROPOSAL, PROPOSALS_MAX
from onecard.releases.drafting import DOCUMENT_BYTES_MAX, SIMULATION_BYTES_MAX
from onecard.staff.model import Acting
from onecard.uses.look import UseKey
from onecard.web.policy_bodies import DraftBody
from onecard.web.staff_access import StaffMay
from onecard.web.wire import BodyMalformed, read_body, read_struct

__all__ = ["policy_routes"]

BODY_BYTES_MAX: Final = 2 * (DOCUMENT_BYTES_MAX + SIMULATION_BYTES_MAX)  # JSON escapes.

_decoder = msgspec.json.Decoder(DraftBody)

Programme = Annotated[str, Path(max_length=64)]
Number = Annotated[int, Path(ge=1, le=1_000_000)]
After = Annotated[str, Query(max_length=120, description="As the page before told.")]
Limit = Annotated[int, Query(ge=1, le=PROPOSALS_MAX)]


def policy_routes(desk: StaffDesk, lists: CityLists) -> APIRouter:
    """Return the routes of `/v1/policies` in a city of *lists*."""
    router, releases = APIRouter(), StaffReleases(work=desk.work, lists=lists)
    reads, prepares = StaffMay(desk, "policy.read", anywhere=True), StaffMay(desk, "policy.release", anywhere=True)
    looks = StaffMay(desk, "policy.read")

    @router.get("/v1/policies", summary="Every programme that was ever released")
    async def listed(acting: Annotated[Acting, Depends(reads)]) -> JSONResponse:
        return JSONResponse({"policies": await releases.listed(acting)})

    @router.post("/v1/policies", summary="Prepare that a document be released; a second person decides")
    async def prepare(request: Request, acting: Annotated[Acting, Depends(prepares)]) -> JSONResponse:
        told = read_struct(_decoder, await read_body(request.receive, BODY_BYTES_MAX, "最多 8 MB", "it is at most 8 MB"))
        simulation = None if told.simulation is None else told.simulation.encode()
        source = Source(file=told.file, content=told.source.encode())
        return JSONResponse(await releases.prepare(acting.because(told.reason), source, told.reason, simulation))

    @router.get("/v1/policies/{programme}", summary="One programme: every version, who released it, why and when")
    async def history(programme: Programme, acting: Annotated[Acting, Depends(looks)]) -> JSONResponse:
        return JSONResponse(await releases.history(acting, programme))

    @router.get("/v1/policies/{programme}/{version}", summary="One version with its document")
    async def document(programme: Programme, version: Number, acting: Annotated[Acting, Depends(looks)]) -> JSONResponse:
        return JSONResponse(await releases.document(acting, programme, version))

    @router.get("/v1/policies/{programme}/{version}/proposals", summary="What a version that reaches back would change")
    async def proposals(
        programme: Programme, version: Number, acting: Annotated[Acting, Depends(looks)], after: After = "", limit: Limit = 50
    ) -> JSONResponse:
        told, places = await releases.proposals(acting, programme, version, _place(after), limit + 1)
        following = _cursor(places[limit - 1]) if len(places) > limit else None
        return JSONResponse({**told, "proposals": told["proposals"][:limit], "after": following})

    return router


def _cursor(place: UseKey) -> str:
    return f"{place.occurred_at.isoformat()}~{place.terminal}~{place.seq}"


def _place(after: str) -> UseKey:
    if not after:
        return FIRST_PROPOSAL
    at, _, rest = after.partition("~")
    terminal, _, seq = rest.rpartition("~")
    try:
        place = UseKey(datetime.fromisoformat(at), terminal, int(seq))
        said = terminal.isascii() and terminal.isprintable() and place.occurred_at.tzinfo is not None
        if not said or not 2000 <= place.occurred_at.year <= 2100 or not 0 <= place.seq < 2**53:
            raise ValueError
    except ValueError:
        raise BodyMalformed(problem_zh="after 不是上一页给出的值", problem_en="after is not what a page told", field="after") from None
    return place
