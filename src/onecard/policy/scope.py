"""What the expressions of one document may name, and what was read of it."""

from dataclasses import dataclass, field

from onecard.policy.facts import FACTS, OPERATOR_FACTS, Fact
from onecard.policy.figure import Figure
from onecard.policy.findings import SILENT, Desk, Refused, nearest
from onecard.policy.model import CityLists, Kind, Tree
from onecard.policy.nodes import Spot
from onecard.policy.types import Type

__all__ = ["FUNCTIONS", "WORDS", "Scope", "Typed"]

FUNCTIONS = ("min", "max", "round", "round_up", "round_down", "has", "known", "default")
WORDS = ("free", "rest", "if", "else", "and", "or", "not", "in", "of", "per", "at", "once")


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression that was understood: its tree, its type, and between what bounds its value lies."""

    tree: Tree
    type: Type
    spot: Spot
    low: int = 0
    high: int = 0
    literal: str = ""  # As written, where it is a literal.


@dataclass(slots=True)
class Scope:
    """The names of one document, growing while it is read."""

    kind: Kind
    lists: CityLists
    desk: Desk
    stacked: bool = False  # Whether it stands on top of others, and so knows `price`.
    to_operator: bool = False  # Whether it is a payout to an operator: it has no age, and a person has no uses granted.
    figures: dict[str, Figure] = field(default_factory=dict)
    lets: dict[str, Typed] = field(default_factory=dict)
    later: frozenset[str] = frozenset()  # All names that `let` and `figures` declare, those not read yet too.
    refused: set[str] = field(default_factory=set)  # Those whose own finding is handed in already.
    read: set[str] = field(default_factory=set)  # Figures and lets that were named.
    facts: set[str] = field(default_factory=set)
    depths: dict[str, int] = field(default_factory=dict)  # How deep the tree of a let is, the lets in it included.
    spots: dict[int, Spot] = field(default_factory=dict)  # Where a fact marked ? was named, by the id of its tree.

    def fact(self, name: str) -> Fact | None:
        """Return the fact *name* where this document knows it."""
        fact = FACTS.get(name)
        if fact is None or self.kind not in fact.kinds or (name == "price" and not self.stacked):
            return None
        if self.kind == "payout" and fact.name != "day" and (name in OPERATOR_FACTS) != self.to_operator:
            return None
        return fact

    def fact_at(self, name: str, spot: Spot) -> Fact:
        """Return the fact *name*. Raises `Refused` (NAME)."""
        fact = self.fact(name)
        if fact is None:
            raise self.unknown(name, spot)
        return fact

    def unknown(self, name: str, spot: Spot) -> Refused:
        """Return the refusal of *name*, with what it may have meant."""
        if name == "price" and self.kind == "use":
            return Refused("NAME.price", spot)
        if name in self.refused:
            return Refused(SILENT, spot)
        if name in self.later:
            return Refused("NAME.later", spot, name=name)
        near = nearest(name, self._names())
        return Refused("NAME.kind" if name in FACTS else "NAME", spot, name=name, kind=self.called, near=near)

    @property
    def called(self) -> str:
        """What the document is, in messages."""
        return "payout to an operator" if self.to_operator else self.kind

    def fact_names(self) -> list[str]:
        """Return the facts that this document knows."""
        return [name for name in FACTS if self.fact(name)]

    def _names(self) -> list[str]:
        return [*self.fact_names(), *self.figures, *self.lets, *FUNCTIONS, *self.lists.regions, "free"]
