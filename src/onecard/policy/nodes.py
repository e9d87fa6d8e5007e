"""A document as it stands on the page: texts, lists and tables that remember their line and column."""

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Node", "Rows", "Spot", "Table", "Text"]


class Spot(NamedTuple):
    """A place in a file, both counted from 1 in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Text:
    """One scalar. It stays text: nothing is a number, a date or yes/no until a key says so."""

    value: str
    spot: Spot
    first: Spot  # Of the first character of the content, inside quotes.
    verbatim: bool  # Whether the page shows *value* as it is, so that columns inside it are true.

    def at(self, offset: int) -> Spot:
        """Return where the character number *offset* (from 0) of the value stands; the start, where that is not known."""
        return Spot(self.first.line, self.first.column + offset) if self.verbatim else self.spot


@dataclass(frozen=True, slots=True)
class Rows:
    """A list."""

    items: "tuple[Node, ...]"
    spot: Spot


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, its keys in the order written, none of them twice."""

    entries: "dict[str, tuple[Text, Node]]"
    spot: Spot

    def get(self, key: str) -> "Node | None":
        """Return the value under *key*, or None."""
        found = self.entries.get(key)
        return found[1] if found else None

    def spot_of(self, key: str) -> Spot:
        """Return where *key* stands, or the table itself."""
        found = self.entries.get(key)
        return found[0].spot if found else self.spot


Node = Text | Rows | Table
