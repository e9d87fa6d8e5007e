"""C14, am I allowed: my roles and where they hold, where I am signed in, and how I like the console."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from onecard.staff.errors import Locked, NotThere, PasswordWeak, SignInWrong
from onecard.staff.model import Right
from onecard.staff.passwords import PASSWORD_LENGTH_MIN
from onecard.staff.permissions import PERMISSIONS
from onecard.staff.scope import EVERY
from onecard.staff.sessions import OpenSession
from onecard.values.days import civil
from onecard.values.error import OnecardError
from onecard.web.console_access import Visiting
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, console_page, keep_settings, redirect, region_name, role_names
from onecard.web.console_route import SIGN_IN, console_route
from onecard.web.console_settings import SHORTCUTS
from onecard.web.console_table import Field
from onecard.web.session import end_cookie
from onecard.web.words import named

__all__ = ["me_routes"]

PATH: Final = "/console/me"

_HANDLE: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def me_routes(console: Console) -> APIRouter:
    """Return the routes of one's own page."""
    router = APIRouter(route_class=console_route(console))
    signed_in = Visiting(console)

    @router.get(PATH)
    async def me(visit: Annotated[Visit, Depends(signed_in)], done: str = "") -> Response:
        staff = console.desk.staff
        async with staff.database.acquire("desk") as connection:
            sessions = await staff.sessions.of(connection, visit.acting)
        return console_page(console, visit, "me.html", _view(console, visit, sessions, done))

    @router.post(f"{PATH}/settings")
    async def settings(request: Request, visit: Annotated[Visit, Depends(signed_in)]) -> Response:
        told = form_fields(visit.form, ("theme", "lang"), many=("key",))
        answer = redirect(PATH, done="settings")
        liked = visit.settings.with_told(told["lang"], told["theme"]).with_keys(visit.form.get("key", ()))
        keep_settings(answer, request, liked)
        return answer

    @router.post(f"{PATH}/password")
    async def password(request: Request, visit: Annotated[Visit, Depends(signed_in)]) -> Response:
        told = form_fields(visit.form, ("old", "new"))
        staff, address = console.desk.staff, request.client.host if request.client else ""
        try:
            await staff.sign_in.change_password(visit.acting, told["old"], told["new"], address)
        except (PasswordWeak, SignInWrong, Locked) as refused:
            wrong = _wrong_password(refused, visit)
            async with staff.database.acquire("desk") as connection:
                sessions = await staff.sessions.of(connection, visit.acting)
            return console_page(console, visit, "me.html", _view(console, visit, sessions, "", wrong), status=refused.http_status)
        answer = redirect(SIGN_IN, changed="1")
        end_cookie(answer, request)
        return answer

    @router.post(f"{PATH}/sessions/{{session}}/end")
    async def end(session: str, visit: Annotated[Visit, Depends(signed_in)]) -> Response:
        form_fields(visit.form, ())
        staff = console.desk.staff
        async with staff.database.acquire("desk") as connection:
            if not _HANDLE.fullmatch(session) or not await staff.sessions.end_own(connection, visit.acting, bytes.fromhex(session)):
                raise NotThere
        return redirect(PATH, done="session")

    return router


def _view(
    console: Console, visit: Visit, sessions: list[OpenSession], done: str, wrong: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:  # fmt: skip
    t, acting = visit.t, visit.acting
    roles = t("console.frame.and").join(role_names(console, acting, visit.lang))
    return {
        "title": t("console.me.title", name=acting.name, roles=roles) if roles else t("console.me.no_role", name=acting.name),
        "lead": t("console.me.lead", until=f"{civil(visit.session.until):%H:%M}"),
        "done": t(f"console.me.done_{done}") if done in ("settings", "session") else "",
        "rights": [_right(console, visit, right) for right in acting.rights],
        "sessions": [_session(visit, each) for each in sessions],
        "shortcuts": [(key, key in visit.settings.keys, t(f"console.key.{_KEY_WORDS.get(key, key)}")) for key in SHORTCUTS],
        "chosen": visit.settings,
        "passwords": [
            Field(name="old", label=t("console.me.old"), kind="password", required=True, most=256, autocomplete="current-password"),
            Field(
                name="new", label=t("console.me.new"), kind="password", required=True, most=256, autocomplete="new-password",
                hint=t("console.me.new_hint", least=PASSWORD_LENGTH_MIN), error=dict(wrong).get("new", ""),
            ),
        ],
        "errors": wrong,
    }  # fmt: skip


def _wrong_password(refused: OnecardError, visit: Visit) -> list[tuple[str, str]]:
    """Return which field is wrong, and how: that the old one is wrong is all that a wrong proof says here."""
    t = visit.t
    if isinstance(refused, SignInWrong):
        return [("old", t("console.me.old_wrong"))]
    return [("new" if isinstance(refused, PasswordWeak) else "", refused.said_en if t.lang == "en" else refused.said_zh)]


_KEY_WORDS: Final = {"/": "find", "?": "help", "Escape": "close"}


def _right(console: Console, visit: Visit, right: Right) -> dict[str, Any]:
    """Return a role with where it holds and what it allows, in words."""
    t, lang, scope = visit.t, visit.lang, right.scope
    role = console.roles.by_name.get(right.role)
    words = [PERMISSIONS[name] for name in sorted(right.permissions)]
    where = [
        region_name(console, scope.region, lang) if scope.region else t("console.me.no_region"),
        t("console.me.every_scene") if scope.scene == EVERY else named(scope.scene, console.words, lang),
        t("console.me.every_programme") if scope.programme == EVERY else scope.programme,
    ]
    return {
        "role": right.role if role is None else role.en if lang == "en" else role.zh, "where": " · ".join(where),
        "may": [word.en if lang == "en" else word.zh for word in words],
    }  # fmt: skip


def _session(visit: Visit, session: OpenSession) -> dict[str, Any]:
    here = session.session_hash == visit.acting.session
    return {
        "handle": session.session_hash.hex(), "here": here, "opened": f"{civil(session.opened_at):%m-%d %H:%M}",
        "seen": f"{civil(session.seen_at):%m-%d %H:%M}", "address": session.address, "for": session.as_person,
    }  # fmt: skip
