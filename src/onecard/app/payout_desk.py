"""Payouts for those who signed in: rosters planned and looked at. Every method's first argument is who acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onecard.app.payout_file import RosterFile, evidence_from
from onecard.app.payout_views import line_view, planned_view, status_view
from onecard.app.staff_work import StaffWork
from onecard.audit.service import note_change
from onecard.cards.desk import DeskTools
from onecard.db.pool import Connection
from onecard.payouts.errors import RegionUntold
from onecard.payouts.looking import found_roster, lines_of, rosters_inside, standing_of
from onecard.payouts.model import Roster
from onecard.payouts.plan import Planned, planned
from onecard.payouts.service import Asked, plan_roster
from onecard.people.service import open_identities
from onecard.policy.model import CityLists
from onecard.releases.service import load_rule_book
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting
from onecard.values.days import civil
from onecard.values.regions import is_region, region_prefix

__all__ = ["LINES_MAX", "ROSTERS_MAX", "StaffPayouts"]

ROSTERS_MAX = 200
LINES_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPayouts:
    """What may be asked about rosters."""

    work: StaffWork
    tools: DeskTools
    lists: CityLists

    async def plan(
        self, acting: Acting, programme: str, period: str, region: str = "", supplements: str | None = None, file: RosterFile | None = None
    ) -> dict[str, Any]:
        """Plan a roster; the same question again is answered by the same list. *region* is the planner's own unless told.

        Raises `NotAllowed`, `RegionUntold`, and what `planned`, `evidence_from` and `plan_roster` raise.
        """
        thing = f"{programme[:64]} {period[:16]}"
        async with self.work.doing(acting, "payouts.plan", thing) as console:
            region = region or _own_region(acting)
            if not acting.may_at("payouts.plan", region=region, programme=programme):
                raise NotAllowed(region=region)
            now = self.work.staff.now()
            async with self.work.staff.database.acquire("batch") as connection:
                rules = await load_rule_book(connection, self.lists)
                plan = planned(rules.programmes, programme, period, civil(now).date(), with_file=file is not None)
                evidence = None
                if file is not None:
                    prefixes = [region_prefix(region)]
                    evidence = await evidence_from(connection, self.tools.keyring, file, plan.payout.evidence, self.lists, prefixes)
                asked = Asked(region=region, supplements=supplements, evidence=evidence, at=now, by=acting.person)
                roster, new = await plan_roster(connection, self.tools.keyring, plan, asked, self.tools.chance, self._noting(acting, plan))
            if not new:
                await self.work.noted(console, acting, "payouts.plan", roster.roster, region=region)
        return planned_view(roster)

    async def listed(
        self, acting: Acting, programme: str = "", period: str = "", state: str = "", after: str = "", most: int = ROSTERS_MAX
    ) -> list[dict[str, Any]]:
        """Return rosters by name, after one, each with where its lines stand. Raises `NotAllowed`."""
        async with self.work.doing(acting, "payouts.list", "payouts") as connection:
            if not acting.may("payouts.read"):
                raise NotAllowed
            await self.work.noted(connection, acting, "payouts.list", "payouts")
            prefixes = self.work.prefixes(acting, "payouts.read")
            found = await rosters_inside(connection, prefixes, most, programme=programme, period=period, state=state, after=after)
            return [status_view(*each) for each in found]

    async def roster(self, acting: Acting, roster: str) -> dict[str, Any]:
        """Return one roster. Raises `NotThere`, `NotAllowed`."""
        async with self.work.doing(acting, "payouts.read", roster[:120]) as connection:
            found = await self._found(connection, acting, roster)
            await self.work.noted(connection, acting, "payouts.read", roster, region=found.region)
            return status_view(*await standing_of(connection, found))

    async def lines(self, acting: Acting, roster: str, after: int = 0, most: int = LINES_MAX) -> list[dict[str, Any]]:
        """Return lines by number, after one, with masked names. Raises `NotThere`, `NotAllowed`."""
        async with self.work.doing(acting, "payouts.lines", roster[:120]) as connection:
            found = await self._found(connection, acting, roster)
            await self.work.noted(connection, acting, "payouts.lines", roster, region=found.region)
            lines = await lines_of(connection, found, after, min(most, LINES_MAX))
            identities = await open_identities(connection, self.tools.keyring, [line.subject for line in lines])
            return [line_view(line, identities.get(line.subject)) for line in lines]

    async def _found(self, connection: Connection, acting: Acting, roster: str) -> Roster:
        found = await found_roster(connection, roster, self.work.prefixes(acting))
        if found is None:
            raise NotThere
        if not acting.may_at("payouts.read", region=found.region, programme=found.programme):
            raise NotAllowed(region=found.region)
        return found

    def _noting(self, acting: Acting, plan: Planned) -> Callable[[Connection, Roster], Any]:
        """Return what puts a new roster on record in the transaction that writes it: its digest covers every line."""

        async def noting(connection: Connection, roster: Roster) -> None:
            more = {"lines": roster.lines, "amount": roster.amount_fen, "digest": roster.digest.hex(), "document": plan.programme.digest}
            await note_change(
                connection, acting, act="payouts.plan", object=roster.roster, region=roster.region, purpose=acting.purpose,
                at=roster.planned_at, rows=(), more=more,
            )  # fmt: skip

        return noting


def _own_region(acting: Acting) -> str:
    """Return where somebody may plan, if that is one place. Raises `NotAllowed`, `RegionUntold`."""
    regions = sorted({right.scope.region for right in acting.rights if "payouts.plan" in right.permissions and right.scope.region})
    if not regions:
        raise NotAllowed
    if len(regions) > 1 or not is_region(regions[0]):
        raise RegionUntold(regions=", ".join(regions), field="region")
    return regions[0]
