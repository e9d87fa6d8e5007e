"""The statements by which staff look at uses: each asks within who looks' own regions, and through an index."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from onecard.uses.look import Sight, Totals, UseFilter, UseKey
from onecard.uses.store import SQL
from onecard.values.days import CITY_ZONE

if TYPE_CHECKING:
    from onecard.db.pool import Connection, Record

__all__ = ["list_uses", "place_of_use", "total_reversed", "total_uses", "uses_of_days"]

_EVERYBODY: Final = -1


async def place_of_use(connection: "Connection", terminal: str, seq: int, prefixes: Sequence[str]) -> "Record | None":
    """Return region, site_kind, site, subject and day of a use inside *prefixes*, None for any other."""
    return await connection.fetchrow(SQL.place_of_use, terminal, seq, prefixes)


async def list_uses(connection: "Connection", sight: Sight, asked: UseFilter, before: UseKey, most: int) -> Sequence["Record"]:
    """Return at most *most* uses, newest first, before one of them."""
    rows: Sequence[Record]
    if asked.programmes:
        placed = (*_seen(sight), *_instants(asked), *_rest(asked)[:-1], list(asked.programmes))
        rows = await connection.fetch(SQL.list_granted, *placed, *before, most)
    elif asked.in_error:
        rows = await connection.fetch(SQL.list_in_error, *_seen(sight), *_instants(asked), *_rest(asked)[:-1], *before, most)
    elif asked.subject is None:
        rows = await connection.fetch(SQL.list_uses, *_seen(sight), *_instants(asked), *_rest(asked), *before, most)
    else:
        rows = await connection.fetch(SQL.list_uses_of, *_of(asked.subject, sight, asked), *before, most)
    return rows


async def total_uses(connection: "Connection", sight: Sight, asked: UseFilter) -> tuple[Totals, UseFilter]:
    """Return what all uses of a filter add up to, and the filter with its days drawn together.

    Those taken back are among them, unless the filter is sifted: that leaves them out.
    Outside the days between the first and the last use that match, nothing needs to be looked for.
    """
    if asked.subject is not None:
        statement, arguments = SQL.total_uses_of, _of(asked.subject, sight, asked)
    elif asked.is_sifted:
        whole = (*_seen(sight), asked.first, asked.last, *_rest(asked)[:-1])
        statement, arguments = SQL.total_sifted, (*whole, list(asked.programmes), asked.in_error)
    elif asked.terminal:
        statement, arguments = SQL.total_uses_at, (*_seen(sight), *_instants(asked), *_rest(asked))
    else:
        statement, arguments = SQL.total_uses, (*_seen(sight), asked.first, asked.last, *_rest(asked)[:-1])
    row = await connection.fetchrow(statement, *arguments)
    assert row is not None, "a total is one row"
    uses, refused, list_fen, paid_fen, first, last = row
    drawn = replace(asked, first=first or asked.first, last=last or asked.last)
    return Totals(uses=uses, refused=refused, list_fen=list_fen, paid_fen=paid_fen), drawn


async def total_reversed(connection: "Connection", sight: Sight, asked: UseFilter) -> Totals:
    """Return what those of them add up to that were taken back; of a sifted filter that is nothing."""
    if asked.is_sifted:
        return Totals(0, 0, 0, 0)
    subject = _EVERYBODY if asked.subject is None else asked.subject
    row = await connection.fetchrow(SQL.total_reversed, *_of(subject, sight, asked))
    assert row is not None, "a total is one row"
    return Totals(*row)


async def uses_of_days(connection: "Connection", sight: Sight, days: Sequence[date]) -> Sequence["Record"]:
    """Return day, site_kind, outcome and uses of some days, those taken back among them."""
    rows: Sequence[Record] = await connection.fetch(SQL.uses_of_days, *_seen(sight), list(days))
    return rows


def _of(subject: int, sight: Sight, asked: UseFilter) -> tuple[Any, ...]:
    return (subject, *_seen(sight), asked.first, asked.last, *_rest(asked))


def _seen(sight: Sight) -> tuple[list[str], list[str], list[str]]:
    return list(sight.prefixes), list(sight.scoped), list(sight.kinds)


def _instants(asked: UseFilter) -> tuple[datetime, datetime]:
    """Return when the first of the days begins, and when the day after the last does."""
    return _midnight(asked.first), _midnight(asked.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CITY_ZONE)


def _rest(asked: UseFilter) -> tuple[Any, ...]:
    return (asked.region, asked.kind, asked.outcome, list(asked.reasons), asked.site, asked.terminal)
