"""Passkeys over HTTP: a signed-in person registers one; then it signs him in. Absent where the extra is not installed."""

import base64
import binascii
import hmac
import importlib.util
import secrets
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from onecard.app.staff_desk import StaffDesk
from onecard.staff.errors import CsrfMissing, NotThere, SignInWrong
from onecard.staff.passkeys import CHALLENGE_BYTES, Passkeys, Place
from onecard.staff.sessions import Session
from onecard.values.keyed_hash import keyed_hash
from onecard.web.session import session_view, set_session
from onecard.web.staff_access import PUBLIC, SignedIn, is_cross_site, session_token
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
        return _asked(desk, request, keys.asked_to_register(session.acting, _place(request), challenge), challenge)

    @router.post("/v1/session/passkeys", status_code=201)
    async def register(request: Request, session: Annotated[Session, Depends(signed_in)]) -> Response:
        answer, challenge = await _told(desk, request)
        async with desk.staff.database.acquire("desk") as connection, connection.transaction():
            name = await keys.add(connection, session.acting, _place(request), challenge, answer)
        return JSONResponse({"passkey": name}, 201)

    @router.post("/v1/session/passkey/options", dependencies=[Depends(PUBLIC)])
    async def asked_to_sign_in(request: Request) -> Response:
        challenge = _challenge()
        return _asked(desk, request, keys.asked_to_sign_in(_place(request), challenge), challenge)

    @router.post("/v1/session/passkey", dependencies=[Depends(PUBLIC)])
    async def sign_in(request: Request) -> Response:
        if is_cross_site(request):
            raise CsrfMissing
        answer, challenge = await _told(desk, request)
        address = request.client.host if request.client else ""
        async with desk.staff.database.acquire("desk") as connection, connection.transaction():
            token, session = await keys.enter(connection, _place(request), challenge, answer, address, session_token(request))
        told = JSONResponse(session_view(session, desk.staff.csrf(token)), headers={"Cache-Control": "no-store"})
        set_session(told, request, token)
        return told

    return router


def _challenge() -> bytes:
    if importlib.util.find_spec("webauthn") is None:
        raise NotThere
    return secrets.token_bytes(CHALLENGE_BYTES)


def _place(request: Request) -> Place:
    return Place(host=request.url.hostname or "", origin=f"{request.url.scheme}://{request.url.netloc}")


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
    """Return what the browser's key answered, and the challenge that this browser was given. Raises `SignInWrong`."""
    answer = read_struct(_decoder, await read_body(request.receive, BODY_BYTES_MAX, "最多 16 KB", "it is at most 16 KB"))
    content, _, mark = request.cookies.get(_COOKIE, "").rpartition(".")
    challenge, _, until = content.partition(".")
    if not hmac.compare_digest(mark.encode(), _mark(desk, content).encode()) or desk.staff.sign_in.unix_seconds() > int(until):
        raise SignInWrong
    try:
        return answer, base64.urlsafe_b64decode(challenge)
    except binascii.Error:
        raise SignInWrong from None


def _mark(desk: StaffDesk, content: str) -> str:
    return keyed_hash(desk.staff.hash_key, "challenge", content).hex()
