"""A table of the console as a value: columns, rows, what to say where there are none, and the way to the next page. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

__all__ = ["PAGE_ROWS", "Cell", "Column", "Field", "Lines", "Pager", "Row", "Table", "Tag", "address", "pager"]

PAGE_ROWS: Final = 50
"""So many rows stand on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A state with its shape, its colour and its word (`ok`, `amber`, `red`, `none`): never a colour alone."""

    state: Literal["ok", "amber", "red", "none"]
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A cell of two lines: what matters, and what is good to know, smaller. With *href* the first is a link."""

    first: str
    second: str = ""
    href: str = ""


Cell = str | Tag | Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its label, and whether it holds figures (right-aligned) or times (kept on one line)."""

    label: str
    kind: Literal["text", "number", "when"] = "text"
    narrow: bool = True  # False: left out where the screen is narrow.


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: its first cell heads it, and leads to *href*, where there is something to open."""

    key: str  # Names the row within the page.
    cells: Sequence[Cell]
    href: str = ""
    explain: str = ""  # Where the shortcut `e` leads.


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Everything that the macro `table` shows."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: str = ""  # Why there is nothing.
    empty_next: str = ""  # What to do then.


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form: `text`, `search`, `date`, `select`, `number`, `password` or `textarea`."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    options: Sequence[tuple[str, str]] = ()  # Of a `select`: value and label.
    hint: str = ""
    error: str = ""
    required: bool = False
    most: int = 120  # Characters.
    autocomplete: str = "off"
    wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Where the first and the next page are; '' where there is none."""

    first: str
    next: str
    shown: int


def address(path: str, query: Mapping[str, str], **more: str) -> str:
    """Return *path* with the query parts that are not empty: a page of the console is its address."""
    told = {**query, **more}
    kept = {name: value for name, value in told.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def pager(path: str, query: Mapping[str, str], after: str, following: str, shown: int) -> Pager:
    """Return the ways from a page that began at *after* ('' for the first) and is followed by *following* ('' for the last)."""
    return Pager(first=address(path, query) if after else "", next=address(path, query, after=following) if following else "", shown=shown)
