"""C12, what do we publish as of this day: the text to copy and print, every figure beside the last issue, and what each is counted from."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from onecard.app.bulletin_desk import BulletinDesk, DayNotCome
from onecard.values.days import civil
from onecard.web.console_access import Visiting
from onecard.web.console_bulletin_view import PATH, figure_view, issue_view
from onecard.web.console_frame import Console, Visit, console_page
from onecard.web.console_route import console_route
from onecard.web.wire import BodyMalformed

__all__ = ["bulletin_routes"]

_FIRST_DAY: Final = date(2000, 1, 1)
_TEXT_MAX: Final = 10

Day = Annotated[str, Query(max_length=40)]


def bulletin_routes(console: Console) -> APIRouter:
    """Return the routes of the bulletin and of its figures."""
    router = APIRouter(route_class=console_route(console))
    reads = Visiting(console, "reports.read")
    desk = BulletinDesk(work=console.desk.work, bulletin=console.app.bulletin)

    @router.get(PATH)
    async def issue(visit: Annotated[Visit, Depends(reads)], as_of: Day = "") -> Response:
        today, error = civil(console.now()).date(), ""
        try:
            made = await desk.issue(visit.acting, _day(as_of))
        except (BodyMalformed, DayNotCome) as mistake:
            error = mistake.said_en if visit.lang == "en" else mistake.said_zh
            made = await desk.issue(visit.acting)
        view = issue_view(made, today, visit.t, error=error)
        return console_page(console, visit, "bulletin.html", view, status=422 if error else 200)

    @router.get(f"{PATH}/{{key}}")
    async def figure(key: str, visit: Annotated[Visit, Depends(reads)], as_of: Day = "") -> Response:
        told = await desk.figure(visit.acting, key, _day(as_of))
        return console_page(console, visit, "bulletin_figure.html", figure_view(console, visit.acting, told, visit.t))

    return router


def _day(text: str) -> date | None:
    """Return the day that *text* is, None for none. Raises `BodyMalformed`."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = _FIRST_DAY.replace(year=1900)
    if day < _FIRST_DAY or len(text) != _TEXT_MAX:
        raise BodyMalformed(problem_zh="日期应写成 2024-10-31 这样", problem_en="write a day as 2024-10-31", field="as_of")
    return day
