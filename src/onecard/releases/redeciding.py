"""Recorded uses decided anew under one rule book, limits counted on in order of time. Pure; remembers what it has decided.

Most uses are alike: the same documents are asked, the same facts told, and the limits stand at the same number. So a decision is
kept by these three, and what a use costs then is two look-ups.
"""

import json
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from onecard.decision.decide import EXIT, decide
from onecard.decision.limits import counter_of, is_memo, leaving
from onecard.decision.model import BLANKS, EVER, Counter, Decision, Occasion, Subject
from onecard.decision.rulebook import Asked, RuleBook
from onecard.policy.day_cuts import day_cuts
from onecard.policy.model import LimitRule, Programme, Value
from onecard.uses.record import facts_from

__all__ = ["Answer", "Place", "Redeciding", "Standing", "Use"]

Standing = dict[Counter, int]
"""How much of each counter is used."""

_KEPT_MAX: Final = 200_000
"""So many decisions are remembered, some 100 MB; then it begins anew."""

_SUBJECT: Final = Subject(facts={})
_NOTHING_TOLD: Final = "{}"


class Place(NamedTuple):
    """Where and for what a card is shown, as far as it tells which documents are asked."""

    service: str
    site: str
    site_kind: str
    operator: str
    region: str

    def occasion(self, day: date, slot: str = "", list_price_fen: int = 0, facts: dict[str, Value] | None = None) -> Occasion:
        """Return this place as an occasion; without *facts* one that only finds documents."""
        return Occasion(
            facts=BLANKS if facts is None else facts, day=day, service=self.service, site=self.site, site_kind=self.site_kind,
            operator=self.operator, region=self.region, slot=slot, list_price_fen=list_price_fen,
        )  # fmt: skip


class Use(NamedTuple):
    """A recorded use of somebody whom no card or site barred."""

    place: Place
    day: date
    slot: str
    list_price_fen: int
    facts: str  # What the record kept, as JSON.
    more: tuple[tuple[str, Value], ...] = ()  # What else is asked and was looked up.


class Answer(NamedTuple):
    """What a use comes to: whether it is let in, who bears what, and by how much which counters move."""

    admitted: bool
    payers: tuple[tuple[str, int], ...]
    counted: tuple[tuple[int | Counter, int], ...]  # A counter, or its place among those of the documents that were asked.


class _Ruling(NamedTuple):
    """The documents that are asked at a place on a day, and the counters of their limits there."""

    alike: object  # Equal where the same facts come to the same.
    counters: tuple[Counter, ...]
    day: str  # How the facts of a record tell its day,
    alike_day: str  # and another day on which these documents say the same.


