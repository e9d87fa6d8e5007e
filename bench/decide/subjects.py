"""The bus and its riders for `decide`: the released programme, a rule book, and many different subjects with all their facts."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Final

from onecard.app.application import city_rules
from onecard.decision.model import BLANKS, Occasion, Subject
from onecard.decision.rulebook import RuleBook
from onecard.policy.check import check
from onecard.policy.model import Facts, Programme, Source
from onecard.settings.city_folder import find_city

__all__ = ["Rider", "bus_rule_book", "pass_of", "riders"]

DAY: Final = date(2024, 10, 31)
_HOMES: Final = ("341800", "330481", "320500", "310100", "330402", "330105", "110101", "510100")
_PRICES: Final = (100, 150, 200, 201, 300, 501)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rider:
    """One subject about to ride, in the form in which each contender takes it."""

    facts: Facts  # Everything a rule may ask, blanks filled in.
    asked: dict[str, int | str]  # What this rule asks, for those who would have to carry the rest across a border.
    subject: Subject
    occasion: Occasion


def bus_rule_book() -> RuleBook:
    """Return the city's documents that a bus asks, checked from their files."""
    folder = find_city("jiaxing")
    lists = city_rules(folder).lists
    checked = check([Source(file=name, content=text.encode()) for name, text in folder.texts("policies/*.yaml").items()], lists)
    return RuleBook(checked.programmes, gated=lists.gated)


def pass_of(rules: RuleBook) -> Programme:
    """Return the programme that is measured."""
    return next(programme for programme in rules.in_force(DAY) if programme.name == "elder-pass-bus")


def riders(many: int, seed: int = 20241031) -> list[Rider]:
    """Return *many* subjects of all ages and homes, the same for the same *seed*."""
    chance = random.Random(seed)
    return [_rider(chance.randint(50, 95), chance.choice(_HOMES), chance.choice(_PRICES)) for _ in range(many)]


def _rider(age: int, home_region: str, list_price_fen: int) -> Rider:
    about: Facts = {"age": age, "home_region": home_region}
    occasion: Facts = {
        **BLANKS, "service": "ride", "day": DAY.toordinal(), "time": 492, "weekday": 4, "day_kind": "workday", "list_price": list_price_fen,
        "price": list_price_fen, "group": 1, "method": "card", "open": True, "region": "330400", "site_kind": "bus",
    }  # fmt: skip
    return Rider(
        facts={**occasion, **about},
        asked={"age": age, "home_region": home_region, "list_price": list_price_fen, "region": "330400"},
        subject=Subject(facts=about),
        occasion=Occasion(
            facts=occasion, day=DAY, service="ride", site="bus", site_kind="bus", operator="op", region="330400", slot="",
            list_price_fen=list_price_fen,
        ),
    )  # fmt: skip
