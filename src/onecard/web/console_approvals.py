"""What waits for a second person: the list, one request with its digest and its effect in words, and the decision."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Final, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from onecard.app.staff_issuing import AtDesk
from onecard.staff.approvals import NEWEST
from onecard.staff.errors import DigestChanged, NotAllowed, NotThere, OwnWork
from onecard.staff.model import Request as Waiting
from onecard.staff.permissions import KINDS
from onecard.values.error import OnecardError
from onecard.values.masked import holds_number
from onecard.web.approvals import uuid_of
from onecard.web.console_access import Visiting
from onecard.web.console_approvals_view import PATH, STATES, approval_view, approvals_view
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, console_page, redirect
from onecard.web.console_paging import moment_of
from onecard.web.console_route import console_route
from onecard.web.console_table import PAGE_ROWS
from onecard.web.wire import BodyMalformed

__all__ = ["approval_routes"]

_FIELDS: Final = ("decision", "digest", "reason")
_REASON_MAX: Final = 200
_DIGEST_HEX: Final = 64


def approval_routes(console: Console) -> APIRouter:
    """Return the routes of the second person's pages."""
    router = APIRouter(route_class=console_route(console))
    lists = Visiting(console, "approvals.read")
    reads = Visiting(console, "approvals.read", anywhere=False)

    @router.get(PATH)
    async def listed(
        visit: Annotated[Visit, Depends(lists)], state: Annotated[str, Query(max_length=20)] = "waiting",
        kind: Annotated[str, Query(max_length=40)] = "", after: str = "",
    ) -> Response:  # fmt: skip
        state, kind = state if state in STATES else "", kind if kind in KINDS else ""
        found = await console.desk.approvals.listed(visit.acting, state=state, kind=kind, after=_before(after), most=PAGE_ROWS + 1)
        view = approvals_view(console, visit.acting, visit.t, found, state=state, kind=kind, after=after)
        return console_page(console, visit, "approvals.html", view)

    @router.get(f"{PATH}/{{approval}}")
    async def one(approval: str, visit: Annotated[Visit, Depends(reads)]) -> Response:
        return await _page(console, visit, uuid_of(approval))

    @router.post(f"{PATH}/{{approval}}")
    async def decide(approval: str, visit: Annotated[Visit, Depends(reads)]) -> Response:
        told, name = form_fields(visit.form, _FIELDS), uuid_of(approval)
        told["reason"] = " ".join(told["reason"].split())
        errors = _wrong(told, visit)
        if not errors:
            try:
                decision = cast(Literal["approve", "refuse"], told["decision"])
                await console.desk.approvals.decide(visit.acting, name, bytes.fromhex(told["digest"]), decision, told["reason"])
            except (NotThere, NotAllowed, OwnWork):
                raise
            except OnecardError as mistake:
                if mistake.http_status != DigestChanged.http_status:
                    raise
                errors = [("", mistake.said_en if visit.lang == "en" else mistake.said_zh)]
        if errors:
            return await _page(console, visit, name, errors=errors, reason=told["reason"])
        return redirect(f"{PATH}/{name}")

    return router


async def _page(
    console: Console, visit: Visit, name: UUID, *, errors: Sequence[tuple[str, str]] = (), reason: str = ""
) -> Response:  # fmt: skip
    request = await console.desk.approvals.one(visit.acting, name)
    person = await _person(console, visit, request)
    view = approval_view(console, visit.acting, visit.t, request, person, errors=errors, reason=reason)
    return console_page(console, visit, "approval.html", view, status=422 if errors else 200)


async def _person(console: Console, visit: Visit, request: Waiting) -> AtDesk | None:
    """Return whom it is about, masked, for who may look at people there: he decides about what he sees, not about a number."""
    if request.subject is None or not visit.acting.may_at("residents.read", region=request.region):
        return None
    with suppress(NotThere):  # Moved to another county meanwhile, or erased.
        return await console.desk.issuing.person(visit.acting.because(request.reason), str(request.subject), "residents.read")
    return None


def _wrong(told: dict[str, str], visit: Visit) -> list[tuple[str, str]]:
    if told["decision"] not in ("approve", "refuse") or len(told["digest"]) != _DIGEST_HEX or not _is_hex(told["digest"]):
        raise BodyMalformed(problem_zh="decision 或 digest 有误", problem_en="decision or digest is wrong", field="decision")
    if told["decision"] == "refuse" and not told["reason"]:
        return [("reason", visit.t("console.approvals.reason_missing"))]
    if len(told["reason"]) > _REASON_MAX or not told["reason"].isprintable() or holds_number(told["reason"]):
        return [("reason", visit.t("console.approvals.reason_long"))]
    return []


def _is_hex(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text)


def _before(after: str) -> tuple[datetime, UUID]:
    return moment_of(after) if after else NEWEST
