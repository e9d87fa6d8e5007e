"""Signing in by the city's identity provider over HTTP: a browser is sent there and comes back with who it is."""

import base64
import binascii
import hmac
import secrets
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from onecard.app.oidc import Asked, Oidc
from onecard.app.staff_desk import StaffDesk
from onecard.staff.errors import NotThere, SignInWrong
from onecard.values.keyed_hash import keyed_hash
from onecard.web.session import set_session
from onecard.web.staff_access import PUBLIC, session_token

__all__ = ["oidc_routes"]

_COOKIE: Final = "onecard_oidc"
_SECONDS: Final = 600
_PATH: Final = "/v1/session/oidc"
_HERE: Final = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/console"><a href="/console">Onecard</a>'
"""A page of our own between the provider and the console: a strict cookie is not sent on a way that began elsewhere."""

Told = Annotated[str, Query(max_length=2000)]

_decoder = msgspec.json.Decoder(Asked)


def oidc_routes(desk: StaffDesk) -> APIRouter:
    """Return the two routes; where no provider is set up they are absent."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(PUBLIC)])

    @router.get(_PATH)
    async def away(request: Request) -> Response:
        oidc = _provider(desk)
        asked = Asked(
            state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48),
            until=oidc.unix_seconds() + _SECONDS,
        )  # fmt: skip
        answer = RedirectResponse(oidc.begin(await oidc.configuration(), _back(desk, request), asked), 303, {"Cache-Control": "no-store"})
        # Lax: the way back begins at the provider.
        answer.set_cookie(_COOKIE, _sealed(desk, asked), _SECONDS, path=_PATH, secure=_is_secure(request), httponly=True, samesite="lax")
        return answer

    @router.get(f"{_PATH}/callback")
    async def back(request: Request, state: Told = "", code: Told = "") -> Response:
        oidc = _provider(desk)
        asked = _opened(desk, request.cookies.get(_COOKIE, ""))
        subject = await oidc.subject(_back(desk, request), asked, state, code)
        address = request.client.host if request.client else ""
        token, _ = await desk.staff.sign_in.by_proof("oidc", f"{oidc.settings.issuer} {subject}", address, session_token(request))
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
        answer = HTMLResponse(_HERE, headers=headers)
        answer.delete_cookie(_COOKIE, path=_PATH, secure=_is_secure(request), httponly=True, samesite="lax")
        set_session(answer, request, token)
        return answer

    return router


def _provider(desk: StaffDesk) -> Oidc:
    if desk.oidc is None:
        raise NotThere
    return desk.oidc


def _back(desk: StaffDesk, request: Request) -> str:
    """Return where the provider sends the browser back to. It knows that address itself, and refuses any other."""
    return f"{desk.origin}{_PATH}/callback" if desk.origin else str(request.base_url.replace(path=f"{_PATH}/callback"))


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _sealed(desk: StaffDesk, asked: Asked) -> str:
    content = base64.urlsafe_b64encode(msgspec.json.encode(asked)).decode()
    return f"{content}.{_mark(desk, content)}"


def _opened(desk: StaffDesk, cookie: str) -> Asked:
    content, _, mark = cookie.partition(".")
    if not hmac.compare_digest(mark.encode(), _mark(desk, content).encode()):
        raise SignInWrong
    try:
        return _decoder.decode(base64.urlsafe_b64decode(content))
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        raise SignInWrong from None


def _mark(desk: StaffDesk, content: str) -> str:
    return keyed_hash(desk.staff.hash_key, "oidc", content).hex()
