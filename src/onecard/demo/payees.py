"""Whom the demo pays under which programme, and what a roster file says of them: FIELD §9's counts at the scale, drawn by chance. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import yaml

from onecard.demo.chance import Chance
from onecard.demo.clock import DEMO_DAY
from onecard.demo.people import Resident
from onecard.demo.quota import spread
from onecard.people.model import DatedFact
from onecard.values.days import age_on
from onecard.values.masked import CardNumber, PersonName, PersonNumber

__all__ = ["Bank", "Candidate", "Payee", "PayoutPlan", "candidate_of", "payees", "payouts_from"]

_SCHOOLS: Final = ((7, "none"), (13, "primary"), (16, "middle"), (19, "high"), (111, "university"))


class Bank(NamedTuple):
    """One of the city's service banks."""

    bank: str
    zh: str
    en: str
    encoding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutPlan:
    """What the demo does for one programme."""

    programme: str
    card_percent: int
    persons: int | None  # At 1:1; None: the roster is computed, and everyone who may come on it has an account.
    anywhere: bool
    ages: tuple[int, int]  # The first that may be drawn, and the last.
    insured: tuple[str, ...]
    standing: str
    hardship: str
    fact: str  # Of which more than nothing is known.
    brings: Mapping[str, Any]


class Candidate(NamedTuple):
    """A resident reduced to what decides whether he is paid, and how."""

    subject: int
    age: int
    home: str
    registered: str
    number: PersonNumber
    name: PersonName
    facts: Mapping[str, Any]  # The first that is told of each: aid that ended is paid no more, the account stays.
    card: CardNumber | None  # A card that is good now.
    village: str


class Payee(NamedTuple):
    """One person under one programme."""

    programme: str
    who: Candidate
    by_card: bool
    brings: Mapping[str, str]  # As a roster file has it; empty where none is asked for.


def payouts_from(text: str) -> tuple[tuple[Bank, ...], tuple[PayoutPlan, ...]]:
    """Return the banks and plans of a city's `payouts.yaml`; a missing key is a KeyError: city data is our own."""
    told = yaml.safe_load(text)
    return tuple(Bank(**row) for row in told["banks"]), tuple(_plan(name, row) for name, row in told["demo"].items())


def candidate_of(resident: Resident, city: str) -> Candidate | None:
    """Return a resident as one who may be paid, None for visitors. *city* is what regions of the city begin with."""
    person = resident.person
    if person.identity is None:
        return None
    facts: dict[str, Any] = {}
    for fact in person.facts:
        facts.setdefault(fact.fact, fact.value)
    good = resident.fate == "valid" and resident.cards
    registered = str(facts.get("registered_region", ""))
    return Candidate(
        subject=person.subject, age=age_on(person.born, DEMO_DAY), home=person.home_region,
        registered=registered if registered.startswith(city) else "", number=person.identity.number, name=person.identity.name,
        facts=facts, card=resident.cards[-1].number if good else None, village=_village(person.facts),
    )  # fmt: skip


def payees(plans: Sequence[PayoutPlan], candidates: Sequence[Candidate], scale: int, chance: Chance) -> Iterator[Payee]:
    """Yield who is paid under each programme at 1:*scale*, in the order of *plans*; those on cards as many as the plan's share says.

    A programme with a count has exactly so many at the scale, by largest remainders, or everyone who fits where they are fewer.
    """
    counted = [plan for plan in plans if plan.persons is not None]
    persons = [plan.persons or 0 for plan in counted]
    quota = dict(zip((plan.programme for plan in counted), spread(round(sum(persons) / scale), persons), strict=True))
    for plan in plans:
        fitting = [each for each in candidates if _fits(each, plan)]
        most = quota.get(plan.programme, len(fitting))
        chosen = chance.sample(fitting, min(most, len(fitting)))
        cards = round(len(chosen) * plan.card_percent / 100)
        for each in chosen:
            by_card = each.card is not None and cards > 0
            cards -= by_card
            yield Payee(plan.programme, each, by_card, {name: _drawn(span, each.age, name, chance) for name, span in plan.brings.items()})


def _plan(name: str, row: Mapping[str, Any]) -> PayoutPlan:
    first, last = row.get("ages", (0, 111))
    return PayoutPlan(
        programme=name, card_percent=row["card"], persons=row.get("persons"), anywhere=row.get("anywhere", False), ages=(first, last),
        insured=tuple(row.get("insured", ())), standing=row.get("standing", ""), hardship=row.get("hardship", ""),
        fact=row.get("fact", ""), brings=row.get("brings", {}),
    )  # fmt: skip


def _fits(who: Candidate, plan: PayoutPlan) -> bool:
    first, last = plan.ages
    facts = who.facts
    return (
        first <= who.age <= last
        and (plan.anywhere or bool(who.registered))
        and (not plan.insured or facts.get("insured_as") in plan.insured)
        and (not plan.standing or plan.standing in facts.get("standing", ()))
        and (not plan.hardship or plan.hardship in facts.get("hardship", ()))
        and (not plan.fact or bool(facts.get(plan.fact)))
        and not (plan.persons is not None and facts.get("alive") is False)
    )


def _drawn(span: Any, age: int, name: str, chance: Chance) -> str:
    """Return one value as a roster file writes it."""
    if span == "by age":
        return next(school for until, school in _SCHOOLS if age < until)
    low, high = span
    value = chance.randrange(low, high + 1)
    return f"{value // 100}.{value % 100:02d}" if name in ("land", "pension_account") else str(value)


def _village(facts: Sequence[DatedFact]) -> str:
    """Return in which of its area's forty villages a household lives, of no real name."""
    household = next((int(fact.value) for fact in facts if fact.fact == "household"), 0)  # type: ignore[arg-type]
    return f"示范{household % 40 + 1}村"
