"""Cards over HTTP, for staff: looked at, lost, released, cancelled."""

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse

from onecard.app.staff_desk import StaffDesk
from onecard.staff.model import Acting
from onecard.web.staff_access import StaffMay
from onecard.web.staff_bodies import CancelBody, LossBody, ReleaseBody
from onecard.web.wire import read_body, read_struct

__all__ = ["card_routes"]

BODY_BYTES_MAX: Final = 4096

_loss_decoder = msgspec.json.Decoder(LossBody)
_release_decoder = msgspec.json.Decoder(ReleaseBody)
_cancel_decoder = msgspec.json.Decoder(CancelBody)
_NEVER_KEPT: Final = {"Cache-Control": "no-store"}


def card_routes(desk: StaffDesk) -> APIRouter:
    """Return the routes of `/v1/cards`; a card is named by its number, or by its `id`, which is no secret."""
    router = APIRouter()
    reads, loses = StaffMay(desk, "cards.read"), StaffMay(desk, "cards.loss")
    releases, cancels = StaffMay(desk, "cards.release"), StaffMay(desk, "cards.cancel")

    @router.get("/v1/cards/{card}", summary="One card as it stands, with its history")
    async def one(card: str, acting: Annotated[Acting, Depends(reads)]) -> JSONResponse:
        return JSONResponse(await desk.cards.one(acting, card), headers=_NEVER_KEPT)

    @router.post("/v1/cards/{card}/loss", summary="Report a card lost: it stops at once")
    async def lose(card: str, request: Request, acting: Annotated[Acting, Depends(loses)]) -> JSONResponse:
        told = read_struct(_loss_decoder, await _body(request))
        return JSONResponse(await desk.cards.lose(acting.because(told.reason), card, told.kind, told.function, told.reason))

    @router.post("/v1/cards/{card}/release", summary="A lost card was found: an oral loss ends at once, a formal one by a second person")
    async def release(card: str, request: Request, acting: Annotated[Acting, Depends(releases)]) -> JSONResponse:
        told = read_struct(_release_decoder, await _body(request))
        return JSONResponse(await desk.cards.release(acting.because(told.reason), card, told.function, told.reason))

    @router.post("/v1/cards/{card}/cancel", summary="Prepare that a card end for good; a second person decides")
    async def cancel(card: str, request: Request, acting: Annotated[Acting, Depends(cancels)]) -> JSONResponse:
        told = read_struct(_cancel_decoder, await _body(request))
        return JSONResponse(await desk.cards.cancel(acting.because(told.reason), card, told.reason))

    return router


async def _body(request: Request) -> bytes:
    return await read_body(request.receive, BODY_BYTES_MAX, "最多 4 KB", "it is at most 4 KB")
