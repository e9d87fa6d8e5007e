"""Signing in and out over HTTP: the session is a cookie that no script reads; writes carry a token of their own."""

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from onecard.app.staff_desk import StaffDesk
from onecard.app.staff_views import right_view
from onecard.staff.errors import CsrfMissing
from onecard.staff.sessions import Session
from onecard.staff.sign_in import Proof
from onecard.values.days import civil
from onecard.values.error import OnecardError
from onecard.web.metrics import SIGN_INS
from onecard.web.origin import is_cross_site
from onecard.web.staff_access import PUBLIC, SignedIn, session_cookie, session_token
from onecard.web.staff_bodies import PasswordBody, SessionBody
from onecard.web.wire import read_body, read_struct

__all__ = ["end_cookie", "session_routes", "session_view", "set_session"]

BODY_BYTES_MAX: Final = 4096

_NEVER_KEPT: Final = {"Cache-Control": "no-store"}
_decoder = msgspec.json.Decoder(SessionBody)
_password_decoder = msgspec.json.Decoder(PasswordBody)


def session_routes(desk: StaffDesk) -> APIRouter:
    """Return the routes of `/v1/session`."""
    router = APIRouter()
    signed_in = SignedIn(desk)

    @router.post("/v1/session", summary="Sign in", dependencies=[Depends(PUBLIC)])
    async def sign_in(request: Request) -> JSONResponse:
        if is_cross_site(desk.origin, request):
            raise CsrfMissing
        told = read_struct(_decoder, await read_body(request.receive, BODY_BYTES_MAX, "最多 4 KB", "it is at most 4 KB"))
        proof = Proof(account=told.user, password=told.password, code=told.totp, as_person=told.as_person)
        address = request.client.host if request.client else ""
        try:
            token, session = await desk.staff.sign_in.sign_in(proof, address, session_token(request))
        except OnecardError as refused:
            SIGN_INS.labels(refused.code).inc()
            raise
        SIGN_INS.labels("ok").inc()
        answer = JSONResponse(session_view(session, desk.staff.csrf(token)), headers=_NEVER_KEPT)
        set_session(answer, request, token)
        return answer

    @router.get("/v1/session", summary="Who is signed in")
    async def who(request: Request, session: Annotated[Session, Depends(signed_in)]) -> JSONResponse:
        return JSONResponse(session_view(session, desk.staff.csrf(session_token(request))), headers=_NEVER_KEPT)

    @router.post("/v1/session/password", summary="Change one's own password; every session ends", status_code=204)
    async def change(request: Request, session: Annotated[Session, Depends(signed_in)]) -> Response:
        told = read_struct(_password_decoder, await read_body(request.receive, BODY_BYTES_MAX, "最多 4 KB", "it is at most 4 KB"))
        address = request.client.host if request.client else ""
        await desk.staff.sign_in.change_password(session.acting, told.old, told.new, address)
        answer = Response(status_code=204, headers=_NEVER_KEPT)
        _cookie(answer, request, "", 0)
        return answer

    @router.delete("/v1/session", summary="Sign out", status_code=204)
    async def sign_out(request: Request, _: Annotated[Session, Depends(signed_in)]) -> Response:
        await desk.staff.sign_out(session_token(request))
        answer = Response(status_code=204, headers=_NEVER_KEPT)
        end_cookie(answer, request)
        return answer

    return router


def session_view(session: Session, csrf: str) -> dict[str, Any]:
    """Return a session (SURFACES §6). Who holds several roles is told the first as `role` and all of them as `roles`."""
    rights = [right_view(right) for right in session.acting.rights]
    first = rights[0] if rights else {"role": None, "scope": None}
    return {
        "user": session.acting.account, "name": session.acting.name, "role": first["role"], "scope": first["scope"], "roles": rights,
        "acts_for": session.acting.as_person or None, "csrf": csrf,
        "expires_at": civil(session.expires_at).isoformat(timespec="seconds"),
        "until": civil(session.until).isoformat(timespec="seconds"),
    }  # fmt: skip


def set_session(answer: Response, request: Request, token: str) -> None:
    """Let *answer* hand the browser its session: for this host, closed to scripts and to other sites, gone with the browser."""
    _cookie(answer, request, token, None)


def end_cookie(answer: Response, request: Request) -> None:
    """Let *answer* take the session back from the browser."""
    _cookie(answer, request, "", 0)


def _cookie(answer: Response, request: Request, token: str, max_age: int | None) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(session_cookie(request), token, max_age=max_age, path="/", secure=secure, httponly=True, samesite="strict")
