"""Write typed trees as Python expressions: half up by whole numbers, subtraction that stops at zero, tables as chains of conditions."""

from collections.abc import Callable, Iterator, Mapping
from math import gcd
from typing import Any, Final

from onecard.policy.facts import FACTS
from onecard.policy.figure import Figure, Level
from onecard.policy.model import Tree
from onecard.policy.trees import read_by

__all__ = ["Terms"]

_INLINE_MAX: Final = 48  # Values of a figure that are written in place; larger ones are looked up.
_NEGATED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class Terms:
    """Writes the expressions of one function; names of its own begin with an underscore."""

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self._figures = figures
        self._count = 0
        self._large = {name for name, figure in figures.items() if sum(_values(level) for _, level in figure.rows) > _INLINE_MAX}

    def names_in(self, tree: Tree) -> Iterator[tuple[str, str]]:
        """Yield ("fact" or "let", name) of all that *tree* reads itself, figures' facts included."""
        return read_by(tree, self._figures)

    def written(self, tree: Tree) -> str:
        """Return *tree* as a Python expression that needs no brackets around it."""
        return _WRITERS[tree[0]](self, tree)

    def negated(self, tree: Tree) -> str:
        """Return that *tree* does not hold."""
        if tree[0] in _NEGATED:
            return f"{self.written(tree[1])} {_NEGATED[tree[0]]} {self.written(tree[2])}"
        return self.written(tree[1]) if tree[0] == "not" else f"not {self.written(tree)}"

    def once(self, tree: Tree) -> tuple[str, str]:
        """Return (first use, later use) of *tree*: what is more than a name gets a name at its first use."""
        text = self.written(tree)
        if tree[0] == "lit" or text.isidentifier():
            return text, text
        self._count += 1
        return f"(_{self._count} := {text})", f"_{self._count}"

    def figure(self, name: str, leaf: Callable[[Any], str]) -> str:
        """Return the value of a figure, its values written by *leaf*."""
        figure = self._figures[name]
        text = self._level(figure.rows[0][1], leaf)
        for begin, level in figure.rows[1:]:
            text = f"({self._level(level, leaf)} if day >= {begin} else {text})"
        return text

    def is_large(self, name: str) -> bool:
        """Tell whether a figure is looked up instead of written in place."""
        return name in self._large

    def _level(self, level: Level, leaf: Callable[[Any], str]) -> str:
        if level[0] == "is":
            return leaf(level[1])
        form, fact, rows, other = level
        if other is None:  # The last key holds for what is left: every case was proved to have one.
            rows, other = rows[:-1], rows[-1][1]
        last = self._level(other, leaf)
        chain: list[tuple[str, list[str]]] = []  # Neighbours with one value are asked together.
        for key, inner in rows:
            text = self._level(inner, leaf)
            if chain and chain[-1][0] == text and form != "steps":
                chain[-1][1].append(_key_test(form, fact, key))
            else:
                chain.append((text, [_key_test(form, fact, key)]))
        text = "".join(f"{value} if {' or '.join(asked)} else " for value, asked in chain) + last
        return f"(({text}) if {fact} else {last})" if form in ("largest", "smallest") and len(rows) > 1 else f"({text})"


def _values(level: Level) -> int:
    if level[0] == "is":
        return len(level[1]) if isinstance(level[1], list) else 1
    return sum(_values(inner) for _, inner in level[2]) + (_values(level[3]) if level[3] else 0)


def _key_test(form: str, fact: str, key: Any) -> str:
    if form == "steps":
        return f"{fact} >= {key}"
    if form == "names":
        return f'{fact} == "{key}"'
    return _starts(fact, [key]) if form == "regions" else f'"{key}" in {fact}'


def _starts(region: str, prefixes: list[str]) -> str:
    if len(prefixes) == 1:
        return (
            f'{region} == "{prefixes[0]}"' if len(prefixes[0]) == 6 and region.isidentifier() else f'{region}.startswith("{prefixes[0]}")'
        )
    return f"{region}.startswith({_tuple(prefixes)})"


def _tuple(names: list[str]) -> str:
    return repr(tuple(names))


def _lit(terms: Terms, tree: Tree) -> str:
    return repr(tree[2])


def _fact(terms: Terms, tree: Tree) -> str:
    return f"({tree[1]} or 0)" if FACTS[tree[1]].optional else str(tree[1])


def _figure(terms: Terms, tree: Tree) -> str:
    return f'_look_up("{tree[1]}", _facts)' if terms.is_large(tree[1]) else terms.figure(tree[1], repr)


def _sum(terms: Terms, tree: Tree) -> str:
    return f"({terms.written(tree[1])} + {terms.written(tree[2])})"


def _difference(terms: Terms, tree: Tree) -> str:
    first, later = terms.once(["bare-", tree[1], tree[2]])
    return f"({later} if {first} > 0 else 0)"


def _bare_difference(terms: Terms, tree: Tree) -> str:
    return f"{terms.written(tree[1])} - {terms.written(tree[2])}"


