"""A figure: a dated number or table, as plain lists, and how a value is found in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onecard.policy.model import Value
from onecard.policy.nodes import Spot
from onecard.policy.types import Type

__all__ = ["Figure", "Level", "found_in", "row_at", "row_of"]

Level = list[Any]
"""["is", value], or [form, fact, [[key, level], …], level of else or None], form being one of steps, names, regions, largest, smallest.

Steps stand from the highest down, regions as prefixes from the narrowest, `largest` from the largest value, `smallest` from the smallest:
the first key that fits is meant. A value is a whole number; hours are [[from, until], …] minutes, dates [[first, last], …] ordinals,
regions prefixes.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a document."""

    name: str
    unit: str
    type: Type
    by: tuple[str, ...]  # The facts that choose, outer first.
    rows: tuple[tuple[int, Level], ...]  # (ordinal of the day from which it holds, table), rising.
    low: int
    high: int
    source: str
    spot: Spot

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that looking it up asks for; the day, where more than one row may hold."""
        return (*self.by, "day") if len(self.rows) > 1 else self.by


def row_of(figure: Figure, day: int) -> Level:
    """Return the table of *figure* that holds on *day* (an ordinal)."""
    return row_at(figure.rows, day)


def row_at(rows: Sequence[Sequence[Any]], day: int) -> Level:
    """Return the table of (day of beginning, table) *rows* that holds on *day*; before the first row the first."""
    held: Level = rows[0][1]
    for begin, level in rows[1:]:
        if begin > day:
            break
        held = level
    return held


def found_in(level: Level, facts: Mapping[str, Value]) -> Any:
    """Return the value of a table for *facts*. Where it has no `else`, the check proved that its keys cover every case."""
    while level[0] != "is":
        form, fact, rows, other = level
        told = facts[fact]
        level = next((inner for key, inner in rows if _fits(form, key, told)), other or rows[-1][1])
    return level[1]


def _fits(form: str, key: Any, told: Any) -> bool:
    if form == "steps":
        return bool(told >= key)
    if form == "names":
        return bool(told == key)
    return str(told).startswith(key) if form == "regions" else key in told
