"""The ground on which expressions are understood: names, literals, and where each stands."""

import ast
from datetime import date

from onecard.policy.findings import Refused
from onecard.policy.forms import LARGEST, money_of
from onecard.policy.nodes import Spot, Text
from onecard.policy.scope import Scope, Typed
from onecard.policy.types import DAY, MONEY, NUMBER, PERCENT, REGIONS, TIME, Type
from onecard.values.regions import region_prefix

__all__ = ["Reading"]


class Reading:
    """One expression being understood."""

    def __init__(self, sentence: Text, begin: int, scope: Scope) -> None:
        self._sentence, self._begin, self.scope = sentence, begin, scope

    def understand(self, node: ast.expr) -> Typed:
        """Return the typed tree of *node*. Raises `Refused`."""
        raise NotImplementedError

    def spot(self, node: ast.expr) -> Spot:
        """Return where *node* stands on the page."""
        return self._sentence.at(self._begin + node.col_offset)

    def written(self, node: ast.expr) -> str:
        """Return *node* as the clerk wrote it."""
        return self._sentence.value[self._begin + node.col_offset : self._begin + (node.end_col_offset or 0)]

    def strange(self, node: ast.expr) -> Refused:
        """Return the refusal of something the language does not have."""
        minus = isinstance(node, ast.UnaryOp)
        zh, en = (
            ("没有负数", "nothing is negative") if minus else (f"不认识“{self.written(node)}”", f"`{self.written(node)}` is not known here")
        )
        return Refused("EXPR_FORM", self.spot(node), zh_why=zh, en_why=en, example="max(list_price - 2.00, 3.00)")

    def name(self, node: ast.Name) -> Typed:
        """Return the fact, figure, let, region list or rewritten literal that *node* names."""
        name, scope, spot, written = node.id, self.scope, self.spot(node), self.written(node)
        if written != name:
            return self._rewritten(name, spot, written)
        if name == "free":
            return Typed(["lit", "money", 0], MONEY, spot, 0, 0, "free")
        if name in scope.figures:
            figure = scope.figures[name]
            scope.read.add(name)
            scope.facts.update(figure.facts)
            return Typed(["figure", name], figure.type, spot, figure.low, figure.high)
        if name in scope.lets:
            held = scope.lets[name]
            scope.read.add(name)
            return Typed(["let", name], held.type, spot, held.low, held.high)
        if name in scope.lists.regions and scope.fact(name) is None:
            return Typed(["areas", [region_prefix(code) for code in scope.lists.regions[name]]], REGIONS, spot)
        return self._fact(name, spot)

    def constant(self, node: ast.Constant) -> Typed:
        """Return money or a number; tokens have checked the form."""
        written, spot = self.written(node), self.spot(node)
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self.scope.unknown(written, spot)
        kind, value = (MONEY, money_of(written) or 0) if "." in written else (NUMBER, int(written))
        return self._literal(kind, value, spot, written)

    def known(self, name: str) -> bool:
        """Tell whether *name* is more than a name of a closed list."""
        scope = self.scope
        return name == "free" or name in scope.figures or name in scope.lets or scope.fact(name) is not None or name[0] in "PTD"

    def _fact(self, name: str, spot: Spot) -> Typed:
        fact = self.scope.fact_at(name, spot)
        self.scope.facts.add(name)
        tree = ["fact", name]
        self.scope.spots[id(tree)] = spot
        return Typed(tree, fact.type, spot, fact.low, fact.high)

    def _rewritten(self, name: str, spot: Spot, written: str) -> Typed:
        if name[0] == "P":
            whole, _, part = name[1:].partition("_")
            return self._literal(PERCENT, int(whole) * 100 + int(part.ljust(2, "0") if part else 0), spot, written)
        if name[0] == "T":
            return self._literal(TIME, int(name[1:3]) * 60 + int(name[3:]), spot, written)
        return self._literal(DAY, date.fromisoformat(written).toordinal(), spot, written)

    def _literal(self, kind: Type, value: int, spot: Spot, written: str) -> Typed:
        if value > LARGEST:
            raise Refused("RANGE", spot, most=LARGEST)
        return Typed(["lit", kind.base, value], kind, spot, value, value, written)
