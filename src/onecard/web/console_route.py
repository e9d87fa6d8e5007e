"""A route of the console: what goes wrong is told on a page; who is not signed in is led to the door and back."""

from collections.abc import Callable, Coroutine
from typing import Any, Final
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from onecard.staff.errors import NotSignedIn
from onecard.values.error import OnecardError
from onecard.web.console_frame import Console, Visit, console_page, find_settings, keep_settings
from onecard.web.problem import problem_headers
from onecard.web.rendering import PAGE_HEADERS
from onecard.web.staff_access import session_token
from onecard.web.wire import BodyMalformed
from onecard.web.words import catalogue

__all__ = ["SIGN_IN", "console_route", "is_inside", "problem_page"]

SIGN_IN: Final = "/console/sign-in"

_PATH_MAX: Final = 1500
_LIKING: Final = ("lang", "theme")


def console_route(console: Console) -> type[APIRoute]:
    """Return the class of the routes of *console*."""

    class ConsoleRoute(APIRoute):
        """Answers with a page, whatever happens."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            """Return the handler, wrapped."""
            inner = super().get_route_handler()

            async def handle(request: Request) -> Response:
                if request.method == "GET" and any(name in request.query_params for name in _LIKING):
                    return _liked(request)
                try:
                    return await inner(request)
                except NotSignedIn:
                    return _to_the_door(request)
                except RequestValidationError:
                    return problem_page(console, request, BodyMalformed(problem_zh="网址有误", problem_en="the address is wrong"))
                except OnecardError as mistake:
                    return problem_page(console, request, mistake)

            return handle

    return ConsoleRoute


def problem_page(console: Console, request: Request, mistake: OnecardError) -> Response:
    """Return what is wrong and what to do next, as a page. What is out of scope answers byte for byte as what is not there."""
    visit: Visit | None = getattr(request.state, "visit", None)
    settings = visit.settings if visit else find_settings(request)
    t = catalogue(settings.lang)
    titled = f"console.problem.{mistake.http_status}"
    view = {
        "title": t(titled if titled in t.messages else "console.problem.other"),
        "said": mistake.said_en if settings.lang == "en" else mistake.said_zh,
        "code": mistake.code,
    }
    answer = console_page(console, visit, "problem.html", view, settings=settings, status=mistake.http_status)
    answer.headers.update(problem_headers(mistake))
    return answer


def is_inside(path: str) -> bool:
    """Tell whether *path* leads to a page of the console, and nowhere else."""
    inside = path.startswith("/console") and path[8:9] in ("", "/", "?")
    climbs = ".." in path.partition("?")[0].lower().replace("%2e", ".")  # A browser goes up by either.
    return inside and not climbs and path.isascii() and path.isprintable() and "\\" not in path and len(path) <= _PATH_MAX


def _to_the_door(request: Request) -> Response:
    """Lead to the sign-in page; after it, back. A write is not sent again: only where it came from is shown again."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = asked if request.method == "GET" and asked != "/console" and is_inside(asked) else ""
    told = {name: value for name, value in (("next", back), ("ended", "1" if session_token(request) else "")) if value}
    door = f"{SIGN_IN}?{urlencode(told)}" if told else SIGN_IN
    if request.headers.get("hx-request") == "true":
        return Response(status_code=401, headers={**PAGE_HEADERS, "HX-Redirect": door})
    return RedirectResponse(door, 303, PAGE_HEADERS)


def _liked(request: Request) -> Response:
    """Keep a language or theme that was picked, and show the same page."""
    settings = find_settings(request).with_told(request.query_params.get("lang", ""), request.query_params.get("theme", ""))
    left = urlencode([(name, value) for name, value in request.query_params.multi_items() if name not in _LIKING])
    answer = RedirectResponse(f"{request.url.path}?{left}" if left else request.url.path, 303, PAGE_HEADERS)
    keep_settings(answer, request, settings)
    return answer
