"""The frame around every page of the console: who is signed in, where he may go, how he likes it; and a page as an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from onecard.app.application import App
from onecard.app.region_names import region_names
from onecard.app.search_text import region_words
from onecard.app.staff_desk import StaffDesk
from onecard.app.staff_search import StaffSearch
from onecard.app.staff_uses import StaffUses
from onecard.staff.model import Acting
from onecard.staff.roles import Roles
from onecard.staff.sessions import Session
from onecard.web.console_nav import nav_view
from onecard.web.console_settings import COOKIE, ConsoleSettings, read_settings
from onecard.web.rendering import PAGE_HEADERS, page
from onecard.web.words import Catalogue, CityWords, catalogue, named

__all__ = [
    "Console", "Visit", "console_of", "console_page", "find_settings", "keep_settings", "redirect", "region_name", "role_names",
]  # fmt: skip

_YEAR_SECONDS: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """What every page of the console is given."""

    app: App
    uses: StaffUses
    search: StaffSearch
    regions: CityWords = field(default_factory=dict)  # GB/T 2260 code → its name in zh and en.

    @property
    def desk(self) -> StaffDesk:
        """What staff work with."""
        return self.app.desk

    @property
    def roles(self) -> Roles:
        """The city's roles."""
        return self.app.desk.staff.roles

    @property
    def words(self) -> CityWords:
        """The city's own names by code."""
        return self.app.words

    def now(self) -> datetime:
        """Return the home's instant."""
        return self.app.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody who signed in. `form` is what a write sent."""

    session: Session
    settings: ConsoleSettings
    csrf: str
    path: str
    query: str
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def acting(self) -> Acting:
        """Who acts."""
        return self.session.acting

    @property
    def lang(self) -> str:
        """The language of the page."""
        return self.settings.lang

    @property
    def t(self) -> Catalogue:
        """The words of the page."""
        return catalogue(self.settings.lang)


def console_of(app: App) -> Console:
    """Return the console of *app*."""
    uses = StaffUses(work=app.desk.work, uses=app.uses, masters=app.masters, keyring=app.keyring)
    regions = region_names(app.folder)
    search = StaffSearch(work=app.desk.work, residents=app.desk.residents, regions=region_words(regions))
    return Console(app=app, uses=uses, search=search, regions=regions)


def console_page(
    console: Console, visit: Visit | None, template: str, view: Mapping[str, Any], *, settings: ConsoleSettings | None = None,
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    """Return *template* (in `templates/console/`) in the console's frame. Without a *visit* it is a page before signing in.

    The navigation holds what the role opens. Whoever shows a person here has put that on record before (`StaffWork.noted`).
    """
    settings = visit.settings if visit else settings or ConsoleSettings()
    frame = {
        "banner": catalogue(settings.lang)("banner.short", scale=console.app.scale) if console.app.is_demo else "",
        "settings": settings,
        "me": _me(console, visit) if visit else None,
        "nav": nav_view(visit.acting, visit.path) if visit else [],
        "csrf": visit.csrf if visit else "",
        "kept": f"{visit.query}&" if visit and visit.query and status == 200 else "",  # What the language's link leaves as it is.
        "asked": "",
    }
    return page(f"console/{template}", settings.lang, {**frame, **view}, status=status)


def redirect(to: str, **query: str) -> Response:
    """Return an answer that leads to *to* by GET, with *query* where it is not empty."""
    told = urlencode({name: value for name, value in query.items() if value})
    return RedirectResponse(f"{to}?{told}" if told else to, 303, PAGE_HEADERS)


def find_settings(request: Request) -> ConsoleSettings:
    """Return how the browser of a request likes the console."""
    return read_settings(request.cookies.get(COOKIE, ""), request.headers.get("accept-language"))


def keep_settings(answer: Response, request: Request, settings: ConsoleSettings) -> None:
    """Let *answer* hand the browser its settings; no script reads them."""
    secure = request.url.scheme == "https"
    answer.set_cookie(
        COOKIE, settings.text(), max_age=_YEAR_SECONDS, path="/console", secure=secure, httponly=True, samesite="strict"
    )  # fmt: skip


def region_name(console: Console, region: str, lang: str) -> str:
    """Return what a region is called; its code where nobody named it."""
    return named(region, console.regions, lang)


def role_names(console: Console, acting: Acting, lang: str) -> list[str]:
    """Return the names of somebody's roles."""
    known = console.roles.by_name
    return [(known[role].en if lang == "en" else known[role].zh) if role in known else role for role in acting.roles]


def _me(console: Console, visit: Visit) -> dict[str, Any]:
    acting, lang = visit.acting, visit.lang
    regions = sorted({right.scope.region for right in acting.rights if right.scope.region})
    return {
        "name": acting.name, "account": acting.account, "for": acting.as_person, "roles": role_names(console, acting, lang),
        "regions": [region_name(console, region, lang) for region in regions],
    }  # fmt: skip
