"""Behind the second wall: a connection that sees the rows of some regions alone, whatever its statements ask."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Final

from onecard.db.pool import Connection, Database

__all__ = ["along_index", "for_what_is_asked", "walled"]

_SET: Final = "SELECT set_config('onecard.regions', $1, true), set_config('onecard.unplaced', $2, true)"

_ANEW: Final = "SET LOCAL plan_cache_mode = force_custom_plan"
_ALONG: Final = ("SET LOCAL enable_bitmapscan = off", "SET LOCAL enable_seqscan = off")


async def along_index(connection: Connection) -> None:
    """Let the rest of the transaction read pages along an index, never by gathering all and sorting.

    PostgreSQL cannot know how many rows a policy lets through, guesses few, and gathers a county to show fifty.
    """
    for setting in _ALONG:
        await connection.execute(setting)


async def for_what_is_asked(connection: Connection) -> None:
    """Let the rest of the transaction plan anew each time: with a filter that is left out another index serves than with it."""
    await connection.execute(_ANEW)


@asynccontextmanager
async def walled(database: Database, prefixes: Collection[str], *, unplaced: bool = False) -> AsyncIterator[Connection]:
    """Lend a connection of the console in a transaction that sees rows whose region begins with one of *prefixes*.

    The one place where the wall is opened. Without prefixes nothing is seen. *unplaced*: what the audit holds of no region too.
    Raises `StoreUnreachable`.
    """
    if not all(prefix.isascii() and prefix.isdigit() for prefix in prefixes):  # Not asserted: the wall stands with `python -O` too.
        raise ValueError("a prefix of a region is digits")
    async with database.acquire("console") as connection, connection.transaction():
        await connection.execute(_SET, ",".join(sorted(prefixes)), "yes" if unplaced else "")
        yield connection
