"""C11, what changes if this is released: a draft handed in or made by the form, looked at, and prepared for a second person."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal, cast

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from onecard.app.draft_desk import StaffDrafts
from onecard.app.release_desk import StaffReleases
from onecard.app.simulating import Simulator
from onecard.app.simulation_view import simulation_bytes
from onecard.policy.model import Source
from onecard.releases.draft_edit import Edit, edited
from onecard.releases.drafting import DOCUMENT_BYTES_MAX
from onecard.releases.errors import EditRefused
from onecard.releases.simulated import Simulated
from onecard.staff.errors import NotAllowed, NotThere
from onecard.values.error import OnecardError
from onecard.values.masked import holds_number
from onecard.web.approvals import uuid_of
from onecard.web.console_access import Visiting
from onecard.web.console_draft_view import REASON_MAX, draft_view, waiting_view
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, console_page, redirect
from onecard.web.console_policies_view import DRAFTS
from onecard.web.console_route import console_route
from onecard.web.wire import BodyMalformed

__all__ = ["draft_routes"]

_FORM_BYTES: Final = 4 * DOCUMENT_BYTES_MAX
"""A Chinese letter of three bytes is nine in a form; a document of 64 KB that holds nothing else is none."""

_FIELDS: Final = ("do", "source", "cell", "case", "value", "since", "act", "reason", "simulated")
_DOES: Final = ("check", "edit", "simulate", "propose")

Errors = list[tuple[str, str]]


def draft_routes(console: Console) -> APIRouter:
    """Return the routes of drafts."""
    router, page = APIRouter(route_class=console_route(console)), _Page(console)
    prepares = Visiting(console, "policy.release", form_bytes=_FORM_BYTES)
    decides = Visiting(console, "approvals.read", anywhere=False)

    @router.get(DRAFTS)
    async def begin(visit: Annotated[Visit, Depends(prepares)], programme: Annotated[str, Query(max_length=64)] = "") -> Response:
        source = await page.newest(visit, programme) if programme else ""
        return await page.shown(visit, source, {}, [])

    @router.post(DRAFTS)
    async def go_on(visit: Annotated[Visit, Depends(prepares)]) -> Response:
        told = form_fields(visit.form, _FIELDS)
        if told["do"] not in _DOES:
            raise BodyMalformed(problem_zh="do 有误", problem_en="do is wrong", field="do")
        source = told["source"].replace("\r\n", "\n")  # As a browser sends the lines of a text.
        if told["do"] == "edit":
            return await page.edited(visit, source, told)
        if told["do"] == "propose":
            return await page.proposed(visit, source, told)
        if told["do"] == "simulate":
            return await page.simulated(visit, source, told)
        return await page.shown(visit, source, told, [])

    @router.get(f"{DRAFTS}/{{approval}}")
    async def waiting(approval: str, visit: Annotated[Visit, Depends(decides)]) -> Response:
        request, found = await page.drafts.requested(visit.acting, uuid_of(approval))
        return console_page(console, visit, "draft_waiting.html", waiting_view(visit.t, visit.acting, request, found))

    return router


@dataclass(frozen=True, slots=True)
class _Page:
    """The author's page."""

    console: Console

    @property
    def drafts(self) -> StaffDrafts:
        return StaffDrafts(work=self.console.desk.work, lists=self.console.app.city.lists)

    @property
    def releases(self) -> StaffReleases:
        return StaffReleases(work=self.console.desk.work, lists=self.console.app.city.lists)

    async def newest(self, visit: Visit, programme: str) -> str:
        """Return the newest version's document: who changes another would take back what is to come."""
        told = await self.releases.history(visit.acting, programme)
        source: str = (await self.releases.document(visit.acting, programme, told["history"][0]["version"]))["source"]
        return source

    async def shown(
        self, visit: Visit, source: str, told: dict[str, str], errors: Errors, simulation: Simulated | None = None
    ) -> Response:  # fmt: skip
        found = await self.drafts.review(visit.acting, _document(source)) if source.strip() else None
        view = draft_view(self.console, visit, source, found, told=told, errors=errors, simulation=simulation)
        return console_page(self.console, visit, "draft.html", view, status=422 if errors else 200)

    async def edited(self, visit: Visit, source: str, told: dict[str, str]) -> Response:
        """Make one change by the form, and show what it comes to."""
        try:
            source, told, errors = edited(source, self._edit(visit, told)), {}, []
        except EditRefused as mistake:
            errors = [("value", _said(visit, mistake))]
        return await self.shown(visit, source, told, errors)

    async def simulated(self, visit: Visit, source: str, told: dict[str, str]) -> Response:
        """Show whom the draft would have helped and hurt."""
        try:
            found, errors = await self._simulate(visit, source), []
        except NotAllowed:
            raise
        except OnecardError as mistake:
            found, errors = None, [("source", _said(visit, mistake))]
        return await self.shown(visit, source, told, errors, found)

    async def proposed(self, visit: Visit, source: str, told: dict[str, str]) -> Response:
        """Let the draft wait for a second person."""
        reason = " ".join(told["reason"].split())
        errors: Errors = []
        if not reason or len(reason) > REASON_MAX or not reason.isprintable() or holds_number(reason):
            errors = [("reason", visit.t("console.policies.reason_wrong"))]
        else:
            try:
                found = simulation_bytes(await self._simulate(visit, source)) if told["simulated"] else None
                waiting = await self.releases.prepare(visit.acting.because(reason), _document(source), reason, found)
            except (NotThere, NotAllowed):
                raise
            except OnecardError as mistake:
                errors = [("source", _said(visit, mistake))]
            else:
                return redirect(f"{DRAFTS}/{waiting['approval']}")
        return await self.shown(visit, source, told, errors)

    async def _simulate(self, visit: Visit, source: str) -> Simulated:
        app = self.console.app
        simulator = Simulator(database=app.database, keyring=app.keyring, city=app.city)
        return await self.drafts.simulated(visit.acting, simulator, _document(source))

    def _edit(self, visit: Visit, told: dict[str, str]) -> Edit:
        if told["act"] not in ("set", "take"):
            raise BodyMalformed(problem_zh="act 有误", problem_en="act is wrong", field="act")
        path, case = told["cell"], told["case"]
        if case:  # Another case of the same table, or the first of a figure that held one value for all.
            steps = path.split("/")
            path = "/".join([*(steps[:-1] if len(steps) > 2 else steps), case])
        since = _day(told["since"]) if told["since"] else None
        return Edit(path=path, value=told["value"], since=since, act=cast(Literal["set", "take"], told["act"]))


def _document(source: str) -> Source:
    return Source(file="draft.yaml", content=source.encode())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise EditRefused(zh_why="日期写法不对", en_why="the day is not of the form 2025-01-01") from None


def _said(visit: Visit, mistake: OnecardError) -> str:
    return mistake.said_en if visit.lang == "en" else mistake.said_zh
