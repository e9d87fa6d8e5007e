"""C13, who saw or changed what, and is the log whole: a filter that is an address, each entry held to its leaf, the head to take along."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from onecard.app.staff_audit import StaffAudit
from onecard.audit.reading import Place
from onecard.staff.errors import NotThere
from onecard.web.console_access import Visiting
from onecard.web.console_audit_view import FIELDS, PATH, HeadDrawn, audit_export, audit_view, read_audit_filter
from onecard.web.console_export import Form, export_response
from onecard.web.console_frame import Console, Visit, console_page
from onecard.web.console_paging import moment_of
from onecard.web.console_route import console_route
from onecard.web.console_table import PAGE_ROWS
from onecard.web.known_queries import QueryNames
from onecard.web.rendering import PAGE_HEADERS

__all__ = ["audit_routes"]


def audit_routes(console: Console) -> APIRouter:
    """Return the routes of the audit: the page, the same as a file, the head as a file."""
    router = APIRouter(route_class=console_route(console))
    reads, exports = Visiting(console, "audit.read"), Visiting(console, "audit.export")
    drawn = HeadDrawn()
    audit = StaffAudit(work=console.desk.work, keys=lambda: console.app.log.keys)

    @router.get(PATH, dependencies=[Depends(QueryNames(*FIELDS))])
    async def page(request: Request, visit: Annotated[Visit, Depends(reads)], after: str = "") -> Response:
        asked = read_audit_filter(request.query_params, visit.t)
        told = None if asked.errors else await audit.page(visit.acting, asked.asked, after=_place(after), most=PAGE_ROWS + 1)
        view = audit_view(console, visit.acting, visit.t, asked, told, after, drawn)
        return console_page(console, visit, "audit.html", view, status=422 if asked.errors else 200)

    @router.get(f"{PATH}.{{form}}", dependencies=[Depends(QueryNames(*FIELDS))])
    async def file(form: Form, request: Request, visit: Annotated[Visit, Depends(exports)]) -> Response:
        asked = read_audit_filter(request.query_params, visit.t)
        if asked.errors:
            view = audit_view(console, visit.acting, visit.t, asked, None, "", drawn)
            return console_page(console, visit, "audit.html", view, status=422)
        found = await audit.export(visit.acting, asked.asked)
        return await export_response(audit_export(console, visit.acting, visit.t, asked, found), form)

    @router.get(f"{PATH}/head")
    async def head(visit: Annotated[Visit, Depends(reads)]) -> Response:
        shown = await audit.head(visit.acting)
        if shown is None:
            raise NotThere
        told = {**PAGE_HEADERS, "Content-Disposition": f'attachment; filename="{shown.signed.head.size}.head"'}
        return Response(shown.signed.note, headers=told, media_type="text/plain; charset=utf-8")

    return router


def _place(after: str) -> Place | None:
    if not after:
        return None
    at, entry = moment_of(after)
    return Place(at=at, entry=entry)
