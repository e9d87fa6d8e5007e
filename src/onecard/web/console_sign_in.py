"""The console's door: name, password and one-time code; what went wrong in words, until when it is locked, whom to call."""

from datetime import timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from onecard.staff.errors import CsrfMissing, Locked, SignInWrong, TooManySignIns
from onecard.staff.sign_in import Proof
from onecard.values.days import civil
from onecard.values.error import OnecardError
from onecard.web.console_access import Visiting
from onecard.web.console_form import form_fields, read_form
from onecard.web.console_frame import Console, Visit, console_page, find_settings, redirect
from onecard.web.console_route import SIGN_IN, console_route, is_inside
from onecard.web.console_table import Field
from onecard.web.origin import is_cross_site
from onecard.web.problem import problem_headers
from onecard.web.session import end_cookie, set_session
from onecard.web.staff_access import PUBLIC, session_token
from onecard.web.words import Catalogue, catalogue

__all__ = ["sign_in_routes"]

_FIELDS: Final = ("user", "password", "totp", "as_person", "next")


def sign_in_routes(console: Console) -> APIRouter:
    """Return the routes of the door: in and out."""
    router = APIRouter(route_class=console_route(console), include_in_schema=False)
    anyone = Visiting(console)

    @router.get(SIGN_IN, dependencies=[Depends(PUBLIC)])
    async def door(
        request: Request, next: Annotated[str, Query()] = "", ended: str = "", out: str = "", changed: str = "",  # noqa: A002
    ) -> Response:  # fmt: skip
        note = "ended" if ended else "out" if out else "changed" if changed else ""
        return _page(console, request, {"next": next}, note=note)

    @router.post(SIGN_IN, dependencies=[Depends(PUBLIC)])
    async def sign_in(request: Request) -> Response:
        if is_cross_site(console.desk.origin, request):
            raise CsrfMissing
        told = form_fields(await read_form(request), _FIELDS)
        proof = Proof(account=told["user"], password=told["password"], code=told["totp"].replace(" ", ""), as_person=told["as_person"])
        address = request.client.host if request.client else ""
        try:
            token, _ = await console.desk.staff.sign_in.sign_in(proof, address, session_token(request))
        except (SignInWrong, Locked, TooManySignIns) as refused:
            return _page(console, request, told, refused=refused)
        answer = redirect(told["next"] if is_inside(told["next"]) else "/console")
        set_session(answer, request, token)
        return answer

    @router.post("/console/sign-out")
    async def sign_out(request: Request, _: Annotated[Visit, Depends(anyone)]) -> Response:
        await console.desk.staff.sign_out(session_token(request))
        answer = redirect(SIGN_IN, out="1")
        end_cookie(answer, request)
        return answer

    return router


def _page(console: Console, request: Request, told: dict[str, str], *, note: str = "", refused: OnecardError | None = None) -> Response:
    settings = find_settings(request)
    t = catalogue(settings.lang)
    view = {
        "note": t(f"console.sign_in.{note}") if note else "",
        "elsewhere": "/v1/session/oidc" if console.desk.oidc is not None else "",
        "error": _said(console, refused, t) if refused else "",
        "fields": _fields(t, told.get("user", "")),
        "delegate": Field(
            name="as_person", label=t("console.sign_in.as_person"), hint=t("console.sign_in.as_hint"), value=told.get("as_person", "")
        ),
        "next": told["next"] if is_inside(told["next"]) else "",
        "kept": urlencode({"next": told["next"]}) + "&" if is_inside(told["next"]) else "",
    }
    answer = console_page(console, None, "sign_in.html", view, settings=settings, status=refused.http_status if refused else 200)
    if refused:
        answer.headers.update(problem_headers(refused))
    return answer


def _fields(t: Catalogue, user: str) -> list[Field]:
    return [
        Field(name="user", label=t("console.sign_in.user"), value=user, required=True, autocomplete="username"),
        Field(
            name="password", label=t("console.sign_in.password"), kind="password", required=True, autocomplete="current-password", most=200
        ),
        Field(
            name="totp", label=t("console.sign_in.totp"), kind="code", hint=t("console.sign_in.totp_hint"), required=True, most=7,
            autocomplete="one-time-code",
        ),
    ]  # fmt: skip


def _said(console: Console, refused: OnecardError, t: Catalogue) -> str:
    """Return what went wrong; where it is locked, until which time by the clock."""
    if isinstance(refused, Locked):
        seconds: Any = refused.facts["retry_after"]
        until = civil(console.now() + timedelta(seconds=seconds))
        return t("console.sign_in.locked", until=f"{until:%H:%M}")
    return refused.said_en if t.lang == "en" else refused.said_zh
