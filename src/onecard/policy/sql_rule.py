"""The expressions of one rule over a relation of facts: conditions, price or amount, caps, and what a `let` is read as."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from onecard.policy.model import Tree
from onecard.policy.sql_terms import Reading, SqlTerms
from onecard.policy.sql_text import column, literal
from onecard.policy.trees import parts_of

__all__ = ["Rule", "SqlRule"]

Rule = Mapping[str, Any]
"""A document as JSON (`Programme.rule`)."""

_INLINE_MAX: Final = 60  # Nodes that are written again where a `let` is named; what would be more is reckoned once, beside the row.


class SqlRule:
    """The expressions of one rule over a relation `f`, and what must stand beside it (`beside`) for them to be read."""

    def __init__(self, rule: Rule, reading: Reading, prefix: str = "") -> None:
        """Write *rule*; *prefix* tells what stands beside the relation from that of another rule."""
        self.rule, self._prefix = rule, prefix
        self._beside: list[str] = []
        self._texts: dict[str, str] = {}
        self._weights: dict[str, int] = {}
        self._terms = SqlTerms(rule["figures"], reading, self._texts)
        for name, tree in rule["let"]:
            self._take(name, tree)
        self.conditions: list[tuple[str, str]] = [(self._terms.written(tree), reason) for tree, reason in rule["who"]]
        self.caps: list[str] = [self._terms.written(limit["cap"]) for limit in rule["limits"]]

    @property
    def beside(self) -> str:
        """What follows the relation in FROM."""
        return "".join(self._beside)

    def reason(self) -> str:
        """Return the reason that is said, or NULL where every condition holds."""
        if not self.conditions:
            return "NULL::text"
        whens = "".join(f" WHEN NOT {text} THEN {literal(reason)}" for text, reason in self.conditions)
        return f"CASE{whens} END"

    def holds(self) -> str:
        """Return whether every condition holds."""
        return " AND ".join(text for text, _ in self.conditions) or "true"

    def price(self) -> str:
        """Return the price of a use, the list price of a gate, the amount of a payout, in fen."""
        rule = self.rule
        base = column(rule["base"]) if rule["base"] else None
        if not rule["pay"]:
            return base or literal(0)
        text = self._terms.written(["rows", [row[:2] for row in rule["pay"]]])
        return f"LEAST({text}, {base})" if base else text

    def borne(self) -> str:
        """Return how many fen the funds bear: what a use saves, or the whole amount of a payout."""
        return f"({column(self.rule['base'])} - {self.price()})" if self.rule["base"] else self.price()

    def keep(self, alias: str, names: Sequence[str], values: Sequence[str]) -> list[str]:
        """Reckon *values* once a row, beside the relation, and return how they are read."""
        listed = ", ".join(f"{value} AS {name}" for name, value in zip(names, values, strict=True))
        alias = self._prefix + alias
        self._beside.append(f"\nCROSS JOIN LATERAL (SELECT {listed} OFFSET 0) AS {alias}")  # OFFSET 0: not written in again by the planner.
        return [f"{alias}.{name}" for name in names]

    def written(self, tree: Tree) -> str:
        """Return *tree* as an expression."""
        return self._terms.written(tree)

    def _take(self, name: str, tree: Tree) -> None:
        text, weight = self._terms.written(tree), self._weight(tree)
        if weight * self._named(name) > _INLINE_MAX:
            (text,) = self.keep(f"l{len(self._texts)}", ["v"], [text])
            weight = 1
        self._texts[name], self._weights[name] = text, weight

    def _weight(self, tree: Tree) -> int:
        """Return how many nodes *tree* is written as, the values of its figures included."""
        if tree[0] == "let":
            return self._weights[tree[1]]
        figure = self.rule["figures"].get(tree[-1]) if tree[0] in ("figure", "in_figure", "in_hours", "in_dates") else None
        return 1 + sum(map(self._weight, parts_of(tree))) + (sum(_leaves(level) for _, level in figure["rows"]) if figure else 0)

    def _named(self, name: str) -> int:
        """Return how often a sentence names the `let`; the price is written once for what is paid and once for what is borne."""
        rule = self.rule
        trees = [*(tree for _, tree in rule["let"]), *(tree for tree, _ in rule["who"]), *(limit["cap"] for limit in rule["limits"])]
        trees += [tree for _, _, _, tree in rule["funding"]] * 2
        trees += [tree for row in rule["pay"] for tree in row[:2] if tree] * 2
        return sum(_times(name, tree) for tree in trees)


def _leaves(level: Sequence[Any]) -> int:
    if level[0] == "is":
        return len(level[1]) if isinstance(level[1], list) else 1
    return sum(_leaves(inner) for _, inner in level[2]) + (_leaves(level[3]) if level[3] else 0)


def _times(name: str, tree: Tree) -> int:
    return 1 if tree == ["let", name] else sum(_times(name, part) for part in parts_of(tree))
