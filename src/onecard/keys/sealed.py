"""A table of sealed values, as whoever counts them, opens them or seals them anew sees it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from onecard.settings.keys import Sealed, SealedPlace

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["SealedRow", "SealedTable"]


class SealedRow(NamedTuple):
    """One row: its primary key, its name as it was sealed under, and the sealed value."""

    key: tuple[Any, ...]
    name: str
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedTable:
    """Three statements of the room whose table it is, and how its rows are called. Work is done as `batch`.

    `count()` -> key_id, rows. `page(after…, but text[], rows integer)` -> the primary key's columns, key_id, sealed, in the order
    of the key. `swap(key…, sealed bytea, new_key_id text, new_sealed bytea)` changes a row that still holds *sealed*.
    """

    place: SealedPlace
    count: str
    page: str
    swap: str
    before_all: tuple[Any, ...]  # A primary key that comes before every row's.
    name: Callable[..., object]  # Of the primary key's columns: what the row was sealed under.

    async def counted(self, connection: "Connection") -> dict[str, int]:
        """Return how many rows each key has sealed."""
        return {row["key_id"]: row["rows"] for row in await connection.fetch(self.count)}

    async def rows_after(
        self, connection: "Connection", after: tuple[Any, ...], rows_max: int, *, but: Sequence[str] = ()
    ) -> list[SealedRow]:
        """Return the next rows after the key *after*, at most *rows_max*, but those that keys in *but* sealed."""
        found = await connection.fetch(self.page, *after, list(but), rows_max)
        return [self._row(tuple(row)) for row in found]

    async def seal_anew(self, connection: "Connection", anew: Mapping[SealedRow, Sealed]) -> None:
        """Put new sealed values in place of those that still stand as they were read."""
        await connection.executemany(self.swap, [(*row.key, row.sealed.content, *new) for row, new in anew.items()])

    def _row(self, found: tuple[Any, ...]) -> SealedRow:
        *key, key_id, sealed = found
        return SealedRow(tuple(key), str(self.name(*key)), Sealed(key_id, sealed))
