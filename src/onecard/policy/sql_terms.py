"""Write typed trees as SQL expressions: whole numbers as Python reckons them, birth dates in place of ages, no NULL but for facts marked ?.

Every expression stands in brackets, or needs none. It reads columns of a relation `f`, one for each fact: whole numbers as `bigint`
(days as ordinals, times as minutes), regions and names as `text`, sets as `text[]`, yes/no as `boolean`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from onecard.policy.facts import FACTS
from onecard.policy.figure import Level, row_at
from onecard.policy.model import Tree
from onecard.policy.sql_text import column, day_literal, literal, texts
from onecard.values.days import birthday_cut_off

__all__ = ["Reading", "SqlTerms", "half_up"]

_SIGNS: Final = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the facts stand in the relation."""

    day: int | None = None
    """The day of all rows, an ordinal: figures are chosen while the statement is written. None: `f` has a column `day`."""
    ages_on: date | None = None
    """The day as of which ages are reckoned, once per run, from the column `born` (a date). None: `f` has a column `age`."""


class SqlTerms:
    """Writes the expressions of one rule; *lets* says what stands for each `let`."""

    def __init__(self, figures: Mapping[str, Any], reading: Reading, lets: Mapping[str, str]) -> None:
        self._figures, self._reading, self._lets = figures, reading, lets

    def written(self, tree: Tree) -> str:
        """Return *tree* as an expression."""
        return _WRITERS[tree[0]](self, tree)

    def let(self, name: str) -> str:
        """Return what stands for the `let` *name*."""
        return self._lets[name]

    def fact(self, name: str) -> str:
        """Return the value of a fact as it stands: NULL where it is marked ? and nobody told it."""
        if name == "day" and self._reading.day is not None:
            return literal(self._reading.day)
        if name == "age" and self._reading.ages_on is not None:
            return _age_on(self._reading.ages_on)
        return column(name)

    def compared(self, sign: str, left: Tree, right: Tree) -> str:
        """Return a comparison; that of the age with a number becomes one of the birth date with a day that is known beforehand."""
        if right == ["fact", "age"] and left[0] == "lit":
            sign, left, right = _MIRRORED[sign], right, left
        if left == ["fact", "age"] and right[0] == "lit" and self._reading.ages_on is not None:
            return _born(sign, right[2], self._reading.ages_on)
        return f"({self.written(left)} {_SIGNS[sign]} {self.written(right)})"

    def figure(self, name: str, leaf: Callable[[Any], str]) -> str:
        """Return the value of a figure, its values written by *leaf*: the row of the day, then its table."""
        rows = self._figures[name]["rows"]
        if self._reading.day is not None:
            return self._level(row_at(rows, self._reading.day), leaf)
        dated = "".join(f" WHEN {column('day')} >= {literal(begin)} THEN {self._level(level, leaf)}" for begin, level in rows[:0:-1])
        first = self._level(rows[0][1], leaf)
        return f"(CASE{dated} ELSE {first} END)" if dated else first

    def _level(self, level: Level, leaf: Callable[[Any], str]) -> str:
        if level[0] == "is":
            return leaf(level[1])
        form, fact, rows, other = level
        if other is None:  # The last key holds for what is left: every case was proved to have one.
            rows, other = rows[:-1], rows[-1][1]
        last = self._level(other, leaf)
        asked = "".join(f" WHEN {self._key(form, fact, key)} THEN {self._level(inner, leaf)}" for key, inner in rows)
        return f"(CASE{asked} ELSE {last} END)" if asked else last

    def _key(self, form: str, fact: str, key: Any) -> str:
        if form == "steps":
            return self.compared(">=", ["fact", fact], ["lit", "number", key])
        if form == "names":
            return f"{self.fact(fact)} = {literal(key)}"
        return within(self.fact(fact), [key]) if form == "regions" else f"{literal(key)} = ANY ({self.fact(fact)})"


def within(region: str, prefixes: list[str]) -> str:
    """Return that *region* (an expression) begins with one of *prefixes*; a blank one never does."""
    if not prefixes:
        return "false"
    asked = [f"{region} = {literal(prefix)}" if len(prefix) == 6 else f"{region} ^@ {literal(prefix)}" for prefix in prefixes]
    return f"({' OR '.join(asked)})"


def half_up(number: str, divisor: int) -> str:
    """Return (2 · number + divisor) ÷ (2 · divisor), cut: nothing is negative, so that cutting is rounding down."""
    return f"((2 * {number} + {divisor}) / {2 * divisor})" if divisor > 1 else f"({number})"


def _born(sign: str, years: int, day: date) -> str:
    """Return `age SIGN years` as a comparison of the birth date with a cut-off."""
    if sign in (">=", "<"):
        return _old_enough(years, day) if sign == ">=" else f"(NOT {_old_enough(years, day)})"
    if sign in (">", "<="):
        return _old_enough(years + 1, day) if sign == ">" else f"(NOT {_old_enough(years + 1, day)})"
    exactly = f"({_old_enough(years, day)} AND NOT {_old_enough(years + 1, day)})"
    return exactly if sign == "==" else f"(NOT {exactly})"


