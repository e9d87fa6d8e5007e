"""This room's table of marks: written with whoever they lead to, moved with him, asked by whoever looks for him."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from onecard.db.copy import copy_rows
from onecard.people.store import SQL

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["MarkRow", "Unmarked", "add_marks", "copy_marks", "gone_over", "marked", "move_marks", "unmarked", "unmarked_after"]


class MarkRow(NamedTuple):
    """One thing that a person is found by, with where he belongs ('': nowhere) and when he was born."""

    subject: int
    mark: int
    region: str
    born_year: int


class Unmarked(NamedTuple):
    """A person whom, it may be, nothing leads to yet but his number."""

    subject: int
    key_id: str
    sealed: bytes
    born: date
    region: str


async def copy_marks(connection: "Connection", rows: Iterable[MarkRow]) -> None:
    """Write the marks of new people."""
    await copy_rows(connection, "people_mark", MarkRow._fields, rows)


async def add_marks(connection: "Connection", rows: Sequence[MarkRow]) -> None:
    """Write marks of people who are there; those that stand stay."""
    if rows:
        await connection.fetch(SQL.add_marks, *(list(column) for column in zip(*rows, strict=True)))


async def move_marks(connection: "Connection", moved: Sequence[tuple[int, str]]) -> None:
    """Let people, (subject, region) each, be found where they belong now."""
    if moved:
        await connection.fetch(SQL.move_marks, *(list(column) for column in zip(*moved, strict=True)))


async def marked(
    connection: "Connection", mark: int, prefixes: Sequence[str], inside: str, born_year: int, most: int
) -> list[tuple[int, str]]:
    """Return (subject, region) of at most *most* people who bear *mark*, whose region begins with *inside* and one of *prefixes*."""
    begin, beyond = inside or "0", inside + ":"  # The character after 9; who belongs nowhere ('') comes before 0.
    rows = await connection.fetch(SQL.people_marked, mark, prefixes, begin, beyond, born_year, most)
    return [(row["subject"], row["region"]) for row in rows]


async def unmarked_after(connection: "Connection") -> int | None:
    """Return up to whom people who are older than marks were gone over; None: all were."""
    after: int | None = await connection.fetchval(SQL.unmarked_after)
    return after


async def unmarked(connection: "Connection", after: int, most: int) -> list[Unmarked]:
    """Return at most *most* people after a subject."""
    return [Unmarked(*row) for row in await connection.fetch(SQL.unmarked, after, most)]


async def gone_over(connection: "Connection", up_to: int | None) -> None:
    """Keep that everybody up to a subject has his marks; None: everybody has."""
    if up_to is None:
        await connection.fetch(SQL.end_unmarked)
    else:
        await connection.fetch(SQL.move_unmarked, up_to)