def _product(terms: Terms, tree: Tree) -> str:
    left, right, divisor = tree[1:]
    if divisor == 1:
        return f"({terms.written(left)} * {terms.written(right)})"
    if right[0] == "lit":
        return _half_up(terms.written(left), right[2], divisor)
    return f"((2 * {terms.written(left)} * {terms.written(right)} + {divisor}) // {2 * divisor})"


def _half_up(number: str, factor: int, divisor: int) -> str:
    """Return (2 · number · factor + divisor) ÷ (2 · divisor), cut, in the smallest numbers that say the same."""
    common = gcd(2 * factor, divisor)
    times, plus, over = 2 * factor // common, divisor // common, 2 * divisor // common
    if not times:
        return "0"
    product = number if times == 1 else f"{number} * {times}"
    return f"(({product} + {plus}) // {over})"


def _quotient(terms: Terms, tree: Tree) -> str:
    return _half_up(terms.written(tree[1]), 1, tree[2])


def _extreme(terms: Terms, tree: Tree) -> str:
    sign = "<=" if tree[0] == "min" else ">="
    best = tree[1]
    for other in tree[2:]:
        best = ["extreme", sign, best, other]
    return terms.written(best)


def _extreme_of_two(terms: Terms, tree: Tree) -> str:
    (first, left), (second, right) = terms.once(tree[2]), terms.once(tree[3])
    return f"({left} if {first} {tree[1]} {second} else {right})"


def _rounded(terms: Terms, tree: Tree) -> str:
    value, step = terms.written(tree[1]), tree[2]
    if tree[0] == "round":
        return f"((2 * {value} + {step}) // {2 * step} * {step})"
    return f"(({value} + {step - 1}) // {step} * {step})" if tree[0] == "round_up" else f"({value} // {step} * {step})"


def _compare(terms: Terms, tree: Tree) -> str:
    return f"({terms.written(tree[1])} {tree[0]} {terms.written(tree[2])})"


def _junction(terms: Terms, tree: Tree) -> str:
    return "(" + f" {tree[0]} ".join(terms.written(part) for part in tree[1:]) + ")"


def _not(terms: Terms, tree: Tree) -> str:
    return f"({terms.negated(tree[1])})"


def _has(terms: Terms, tree: Tree) -> str:
    held = terms.written(tree[1])
    return "(" + " or ".join(f'"{name}" in {held}' for name in tree[2]) + ")"


def _in_names(terms: Terms, tree: Tree) -> str:
    return f"({terms.written(tree[1])} in {_tuple(tree[2])})"


def _in_areas(terms: Terms, tree: Tree) -> str:
    return f"({_starts(terms.written(tree[1]), tree[2])})" if tree[2] else "False"


def _in_region(terms: Terms, tree: Tree) -> str:
    inner, outer = terms.written(tree[1]), terms.written(tree[2])
    prefix = f'({outer}[:2] if {outer}[2:] == "0000" else {outer}[:4] if {outer}[4:] == "00" else {outer})'
    return f'({outer} != "" and {inner}.startswith({prefix}))'


def _in_figure(terms: Terms, tree: Tree) -> str:
    told, name = terms.written(tree[1]), tree[2]
    if terms.is_large(name):
        return f'{told}.startswith(tuple(_look_up("{name}", _facts)))'
    return terms.figure(name, lambda prefixes: _starts(told, prefixes))


def _in_spans(terms: Terms, tree: Tree) -> str:
    told, name, sign = terms.written(tree[1]), tree[2], "<" if tree[0] == "in_hours" else "<="
    if terms.is_large(name):
        return f'any(_low <= {told} {sign} _high for _low, _high in _look_up("{name}", _facts))'
    return terms.figure(name, lambda spans: "(" + " or ".join(f"{low} <= {told} {sign} {high}" for low, high in spans) + ")")


def _known(terms: Terms, tree: Tree) -> str:
    return f"({tree[1]} is not None)" if FACTS[tree[1]].optional else f'({tree[1]} != "")'


def _default(terms: Terms, tree: Tree) -> str:
    return f"({terms.written(tree[2])} if {tree[1]} is None else {tree[1]})"


def _rows(terms: Terms, tree: Tree) -> str:
    chain = [f"{terms.written(value)} if {terms.written(condition)} else " for condition, value in tree[1][:-1]]
    return f"({''.join(chain)}{terms.written(tree[1][-1][1])})"


_WRITERS: Final[Mapping[str, Callable[[Terms, Tree], str]]] = {
    "lit": _lit,
    "fact": _fact,
    "let": lambda terms, tree: str(tree[1]),
    "figure": _figure,
    "+": _sum,
    "-": _difference,
    "bare-": _bare_difference,
    "*": _product,
    "/": _quotient,
    "min": _extreme,
    "max": _extreme,
    "extreme": _extreme_of_two,
    "round": _rounded,
    "round_up": _rounded,
    "round_down": _rounded,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _compare),
    "and": _junction,
    "or": _junction,
    "not": _not,
    "has": _has,
    "in_names": _in_names,
    "in_areas": _in_areas,
    "in_region": _in_region,
    "in_figure": _in_figure,
    "in_hours": _in_spans,
    "in_dates": _in_spans,
    "known": _known,
    "default": _default,
    "rows": _rows,
}
