"""The demo's named people (SURFACES §4): who each is stands in the city's `cast.yaml`, cards and facts are made here. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from onecard.cards.model import CardState, NewCard, NewIdDocument, StateChange
from onecard.demo.chance import Chance
from onecard.demo.city import DemoCity
from onecard.demo.numbers import Numbers
from onecard.demo.people import Resident
from onecard.people.model import DatedFact, Identity, NewPerson
from onecard.values.days import CITY_ZONE
from onecard.values.masked import CardNumber, PersonName, PersonNumber

__all__ = ["CastMember", "CastPerson", "cast_members", "cast_people"]

_FACTS_SINCE: Final = date(2020, 1, 1)
_LETTERS: Final = "CA"  # Numbers of the cast alone.
_STATES: Final[Mapping[str, CardState]] = {"sealed": "sealed", "formal_loss": "formal_loss", "cancelled": "cancelled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """One person of the cast, as written."""

    key: str
    name: str
    born: date
    male: bool
    zh: str
    en: str
    home: str
    local: bool  # Lives and is registered where the cast is at home; visitors have no facts.
    facts: Mapping[str, Any]
    then: Mapping[date, Mapping[str, Any]]  # Facts that changed later, by the day from which they hold.
    state: tuple[datetime, CardState] | None
    issued_on: date
    valid_until: date
    replaced_on: date | None  # The day on which a new card took the place of the first.
    lives_with: str  # Whose household; most have their own.


@dataclass(frozen=True, slots=True, kw_only=True)
class CastPerson:
    """One person of the cast with everything that was made for him."""

    member: CastMember
    resident: Resident

    def credentials(self) -> list[tuple[str, str]]:
        """Return (kind, value) as the cast lists them: an old card first, then the newest card, its chip, the id document."""
        cards, document = self.resident.cards, self.resident.document
        assert document is not None
        listed = [("card", card.number.reveal()) for card in cards]
        return [*listed, ("chip", cards[-1].chip.reveal()), ("id", document.number.reveal())]


def cast_members(city: DemoCity) -> tuple[CastMember, ...]:
    """Return the people of the city's `cast.yaml`."""
    return tuple(_member(row, city.cast["home"]) for row in city.cast["people"])


def cast_people(members: tuple[CastMember, ...], city: DemoCity, numbers: Numbers, chance: Chance) -> tuple[CastPerson, ...]:
    """Return the cast with cards and facts, its numbers drawn like anyone's."""
    households = {member.lives_with: numbers.household() for member in members if member.local}
    return tuple(CastPerson(member=member, resident=_resident(member, city, households, numbers, chance)) for member in members)


def _member(row: Mapping[str, Any], at_home: str) -> CastMember:
    state = row.get("state")
    replaced_on = row.get("replaced_on")
    return CastMember(
        key=row["key"],
        name=row["name"],
        born=date.fromisoformat(row["born"]),
        male=row["sex"] == "male",
        zh=row["story"]["zh"],
        en=row["story"]["en"],
        home=row.get("home", at_home),
        local="home" not in row,
        facts=row.get("facts", {}),
        then={date.fromisoformat(day): facts for day, facts in row.get("then", {}).items()},
        state=None if state is None else (_morning(date.fromisoformat(state["since"])), _STATES[state["state"]]),
        issued_on=date.fromisoformat(row.get("issued_on", "2019-05-20")),
        valid_until=date.fromisoformat(row.get("valid_until", "2029-05-20")),
        replaced_on=None if replaced_on is None else date.fromisoformat(replaced_on),
        lives_with=row.get("lives_with", row["key"]),
    )


def _resident(member: CastMember, city: DemoCity, households: Mapping[str, int], numbers: Numbers, chance: Chance) -> Resident:
    subject, areas = numbers.subject(), city.particulars.numbers
    number = PersonNumber(numbers.person_number(areas.cast if member.local else areas.cast_visitors, member.born, member.male))
    person = NewPerson(
        subject=subject,
        born=member.born,
        home_region=member.home,
        salt=chance.randbytes(16),
        identity=Identity(name=PersonName(member.name), number=number) if member.local else None,
        facts=_facts(member, households[member.lives_with]) if member.local else (),
    )
    document = NewIdDocument(subject=subject, number=number, valid_from=max(member.born, date(2012, 1, 1)))
    return Resident(person=person, cards=_cards(member, city.region, subject, numbers), document=document)


def _facts(member: CastMember, household: int) -> tuple[DatedFact, ...]:
    told = {_FACTS_SINCE: {"household": household, "registered_region": member.home, **member.facts}, **member.then}
    return tuple(
        DatedFact(fact=fact, since=since, value=frozenset(value) if isinstance(value, list) else value)
        for since, facts in told.items()
        for fact, value in facts.items()
    )


def _cards(member: CastMember, city_region: str, subject: int, numbers: Numbers) -> tuple[NewCard, ...]:
    states = () if member.state is None else (StateChange(since=member.state[0], state=member.state[1]),)
    chip_region = city_region if member.local else member.home
    first = _card(member, chip_region, subject, member.issued_on, member.valid_until, numbers, states)
    if member.replaced_on is None:
        return (first,)
    return (first, _card(member, chip_region, subject, member.replaced_on, date(2034, 6, 2), numbers))


def _card(
    member: CastMember, chip_region: str, subject: int, issued_on: date, valid_until: date, numbers: Numbers,
    states: tuple[StateChange, ...] = (),
) -> NewCard:
    return NewCard(
        subject=subject,
        number=CardNumber(numbers.card_number(_LETTERS)),
        chip=CardNumber(numbers.chip(chip_region)),
        issue_region=member.home,
        issued_on=issued_on,
        valid_until=valid_until,
        states=states,
        foreign=not member.local,
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(10), CITY_ZONE)
