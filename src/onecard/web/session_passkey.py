"""Passkeys over HTTP: a signed-in person registers one; then it signs him in. Absent where the extra is not installed."""

import base64
import hmac
import importlib.util
import secrets
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from onecard.app.staff_desk import StaffDesk
from onecard.settings.origin import Origin
from onecard.staff.errors import CsrfMissing, NotThere
from onecard.staff.passkeys import CHALLENGE_BYTES, Passkeys
from onecard.staff.sessions import Session
from onecard.values.error import OnecardError
from onecard.values.keyed_hash import keyed_hash
from onecard.web.metrics import SIGN_INS
from onecard.web.origin import is_cross_site, own_origin
from onecard.web.session import session_view, set_session
from onecard.web.staff_access import PUBLIC, SignedIn, session_token
from onecard.web.wire import read_body, read_struct

__all__ = ["passkey_routes"]

BODY_BYTES_MAX: Final = 16 * 1024

_COOKIE: Final = "onecard_challenge"
_SECONDS: Final = 300

_decoder = msgspec.json.Decoder(dict[str, Any])


def passkey_routes(desk: StaffDesk) -> APIRouter:
    """Return the four routes: options and answer, for registering and for signing in."""
    router = APIRouter(include_in_schema=False)
    signed_in = SignedIn(desk)
    keys = Passkeys(sign_in=desk.staff.sign_in, register=desk.staff.register, clock=desk.staff.now)

    @router.post("/v1/session/passkeys/options")
    async def asked_to_register(request: Request, session: Annotated[Session, Depends(signed_in)]) -> Response:
        challenge = _challenge()
        return _asked(desk, request, keys.asked_to_register(session.acting, _origin(desk, request), challenge), challenge)

    @router.post("/v1/session/passkeys", status_code=201)
    async def register(request: Request, session: Annotated[Session, Depends(signed_in)]) -> Response:
        answer, challenge = await _told(desk, request)
        name = await keys.add(session.acting, _origin(desk, request), challenge, answer, _address(request))
        return JSONResponse({"passkey": name}, 201)

    @router.post("/v1/session/passkey/options", dependencies=[Depends(PUBLIC)])
    async def asked_to_sign_in(request: Request) -> Response:
        challenge = _challenge()
        return _asked(desk, request, keys.asked_to_sign_in(_origin(desk, request), challenge), challenge)

    @router.post("/v1/session/passkey", dependencies=[Depends(PUBLIC)])
    async def sign_in(request: Request) -> Response:
        if is_cross_site(desk.origin, request):
            raise CsrfMissing
        answer, challenge = await _told(desk, request)
        try:
            token, session = await keys.enter(_origin(desk, request), challenge, answer, _address(request), session_token(request))
        except OnecardError as refused:
            SIGN_INS.labels(refused.code).inc()
            raise
        SIGN_INS.labels("ok").inc()
        told = JSONResponse(session_view(session, desk.staff.csrf(token)), headers={"Cache-Control": "no-store"})
        set_session(told, request, token)
        return told

    return router


def _challenge() -> bytes:
    if importlib.util.find_spec("webauthn") is None:
        raise NotThere
    return secrets.token_bytes(CHALLENGE_BYTES)


def _origin(desk: StaffDesk, request: Request) -> Origin:
    """Return where passkeys are made for. Raises `NotThere` where nobody said it: a host that a request claims is no answer."""
    origin = own_origin(desk.origin, request)
    if origin is None:
        raise NotThere
    return origin


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _asked(desk: StaffDesk, request: Request, options: dict[str, Any], challenge: bytes) -> Response:
    """Return the options, and the challenge bound to this browser for a few minutes."""
    until = int(desk.staff.sign_in.unix_seconds()) + _SECONDS
    content = f"{base64.urlsafe_b64encode(challenge).decode()}.{until}"
    answer = JSONResponse(options, headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        _COOKIE, f"{content}.{_mark(desk, content)}", _SECONDS, path="/v1/session", secure=request.url.scheme == "https", httponly=True,
        samesite="strict",
    )  # fmt: skip
    return answer


async def _told(desk: StaffDesk, request: Request) -> tuple[dict[str, Any], bytes]:
    """Return what the browser's key answered, and the challenge that this browser was given; an empty one where it was none, or late."""
    answer = read_struct(_decoder, await read_body(request.receive, BODY_BYTES_MAX, "最多 16 KB", "it is at most 16 KB"))
    content, _, mark = request.cookies.get(_COOKIE, "").rpartition(".")
    challenge, _, until = content.partition(".")
    if not hmac.compare_digest(mark.encode(), _mark(desk, content).encode()) or desk.staff.sign_in.unix_seconds() > int(until):
        return answer, b""
    return answer, base64.urlsafe_b64decode(challenge)


def _mark(desk: StaffDesk, content: str) -> str:
    return keyed_hash(desk.staff.hash_key, "challenge", content).hex()
