"""Residents over HTTP, for staff: masked; whole with a purpose; corrected by two."""

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from onecard.app.staff_desk import StaffDesk
from onecard.app.staff_finding import Hits, Known
from onecard.app.staff_residents import RESIDENTS_MAX, Correction
from onecard.staff.model import Acting
from onecard.web.approvals import uuid_of
from onecard.web.staff_access import StaffMay
from onecard.web.staff_bodies import CorrectionBody, FullIdBody, SearchBody
from onecard.web.staff_lists import Format, residents_file
from onecard.web.wire import BodyMalformed, read_body, read_struct

__all__ = ["resident_routes"]

BODY_BYTES_MAX: Final = 4096

Card = Annotated[str, Query(max_length=64, description="A card number.")]
Chip = Annotated[str, Query(max_length=64, description="A chip id.")]
Id = Annotated[str, Query(max_length=64, description="A person number.")]
Region = Annotated[str, Query(max_length=12, description="Whoever belongs inside this region.")]
After = Annotated[str, Query(max_length=40, pattern=r"^([0-9]{6,12}-[0-9]{1,18})?$", description="As the page before told.")]
Limit = Annotated[int, Query(ge=1, le=RESIDENTS_MAX - 1)]

_full_id_decoder = msgspec.json.Decoder(FullIdBody)
_search_decoder = msgspec.json.Decoder(SearchBody)
_correction_decoder = msgspec.json.Decoder(CorrectionBody)
_NEVER_KEPT: Final = {"Cache-Control": "no-store"}


def resident_routes(desk: StaffDesk) -> APIRouter:
    """Return the routes of `/v1/residents`."""
    router = APIRouter()
    finds = StaffMay(desk, "residents.find", anywhere=True)
    reads = StaffMay(desk, "residents.read")
    sees_whole = StaffMay(desk, "residents.full-id")
    corrects = StaffMay(desk, "residents.correct")

    @router.get("/v1/residents", summary="Find residents: by one credential, or by region, page by page")
    async def found(
        acting: Annotated[Acting, Depends(finds)], card: Card = "", chip: Chip = "", id: Id = "", region: Region = "",  # noqa: A002
        after: After = "", limit: Limit = 50, format: Format = "json",  # noqa: A002
    ) -> Response:  # fmt: skip
        asked = [(kind, value) for kind, value in (("card", card), ("chip", chip), ("id", id)) if value]
        if len(asked) > 1 or (asked and region):
            raise BodyMalformed(problem_zh="card、chip、id、region 只用一个", problem_en="give one of card, chip, id and region")
        if format != "json":
            if asked or after:
                raise BodyMalformed(problem_zh="文件只按 region 导出，且不分页", problem_en="a file is by region alone, and has no pages")
            return await residents_file(format, await desk.lists.residents(acting, region), acting, desk.staff.now(), region)
        if asked:
            return _page(await desk.residents.found(acting, *asked[0]), RESIDENTS_MAX)
        where, _, subject = after.partition("-")
        return _page(await desk.residents.listed(acting, region, (where, int(subject or 0)), limit + 1), limit)

    @router.post("/v1/residents/search", summary="Find residents by what is known of them; nothing of it stands in an address")
    async def search(request: Request, acting: Annotated[Acting, Depends(finds)]) -> JSONResponse:
        told = read_struct(_search_decoder, await _body(request))
        acting = acting.because(told.purpose)
        match told.by:
            case "id" | "card" | "chip":
                hits = Hits(residents=await desk.residents.found(acting, told.by, told.text))
            case by:
                known = Known(by=by, text=told.text, region=told.region, born_year=told.born_year)
                hits = await desk.finding.found(acting, known)
        return JSONResponse({"residents": hits.residents, "more": hits.more}, headers=_NEVER_KEPT)

    @router.get("/v1/residents/{resident}", summary="One resident, masked")
    async def one(resident: str, acting: Annotated[Acting, Depends(reads)]) -> JSONResponse:
        return JSONResponse(await desk.residents.one(acting, resident), headers=_NEVER_KEPT)

    @router.post("/v1/residents/{resident}/full-id", summary="One resident with his number whole: within the hour's budget, else by two")
    async def whole(resident: str, request: Request, acting: Annotated[Acting, Depends(sees_whole)]) -> JSONResponse:
        told = read_struct(_full_id_decoder, await _body(request))
        approval = None if told.approval is None else uuid_of(told.approval)
        return JSONResponse(await desk.residents.whole(acting.because(told.purpose), resident, approval), headers=_NEVER_KEPT)

    @router.post("/v1/residents/{resident}/corrections", summary="Prepare that a fact be told anew; a second person decides")
    async def correct(resident: str, request: Request, acting: Annotated[Acting, Depends(corrects)]) -> JSONResponse:
        told = read_struct(_correction_decoder, await _body(request))
        correction = Correction(fact=told.fact, since=told.since, value=told.value, reason=told.reason)
        return JSONResponse(await desk.residents.correct(acting.because(told.reason), resident, correction))

    return router


def _page(residents: list[dict[str, Any]], limit: int) -> JSONResponse:
    last = residents[limit - 1] if len(residents) > limit else None
    following = None if last is None else f"{last['region']}-{last['resident']}"
    return JSONResponse({"residents": residents[:limit], "after": following}, headers=_NEVER_KEPT)


async def _body(request: Request) -> bytes:
    return await read_body(request.receive, BODY_BYTES_MAX, "最多 4 KB", "it is at most 4 KB")
