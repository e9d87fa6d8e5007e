"""Who lives in the demo city: age, sex, registration, hardship, standing and card, by FIELD §9's shares. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from onecard.cards.model import NewCard, NewIdDocument, StateChange
from onecard.demo.chance import Chance, weighted
from onecard.demo.city import Area, DemoCity
from onecard.demo.clock import DEMO_DAY
from onecard.demo.facts import facts_about
from onecard.demo.names import draw_name, draw_surname
from onecard.demo.numbers import Numbers
from onecard.people.model import Identity, NewPerson
from onecard.values.days import CITY_ZONE, birthday_cut_off
from onecard.values.masked import CardNumber, PersonName, PersonNumber, Phone

__all__ = ["Resident", "born_at_age", "residents"]

_CARD_YEARS: Final = 10
_MALE: Final = 0.521
_CHILDREN: Final = 0.115  # Of all residents, 0–14; the rest up to 59 is what the elders leave.

_UNDER_80: Final = (((60, 65), 27.2), ((65, 70), 28.6), ((70, 80), 30.0))
_FROM_80: Final = (((80, 90), 12.4), ((90, 100), 1.77), ((100, 104), 0.03))

_FATES: Final = (("valid", 97.0), ("sealed", 2.0), ("formal_loss", 0.5), ("temp_loss", 0.1), ("cancelled", 0.2), ("expired", 0.2))
"""97 % hold a valid card, 2 % have not activated theirs; the rest lost it, gave it up or let it expire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One person with everything that a terminal may read; also a visitor, who then has no identity."""

    person: NewPerson
    cards: tuple[NewCard, ...]  # Newest last.
    document: NewIdDocument | None
    fate: str = "valid"  # What became of the newest card.

    @property
    def plain(self) -> bool:
        """Tell whether nothing but age and region decides what this person is granted."""
        return not any(fact.fact in {"hardship", "standing", "disability"} for fact in self.person.facts)


class _Issuing(NamedTuple):
    """Where a card is issued."""

    area: Area
    city: str


class _Household(NamedTuple):
    """Who lives together: one surname by the father's line, one phone for its children."""

    number: int
    surname: str
    phone: str


def residents(city: DemoCity, scale: int, numbers: Numbers, chance: Chance) -> Iterator[Resident]:
    """Yield the city's residents at 1:*scale*, area by area, household by household; at 1:1 some 5.5 million."""
    for area in city.areas:
        ages, housed = _ages(area, scale, chance), 0
        while housed < len(ages):
            household = _Household(numbers.household(), draw_surname(chance), numbers.phone())
            size = chance.randrange(1, 5)
            for age in ages[housed : housed + size]:
                yield _resident(city, area, age, household, numbers, chance)
            housed += size


def born_at_age(age: int, chance: Chance) -> date:
    """Return a birth date that makes somebody *age* full years old on the demo's day."""
    return birthday_cut_off(DEMO_DAY, age) - timedelta(days=chance.randrange(0, 365))


def _ages(area: Area, scale: int, chance: Chance) -> list[int]:
    total, elders, elders_80 = (round(count / scale) for count in (area.residents, area.elders, area.elders_80))
    children = round(total * _CHILDREN)
    ages = [chance.randrange(0, 15) for _ in range(children)]
    ages += [chance.randrange(15, 60) for _ in range(total - children - elders)]
    ages += [_age_in(weighted(chance, _UNDER_80), chance) for _ in range(elders - elders_80)]
    ages += [_age_in(weighted(chance, _FROM_80), chance) for _ in range(elders_80)]
    chance.shuffle(ages)
    return ages


def _age_in(band: tuple[int, int], chance: Chance) -> int:
    """Return an age of *band*; in the wide bands the younger half is the larger."""
    low, high = band
    if high - low <= 5:
        return chance.randrange(low, high)
    return low + int((high - low) * min(chance.random(), chance.random() * 1.4))


