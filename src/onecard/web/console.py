"""The console of the staff under `/console`: each page in a file of its own, all in one frame."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends

from onecard.app.application import App
from onecard.staff.errors import NotThere
from onecard.web.console_access import Visiting
from onecard.web.console_approvals import approval_routes
from onecard.web.console_audit import audit_routes
from onecard.web.console_bulletin import bulletin_routes
from onecard.web.console_cockpit import cockpit_routes
from onecard.web.console_correction import correction_routes
from onecard.web.console_desk import desk_routes
from onecard.web.console_drafts import draft_routes
from onecard.web.console_explanation import explanation_routes
from onecard.web.console_filters import filter_routes
from onecard.web.console_frame import Console, Visit, console_of
from onecard.web.console_me import me_routes
from onecard.web.console_new_card import new_card_routes
from onecard.web.console_policies import policy_page_routes
from onecard.web.console_proposals import proposal_routes
from onecard.web.console_records import record_routes
from onecard.web.console_route import console_route
from onecard.web.console_search import search_routes
from onecard.web.console_sign_in import sign_in_routes
from onecard.web.console_sites import site_routes
from onecard.web.console_training import training_routes
from onecard.web.console_whole import whole_routes

__all__ = ["console_routes"]

_PAGES: Final = (
    sign_in_routes, cockpit_routes, bulletin_routes, search_routes, record_routes, explanation_routes, me_routes, approval_routes,
    new_card_routes, desk_routes, correction_routes, whole_routes, site_routes, policy_page_routes, draft_routes, proposal_routes,
    audit_routes, training_routes, filter_routes,
)  # fmt: skip
"""Every page of the console brings its routes."""


def console_routes(app: App) -> APIRouter:
    """Return the routes of `/console`. What is under no address there is told so on a page, to who is signed in."""
    console = console_of(app)
    router = APIRouter(include_in_schema=False)
    for routes in _PAGES:
        router.include_router(routes(console))
    router.include_router(_nowhere(console))
    return router


def _nowhere(console: Console) -> APIRouter:
    router = APIRouter(route_class=console_route(console))
    signed_in = Visiting(console)

    @router.get("/console/{rest:path}")
    async def nowhere(rest: str, _: Annotated[Visit, Depends(signed_in)]) -> None:
        raise NotThere

    return router
