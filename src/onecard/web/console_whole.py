"""A person's whole number: asked for with a purpose, counted by the hour, beyond that by a second person; shown once, kept nowhere."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from onecard.staff.errors import ApprovalNeeded, NotAllowed
from onecard.values.masked import holds_number
from onecard.web.approvals import uuid_of
from onecard.web.console_access import Visiting
from onecard.web.console_approvals_view import PATH as APPROVALS
from onecard.web.console_desk_view import PATH
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, console_page, redirect
from onecard.web.console_route import console_route
from onecard.web.console_table import Field
from onecard.web.console_words import person_name

__all__ = ["whole_routes"]

_PURPOSE_MAX: Final = 200
_FIELDS: Final = ("purpose", "approval")


def whole_routes(console: Console) -> APIRouter:
    """Return the routes of the page with a whole number."""
    router = APIRouter(route_class=console_route(console))
    may = Visiting(console, "residents.full-id", anywhere=False)

    @router.get(f"{PATH}/{{resident}}/whole")
    async def ask(resident: str, visit: Annotated[Visit, Depends(may)], approval: Annotated[str, Query(max_length=36)] = "") -> Response:
        return console_page(console, visit, "whole.html", await _view(console, visit, resident, approval=approval))

    @router.post(f"{PATH}/{{resident}}/whole")
    async def show(resident: str, visit: Annotated[Visit, Depends(may)]) -> Response:
        told = form_fields(visit.form, _FIELDS)
        purpose, error = " ".join(told["purpose"].split()), ""
        if not purpose or len(purpose) > _PURPOSE_MAX or not purpose.isprintable() or holds_number(purpose):
            error = visit.t("console.whole.purpose_missing")
            view = await _view(console, visit, resident, error=error, approval=told["approval"], purpose=purpose)
            return console_page(console, visit, "whole.html", view, status=422)
        approval = uuid_of(told["approval"]) if told["approval"] else None
        try:
            shown = await console.desk.residents.whole(visit.acting.because(purpose), resident, approval)
        except ApprovalNeeded as needed:
            error = needed.said_en if visit.lang == "en" else needed.said_zh
            view = await _view(console, visit, resident, error=error, purpose=purpose)
            return console_page(console, visit, "whole.html", view, status=needed.http_status)
        if "approval" in shown:
            return redirect(f"{APPROVALS}/{shown['approval']}")
        return console_page(console, visit, "whole.html", await _view(console, visit, resident, shown=shown, purpose=purpose))

    return router


async def _view(
    console: Console, visit: Visit, resident: str, *, error: str = "", approval: str = "", purpose: str = "",
    shown: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    t = visit.t
    person = await console.desk.issuing.person(visit.acting.because(purpose), resident, "residents.read")
    if not visit.acting.may_at("residents.full-id", region=person.region):
        raise NotAllowed(region=person.region)
    return {
        "title": t("console.whole.title", person=person_name(person.identity, t)), "back": f"{PATH}/{person.subject}",
        "person": person_name(person.identity, t), "path": f"{PATH}/{person.subject}/whole", "approval": approval, "shown": shown,
        "lead": t("console.whole.lead", most=console.roles.full_ids_per_hour),
        "field": Field(
            name="purpose", label=t("console.whole.purpose"), hint=t("console.whole.purpose_hint"), value=purpose, error=error,
            required=True, most=_PURPOSE_MAX,
        ),
        "errors": [("purpose", error)] if error else [],
    }  # fmt: skip