def _resident(city: DemoCity, area: Area, age: int, household: _Household, numbers: Numbers, chance: Chance) -> Resident:
    male = chance.random() < _MALE
    born = born_at_age(age, chance)
    subject = numbers.subject()
    registered = chance.random() < (0.96 if age >= 80 else 0.90 if age >= 60 else 0.6125)  # 67 % over all.
    number = _number(area, age, born, male, registered, numbers, chance)
    fate = weighted(chance, _FATES)
    name = draw_name(chance, male, household.surname if chance.random() < 0.7 else None)
    identity = Identity(
        name=PersonName(name),
        number=PersonNumber(number),
        phone=Phone(household.phone if age < 15 or chance.random() < 0.1 else numbers.phone()),
    )
    registered_in = area.region if registered else city.particulars.newcomers_from
    facts = facts_about(registered_in, age, born, household.number, fate == "cancelled", chance)
    person = NewPerson(
        subject=subject, born=born, home_region=area.region, salt=chance.randbytes(16), identity=identity, facts=facts
    )
    document = None
    if len(number) == 18:
        document = NewIdDocument(subject=subject, number=PersonNumber(number), valid_from=max(born, date(2010, 1, 1)))
    return Resident(person=person, cards=_cards(_Issuing(area, city.region), person, fate, numbers, chance), document=document, fate=fate)


def _number(area: Area, age: int, born: date, male: bool, registered: bool, numbers: Numbers, chance: Chance) -> str:
    """Return a person number: some elders carry codes of the county's time, a few people odd ones; no region can be read from it."""
    draw = chance.random()
    if draw < 0.0005 and not registered:
        return numbers.person_number(chance.choice(("810091", "820091", "830091", "911191", "915691")), born, male)
    if draw < 0.001 and age >= 60:
        return numbers.old_person_number(area.numbers_from, born, male)
    if area.elders_from is not None and age >= 60 and chance.random() < 0.6:
        return numbers.person_number(area.elders_from, born, male)
    return numbers.person_number(area.numbers_from, born, male)


def _cards(issuing: _Issuing, person: NewPerson, fate: str, numbers: Numbers, chance: Chance) -> tuple[NewCard, ...]:
    issued_on = max(person.born + timedelta(days=60), date(2017, 1, 1) + timedelta(days=chance.randrange(0, 2150)))
    if fate == "expired":
        issued_on = date(2014, 1, 1) + timedelta(days=chance.randrange(0, 240))
    if issued_on > DEMO_DAY:  # A newborn's card is still being made.
        return ()
    newest = _card(issuing, person.subject, issued_on, _states(fate, issued_on, chance), numbers)
    if fate != "valid" or chance.random() >= 0.015 or issued_on.year < 2020:
        return (newest,)
    return (_replaced(issuing, person.subject, issued_on, numbers), newest)


def _card(
    issuing: _Issuing, subject: int, issued_on: date, states: tuple[StateChange, ...], numbers: Numbers
) -> NewCard:
    return NewCard(
        subject=subject,
        number=CardNumber(numbers.card_number(issuing.area.letters)),
        chip=CardNumber(numbers.chip(issuing.city)),
        issue_region=issuing.area.region,
        issued_on=issued_on,
        valid_until=_years_later(issued_on, _CARD_YEARS),
        states=states,
    )


def _replaced(issuing: _Issuing, subject: int, reissued_on: date, numbers: Numbers) -> NewCard:
    lost_at, gone_at = (_instant(reissued_on - timedelta(days=days), 10) for days in (3, 0))
    states = (StateChange(since=lost_at, state="formal_loss"), StateChange(since=gone_at, state="cancelled"))
    return _card(issuing, subject, reissued_on - timedelta(days=1000), states, numbers)


def _states(fate: str, issued_on: date, chance: Chance) -> tuple[StateChange, ...]:
    if fate == "sealed":
        return (StateChange(since=_instant(issued_on, 0), state="sealed"),)
    days_ago = chance.randrange(1, 5) if fate == "temp_loss" else chance.randrange(1, 600)
    since = _instant(max(issued_on, DEMO_DAY - timedelta(days=days_ago)), 9)
    if fate == "temp_loss":
        return (StateChange(since=since, state="temp_loss"),)
    if fate == "formal_loss":
        return (StateChange(since=since, state="formal_loss"),)
    return (StateChange(since=since, state="cancelled"),) if fate == "cancelled" else ()


def _instant(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), CITY_ZONE)


def _years_later(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))
