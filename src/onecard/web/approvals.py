"""What waits for a second person, over HTTP: the list, page by page, and the decision."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from onecard.app.staff_desk import StaffDesk
from onecard.app.staff_views import request_summary, request_view
from onecard.staff.approvals import LIST_MAX, NEWEST
from onecard.staff.errors import NotThere
from onecard.staff.model import Acting
from onecard.web.staff_access import StaffMay
from onecard.web.staff_bodies import DecisionBody
from onecard.web.staff_lists import Format, approvals_file
from onecard.web.wire import BodyMalformed, read_body, read_struct

__all__ = ["approval_routes", "uuid_of"]

BODY_BYTES_MAX: Final = 4096

State = Annotated[Literal["", "waiting", "approved", "refused"], Query(description="Where they stand; all without it.")]
Kind = Annotated[
    Literal["", "policy-release", "loss-release", "card-cancel", "person-correction", "full-id", "payout-step", "recovery"],
    Query(description="What they are about; all without it."),
]
After = Annotated[str, Query(max_length=120, description="As the page before told.")]
Limit = Annotated[int, Query(ge=1, le=LIST_MAX)]

_decoder = msgspec.json.Decoder(DecisionBody)


def approval_routes(desk: StaffDesk) -> APIRouter:
    """Return the routes of `/v1/approvals`."""
    router = APIRouter()
    reads = StaffMay(desk, "approvals.read", anywhere=True)
    sees = StaffMay(desk, "approvals.read")  # Which kind he may decide, the approval itself says.

    @router.get("/v1/approvals", summary="What waits for a second person, or was decided")
    async def listed(
        acting: Annotated[Acting, Depends(reads)], state: State = "", kind: Kind = "", after: After = "", limit: Limit = 50,
        format: Format = "json",  # noqa: A002
    ) -> Response:  # fmt: skip
        if format != "json":
            if after:
                raise BodyMalformed(problem_zh="文件不分页，不要 after", problem_en="a file has no pages: leave after out", field="after")
            return await approvals_file(format, await desk.lists.approvals(acting, state, kind), acting, desk.staff.now(), state, kind)
        found = await desk.approvals.listed(acting, state=state, kind=kind, after=_place(after), most=limit + 1)
        page = found[:limit]
        following = _cursor(page[-1].at, page[-1].approval) if len(found) > limit else None
        return JSONResponse({"approvals": [request_summary(each) for each in page], "after": following})

    @router.get("/v1/approvals/{approval}", summary="One of them, with all that it holds")
    async def one(approval: str, acting: Annotated[Acting, Depends(sees)]) -> JSONResponse:
        return JSONResponse(request_view(await desk.approvals.one(acting, uuid_of(approval))), headers={"Cache-Control": "no-store"})

    @router.post("/v1/approvals/{approval}", summary="Decide, as the second person")
    async def decide(approval: str, request: Request, acting: Annotated[Acting, Depends(sees)]) -> JSONResponse:
        told = read_struct(_decoder, await read_body(request.receive, BODY_BYTES_MAX, "最多 4 KB", "it is at most 4 KB"))
        answer: dict[str, Any] = await desk.approvals.decide(
            acting, uuid_of(approval), bytes.fromhex(told.digest), told.decision, told.reason
        )
        return JSONResponse(answer)

    return router


def uuid_of(text: str) -> UUID:
    """Return the name that an address bears; what can be none names nothing (`NotThere`)."""
    try:
        return UUID(text)
    except ValueError:
        raise NotThere from None


def _cursor(at: datetime, approval: UUID) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {approval}".encode()).decode()


def _place(after: str) -> tuple[datetime, UUID]:
    if not after:
        return NEWEST
    try:
        at, _, approval = base64.urlsafe_b64decode(after).decode().partition(" ")
        place = datetime.fromisoformat(at), UUID(approval)
        if place[0].tzinfo is None or not 2000 <= place[0].year <= 2100:
            raise ValueError
    except (binascii.Error, ValueError):
        raise BodyMalformed(problem_zh="after 不是上一页给出的值", problem_en="after is not what a page told", field="after") from None
    return place
