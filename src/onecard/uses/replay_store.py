"""Records of a time, page by page, with everything by which they can be decided again."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from onecard.uses.look import UseKey
from onecard.uses.store import SQL
from onecard.values.days import CITY_ZONE

if TYPE_CHECKING:
    from onecard.db.pool import Connection, Record

__all__ = ["FIRST", "count_of_time", "day_of", "pages_of_time", "uses_of_batches", "uses_of_time"]

FIRST: Final = UseKey(datetime(1900, 1, 1, tzinfo=UTC), "", 0)
"""Before every use."""

Span = tuple[datetime, datetime]
"""From an instant on, and before another."""


def day_of(first: date, last: date | None = None) -> Span:
    """Return the civil day *first* as instants, or all days from it to *last*."""
    following = (last or first) + timedelta(days=1)
    return (
        datetime(first.year, first.month, first.day, tzinfo=CITY_ZONE),
        datetime(following.year, following.month, following.day, tzinfo=CITY_ZONE),
    )


async def count_of_time(connection: "Connection", span: Span) -> int:
    """Return how many uses *span* holds."""
    number: int = await connection.fetchval(SQL.count_of_time, *span)
    return number


async def uses_of_time(connection: "Connection", span: Span, after: UseKey, most: int) -> list[Any]:
    """Return at most *most* uses of *span* that come after one of them, oldest first."""
    return list(await connection.fetch(SQL.uses_of_time, *span, *after, most))


async def pages_of_time(connection: "Connection", span: Span, most: int) -> AsyncIterator[list["Record"]]:
    """Yield all uses of *span*, oldest first, at most *most* at once; no transaction is held between pages."""
    after = FIRST
    while page := await uses_of_time(connection, span, after, most):
        yield page
        last = page[-1]
        after = UseKey(last["occurred_at"], last["terminal"], last["seq"])


async def uses_of_batches(connection: "Connection", made_since: datetime, rules: int, span: Span) -> list[Any]:
    """Return the uses of *span* that were written since *made_since* and decided before *rules* held."""
    return list(await connection.fetch(SQL.uses_of_batches, made_since, rules, *span))
