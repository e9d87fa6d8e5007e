"""The population paid by the versions in force and by drafts, fund by fund: generated SQL, read person by person."""

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from onecard.policy.model import Programme
from onecard.policy.periods import Period
from onecard.policy.sql_change import fund_change_sql
from onecard.releases.simulated import Told
from onecard.releases.store import SQL
from onecard.releases.tallying import Tally

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["pay_again"]

_PAGE_ROWS: Final = 10_000


async def pay_again(
    connection: "Connection", old: Sequence[Programme], new: Sequence[Programme], period: Period, told: Told
) -> tuple[Tally, int]:
    """Return what *old* and *new* pay for *period*, and how many residents were asked; in the transaction of *connection*.

    Everybody whom either pays is counted. Each payout by itself: what one person may not have beside another is not taken out.
    """
    residents: int = await connection.fetchval(SQL.count_people)
    told(0, residents)
    tally = Tally(period.last)
    async for person in _people(connection, fund_change_sql(old, new, period)):
        subject, born, home_region, registered_region = person[0][:4]
        tally.add(subject, born, registered_region or home_region, {fund: (was, now) for *_, fund, was, now in person})
    told(residents, residents)
    return tally, residents


async def _people(connection: "Connection", query: str) -> AsyncIterator[list[Any]]:
    """Yield the rows of *query*, which come in order of subject, one person's together."""
    person: list[Any] = []
    async for row in connection.cursor(query, prefetch=_PAGE_ROWS):
        if person and row["subject"] != person[0]["subject"]:
            yield person
            person = []
        person.append(row)
    if person:
        yield person
