"""The pages a browser opens: the public bulletin, the demo's terminal, and why one use came out as it did."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from onecard.reports.model import Bulletin
from onecard.web.assets import asset
from onecard.web.bulletin_csv import bulletin_csv
from onecard.web.bulletin_view import bulletin_view
from onecard.web.explanation_view import explanation_view
from onecard.web.loopback import is_loopback
from onecard.web.rendering import PAGE_HEADERS, TERMINAL_HEADERS, page
from onecard.web.terminal_view import choice_view, device_state, device_view, find_terminal, tap_state, terminal_name, terminal_view
from onecard.web.words import CityWords, catalogue, pick_language
from onecard.web.worker import manifest, worker_script

__all__ = ["PagesApp", "pages"]

Lang = Annotated[str | None, Query()]
AsOf = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
_USE_LENGTH_MAX = 200


class PagesApp(Protocol):
    """What the pages ask of the application."""

    @property
    def is_demo(self) -> bool:
        """Whether this home is a demo: only there the cast is shown."""

    @property
    def scale(self) -> int:
        """The demo's scale, 1:N; 1 for a real city."""

    @property
    def words(self) -> CityWords:
        """The city's own names by code: services, funds."""

    def now(self) -> datetime:
        """The city's clock, aware."""

    def cast(self) -> Mapping[str, Any]:
        """The named people and terminals of the demo (SURFACES §4)."""

    async def bulletin(self, as_of: date | None = None) -> Bulletin:
        """The bulletin of a day, from the records; without one that of the city's bulletin day (SURFACES §2)."""

    async def explain(self, use: str) -> Mapping[str, Any] | None:
        """The explanation of a use (SURFACES §2), with occurred_at, terminal, site, service, person and same_day beside it."""

    async def last_seq(self, terminal: str) -> int:
        """The highest seq this terminal has on record; 0 where it has none."""


def pages(app: PagesApp) -> APIRouter:
    """Return the routes of all pages, and of the files they load."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    router.include_router(_public(app))
    router.include_router(_device(app))
    router.include_router(_terminal(app))
    router.include_router(_records(app))
    return router


def _public(app: PagesApp) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    async def bulletin_page(request: Request, lang: Lang = None, as_of: AsOf = None) -> Response:
        language = _language(request, lang)
        view = bulletin_view(await app.bulletin(as_of), language)
        return page("bulletin.html", language, {**view, "terminal_link": _may_see_cast(app, request)})

    @router.get("/bulletin.json")
    async def bulletin_json(as_of: AsOf = None) -> Response:
        return JSONResponse((await app.bulletin(as_of)).to_json())

    @router.get("/bulletin.csv")
    async def bulletin_table(request: Request, lang: Lang = None, as_of: AsOf = None) -> Response:
        bulletin = await app.bulletin(as_of)
        name = f"onecard-bulletin-{bulletin.as_of}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(bulletin_csv(bulletin, _language(request, lang)), media_type="text/csv; charset=utf-8", headers=headers)

    @router.get("/static/{name:path}")
    async def static_file(name: str) -> Response:
        found = asset(name)
        if found is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff", "ETag": f'"{found.digest}"'}
        return Response(found.content, media_type=found.media, headers=headers)

    return router


def _terminal(app: PagesApp) -> APIRouter:
    router = APIRouter()

    @router.get("/terminal")
    async def choose_terminal(request: Request, lang: Lang = None) -> Response:
        language = _language(request, lang)
        if not _may_see_cast(app, request):
            return _missing(app, language)
        return page("terminal_choice.html", language, choice_view(app.cast(), app.words, _banner(app, language), language))

    @router.get("/terminal/{key}")
    async def terminal_page(request: Request, key: str, lang: Lang = None) -> Response:
        language = _language(request, lang)
        terminal = find_terminal(app.cast(), key) if _may_see_cast(app, request) else None
        if terminal is None:
            return _missing(app, language)
        view = terminal_view(app.cast(), terminal, app.words, _banner(app, language, "short"), language)
        return page("terminal.html", language, view, headers=TERMINAL_HEADERS)

    @router.get("/terminal/{key}/state")
    async def terminal_state(request: Request, key: str, lang: Lang = None) -> Response:
        language = _language(request, lang)
        terminal = find_terminal(app.cast(), key) if _may_see_cast(app, request) else None
        if terminal is None:
            return _missing(app, language)
        last_seq = await app.last_seq(terminal["id"])
        state = tap_state(app.cast(), terminal, last_seq=last_seq, now=app.now(), lang=language)
        return JSONResponse(state, headers=PAGE_HEADERS)

    @router.get("/terminal/{key}/app.webmanifest")
    async def terminal_manifest(request: Request, key: str, lang: Lang = None) -> Response:
        language = _language(request, lang)
        terminal = find_terminal(app.cast(), key) if _may_see_cast(app, request) else None
        if terminal is None:
            return _missing(app, language)
        content = manifest(key, terminal_name(terminal, language), language)
        return JSONResponse(content, headers=PAGE_HEADERS, media_type="application/manifest+json")

    @router.get("/sw.js")
    async def worker() -> Response:
        """At the root, so that its scope may be any page; never kept, so that a new one is found at the next visit."""
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'self'"}
        return Response(worker_script(), media_type="text/javascript", headers=headers)

    return router


def _device(app: PagesApp) -> APIRouter:
    """The page of real terminals: served anywhere, for it holds nothing until the device is told its token."""
    router = APIRouter()

    @router.get("/terminal/device")
    async def device_page(request: Request, lang: Lang = None) -> Response:
        language = _language(request, lang)
        return page("terminal.html", language, device_view(language), headers=TERMINAL_HEADERS)

    @router.get("/terminal/device/state")
    async def words(request: Request, lang: Lang = None) -> Response:
        return JSONResponse(device_state(_language(request, lang)), headers=PAGE_HEADERS)

    @router.get("/terminal/device/app.webmanifest")
    async def device_manifest(request: Request, lang: Lang = None) -> Response:
        language = _language(request, lang)
        content = manifest("device", catalogue(language)("terminal.device.name"), language)
        return JSONResponse(content, headers=PAGE_HEADERS, media_type="application/manifest+json")

    return router


def _records(app: PagesApp) -> APIRouter:
    router = APIRouter()

    @router.get("/uses/{use}")
    async def explanation_page(request: Request, use: str, lang: Lang = None) -> Response:
        language = _language(request, lang)
        shown = _may_see_cast(app, request) and len(use) <= _USE_LENGTH_MAX
        explanation = await app.explain(use) if shown else None
        if explanation is None:
            return _missing(app, language)
        view = explanation_view(explanation, app.words, language)
        return page("explanation.html", language, {**view, "banner": _banner(app, language), "terminal_link": True})

    return router


def _missing(app: PagesApp, lang: str) -> HTMLResponse:
    """Answer as if there were nothing: who may not see a record does not learn that it exists."""
    return page("missing.html", lang, {"banner": _banner(app, lang), "terminal_link": False}, status=404)


def _may_see_cast(app: PagesApp, request: Request) -> bool:
    return app.is_demo and is_loopback(request.client.host if request.client else None, request.headers)


def _language(request: Request, asked: str | None) -> str:
    return pick_language(asked, request.headers.get("accept-language"))


def _banner(app: PagesApp, lang: str, length: str = "demo") -> str:
    return catalogue(lang)(f"banner.{length}", scale=app.scale) if app.is_demo else ""
