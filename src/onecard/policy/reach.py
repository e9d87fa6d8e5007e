"""What can be true at a place in a document: a small abstract interpretation that finds rows no case reaches and unguarded facts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from onecard.policy.facts import FACTS, vocabulary
from onecard.policy.findings import Desk
from onecard.policy.model import CityLists, Tree
from onecard.policy.scope import Scope
from onecard.policy.sentences import Row
from onecard.policy.trees import parts_of

__all__ = ["Reach", "State"]

_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_FUEL: Final = 20_000  # Conditions followed per document; beyond it nothing more is concluded of them, which is safe.

Domain = tuple[int, int] | frozenset[Any]
"""From … to, both included, or the names (or yes/no) that are still possible."""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of the facts at one place."""

    domains: Mapping[str, Domain]
    present: frozenset[str] = frozenset()  # Facts asked for: `known`, or a region that lies somewhere.


class Reach:
    """Follows the conditions of one document. An unreachable place has the state None."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._desk: Desk = scope.desk
        self._lists: CityLists = scope.lists
        self._fuel = _FUEL
        self._checked: set[tuple[str, frozenset[str]]] = set()

    def rows(self, rows: list[Row], state: State | None) -> None:
        """Hand in each row that no case reaches (UNREACHABLE), and facts that may be unknown where they are used (UNGUARDED)."""
        for row in rows:
            inside = state
            if row.condition is not None and state is not None:
                self.guard(row.condition.tree, state)
                inside = self.refine(row.condition.tree, True, state)
                state = self.refine(row.condition.tree, False, state)
            if inside is None:
                self._desk.add("UNREACHABLE", row.spot)
                return
            self.guard(row.value.tree, inside)

    def guard(self, tree: Tree, state: State | None) -> None:
        """Hand in each fact marked ? that is used in *tree* where nobody asked whether it is known (UNGUARDED)."""
        if state is None:
            return
        match tree[0]:
            case "fact":
                if FACTS[tree[1]].optional and tree[1] not in state.present:
                    self._desk.add("UNGUARDED", self._scope.spots[id(tree)], fact=tree[1])
            case "and" | "or":
                self._guard_in_turn([[part, None] for part in tree[1:]], tree[0] == "and", state)
            case "rows":
                self._guard_in_turn(tree[1], False, state)
            case "let":
                if (tree[1], state.present) not in self._checked:
                    self._checked.add((tree[1], state.present))
                    self.guard(self._scope.lets[tree[1]].tree, state)
            case _:
                for part in parts_of(tree):
                    self.guard(part, state)

    def _guard_in_turn(self, rows: list[list[Tree | None]], goes_on: bool, state: State | None) -> None:
        """Guard [condition, value] rows, each met only where the condition before it turned out to be *goes_on*."""
        for condition, value in rows:
            inside = state
            if condition is not None:
                self.guard(condition, state)
                inside = self.refine(condition, True, state)
                state = self.refine(condition, goes_on, state)
            if value is not None:
                self.guard(value, inside)

    def refine(self, tree: Tree, truth: bool, state: State | None) -> State | None:
        """Return *state* after *tree* turned out to be *truth*; None where that cannot be."""
        self._fuel -= 1
        if state is None or self._fuel < 0:
            return state
        match tree[0]:
            case "not":
                return self.refine(tree[1], not truth, state)
            case "and" | "or":
                return self._both(tree[1:], tree[0] == "and", truth, state)
            case "fact":
                return self._narrow(tree[1], frozenset({truth}), state)
            case "in_names":
                return self._among(tree[1], frozenset(tree[2]), truth, state)
            case "in_areas" | "in_region" | "in_figure":
                return self._somewhere(tree, state) if truth else state
            case "known":
                return replace(state, present=state.present | {tree[1]}) if truth else (None if tree[1] in state.present else state)
            case "let":
                return self.refine(self._scope.lets[tree[1]].tree, truth, state)
            case "<" | "<=" | ">" | ">=" | "==" | "!=":
                return self._compared(tree, truth, state)
        return state

    def _both(self, parts: list[Tree], all_of: bool, truth: bool, state: State | None) -> State | None:
        """`and` that holds, or `or` that does not, holds in every part; else the first part that decides may be any."""
        if all_of == truth:
            for part in parts:
                state = self.refine(part, truth, state)
            return state
        joined: State | None = None
        for part in parts:
            joined = _join(joined, self.refine(part, truth, state))
            state = self.refine(part, not truth, state)
        return joined

    def _compared(self, tree: Tree, truth: bool, state: State) -> State | None:
        sign, left, right = tree
        if left[0] == "lit":
            sign, left, right = _MIRRORED[sign], right, left
        if left[0] != "fact" or right[0] != "lit":
            return state
        sign = sign if truth else _OPPOSITE[sign]
        if right[1] == "name":
            return self._among(left, frozenset({right[2]}), sign == "==", state)
        return self._narrow(left[1], _interval(sign, right[2], self._domain(left[1], state)), state)

    def _among(self, tree: Tree, names: frozenset[str], truth: bool, state: State) -> State | None:
        if tree[0] != "fact":
            return state
        domain = self._domain(tree[1], state)
        assert isinstance(domain, frozenset)
        return self._narrow(tree[1], domain & names if truth else domain - names, state)

    def _somewhere(self, tree: Tree, state: State) -> State:
        """A region that lies in another is not blank, nor is the other."""
        regions = [side[1] for side in tree[1:] if isinstance(side, list) and side[0] == "fact"]
        return replace(state, present=state.present.union(regions))

    def _narrow(self, name: str, domain: Domain, state: State) -> State | None:
        held = self._domain(name, state)
        if isinstance(domain, frozenset):
            domain = domain & held if isinstance(held, frozenset) else domain
            possible = bool(domain)
        else:
            possible = domain[0] <= domain[1]
        return replace(state, domains={**state.domains, name: domain}) if possible else None

    def _domain(self, name: str, state: State) -> Domain:
        fact = FACTS[name]
        if name in state.domains:
            return state.domains[name]
        if fact.type.base == "yes_no":
            return frozenset({True, False})
        return frozenset({*vocabulary(fact.type, self._lists), fact.blank}) if fact.type.base == "name" else (fact.low, fact.high)


def _interval(sign: str, value: int, held: Domain) -> Domain:
    assert isinstance(held, tuple)
    low, high = held
    if sign == "!=":
        return (low + (low == value), high - (high == value)) if value in held else held
    bounds = {"<": (low, value - 1), "<=": (low, value), ">": (value + 1, high), ">=": (value, high), "==": (value, value)}[sign]
    return max(low, bounds[0]), min(high, bounds[1])


def _join(left: State | None, right: State | None) -> State | None:
    if left is None or right is None:
        return left or right
    domains: dict[str, Domain] = {}
    for name in left.domains.keys() & right.domains.keys():
        one, other = left.domains[name], right.domains[name]
        if isinstance(one, frozenset) and isinstance(other, frozenset):
            domains[name] = one | other
        elif isinstance(one, tuple) and isinstance(other, tuple):
            domains[name] = (min(one[0], other[0]), max(one[1], other[1]))
    return State(domains, left.present & right.present)
