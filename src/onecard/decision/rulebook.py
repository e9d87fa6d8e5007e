"""All documents in force, found by day and occasion. Pure; remembers what it has found."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onecard.decision.model import Occasion
from onecard.policy.matching import fits
from onecard.policy.model import Programme

__all__ = ["Asked", "RuleBook", "in_order", "preferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The documents that one kind of occasion asks."""

    gates: tuple[Programme, ...]
    bases: tuple[Programme, ...]  # Reductions that stand on the list price.
    toppings: tuple[Programme, ...]  # Those that stand on top of others, in the order in which they are tried.
    locked: bool  # Nobody passes: the city wants a gate here and none is in force.
    facts: tuple[str, ...]  # What these documents can ask, sorted.


class RuleBook:
    """Every released version of every document, and which of them an occasion asks."""

    def __init__(self, programmes: Iterable[Programme], *, gated: Iterable[str], number: int = 0) -> None:
        """Take the *programmes* of all versions; *gated* are the city's gated site kinds, *number* names this state."""
        self.number = number
        self.programmes = tuple(programmes)
        self._gated = frozenset(gated)
        self._edges = sorted({edge for programme in self.programmes for edge in _edges(programme)})
        self._in_force: dict[int, tuple[Programme, ...]] = {}
        self._asked: dict[tuple[int, str, str, str, str, str], Asked] = {}
        self._by_site = any(programme.where.site or programme.where.operator for programme in self.programmes)

    def asked(self, occasion: Occasion) -> Asked:
        """Return the documents that *occasion* asks on its day."""
        era = bisect_right(self._edges, occasion.day)
        who = (occasion.operator, occasion.site) if self._by_site else ("", "")
        key = (era, occasion.region, occasion.site_kind, occasion.service, *who)
        found = self._asked.get(key)
        if found is None:
            found = self._asked[key] = self._find(era, occasion)
        return found

    def in_force(self, day: date) -> tuple[Programme, ...]:
        """Return the version of each document that holds on *day*: the latest begun; of two with one day the higher."""
        era = bisect_right(self._edges, day)
        found = self._in_force.get(era)
        if found is None:
            found = self._in_force[era] = tuple(_newest(self.programmes, day).values())
        return found

    def _find(self, era: int, occasion: Occasion) -> Asked:
        fitting = [
            programme
            for programme in self.in_force(occasion.day)
            if fits(
                programme.where,
                region=occasion.region,
                service=occasion.service,
                site_kind=occasion.site_kind,
                operator=occasion.operator,
                site=occasion.site,
            )
        ]
        uses = in_order([programme for programme in fitting if programme.kind == "use"])
        gates = tuple(programme for programme in fitting if programme.kind == "gate")
        return Asked(
            gates=gates,
            bases=tuple(programme for programme in uses if not programme.on_top_of),
            toppings=tuple(programme for programme in uses if programme.on_top_of),
            locked=not gates and occasion.site_kind in self._gated,
            facts=_facts_of([*gates, *uses]),
        )


def _facts_of(programmes: Sequence[Programme]) -> tuple[str, ...]:
    """Return what *programmes* can ask, sorted; a limit of persons asks for the size of the group without a word."""
    asked = {fact for programme in programmes for fact in programme.facts}
    groups = any(rule.unit == "persons" for programme in programmes for rule in programme.limits)
    return tuple(sorted(asked | {"group"} if groups else asked))


def in_order(programmes: list[Programme]) -> list[Programme]:
    """Return *programmes* so that each stands before those it is preferred over; else by name (POLICY §1)."""
    waiting, ordered = list(programmes), []
    while waiting:
        first = preferred(waiting)
        waiting.remove(first)
        ordered.append(first)
    return ordered


def preferred(equals: Sequence[Programme]) -> Programme:
    """Return which of *equals* comes first: nobody among them is preferred over it, and its name is the first of those.

    Documents that are not among them have no say: of two equal prices no third one decides.
    """
    free = [p for p in equals if not any(p.name in other.prefer_over for other in equals if other is not p)]
    return min(free or equals, key=lambda programme: programme.name)  # A circle is a finding of the check; one is needed all the same.


def _newest(programmes: Iterable[Programme], day: date) -> Mapping[str, Programme]:
    newest: dict[str, Programme] = {}
    for programme in programmes:
        if programme.from_day > day:
            continue
        held = newest.get(programme.name)
        if held is None or (programme.from_day, programme.version) > (held.from_day, held.version):
            newest[programme.name] = programme
    return {name: p for name, p in newest.items() if p.until_day is None or day <= p.until_day}


def _edges(programme: Programme) -> tuple[date, ...]:
    if programme.until_day is None or programme.until_day == date.max:
        return (programme.from_day,)
    return programme.from_day, programme.until_day + timedelta(days=1)