class Redeciding:
    """One rule book's way through uses in order of time."""

    def __init__(self, rules: RuleBook, together: Standing | None = None) -> None:
        """Decide under *rules*; *together* is where limits of all persons together stand before the first use."""
        self._rules = rules
        self._together = together or {}
        self._rulings: dict[tuple[Place, date, str], _Ruling] = {}
        self._cuts: dict[int, tuple[int, ...] | None] = {}
        self._answers: dict[tuple[object, int, str, object, tuple[int, ...]], Answer] = {}

    def asked(self, place: Place, day: date) -> Asked:
        """Return the documents that are asked at *place* on *day*."""
        return self._rules.asked(place.occasion(day))

    def take(self, use: Use, standing: Standing) -> Answer:
        """Decide *use* of the person whose counters stand at *standing*, and move them on."""
        if use.place.service == EXIT:
            return self._leave(use, standing)
        place_key = use[:3]
        ruling = self._rulings.get(place_key) or self._ruled(use)
        used = tuple([self._at(counter, standing) for counter in ruling.counters])
        key = (ruling.alike, use.list_price_fen, use.facts.replace(ruling.day, ruling.alike_day), use.more, used)
        answer = self._answers.get(key) or self._decided(use, ruling, used, key)
        for which, amount in answer.counted:
            self._move(ruling.counters[which] if isinstance(which, int) else which, amount, standing)
        return answer

    def _leave(self, use: Use, standing: Standing) -> Answer:
        """Let somebody out: what `at once` counted for him there ends."""
        if any(map(is_memo, standing)):
            inside = {counter: used for counter, used in self._together.items() if counter.window_start == EVER}
            for count in leaving(use.place.site, {**standing, **inside}):
                self._move(count.counter, count.counted, standing)
        return Answer(True, (), ())

    def _at(self, counter: Counter, standing: Standing) -> int:
        return (self._together if counter.site else standing).get(counter, 0)

    def _move(self, counter: Counter, amount: int, standing: Standing) -> None:
        counters = self._together if counter.site else standing
        counters[counter] = counters.get(counter, 0) + amount

    def _ruled(self, use: Use) -> _Ruling:
        occasion = use.place.occasion(use.day, use.slot)
        asked = self._rules.asked(occasion)
        rules = _limits_of(asked)
        counters = tuple(dict.fromkeys(counter_of(rule, occasion) for rule in rules))
        memos = any(rule.per == "at_once" for rule in rules)  # A memo names the site.
        # The rule book keeps what it has found, so that one `Asked` stands for one kind of place in one era. Whether two limits
        # share a counter does not depend on the day; a slot may be asked only by `counters`.
        alike_day = _told(self._alike_day(asked, use.day.toordinal()))
        ruling = _Ruling((id(asked), len(counters), use.place.site if memos else ""), counters, _told(use.day.toordinal()), alike_day)
        self._rulings[use[:3]] = ruling
        return ruling

    def _alike_day(self, asked: Asked, day: int) -> int:
        """Return the first day from which on the documents *asked* say what they say on *day*; itself where they reckon with it."""
        if id(asked) not in self._cuts:
            self._cuts[id(asked)] = _cuts_of(asked)
        cuts = self._cuts[id(asked)]
        if cuts is None:
            return day
        place = bisect_right(cuts, day)
        return cuts[place - 1] if place else 1

    def _decided(self, use: Use, ruling: _Ruling, used: tuple[int, ...], key: tuple[object, int, str, object, tuple[int, ...]]) -> Answer:
        if len(self._answers) >= _KEPT_MAX:
            self._answers.clear()
        facts = {**facts_from(json.loads(use.facts) if use.facts != _NOTHING_TOLD else {}), **dict(use.more)}
        occasion = use.place.occasion(use.day, use.slot, use.list_price_fen, facts)
        decision = decide(_SUBJECT, occasion, self._rules, dict(zip(ruling.counters, used, strict=True)))
        answer = Answer(decision.outcome == "accepted", decision.payers, _counted(decision, ruling.counters))
        self._answers[key] = answer
        return answer


def _limits_of(asked: Asked) -> list[LimitRule]:
    return [rule for programme in _documents(asked) for rule in programme.limits]


def _documents(asked: Asked) -> tuple[Programme, ...]:
    return (*asked.gates, *asked.bases, *asked.toppings)


def _told(day: int) -> str:
    """Return how the JSON of a record tells the fact `day`; a quote within a text is escaped there, so nothing else looks like it."""
    return f'"day": {day}'


def _cuts_of(asked: Asked) -> tuple[int, ...] | None:
    cuts = [day_cuts(programme.rule) for programme in _documents(asked)]
    return None if None in cuts else tuple(sorted(frozenset[int]().union(*(each for each in cuts if each))))


def _counted(decision: Decision, counters: Sequence[Counter]) -> tuple[tuple[int | Counter, int], ...]:
    """Return by how much *decision* moves counters: those of *counters* by their place, so that it holds on another day too."""
    moved: dict[Counter, int] = {}
    for count in decision.counts:
        moved[count.counter] = moved.get(count.counter, 0) + count.counted
    places: dict[Counter, int] = {counter: place for place, counter in enumerate(counters)}
    return tuple((places.get(counter, counter), amount) for counter, amount in moved.items() if amount)