def _old_enough(years: int, day: date) -> str:
    if years >= day.year:  # Nobody was born before the calendar began.
        return "false"
    return f"({column('born')} <= {day_literal(birthday_cut_off(day, years))})"


def _age_on(day: date) -> str:
    born, today = column("born"), day.month * 100 + day.day
    later = f"extract(month FROM {born}) * 100 + extract(day FROM {born}) > {today}"
    return f"({day.year}::bigint - extract(year FROM {born})::bigint - CASE WHEN {later} THEN 1 ELSE 0 END)"


def _told(terms: SqlTerms, tree: Tree) -> str:
    text = terms.fact(tree[1])
    return f"COALESCE({text}, 0)" if FACTS[tree[1]].optional else text


def _product(terms: SqlTerms, tree: Tree) -> str:
    return half_up(f"{terms.written(tree[1])} * {terms.written(tree[2])}", tree[3])


def _rounded(terms: SqlTerms, tree: Tree) -> str:
    value, step = terms.written(tree[1]), tree[2]
    if tree[0] == "round":
        return f"({half_up(value, step)} * {step})"
    return f"(({value} + {step - 1}) / {step} * {step})" if tree[0] == "round_up" else f"({value} / {step} * {step})"


def _several(name: str) -> Callable[[SqlTerms, Tree], str]:
    return lambda terms, tree: f"{name}({', '.join(terms.written(part) for part in tree[1:])})"


def _junction(terms: SqlTerms, tree: Tree) -> str:
    return f"({f' {tree[0].upper()} '.join(terms.written(part) for part in tree[1:])})"


def _in_region(terms: SqlTerms, tree: Tree) -> str:
    inner, outer = terms.written(tree[1]), terms.written(tree[2])
    ends = f"WHEN right({outer}, 4) = '0000' THEN left({outer}, 2) WHEN right({outer}, 2) = '00' THEN left({outer}, 4)"
    return f"({outer} <> '' AND {inner} ^@ (CASE {ends} ELSE {outer} END))"


def _in_spans(terms: SqlTerms, tree: Tree) -> str:
    told, sign = terms.written(tree[1]), "<" if tree[0] == "in_hours" else "<="

    def leaf(spans: list[list[int]]) -> str:
        asked = [f"{told} >= {literal(low)} AND {told} {sign} {literal(high)}" for low, high in spans]
        return f"({' OR '.join(asked)})" if asked else "false"

    return terms.figure(tree[2], leaf)


def _known(terms: SqlTerms, tree: Tree) -> str:
    return f"({terms.fact(tree[1])} IS NOT NULL)" if FACTS[tree[1]].optional else f"({terms.fact(tree[1])} <> '')"


def _rows(terms: SqlTerms, tree: Tree) -> str:
    *asked, (_, last) = tree[1]
    whens = "".join(f" WHEN {terms.written(condition)} THEN {terms.written(value)}" for condition, value in asked)
    return f"(CASE{whens} ELSE {terms.written(last)} END)" if whens else terms.written(last)


_WRITERS: Final[Mapping[str, Callable[[SqlTerms, Tree], str]]] = {
    "lit": lambda terms, tree: literal(tree[2]),
    "fact": _told,
    "let": lambda terms, tree: terms.let(tree[1]),
    "figure": lambda terms, tree: terms.figure(tree[1], literal),
    "+": lambda terms, tree: f"({terms.written(tree[1])} + {terms.written(tree[2])})",
    "-": lambda terms, tree: f"GREATEST({terms.written(tree[1])} - {terms.written(tree[2])}, 0)",
    "*": _product,
    "/": lambda terms, tree: half_up(terms.written(tree[1]), tree[2]),
    "min": _several("LEAST"),
    "max": _several("GREATEST"),
    **dict.fromkeys(("round", "round_up", "round_down"), _rounded),
    **dict.fromkeys(_SIGNS, lambda terms, tree: terms.compared(*tree)),
    "and": _junction,
    "or": _junction,
    "not": lambda terms, tree: f"(NOT {terms.written(tree[1])})",
    "has": lambda terms, tree: f"({terms.written(tree[1])} && {texts(tree[2])})",
    "in_names": lambda terms, tree: f"({terms.written(tree[1])} = ANY ({texts(tree[2])}))",
    "in_areas": lambda terms, tree: within(terms.written(tree[1]), tree[2]),
    "in_region": _in_region,
    "in_figure": lambda terms, tree: terms.figure(tree[2], lambda prefixes: within(terms.written(tree[1]), prefixes)),
    "in_hours": _in_spans,
    "in_dates": _in_spans,
    "known": _known,
    "default": lambda terms, tree: f"COALESCE({terms.fact(tree[1])}, {terms.written(tree[2])})",
    "rows": _rows,
}
