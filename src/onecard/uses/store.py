"""This room's statements: it writes nothing itself, and reads other rooms through their views."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from onecard.db.faults import translated
from onecard.db.statements import statements_of
from onecard.decision.limits import windows_of
from onecard.decision.model import EVERYWHERE
from onecard.uses.plan import LAST_USE_LOOK_BACK, Prepared

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["counters_of", "earlier_uses", "find_use", "last_seq", "read_batch", "salt_of", "uses_of_day"]

SQL = statements_of(__package__)


async def read_batch(connection: "Connection", waiting: Sequence[Prepared]) -> Sequence[Any]:
    """Return all that the store knows about *waiting*, in one round trip. Raises `StoreLost`."""
    keys = {prepared.key for prepared in waiting} | {p.guardian_key for p in waiting if p.guardian_key is not None}
    days = {prepared.occasion.day for prepared in waiting}
    windows = {start for day in days for start in windows_of(day)}
    paced = [prepared.key for prepared in waiting if prepared.paced]
    with translated(connection):
        rows: Sequence[Any] = await connection.fetch(
            SQL.read_batch,
            list(keys),
            list(windows),
            [EVERYWHERE, *{prepared.occasion.site for prepared in waiting}],
            paced,
            min(days) - LAST_USE_LOOK_BACK - timedelta(days=1),
            [reading.spends for prepared in waiting for reading in prepared.readings if reading.spends is not None],
        )
    return rows


async def earlier_uses(connection: "Connection", waiting: Sequence[Prepared]) -> dict[tuple[str, int], tuple[bytes, str]]:
    """Return what is on record under the numbers of *waiting*: content digest, and the record as JSON. Raises `StoreLost`."""
    seqs: dict[str, list[int]] = {}
    for prepared in waiting:
        seqs.setdefault(prepared.tap.terminal, []).append(prepared.tap.seq)
    with translated(connection):
        rows = await connection.fetchmany(SQL.earlier_uses, seqs.items())
    return {(row["terminal"], row["seq"]): (row["digest"], row["record"]) for row in rows}


async def find_use(connection: "Connection", terminal: str, seq: int) -> Any | None:
    """Return the row of one use, with its reversal where there is one."""
    return await connection.fetchrow(SQL.find_use, terminal, seq)


async def uses_of_day(connection: "Connection", subject: int, day: date) -> Sequence[Any]:
    """Return what one person did on one day, in order of time."""
    rows: Sequence[Any] = await connection.fetch(SQL.uses_of_day, subject, day)
    return rows


async def last_seq(connection: "Connection", terminal: str) -> int:
    """Return the highest number that *terminal* has used, 0 where none."""
    seq: int | None = await connection.fetchval(SQL.last_seq, terminal)
    return seq or 0


async def counters_of(
    connection: "Connection", subject: int, counters: Sequence[tuple[str, date, str]]
) -> dict[tuple[str, date, str], int]:
    """Return where the counters (name, window start, within) of a person stand; those that are absent are left out."""
    columns = [list(column) for column in zip(*counters, strict=True)] if counters else [[], [], []]
    rows = await connection.fetch(SQL.counters_of, subject, *columns)
    return {(row["name"], row["window_start"], row["within"]): row["used"] for row in rows}


async def salt_of(connection: "Connection", subject: int) -> bytes | None:
    """Return what salts the seals of a person's records; None where the person was erased."""
    salt: bytes | None = await connection.fetchval(SQL.salt_of, subject)
    return salt
