"""Who may call a route: each says so where it is written, and one that does not stops the program at start."""

import hmac
from collections.abc import Iterator, Sequence
from typing import Final

from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.requests import Request
from starlette.routing import BaseRoute

from onecard.app.staff_desk import StaffDesk
from onecard.staff.errors import CsrfMissing, NotAllowed, NotSignedIn
from onecard.staff.model import Acting
from onecard.staff.permissions import PERMISSIONS
from onecard.staff.sessions import Session
from onecard.values.error import OnecardError
from onecard.web.origin import is_cross_site

__all__ = [
    "CSRF_HEADER", "PUBLIC", "TERMINAL", "Access", "RouteUndeclared", "SignedIn", "StaffMay", "declared", "refuse_undeclared",
    "session_cookie", "session_token",
]  # fmt: skip

CSRF_HEADER: Final = "x-csrf-token"

_COOKIE: Final = "onecard_session"
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SPEAKS_FOR_ITSELF: Final = frozenset({"/openapi.json"})  # FastAPI's own route: the document is public.


class RouteUndeclared(OnecardError):
    """A route that does not say who may call it."""

    code = "web.route_undeclared"
    exit_code = 3
    zh = "路由 {route} 没有声明谁可以调用，程序不启动。"
    en = "Route {route} does not say who may call it; the program does not start."


class Access:
    """A declaration, as a dependency of a route. *permission* names what a role must hold; what needs no role has a word for it."""

    def __init__(self, permission: str) -> None:
        self.permission: Final = permission

    async def __call__(self) -> None:
        """Let everyone in."""


PUBLIC: Final = Access("public")
"""Anyone."""

TERMINAL: Final = Access("terminal")
"""Whoever has a terminal's token: the route asks for it itself."""


class SignedIn(Access):
    """Whoever has a session, whatever his role. Gives the session."""

    def __init__(self, desk: StaffDesk, permission: str = "signed-in") -> None:
        super().__init__(permission)
        self._desk = desk

    async def __call__(self, request: Request) -> Session:  # type: ignore[override]
        """Return the session of a request. Raises `NotSignedIn`; `CsrfMissing` where a write does not carry its token."""
        return await session_of(self._desk, request)


class StaffMay(Access):
    """Whoever's role holds *permission*. Gives who acts.

    A route about one object (*anywhere* false) asks the role only once the object is known to be in scope: what is not
    answers 404 as if absent, whatever the role.
    """

    def __init__(self, desk: StaffDesk, permission: str, *, anywhere: bool = False) -> None:
        assert permission in PERMISSIONS, f"there is no permission {permission}"
        super().__init__(permission)
        self._desk = desk
        self._anywhere = anywhere

    async def __call__(self, request: Request) -> Acting:  # type: ignore[override]
        """Return who acts. Raises `NotSignedIn`, `CsrfMissing`, `NotAllowed`."""
        session = await session_of(self._desk, request)
        if self._anywhere and not session.acting.may(self.permission):
            raise NotAllowed
        return session.acting


async def session_of(desk: StaffDesk, request: Request) -> Session:
    """Return the session whose cookie a request carries, its write proved to come from its own pages."""
    token = session_token(request)
    if not token:
        raise NotSignedIn
    session = await desk.staff.session(token)
    if request.method not in _READS:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode("utf-8", "replace"), desk.staff.csrf(token).encode()) or is_cross_site(desk.origin, request):
            raise CsrfMissing
    return session


def session_cookie(request: Request) -> str:
    """Return the name of the session's cookie: over HTTPS bound to this very host (`__Host-`), which plain HTTP does not allow."""
    return f"__Host-{_COOKIE}" if request.url.scheme == "https" else _COOKIE


def session_token(request: Request) -> str:
    """Return the session's token that a request carries, '' where none."""
    return request.cookies.get(session_cookie(request), "")


def declared(route: RouteContext) -> list[Access]:
    """Return what *route* says of who may call it."""
    dependant = getattr(route, "dependant", None)
    return list(_accesses(dependant)) if isinstance(dependant, Dependant) else []


def refuse_undeclared(routes: Sequence[BaseRoute]) -> None:
    """Raise `RouteUndeclared` for the first of *routes*, those inside routers too, that does not say who may call it."""
    for route in iter_route_contexts(routes):
        if not declared(route) and route.path not in _SPEAKS_FOR_ITSELF:
            raise RouteUndeclared(route=route.path or repr(route.original_route))


def _accesses(dependant: Dependant) -> Iterator[Access]:
    for each in dependant.dependencies:
        if isinstance(each.call, Access):
            yield each.call
        yield from _accesses(each)
