"""Shared vectors of whole decisions: a person, an occasion and what was used before, with the answer that every target gives. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from onecard.decision.decide import EXIT, decide
from onecard.decision.limits import counter_of, memo_of
from onecard.decision.model import Counter, Decision, Occasion, Subject
from onecard.decision.rulebook import RuleBook
from onecard.policy.facts import FACTS
from onecard.policy.model import CityLists, Programme
from onecard.policy.vectors import Chance, Edges, drawn_facts, edges_of, written_facts

__all__ = ["decision_vectors", "written_decision"]

_PERSON: Final = tuple(fact.name for fact in FACTS.values() if len(fact.kinds) == 4 and fact.name != "day")  # Asked by all four kinds.
_OCCASION: Final = tuple(fact.name for fact in FACTS.values() if "use" in fact.kinds and fact.name not in _PERSON)
_ALWAYS_READ: Final = ("group", "list_price", "price")
_TAPPED: Final = ("gate", "use")  # Kinds that a tap asks.
_SITES: Final = ("site-a", "site-b")
_LAST_DAY: Final = date(2099, 12, 31).toordinal()
_BARRED: Final = ("CARD_LOST", "CARD_SEALED", "HOTLIST_HIT")


def decision_vectors(rules: RuleBook, lists: CityLists, chance: Chance, count: int) -> Iterator[dict[str, Any]]:
    """Yield *count* cases `{"subject", "occasion", "used", "decision"}` over the documents of *rules*; days are ordinals."""
    programmes = [programme for programme in rules.programmes if programme.kind in _TAPPED]
    edges = edges_of([programme.rule for programme in programmes])
    for _ in range(count):
        occasion = _occasion(programmes[chance(len(programmes))], edges, lists, chance)
        subject = None if chance(40) == 0 else _subject(edges, lists, chance)
        used = _used(rules, occasion, edges, chance)
        asked = rules.asked(occasion).facts
        yield {
            "subject": subject and {"facts": written_facts(subject.facts, _within(_PERSON, asked)), "barred": subject.barred},
            "occasion": _written_occasion(occasion, (*_within(_OCCASION, asked), *_ALWAYS_READ)),
            "used": [[*_written_counter(counter), number] for counter, number in used.items()],
            "decision": written_decision(decide(subject, occasion, rules, used)),
        }


def written_decision(decision: Decision) -> dict[str, Any]:
    """Return *decision* as JSON has it."""
    return {
        "outcome": decision.outcome, "reason": decision.reason, "paid": decision.paid_fen,
        "payers": [list(payer) for payer in decision.payers], "programme": decision.programme, "version": decision.version,
        "counts": [
            {
                "programme": count.programme, "unit": count.unit, "per": count.per, "counter": _written_counter(count.counter),
                "cap": count.cap, "used_before": count.used_before, "counted": count.counted,
            }
            for count in decision.counts
        ],
        "asked": list(decision.asked), "layers": [list(layer) for layer in decision.layers], "blamed": decision.blamed,
    }  # fmt: skip


def _within(names: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in asked)


def _written_counter(counter: Counter) -> list[Any]:
    return [counter.site, counter.window_start.toordinal(), counter.name, counter.within]


def _written_occasion(occasion: Occasion, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "facts": written_facts(occasion.facts, names), "day": occasion.day.toordinal(), "service": occasion.service, "site": occasion.site,
        "site_kind": occasion.site_kind, "operator": occasion.operator, "region": occasion.region, "slot": occasion.slot,
        "list_price": occasion.list_price_fen, "barred": occasion.barred,
    }  # fmt: skip


def _occasion(programme: Programme, edges: Edges, lists: CityLists, chance: Chance) -> Occasion:
    """Return an occasion that mostly asks *programme*."""
    where = programme.where
    drawn = drawn_facts(_OCCASION, edges, lists, chance)
    service = EXIT if chance(20) == 0 else _one_of(where.service or lists.services, chance)
    site_kind = _one_of(where.site_kind or lists.site_kinds, chance)
    region = _one_of(where.region or (lists.region,), chance)
    day, price = drawn["day"], drawn["list_price"]
    assert isinstance(day, int) and isinstance(price, int)
    day = min(day, _LAST_DAY)
    told = {"day": day, "price": price, "service": service, "site_kind": site_kind, "region": region, "open": chance(4) > 0}
    return Occasion(
        facts={**drawn, **told}, day=date.fromordinal(day), service=service, site=_one_of(where.site or _SITES, chance),
        site_kind=site_kind, operator=_one_of(where.operator or ("an-operator",), chance), region=region,
        slot=_one_of((service, "0800", ""), chance), list_price_fen=price, barred="MERCHANT_SUSPENDED" if chance(40) == 0 else None,
    )  # fmt: skip


def _subject(edges: Edges, lists: CityLists, chance: Chance) -> Subject:
    drawn = drawn_facts(_PERSON, edges, lists, chance)
    return Subject(facts={name: drawn[name] for name in _PERSON}, barred=_one_of(_BARRED, chance) if chance(40) == 0 else None)


def _used(rules: RuleBook, occasion: Occasion, edges: Edges, chance: Chance) -> Mapping[Counter, int]:
    used: dict[Counter, int] = {}
    for programme in rules.in_force(occasion.day):
        for rule in programme.limits if programme.kind in _TAPPED else ():
            counter = counter_of(rule, occasion)
            if chance(3) == 0:
                used[counter] = max(0, int(_one_of(edges["money" if rule.unit == "yuan" else "number"], chance)))
            if rule.per == "at_once" and chance(2):
                used[memo_of(counter, occasion.site)] = 1 + chance(3)
    return used


def _one_of(values: Sequence[Any], chance: Chance) -> Any:
    return values[chance(len(values))]
