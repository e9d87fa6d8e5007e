"""Keep what uses add up to: every batch under a leaf of the log once, in the log's order, so that a total reads sums.

A batch is added up and the mark moved behind it in one transaction: whatever dies in the middle, nothing is counted twice or left out.
"""

from typing import TYPE_CHECKING, Final

from onecard.ledger.verify import Check
from onecard.uses.store import SQL

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["LEAVES_AT_ONCE", "tally_on", "verify_tally"]

LEAVES_AT_ONCE: Final = 500

_LOCK: Final = 0x4F435441  # "OCTA"; one tallier at a time in a database.
_PROBLEMS_MAX: Final = 100


async def tally_on(connection: "Connection") -> int:
    """Add up the next `LEAVES_AT_ONCE` leaves; return how many there were. None also where another server is at it."""
    async with connection.transaction():
        if not await connection.fetchval(SQL.try_tally_lock, _LOCK):
            return 0
        taken: int | None = await connection.fetchval(SQL.tally_on, LEAVES_AT_ONCE)
    return taken or 0


async def verify_tally(connection: "Connection") -> Check:
    """Hold every sum that is kept against the records that it is of, and those by month against those by day."""
    strays = await connection.fetch(SQL.tally_strays, _PROBLEMS_MAX)
    problems = [
        f"{row['day']} {row['region']} {row['site']} {row['outcome']} {row['reason']}: {row['kept']} uses kept, {row['found']} on record"
        for row in strays
    ]
    problems += [
        f"{row['month']:%Y-%m} {row['region']} {row['programme'] or '-'}: {row['kept']} uses kept, {row['found']} by day"
        for row in await connection.fetch(SQL.month_strays, _PROBLEMS_MAX)
    ]
    return Check(name="tallies-equal-records", examined=await connection.fetchval(SQL.count_tallies), problems=problems)
