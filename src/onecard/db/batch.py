"""Rows for one bulk write: sorted by key, one row a key, and in either of two forms of SQL. Pure.

Sorted, for two writers that lock rows in different orders deadlock; merged, for a key twice in one upsert is an error
(DESIGN §4, both measured). `unnest` sends one array a column and is planned once; multi-row VALUES is faster on Citus,
which cuts it by shard.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

__all__ = ["ARGUMENTS_MAX", "Column", "RowBatch", "Source", "build_batch"]

ARGUMENTS_MAX: Final = 32_767  # Of one statement, in PostgreSQL's protocol as the driver speaks it.

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")
_TYPE: Final = re.compile(r"[a-z][a-z0-9_ ]*(\[\])?")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column's name and its PostgreSQL type, like `bigint` or `text[]`."""

    name: str
    type: str

    def __post_init__(self) -> None:
        assert _NAME.fullmatch(self.name), f"{self.name!r} is no column name"
        assert _TYPE.fullmatch(self.type), f"{self.type!r} is no type"

    @property
    def is_array(self) -> bool:
        """Whether each value is a list itself."""
        return self.type.endswith("[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What stands after FROM, and the arguments it takes. *sql* depends on the columns and, as VALUES, on the number of rows."""

    sql: str
    arguments: list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBatch:
    """Rows ready to be written: each key once, in the order of keys."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def arrays(self) -> list[list[Any]]:
        """Return one list a column, all of equal length."""
        if not self.rows:
            return [[] for _ in self.columns]
        return [list(values) for values in zip(*self.rows, strict=True)]

    def as_unnest(self, alias: str, first: int = 1) -> Source:
        """Return the rows as `unnest($first::t[], …)`, named *alias*.

        `unnest` would flatten a list of lists, so array columns travel as array literals and are cast back.
        """
        assert _NAME.fullmatch(alias)
        sent = ["text" if column.is_array else column.type for column in self.columns]
        given = ", ".join(f"${number}::{type_}[]" for number, type_ in enumerate(sent, first))
        names = ", ".join(column.name for column in self.columns)
        cast = ", ".join(f"u.{column.name}::{column.type}" if column.is_array else f"u.{column.name}" for column in self.columns)
        arguments = [
            [_array_literal(value) for value in values] if column.is_array else values
            for column, values in zip(self.columns, self.arrays(), strict=True)
        ]
        return Source(sql=f"(SELECT {cast} FROM unnest({given}) AS u({names})) AS {alias}({names})", arguments=arguments)  # noqa: S608 names are checked

    def as_values(self, alias: str, first: int = 1) -> Source:
        """Return the rows as multi-row VALUES, named *alias*; at most `ARGUMENTS_MAX` values."""
        assert _NAME.fullmatch(alias)
        width = len(self.columns)
        assert first - 1 + width * len(self.rows) <= ARGUMENTS_MAX, "split the batch: too many values for one statement"
        names = ", ".join(column.name for column in self.columns)
        if not self.rows:
            nulls = ", ".join(f"NULL::{column.type}" for column in self.columns)
            return Source(sql=f"(SELECT {nulls} WHERE false) AS {alias}({names})", arguments=[])
        rows = ", ".join(
            "(" + ", ".join(f"${first + number * width + place}::{column.type}" for place, column in enumerate(self.columns)) + ")"
            for number in range(len(self.rows))
        )
        return Source(sql=f"(VALUES {rows}) AS {alias}({names})", arguments=[value for row in self.rows for value in row])


def build_batch(
    columns: Sequence[Column], rows: Iterable[Row], *, key: Sequence[str], merge: Callable[[Row, Row], Row] | None = None
) -> RowBatch:
    """Return *rows* sorted by *key*; rows of one key become one by *merge*, called in the order they came.

    Each row holds a value for each of *columns*, and key values that can be compared. Without *merge* a key that comes
    twice is a mistake of the caller.
    """
    names = [column.name for column in columns]
    assert len(set(names)) == len(names), "a column is there twice"
    key_of = itemgetter(*(names.index(name) for name in key))
    merged: dict[Any, Row] = {}
    for row in rows:
        assert len(row) == len(names), f"{len(row)} values for {len(names)} columns"
        name = key_of(row)
        before = merged.get(name)
        assert before is None or merge is not None, f"a key is there twice: {key}"
        merged[name] = row if before is None or merge is None else merge(before, row)
        assert key_of(merged[name]) == name, "merging changed a key"
    return RowBatch(columns=tuple(columns), rows=tuple(merged[name] for name in sorted(merged)))


def _array_literal(values: Sequence[Any] | None) -> str | None:
    """Return PostgreSQL's text form of one array of texts or numbers, like `{"a","b"}`."""
    if values is None:
        return None
    return "{" + ",".join("NULL" if value is None else _quoted(str(value)) for value in values) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
