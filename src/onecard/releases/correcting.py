"""Records decided again for a version that reaches back: page by page, resumable, and what came of it as proposals."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from onecard.decision.limits import windows_of
from onecard.decision.model import BLANKS, Counter
from onecard.decision.rulebook import RuleBook
from onecard.people.service import fact_of_many
from onecard.policy.model import Value
from onecard.releases.model import Job, Proposal
from onecard.releases.plan import OF_PEOPLE, Between, Corrections, Unknown
from onecard.releases.store import SQL
from onecard.terminals.calendar import DayKind
from onecard.uses.look import UseKey
from onecard.uses.replay_store import FIRST, day_of, uses_of_batches, uses_of_time

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["FIRST_PROPOSAL", "PROPOSALS_MAX", "Books", "correct_page", "jobs_of", "list_proposals", "total_proposals"]

PROPOSALS_MAX: Final = 1_000
FIRST_PROPOSAL: Final = FIRST

SETTLES_AFTER: Final = timedelta(seconds=60)
"""So long after a release a batch may still come in that was decided before it; then nothing is missed."""

_BEFORE: Final = timedelta(seconds=10)

Books = Callable[[int], Awaitable[RuleBook]]
"""The rule book as it stood at a number."""


@dataclass(slots=True)
class _Page:
    """What came of some records."""

    proposals: list[Proposal]
    unknown: int
    missing: set[str]


async def correct_page(connection: "Connection", books: Books, day_kinds: Mapping[date, DayKind], at: datetime, most: int) -> bool:
    """Decide at most *most* records again for the oldest release that waits, in one transaction; False where nothing waits now.

    Cursor and proposals are written together: after a crash the same page comes again, and a proposal is made once.
    Taps are not held up: nothing of theirs is locked, and what is decided meanwhile follows the new version already.
    """
    async with connection.transaction():
        waiting = await connection.fetchrow(SQL.next_job)
        row = await connection.fetchrow(SQL.take_job, waiting["programme"], waiting["version"]) if waiting else None
        if row is None:
            return False
        job = _job(row)
        corrections = Corrections(await books(job.rules), day_kinds)
        rows = await uses_of_time(connection, day_of(job.from_day, job.last_day), UseKey(*job.after) if job.after else FIRST, most)
        if not rows:
            return await _ended(connection, job, corrections, books, at)
        page, last = await _decided(connection, job, corrections, books, rows), rows[-1]
        await _add(connection, job, page.proposals, at)
        await connection.fetchval(
            SQL.move_job, job.programme, job.version, last["occurred_at"], last["terminal"], last["seq"], len(rows), page.unknown,
            sorted({*job.missing, *page.missing}),
        )  # fmt: skip
        return True


async def _ended(connection: "Connection", job: Job, corrections: Corrections, books: Books, at: datetime) -> bool:
    """Decide what was on its way while the version came into force, and end *job* once nothing more can come; else False."""
    late = await uses_of_batches(connection, job.released_at - _BEFORE, job.rules, day_of(job.from_day, job.last_day))
    await _add(connection, job, (await _decided(connection, job, corrections, books, late)).proposals, at)
    if at < job.released_at + SETTLES_AFTER:
        return False
    await connection.fetchval(SQL.end_job, job.programme, job.version, at)
    return True


async def jobs_of(connection: "Connection", programme: str) -> list[Job]:
    """Return how far the records have come for each version of *programme* that reaches back; '' is every programme."""
    return [_job(row) for row in await connection.fetch(SQL.jobs_of, programme)]


async def list_proposals(
    connection: "Connection", programme: str, version: int, prefixes: Sequence[str], after: UseKey, most: int
) -> list[tuple[Proposal, bool]]:
    """Return at most *most* proposals inside *prefixes* after one place, each with whether a later release reached back over it."""
    rows = await connection.fetch(SQL.list_proposals, programme, version, list(prefixes), *after, most)
    return [(_proposal(row), row["superseded"]) for row in rows]


async def total_proposals(connection: "Connection", programme: str, version: int, prefixes: Sequence[str]) -> dict[str, Any]:
    """Return what the proposals inside *prefixes* add up to: how many, what holders pay by old and new, and each fund likewise, in fen."""
    row = await connection.fetchrow(SQL.total_proposals, programme, version, list(prefixes))
    funds = await connection.fetch(SQL.funds_of_proposals, programme, version, list(prefixes))
    assert row is not None
    return {
        "proposals": row["proposals"], "old_paid": row["old_paid_fen"], "new_paid": row["new_paid_fen"],
        "funds": [{"fund": each["fund"], "old": each["old_fen"], "new": each["new_fen"]} for each in funds],
    }  # fmt: skip


async def _decided(connection: "Connection", job: Job, corrections: Corrections, books: Books, rows: Sequence[Any]) -> _Page:
    old = {number: await books(number) for number in {row["rules"] for row in rows} if number < job.rules}
    ours = [row for row in rows if row["rules"] in old and row["subject"] is not None]
    carried = await _carried(connection, job, ours)
    concerned: list[tuple[Any, Between]] = []
    for row in ours:
        between = corrections.between(row, old[row["rules"]])
        if between is not None and (between.differ or row["subject"] in carried):
            concerned.append((row, between))
        if between is not None and between.differ:
            carried.setdefault(row["subject"], {})  # What is proposed for him moves his later uses, whichever documents they ask.
    told = await _looked_up(connection, concerned)
    page = _Page([], 0, set())
    for row, between in concerned:
        mine = carried[row["subject"]]
        if not (between.differ or mine):
            continue
        found = corrections.look(row, between, told.get((row["subject"], row["day"]), {}), mine)
        if isinstance(found, Unknown):
            page.unknown += 1
            page.missing |= found.missing
        elif found is not None:
            page.proposals.append(found)
            _carry(mine, found.moved)
    return page


async def _carried(connection: "Connection", job: Job, rows: Sequence[Any]) -> dict[int, dict[Counter, int]]:
    """Return what earlier proposals count more of the people of *rows*, in the windows that their days fall in."""
    subjects = sorted({row["subject"] for row in rows})
    windows = sorted({start.isoformat() for day in {row["day"] for row in rows} for start in windows_of(day)})
    carried: dict[int, dict[Counter, int]] = {}
    for row in await connection.fetch(SQL.carried, job.programme, job.version, subjects, windows):
        _carry(carried.setdefault(row["subject"], {}), [(row["name"], row["window_start"], row["within"], row["more"])])
    return carried


def _carry(carried: dict[Counter, int], moved: Sequence[Sequence[Any]]) -> None:
    for name, start, within, more in moved:
        counter = Counter("", date.fromisoformat(start), name, within)
        carried[counter] = carried.get(counter, 0) + more


async def _looked_up(
    connection: "Connection", concerned: Sequence[tuple[Any, Between]]
) -> dict[tuple[int, date], dict[str, Value]]:
    """Return what the register knows about people on the days of their records, as far as these do not tell it."""
    wanted: dict[tuple[str, date], set[int]] = {}
    for row, between in concerned:
        for fact in between.unkept & OF_PEOPLE:
            wanted.setdefault((fact, row["day"]), set()).add(row["subject"])
    told: dict[tuple[int, date], dict[str, Value]] = {}
    for (fact, day), subjects in wanted.items():
        known = await fact_of_many(connection, sorted(subjects), fact, day)
        for subject in subjects:
            told.setdefault((subject, day), {})[fact] = known.get(subject, BLANKS[fact])
    return told


async def _add(connection: "Connection", job: Job, proposals: Sequence[Proposal], at: datetime) -> None:
    if not proposals:
        return
    columns = (
        [each.terminal for each in proposals], [each.seq for each in proposals], [each.subject for each in proposals],
        [each.day for each in proposals], [each.occurred_at for each in proposals], [each.region for each in proposals],
        [each.old["paid"] for each in proposals], [each.new["paid"] for each in proposals],
        [json.dumps(each.old) for each in proposals], [json.dumps(each.new) for each in proposals],
        [json.dumps(list(each.moved)) for each in proposals],
    )  # fmt: skip
    await connection.fetch(SQL.add_proposals, job.programme, job.version, at, *columns)


def _job(row: Any) -> Job:
    after = None if row["after_at"] is None else (row["after_at"], row["after_terminal"], row["after_seq"])
    return Job(
        programme=row["programme"], version=row["version"], rules=row["rules"], from_day=row["from_day"], last_day=row["last_day"],
        released_at=row["released_at"], after=after, examined=row["examined"], unknown=row["unknown"], missing=tuple(row["missing"]),
        done_at=row["done_at"],
    )  # fmt: skip


def _proposal(row: Any) -> Proposal:
    return Proposal(
        terminal=row["terminal"], seq=row["seq"], subject=row["subject"], day=row["day"], occurred_at=row["occurred_at"],
        region=row["region"], old=json.loads(row["old"]), new=json.loads(row["new"]), moved=json.loads(row["moved"]),
    )  # fmt: skip
