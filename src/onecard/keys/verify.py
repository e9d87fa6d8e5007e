"""Whether every sealed value opens in its own row: what was swapped, moved or altered is named, never shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from onecard.keys.sealed import SealedTable
from onecard.settings.keys import Keyring, SealBroken

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["unopened"]

ROWS_AT_ONCE: Final = 2_000
PROBLEMS_MAX: Final = 100


async def unopened(connection: "Connection", keyring: Keyring, tables: Sequence[SealedTable]) -> tuple[int, list[str]]:
    """Return how many sealed values stand in *tables*, and the first `PROBLEMS_MAX` that do not open, each as `table row`."""
    examined, problems = 0, list[str]()
    for table in tables:
        after = table.before_all
        while rows := await table.rows_after(connection, after, ROWS_AT_ONCE):
            examined, after = examined + len(rows), rows[-1].key
            for row in rows:
                try:
                    keyring.open(table.place, row.name, *row.sealed)
                except SealBroken:
                    problems.append(f"{table.place.table} {row.name}")
    return examined, problems[:PROBLEMS_MAX]
