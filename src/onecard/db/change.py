"""Tell every process that something it keeps in memory has changed: a number moves, and the next read sees it."""

from typing import Final, Literal

from onecard.db.pool import Connection

__all__ = ["Changing", "change_number", "change_numbers", "move_on"]

Changing = Literal["rules", "sites", "hotlist"]

_MOVE: Final = "UPDATE db_change SET version = version + 1 WHERE name = $1 RETURNING version"
_READ: Final = "SELECT version FROM db_change WHERE name = $1"
_READ_ALL: Final = "SELECT name, version FROM db_change"


async def move_on(connection: Connection, what: Changing) -> int:
    """Move *what* on, in the transaction of *connection*, and return its new number. Whoever else moves it waits."""
    number: int = await connection.fetchval(_MOVE, what)
    return number


async def change_number(connection: Connection, what: Changing) -> int:
    """Return the number of *what* as it stands."""
    number: int = await connection.fetchval(_READ, what)
    return number


async def change_numbers(connection: Connection) -> dict[str, int]:
    """Return the number of everything that may change, by name."""
    return {row["name"]: row["version"] for row in await connection.fetch(_READ_ALL)}
