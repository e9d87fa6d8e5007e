"""C6, which sites are not live and what is missing; how devices do, and what proves that there are two of one."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from onecard.staff.errors import NotAllowed, NotThere
from onecard.terminals.model import SITE_STATES, SiteState
from onecard.terminals.overview import NEEDS, Need
from onecard.values.days import civil
from onecard.values.error import OnecardError
from onecard.values.masked import holds_number
from onecard.web.console_access import Visiting
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, console_page, redirect
from onecard.web.console_paging import place_of
from onecard.web.console_route import console_route
from onecard.web.console_sites_view import LATE, NOT_LIVE, PATH, pipeline_view, site_view
from onecard.web.console_terminals_view import ALARMS, alarms_view, device_view, devices_view
from onecard.web.console_terminals_view import PATH as TERMINALS

__all__ = ["site_routes"]

REASON_MAX: Final = 200

Short = Annotated[str, Query(max_length=40)]


def site_routes(console: Console) -> APIRouter:
    """Return the routes of sites, devices and alarms."""
    router = APIRouter(route_class=console_route(console))
    lists = Visiting(console, "sites.read")
    reads = Visiting(console, "sites.read", anywhere=False)
    moves = Visiting(console, "sites.move", anywhere=False)
    settles = Visiting(console, "terminals.bind", anywhere=False)
    sites = console.desk.sites

    @router.get(PATH)
    async def pipeline(
        visit: Annotated[Visit, Depends(lists)], state: Short = NOT_LIVE, kind: Short = "", region: Short = "", after: str = ""
    ) -> Response:
        query = {"state": state, "kind": kind, "region": region}
        begins = place_of(after, str)[0] if after else ""
        told = await sites.pipeline(visit.acting, kind=kind, region=region, states=_states(state), late=state == LATE, after=begins)
        return console_page(console, visit, "sites.html", pipeline_view(console, visit.acting, visit.t, told, query, after))

    @router.get(f"{PATH}/{{site}}")
    async def one(site: str, visit: Annotated[Visit, Depends(reads)]) -> Response:
        return await _site_page(console, visit, site)

    @router.post(f"{PATH}/{{site}}")
    async def move(site: str, visit: Annotated[Visit, Depends(moves)]) -> Response:
        told = form_fields(visit.form, ("to", "on", "reason"))
        errors = _wrong_move(visit, told)
        if not errors:
            try:
                await sites.move(visit.acting, site, cast(SiteState, told["to"]), date.fromisoformat(told["on"]), told["reason"])
            except (NotThere, NotAllowed):
                raise
            except OnecardError as mistake:
                errors = [("to", mistake.said_en if visit.lang == "en" else mistake.said_zh)]
        if errors:
            return await _site_page(console, visit, site, values=told, errors=errors)
        return redirect(f"{PATH}/{site}")

    @router.get(TERMINALS)
    async def devices(
        visit: Annotated[Visit, Depends(lists)], need: Short = "", kind: Short = "", region: Short = "", after: str = ""
    ) -> Response:
        asked: Need = need if need in NEEDS else ""
        begins = place_of(after, str)[0] if after else ""
        told = await sites.devices(visit.acting, kind=kind, region=region, need=asked, after=begins)
        query = {"need": asked, "kind": kind, "region": region}
        return console_page(console, visit, "terminals.html", devices_view(console, visit.acting, visit.t, told, query, after))

    @router.get(f"{TERMINALS}/{{terminal}}")
    async def device(terminal: str, visit: Annotated[Visit, Depends(reads)]) -> Response:
        return await _device_page(console, visit, terminal)

    @router.post(f"{TERMINALS}/{{terminal}}")
    async def settle(terminal: str, visit: Annotated[Visit, Depends(settles)]) -> Response:
        reason = " ".join(form_fields(visit.form, ("reason",))["reason"].split())
        wrong = _wrong_reason(visit, reason)
        if wrong:
            return await _device_page(console, visit, terminal, reason=reason, errors=wrong)
        await sites.settle(visit.acting, terminal, reason)
        return redirect(f"{TERMINALS}/{terminal}")

    @router.get(ALARMS)
    async def alarms(visit: Annotated[Visit, Depends(lists)], settled: Short = "") -> Response:
        found = await sites.alarms(visit.acting, settled=bool(settled))
        return console_page(console, visit, "alarms.html", alarms_view(console, visit.t, found, bool(settled)))

    return router


async def _site_page(
    console: Console, visit: Visit, name: str, *, values: dict[str, str] | None = None, errors: Sequence[tuple[str, str]] = ()
) -> Response:  # fmt: skip
    told = await console.desk.sites.site(visit.acting, name)
    today = civil(console.now()).date()
    view: dict[str, Any] = site_view(console, visit.acting, visit.t, told, today, values=values, errors=errors)
    return console_page(console, visit, "site.html", view, status=422 if errors else 200)


async def _device_page(
    console: Console, visit: Visit, name: str, *, reason: str = "", errors: Sequence[tuple[str, str]] = ()
) -> Response:  # fmt: skip
    told = await console.desk.sites.device(visit.acting, name)
    view = device_view(console, visit.acting, visit.t, told, reason=reason, errors=errors)
    return console_page(console, visit, "device.html", view, status=422 if errors else 200)


def _states(state: str) -> Sequence[SiteState]:
    if state in SITE_STATES:
        return (state,)
    return () if state == "any" else [each for each in SITE_STATES if each != "live"]


def _wrong_move(visit: Visit, told: dict[str, str]) -> list[tuple[str, str]]:
    wrong = []
    if told["to"] not in SITE_STATES:
        wrong.append(("to", visit.t("console.sites.to_missing")))
    try:
        date.fromisoformat(told["on"])
    except ValueError:
        wrong.append(("on", visit.t("console.sites.on_wrong")))
    return wrong + _wrong_reason(visit, told["reason"])


def _wrong_reason(visit: Visit, reason: str) -> list[tuple[str, str]]:
    if not reason:
        return [("reason", visit.t("console.desk.reason_missing"))]
    if len(reason) > REASON_MAX or not reason.isprintable() or holds_number(reason):
        return [("reason", visit.t("console.desk.reason_long"))]
    return []
