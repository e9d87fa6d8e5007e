"""Seal anew, under the keys that are active now, what older keys sealed: a page a transaction, as slowly as asked.

No progress is kept: a row says itself which key sealed it. A job that was killed is begun again and finds what is left.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from onecard.keys.sealed import SealedRow, SealedTable
from onecard.settings.keys import NONCE_BYTES, Keyring, SealBroken, Sealed

if TYPE_CHECKING:
    from onecard.db.pool import Connection, Database

__all__ = ["RATE", "RATE_MAX", "ROWS_A_PAGE", "Resealed", "reseal_table"]

ROWS_A_PAGE: Final = 200
"""Rows a transaction: their locks are held for some 20 ms, and no tap writes these tables."""

RATE: Final = 2_000
"""Rows a second unless told otherwise: a city of 5.5 million people and as many cards takes an hour and a half."""

RATE_MAX: Final = 100_000
BROKEN_MAX: Final = 100


@dataclass(slots=True, kw_only=True)
class Resealed:
    """What was done to one table."""

    table: str
    rows: int = 0
    unopened: int = 0  # Rows that do not open: left as they are.
    broken: list[str] = field(default_factory=list)  # The names of the first `BROKEN_MAX` of them.

    def to_json(self) -> dict[str, Any]:
        """Return it for `onecard keys reseal --json`."""
        return {"table": self.table, "rows": self.rows, "unopened": self.unopened, "broken": self.broken}


async def reseal_table(
    database: "Database", keyring: Keyring, table: SealedTable, chance: Callable[[int], bytes], *, rate: int = RATE,
    told: Callable[[Resealed], None] = lambda done: None,
) -> Resealed:  # fmt: skip
    """Seal anew every row of *table* that another than the active key sealed, at most *rate* rows a second.

    Servers may read, write and rotate meanwhile. *chance(n)*: n random bytes; *told* hears of each page.
    Raises `StoreUnreachable`; what was committed until then stays.
    """
    assert 0 < rate <= RATE_MAX
    clock = asyncio.get_running_loop().time
    done = Resealed(table=table.place.table)
    after = table.before_all
    while True:
        began = clock()
        async with database.acquire("batch") as connection, connection.transaction():
            rows = await _reseal_page(connection, keyring, table, after, chance, done)
        if not rows:
            return done
        after = rows[-1].key
        told(done)
        await asyncio.sleep(max(0.0, len(rows) / rate - (clock() - began)))


async def _reseal_page(
    connection: "Connection", keyring: Keyring, table: SealedTable, after: tuple[Any, ...], chance: Callable[[int], bytes], done: Resealed
) -> Sequence[SealedRow]:
    active = keyring.keys.sealing(table.place.purpose)
    assert active is not None, "loading makes what is lacking"
    rows = await table.rows_after(connection, after, ROWS_A_PAGE, but=[active.id])
    anew: dict[SealedRow, Sealed] = {}
    for row in rows:
        try:
            plain = keyring.open(table.place, row.name, *row.sealed)
        except SealBroken:
            done.unopened += 1
            done.broken += [row.name] if len(done.broken) < BROKEN_MAX else []
        else:
            anew[row] = keyring.seal(table.place, row.name, plain, chance(NONCE_BYTES))
    await table.seal_anew(connection, anew)
    done.rows += len(anew)
    return rows
