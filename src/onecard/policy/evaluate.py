"""Reckon typed trees one by one, without generating anything: the slow twin of the generated code, for explanations and checks."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from onecard.policy.document import Document
from onecard.policy.figure import found_in, row_of
from onecard.policy.model import Facts, Tree
from onecard.values.regions import inside

__all__ = ["Evaluation"]


class Evaluation:
    """One document asked for one set of facts; each `let` is reckoned at most once."""

    def __init__(self, document: Document, facts: Facts) -> None:
        self._document, self.facts = document, facts
        self._lets: dict[str, Any] = {}

    def of(self, tree: Tree) -> Any:
        """Return the value of *tree*."""
        return _RECKONED[tree[0]](self, tree)

    def let(self, name: str) -> Any:
        """Return the value of the `let` called *name*."""
        if name not in self._lets:
            self._lets[name] = self.of(self._document.lets[name])
        return self._lets[name]

    def figure(self, name: str) -> Any:
        """Return the value of the figure called *name*, on the day of the facts."""
        figure = self._document.figures[name]
        row = row_of(figure, int(self.facts["day"])) if len(figure.rows) > 1 else figure.rows[0][1]  # type: ignore[arg-type]
        return found_in(row, self.facts)

    def told(self, name: str) -> Any:
        """Return the value of a fact; 0 for one that nobody told, which the check lets no result depend on."""
        value = self.facts[name]
        return 0 if value is None else value


def _half_up(number: int, divisor: int) -> int:
    return (2 * number + divisor) // (2 * divisor)


def _rows(e: Evaluation, tree: Tree) -> Any:
    return next(e.of(value) for condition, value in tree[1] if condition is None or e.of(condition))


def _default(e: Evaluation, tree: Tree) -> Any:
    told = e.facts[tree[1]]
    return e.of(tree[2]) if told is None else told


def _within(e: Evaluation, region: Tree, prefixes: list[str]) -> bool:
    told = e.of(region)
    return any(told.startswith(prefix) for prefix in prefixes)


_RECKONED: Final[Mapping[str, Callable[[Evaluation, Tree], Any]]] = {
    "lit": lambda e, t: t[2],
    "fact": lambda e, t: e.told(t[1]),
    "let": lambda e, t: e.let(t[1]),
    "figure": lambda e, t: e.figure(t[1]),
    "+": lambda e, t: e.of(t[1]) + e.of(t[2]),
    "-": lambda e, t: max(e.of(t[1]) - e.of(t[2]), 0),
    "*": lambda e, t: _half_up(e.of(t[1]) * e.of(t[2]), t[3]),
    "/": lambda e, t: _half_up(e.of(t[1]), t[2]),
    "min": lambda e, t: min(e.of(part) for part in t[1:]),
    "max": lambda e, t: max(e.of(part) for part in t[1:]),
    "round": lambda e, t: _half_up(e.of(t[1]), t[2]) * t[2],
    "round_up": lambda e, t: -(-e.of(t[1]) // t[2]) * t[2],
    "round_down": lambda e, t: e.of(t[1]) // t[2] * t[2],
    "<": lambda e, t: e.of(t[1]) < e.of(t[2]),
    "<=": lambda e, t: e.of(t[1]) <= e.of(t[2]),
    ">": lambda e, t: e.of(t[1]) > e.of(t[2]),
    ">=": lambda e, t: e.of(t[1]) >= e.of(t[2]),
    "==": lambda e, t: e.of(t[1]) == e.of(t[2]),
    "!=": lambda e, t: e.of(t[1]) != e.of(t[2]),
    "and": lambda e, t: all(e.of(part) for part in t[1:]),
    "or": lambda e, t: any(e.of(part) for part in t[1:]),
    "not": lambda e, t: not e.of(t[1]),
    "has": lambda e, t: not e.of(t[1]).isdisjoint(t[2]),
    "in_names": lambda e, t: e.of(t[1]) in t[2],
    "in_areas": lambda e, t: _within(e, t[1], t[2]),
    "in_region": lambda e, t: bool(e.of(t[2])) and inside(e.of(t[1]), e.of(t[2])),
    "in_figure": lambda e, t: _within(e, t[1], e.figure(t[2])),
    "in_hours": lambda e, t: any(low <= e.of(t[1]) < high for low, high in e.figure(t[2])),
    "in_dates": lambda e, t: any(low <= e.of(t[1]) <= high for low, high in e.figure(t[2])),
    "known": lambda e, t: e.facts[t[1]] not in (None, ""),
    "default": _default,
    "rows": _rows,
}
