"""C2, who or what is this: one box for a person, a card, a use, a device or a site.

What is typed never stands in an address: it is sent, and answered at once. It may be anybody's number, however it was typed;
an address is kept by browsers, proxies and logs. Hits lead on by names that mean nothing outside.
"""

from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.responses import Response

from onecard.app.staff_finding import FOUND_MAX
from onecard.app.staff_search import Found
from onecard.terminals.search import FoundSite
from onecard.values.days import civil
from onecard.web.console_access import Visiting
from onecard.web.console_cockpit_view import HOME
from onecard.web.console_desk_view import PATH as DESK
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, console_page, redirect, region_name
from onecard.web.console_records_view import PATH as RECORDS
from onecard.web.console_route import console_route
from onecard.web.console_table import address
from onecard.web.words import named

__all__ = ["search_routes"]

TEXT_MAX: Final = 64

_OF_PERSONS: Final = frozenset({"id", "card", "chip"})


def search_routes(console: Console) -> APIRouter:
    """Return the routes of the search."""
    router = APIRouter(route_class=console_route(console))
    signed_in = Visiting(console)

    @router.post(HOME)
    async def search(visit: Annotated[Visit, Depends(signed_in)]) -> Response:
        text = form_fields(visit.form, ("q",))["q"][:TEXT_MAX]
        if not text:
            return redirect(HOME)
        return await _results(console, visit, text)

    return router


async def _results(console: Console, visit: Visit, text: str) -> Response:
    found = await console.search.found(visit.acting, text)
    shown = "" if _OF_PERSONS & set(found.kinds) else text
    return console_page(console, visit, "search.html", {**_hits(console, visit, found), "asked": shown})


def _hits(console: Console, visit: Visit, found: Found) -> dict[str, Any]:
    t = visit.t
    groups = [
        ("residents", [_resident(console, visit, each) for each in found.residents]),
        ("uses", [{"href": f"{RECORDS}/{found.use}", "first": found.use, "second": t("console.search.use")}] if found.use else []),
        ("terminals", [_site(console, visit, each) for each in found.terminals]),
        ("sites", [_site(console, visit, each) for each in found.sites]),
    ]
    return {
        "title": t("console.search.found", count=found.count) if found.count else t("console.search.nothing"),
        "lead": t("console.search.more", most=FOUND_MAX) if found.more else "",
        "groups": [(t(f"console.search.{name}"), hits) for name, hits in groups if hits],
        "empty": "" if found.count else t(f"console.search.nothing_{found.kinds[0] if found.kinds else 'short'}"),
    }


def _resident(console: Console, visit: Visit, told: dict[str, Any]) -> dict[str, str]:
    """Return a resident as a hit: masked, with his cards' ends; leads to where the role may go on."""
    t, lang = visit.t, visit.lang
    cards = t("console.frame.and").join(f"{card['card']} {card['social']['say'][lang]}" for card in told["cards"])
    where = region_name(console, told["region"], lang)
    second = " · ".join(part for part in (told["number"], where, cards or t("console.search.no_card")) if part)
    return {"href": _way(console, visit, told["resident"]), "first": told["name"] or "—", "second": second}


def _way(console: Console, visit: Visit, resident: str) -> str:
    """Return where a resident opens: the desk, else his records, else nowhere."""
    if visit.acting.may("residents.read"):
        return f"{DESK}/{resident}"
    if visit.acting.may("uses.read"):
        today = civil(console.now()).date()
        return address(RECORDS, {"from": today.replace(day=1).isoformat(), "until": today.isoformat()}, resident=resident)
    return ""


def _site(console: Console, visit: Visit, found: FoundSite) -> dict[str, str]:
    lang = visit.lang
    name = found.name_en if lang == "en" else found.name_zh
    where = f"{region_name(console, found.region, lang)} · {named(found.kind, console.words, lang)}"
    kind, key = ("terminal", found.terminal) if found.terminal else ("site", found.site)
    seen = visit.acting.may_at("sites.read", region=found.region, scene=found.scene)
    href = f"/console/{kind}s/{quote(key, safe='')}" if seen else address(RECORDS, {kind: key})
    return {"href": href, "first": found.terminal or name, "second": f"{name} · {where}" if found.terminal else where}
