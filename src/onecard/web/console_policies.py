"""C11, the rules of the city: which are in force, what each says, how it came about, and what waits."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import PlainTextResponse, Response

from onecard.app.draft_desk import StaffDrafts
from onecard.app.release_desk import StaffReleases
from onecard.policy.clauses import clauses_of
from onecard.staff.errors import NotThere
from onecard.web.console_access import Visiting
from onecard.web.console_frame import Console, Visit, console_page
from onecard.web.console_policies_view import PATH, policies_view, policy_view
from onecard.web.console_route import console_route
from onecard.web.rendering import PAGE_HEADERS

__all__ = ["policy_page_routes"]

_VERSION_MAX: Final = 1_000_000


def policy_page_routes(console: Console) -> APIRouter:
    """Return the routes of the list and of one programme."""
    router = APIRouter(route_class=console_route(console))
    lists, reads = Visiting(console, "policy.read"), Visiting(console, "policy.read", anywhere=False)
    work, names = console.desk.work, console.app.city.lists
    releases, drafts = StaffReleases(work=work, lists=names), StaffDrafts(work=work, lists=names)

    @router.get(PATH)
    async def listed(visit: Annotated[Visit, Depends(lists)]) -> Response:
        found, waiting = await releases.listed(visit.acting), await drafts.waiting(visit.acting)
        return console_page(console, visit, "policies.html", policies_view(visit.t, visit.acting, found, waiting))

    @router.get(f"{PATH}/{{programme}}")
    async def one(
        programme: str, visit: Annotated[Visit, Depends(reads)], version: Annotated[int, Query(ge=0, le=_VERSION_MAX)] = 0,
        source: Annotated[str, Query(max_length=1)] = "",
    ) -> Response:  # fmt: skip
        told = await releases.history(visit.acting, programme)
        number = version or told["in_force"] or told["history"][0]["version"]
        if number not in {each["version"] for each in told["history"]}:
            raise NotThere
        text: str = (await releases.document(visit.acting, programme, number))["source"]
        if source:
            return PlainTextResponse(text, headers=PAGE_HEADERS)
        waiting = [each for each in await drafts.waiting(visit.acting) if each.programme == told["programme"]]
        clauses = clauses_of(text.encode(), names)
        return console_page(console, visit, "policy.html", policy_view(visit.t, visit.acting, told, number, clauses, waiting))

    return router
