"""Payouts over HTTP: rosters and their lines for staff, and the published list for anyone, masked."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import JSONResponse

from onecard.app.payout_desk import LINES_MAX, ROSTERS_MAX, StaffPayouts
from onecard.app.payout_look import PUBLIC_LINES_MAX, public_list
from onecard.app.staff_desk import StaffDesk
from onecard.payouts.errors import RosterUnknown
from onecard.payouts.model import RosterState
from onecard.policy.model import CityLists
from onecard.staff.model import Acting
from onecard.web.staff_access import PUBLIC, StaffMay

__all__ = ["payout_routes"]

_NAME: Final = r"^[a-zA-Z0-9.-]{1,96}$"

Roster = Annotated[str, Path(max_length=96, pattern=_NAME)]
Word = Annotated[str, Query(max_length=64, pattern=r"^[a-zA-Z0-9-]*$")]
After = Annotated[str, Query(max_length=96, pattern=r"^[a-zA-Z0-9.-]*$", description="The last roster of the page before.")]
AfterLine = Annotated[int, Query(ge=0, le=10_000_000, description="The number of the last line of the page before.")]
Limit = Annotated[int, Query(ge=1, le=ROSTERS_MAX)]
LineLimit = Annotated[int, Query(ge=1, le=LINES_MAX)]


def payout_routes(desk: StaffDesk, lists: CityLists) -> APIRouter:
    """Return the routes of `/v1/payouts` in a city of *lists*."""
    router, tools = APIRouter(), desk.residents.tools
    payouts = StaffPayouts(work=desk.work, tools=tools, lists=lists)
    reads, looks = StaffMay(desk, "payouts.read", anywhere=True), StaffMay(desk, "payouts.read")

    @router.get("/v1/payouts", summary="Rosters, by name")
    async def listed(
        acting: Annotated[Acting, Depends(reads)], programme: Word = "", period: Word = "", state: RosterState | None = None,
        after: After = "", limit: Limit = 50,
    ) -> JSONResponse:  # fmt: skip
        rosters = await payouts.listed(acting, programme, period, state or "", after, limit + 1)
        following = rosters[limit - 1]["roster"] if len(rosters) > limit else None
        return JSONResponse({"rosters": rosters[:limit], "after": following})

    @router.get("/v1/payouts/{roster}", summary="One roster, with its lines by state")
    async def roster_told(roster: Roster, acting: Annotated[Acting, Depends(looks)]) -> JSONResponse:
        return JSONResponse(await payouts.roster(acting, roster))

    @router.get("/v1/payouts/{roster}/lines", summary="Lines of a roster by number, names masked")
    async def lines(
        roster: Roster, acting: Annotated[Acting, Depends(looks)], after: AfterLine = 0, limit: LineLimit = 50
    ) -> JSONResponse:
        found = await payouts.lines(acting, roster, after, limit)
        return JSONResponse({"lines": found, "after": found[-1]["seq"] if len(found) == limit else None})

    @router.get("/v1/payouts/{roster}/public", summary="A published list for anyone: masked name, village, programme, amount",
                dependencies=[Depends(PUBLIC)])  # fmt: skip
    async def public(roster: Roster, after: AfterLine = 0, limit: Annotated[int, Query(ge=1, le=PUBLIC_LINES_MAX)] = 50) -> JSONResponse:
        found = await public_list(desk.staff.database, tools.keyring, roster, after, limit)
        if found is None:
            raise RosterUnknown(roster=roster)
        return JSONResponse({"roster": roster, "lines": found, "after": found[-1]["seq"] if len(found) == limit else None})

    return router
