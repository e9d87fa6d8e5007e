"""C1, is today normal, and what needs me: the first page after signing in."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from onecard.app.cockpit import CockpitDesk
from onecard.web.console_access import Visiting
from onecard.web.console_cockpit_view import HOME, cockpit_view
from onecard.web.console_frame import Console, Visit, console_page
from onecard.web.console_route import console_route

__all__ = ["cockpit_routes"]


def cockpit_routes(console: Console) -> APIRouter:
    """Return the route of the cockpit: whoever signed in sees what his role may see, and may be nothing but where to go."""
    router = APIRouter(route_class=console_route(console))
    signed_in = Visiting(console)
    desk = CockpitDesk(work=console.desk.work, uses=console.uses, sites=console.desk.sites)

    @router.get(HOME)
    async def cockpit(visit: Annotated[Visit, Depends(signed_in)]) -> Response:
        seen = await desk.seen(visit.acting)
        return console_page(console, visit, "cockpit.html", cockpit_view(console, visit, seen))

    return router
