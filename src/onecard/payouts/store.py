"""This room's tables of rosters and lines: lines are written by the rule's own query, a cycle at a time."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from onecard.db.copy import copy_rows
from onecard.db.statements import statements_of
from onecard.payouts.model import AccountRef, Event, Evidence, Line, LineKey, Roster, Totals

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "Summed", "add_evidence", "add_lines", "add_refused", "add_roster", "events_of", "find_roster", "frozen_cycles", "key_cycle",
    "lines_of", "list_rosters", "lock_cycle", "open_cycle", "rivals", "rosters_of", "states_of", "subjects_named", "summed",
]  # fmt: skip

SQL = statements_of(__package__)

_SORT_MEMORY: Final = "128MB"
_PLANNED: Final = "SELECT 0::bigint, ''::text, DATE '2000-01-01', 0::bigint, '{}'::jsonb, '{}'::text[], '{}'::bigint[] WHERE false"
_REFUSED: Final = "SELECT 0::bigint, ''::text WHERE false"


class Summed(NamedTuple):
    """What the lines of a list come to."""

    lines: int
    amount_fen: int
    digest: bytes


async def lock_cycle(connection: "Connection", key: int) -> None:
    """Wait until nobody else plans the cycle of *key*, until the transaction ends; it may then sort in `_SORT_MEMORY`."""
    await connection.fetchval(SQL.lock_cycle, key)
    await connection.fetchval(SQL.make_room, _SORT_MEMORY)


async def open_cycle(connection: "Connection", cycle: str) -> None:
    """Make a place for the lines of a cycle, unless there is one."""
    await connection.fetchval(SQL.open_cycle, cycle)


async def key_cycle(connection: "Connection", cycle: str) -> None:
    """Give a cycle its keys, unless it has them."""
    await connection.fetchval(SQL.key_cycle, cycle)


async def rosters_of(connection: "Connection", cycle: str) -> list[Roster]:
    """Return the lists of a cycle."""
    return [_roster(row) for row in await connection.fetch(SQL.rosters_of, cycle)]


async def find_roster(connection: "Connection", roster: str, prefixes: Sequence[str]) -> Roster | None:
    """Return one list, if its region begins with one of *prefixes*."""
    row = await connection.fetchrow(SQL.find_roster, roster, prefixes)
    return None if row is None else _roster(row)


async def list_rosters(
    connection: "Connection", prefixes: Sequence[str], programme: str, period: str, state: str, after: str, most: int
) -> list[Roster]:
    """Return at most *most* lists by name, after one."""
    return [_roster(row) for row in await connection.fetch(SQL.list_rosters, prefixes, programme, period, state, after, most)]


async def add_roster(connection: "Connection", roster: Roster, last_day: date) -> None:
    """Write a list."""
    await connection.fetchval(
        SQL.add_roster, roster.roster, roster.cycle, roster.programme, roster.period, roster.region, roster.supplement, roster.supplements,
        roster.version, last_day, roster.planned_at, roster.planned_by, roster.lines, roster.amount_fen, roster.digest,
    )  # fmt: skip


async def add_lines(
    connection: "Connection", roster: Roster, planned: str, left_out: Sequence[int], *, others: bool
) -> None:
    """Write the lines that the query *planned* (`policy.sql_roster.roster_sql`) gives, without *left_out*.

    *others*: the cycle has lists already; who stands in one gets no second line.
    """
    sql = _filled(SQL.add_lines, _PLANNED, planned)
    await connection.execute(
        sql, roster.cycle, roster.roster, roster.programme, roster.planned_at, left_out, "others" if others else ""
    )  # fmt: skip


async def add_refused(connection: "Connection", roster: Roster, refused: str, day: date, lines: int) -> None:
    """Write who stands in the roster file and is paid nothing, behind the *lines* that are."""
    await connection.execute(_filled(SQL.add_refused, _REFUSED, refused), roster.cycle, roster.roster, day, lines)


async def add_evidence(connection: "Connection", roster: str, evidence: Sequence[Evidence]) -> None:
    """Write what a roster file brought."""
    rows = ((roster, each.subject, each.row, each.village, json.dumps(dict(each.facts))) for each in evidence)
    await copy_rows(connection, "payouts_evidence", ["roster", "subject", "row", "village", "facts"], rows)


async def summed(connection: "Connection", cycle: str, roster: str) -> Summed:
    """Return what the lines of a list come to, and their digest."""
    row = await connection.fetchrow(SQL.summed, cycle, roster)
    assert row is not None
    return Summed(*row)


async def states_of(connection: "Connection", rosters: Sequence[Roster]) -> dict[str, dict[tuple[str, str], Totals]]:
    """Return by list: (state, kind of account) → what those lines come to."""
    found: dict[str, dict[tuple[str, str], Totals]] = {each.roster: {} for each in rosters}
    names = [each.roster for each in rosters]
    for row in await connection.fetch(SQL.states, sorted({each.cycle for each in rosters}), names):
        card = row["account_kind"] == "card"
        lines, fen = row["lines"], row["amount_fen"]
        found[row["roster"]][row["state"], row["account_kind"]] = Totals(lines, fen, lines if card else 0, fen if card else 0)
    return found


async def lines_of(connection: "Connection", cycle: str, roster: str, after: int, most: int) -> list[Line]:
    """Return at most *most* lines of a list by number, after one."""
    return [_line(row) for row in await connection.fetch(SQL.lines_of, cycle, roster, after, most)]


async def events_of(connection: "Connection", cycle: str, key: LineKey, subject: int) -> list[Event]:
    """Return what happened to a line, oldest first."""
    return [Event(*row) for row in await connection.fetch(SQL.events_of, cycle, key.roster, key.seq, subject)]


async def frozen_cycles(connection: "Connection", cycles: Sequence[str]) -> Mapping[str, bool]:
    """Return which of *cycles* have lists, and whether one of these was published."""
    return {row["cycle"]: row["frozen"] for row in await connection.fetch(SQL.frozen_cycles, cycles)}


async def subjects_named(connection: "Connection", hashes: Sequence[bytes], prefixes: Sequence[str]) -> dict[bytes, int]:
    """Return whom hashed person numbers mean, as far as their home region begins with one of *prefixes*."""
    return {row["number_hash"]: row["subject"] for row in await connection.fetch(SQL.named, hashes, prefixes)}


async def rivals(connection: "Connection", amounts: str) -> list[tuple[int, int, str, int]]:
    """Return (subject, mine, programme, fen) by the query *amounts* (`policy.sql_roster.amounts_sql`)."""
    return [tuple(row) for row in await connection.fetch(amounts)]


def _filled(sql: str, blank: str, query: str) -> str:
    """Return the named statement *sql* with a rule's *query* in place of the blank that stands for it."""
    assert sql.count(blank) == 1
    return sql.replace(blank, query)


def _roster(row: Any) -> Roster:
    return Roster(**dict(row))


def _line(row: Any) -> Line:
    account = None
    if row["account_kind"]:
        account = AccountRef(row["account_kind"], row["bank"], row["account_since"], row["account_key"])
    return Line(
        roster=row["roster"], seq=row["seq"], subject=row["subject"], operator=row["operator"], region=row["region"],
        village=row["village"], day=row["day"], amount_fen=row["amount_fen"], reason=row["reason"], facts=json.loads(row["facts"]),
        payers=tuple(zip(row["funds"], row["shares_fen"], strict=True)), account=account, state=row["state"],
    )  # fmt: skip
