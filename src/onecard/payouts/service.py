"""Plan a roster: the lines of one payout for one period and area, written by the rule's own query, once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zlib import crc32

from onecard.payouts import store
from onecard.payouts.accounts import follow_cards
from onecard.payouts.errors import RegionOverlaps, RosterUnknown, SupplementEmpty
from onecard.payouts.model import Evidence, Roster, cycle_of, roster_id
from onecard.payouts.plan import Planned, Rival, left_out
from onecard.policy.sql_payout import payout_sql
from onecard.policy.sql_roster import amounts_sql, brought_sql, paid_sql, people_of, refused_sql, roster_sql
from onecard.settings.keys import Keyring
from onecard.values.regions import inside, region_prefix

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Asked", "Noting", "plan_roster"]

Noting = Callable[["Connection", Roster], Awaitable[None]]
"""Puts a new roster on record."""

_CYCLE_LOCK: Final = 0x4F435059 << 32  # "OCPY": cycles are told apart by the lower half.


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks for a roster, where, and what comes with it."""

    region: str
    supplements: str | None  # The list to which it adds; None for the first.
    evidence: Sequence[Evidence] | None  # Of the roster file; None where none came.
    at: datetime
    by: str


async def plan_roster(
    connection: "Connection", keyring: Keyring, plan: Planned, asked: Asked, chance: Callable[[int], bytes], noting: Noting | None = None
) -> tuple[Roster, bool]:
    """Write the roster and return it, and whether it is new: the same programme, period, region and `supplements` again gives the same.

    *connection* is one of `batch`, outside a transaction; *noting* is called with a new roster inside the one that writes it.
    Raises `RegionOverlaps`, `RosterUnknown`, `SupplementEmpty`.
    """
    await store.open_cycle(connection, plan.cycle)
    async with connection.transaction():
        await store.lock_cycle(connection, _CYCLE_LOCK | crc32(plan.cycle.encode()))
        rosters = await store.rosters_of(connection, plan.cycle)
        found = _standing(rosters, plan, asked)
        if found is not None:
            return found, False
        await follow_cards(connection, keyring, plan.programme.name, asked.at, chance)
        roster = await _written(connection, plan, asked, _blank(rosters, plan, asked), others=bool(rosters))
        if noting is not None:
            await noting(connection, roster)
        return roster, True


def _standing(rosters: Sequence[Roster], plan: Planned, asked: Asked) -> Roster | None:
    """Return the list that was planned for the same question before."""
    same = [each for each in rosters if each.region == asked.region]
    if asked.supplements is not None and all(each.roster != asked.supplements for each in same):
        raise RosterUnknown(roster=asked.supplements, field="supplements")
    found = next((each for each in same if each.supplements == asked.supplements), None)
    if found is None and asked.supplements is None:
        for each in rosters:
            if inside(each.region, asked.region) or inside(asked.region, each.region):
                raise RegionOverlaps(cycle=plan.cycle, roster=each.roster, other=each.region, region=asked.region, field="region")
    return found


def _blank(rosters: Sequence[Roster], plan: Planned, asked: Asked) -> Roster:
    """Return the new list before it has lines."""
    supplement = sum(each.region == asked.region for each in rosters)
    programme, period = plan.programme.name, plan.period.name
    return Roster(
        roster=roster_id(programme, period, asked.region, supplement), programme=programme, period=period, region=asked.region,
        supplement=supplement, supplements=asked.supplements, version=plan.programme.version, planned_at=asked.at, planned_by=asked.by,
        lines=0, amount_fen=0, digest=b"", state="draft",
    )  # fmt: skip


async def _written(connection: "Connection", plan: Planned, asked: Asked, roster: Roster, *, others: bool) -> Roster:
    """Write evidence, lines, keys and the list itself; return it with what its lines come to."""
    people, brought = people_of(region_prefix(asked.region)), None
    if asked.evidence is not None:
        await store.add_evidence(connection, roster.roster, asked.evidence)
        brought = brought_sql(roster.roster)
    out = await _left_out(connection, plan, people, brought)
    planned = roster_sql(plan.programme, plan.period, people, brought)
    await store.add_lines(connection, roster, planned, out, others=others)
    if brought is not None and asked.supplements is None:
        refused = refused_sql(plan.programme, plan.period, people, brought)
        lines = (await store.summed(connection, roster.cycle, roster.roster)).lines
        await store.add_refused(connection, roster, refused, plan.period.last, lines)
    await store.key_cycle(connection, roster.cycle)
    totals = await store.summed(connection, roster.cycle, roster.roster)
    if asked.supplements is not None and not totals.lines:
        raise SupplementEmpty(roster=asked.supplements)
    done = replace(roster, lines=totals.lines, amount_fen=totals.amount_fen, digest=totals.digest)
    await store.add_roster(connection, done, plan.period.last)
    return done


async def _left_out(connection: "Connection", plan: Planned, people: str, brought: str | None) -> list[int]:
    """Return whom the plan leaves out because another payout of the period, which excludes this one, pays them."""
    if not plan.beside:
        return []
    cycles = {each.name: cycle_of(each.name, plan.period.name) for each in plan.beside}
    listed = await store.frozen_cycles(connection, list(cycles.values()))
    others = {}
    for each in plan.beside:
        assert each.payout is not None
        if listed.get(cycles[each.name]) or (each.payout.evidence and cycles[each.name] in listed):
            others[each.name] = paid_sql(cycles[each.name])
        elif not each.payout.evidence:
            others[each.name] = payout_sql(each, plan.period, people).lines
    if not others:
        return []
    mine = payout_sql(plan.programme, plan.period, people, brought).lines
    rows = await store.rivals(connection, amounts_sql(mine, others))
    return left_out(
        plan,
        (
            Rival(subject=subject, mine_fen=fen, programme=name, fen=theirs, frozen=listed.get(cycles[name], False))
            for subject, fen, name, theirs in rows
        ),
    )

