"""C4, why did this happen: the answer, each condition, the money, the rule and the day around it, on one sheet for staff."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends
from starlette.responses import Response

from onecard.values.days import civil
from onecard.web.console_access import Visiting
from onecard.web.console_desk_view import PATH as DESK
from onecard.web.console_frame import Console, Visit, console_page
from onecard.web.console_records_view import PATH
from onecard.web.console_route import console_route
from onecard.web.console_table import address
from onecard.web.explanation_view import explanation_view

__all__ = ["explanation_routes"]


def explanation_routes(console: Console) -> APIRouter:
    """Return the routes of explanations."""
    router = APIRouter(route_class=console_route(console))
    explains = Visiting(console, "uses.explain", anywhere=False)

    @router.get(f"{PATH}/{{use}}")
    async def explanation(use: str, visit: Annotated[Visit, Depends(explains)]) -> Response:
        told = await console.uses.explained(visit.acting, use)
        view = explanation_view(told, console.words, visit.lang, lambda other: f"{PATH}/{quote(other)}")
        printed = visit.t("console.explanation.printed", name=visit.acting.name, at=f"{civil(console.now()):%Y-%m-%d %H:%M}")
        more = {"around": _around(told, visit), "printed": printed}
        return console_page(console, visit, "explanation.html", {**view, **more})

    return router


def _around(told: dict[str, Any], visit: Visit) -> list[tuple[str, str]]:
    """Return where one may go on from here, for who may: (address, word)."""
    t, acting, resident = visit.t, visit.acting, told["resident"]
    shown = []
    if resident is not None and acting.may("residents.read"):
        shown.append((f"{DESK}/{resident}", t("console.explanation.resident")))
    if resident is not None and acting.may("uses.read"):
        month = {"from": f"{told['day'][:8]}01", "until": told["day"]}
        shown.append((address(PATH, month, resident=resident), t("console.explanation.resident_month")))
    if acting.may("uses.read"):
        day = {"from": told["day"], "until": told["day"]}
        shown.append((address(PATH, day, terminal=told["terminal"]), t("console.explanation.terminal_day")))
    return shown
