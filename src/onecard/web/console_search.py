"""C2, who or what is this: one box for a number, a card, a use, a terminal or a site; and the first page after signing in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from onecard.web.console_access import Visiting
from onecard.web.console_frame import Console, Visit, console_page
from onecard.web.console_route import console_route

__all__ = ["search_routes"]


def search_routes(console: Console) -> APIRouter:
    """Return the routes of the search."""
    router = APIRouter(route_class=console_route(console))
    signed_in = Visiting(console)

    @router.get("/console")
    async def search(visit: Annotated[Visit, Depends(signed_in)], q: Annotated[str, Query(max_length=64)] = "") -> Response:
        return console_page(console, visit, "search.html", {"asked": q.strip()})

    return router
