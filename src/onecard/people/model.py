"""A person as policies see him: birth date, home region and dated facts, each a text in the store and a value in a rule. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from onecard.values.masked import PersonName, PersonNumber, Phone

__all__ = [
    "FACT_FORMS", "DatedFact", "FactForm", "FactRow", "FactValue", "Identity", "NewPerson", "PersonRow", "facts_on", "read_fact",
    "write_fact",
]  # fmt: skip

FactForm = Literal["region", "set", "name", "number", "yes_no"]

FactValue = str | int | bool | frozenset[str]

FACT_FORMS: Final[Mapping[str, FactForm]] = MappingProxyType(
    {
        "registered_region": "region",
        "hardship": "set",
        "standing": "set",
        "insured_as": "name",
        "disability": "number",
        "care_level": "number",
        "alive": "yes_no",
        "blocked": "set",  # Site kinds where the person may not enter; the lane makes the fact `blocked` of it.
        "household": "number",  # Who lives together bears the same number, which says nothing else. No policy asks it.
    }
)
"""Every fact that `people_fact` may hold, with its form. Birth date and home region stand on the subject itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFact:
    """One fact from a day on, until the next of the same name."""

    fact: str
    since: date
    value: FactValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a subject is: sealed in the store, opened with a reason only."""

    name: PersonName
    number: PersonNumber
    phone: Phone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person to be registered. A visitor has no identity and no facts: birth date and home region are all (DESIGN §2)."""

    subject: int
    born: date
    home_region: str
    salt: bytes  # 16 random bytes: what makes this person's digests nobody else's.
    identity: Identity | None = None
    facts: tuple[DatedFact, ...] = ()


class PersonRow(NamedTuple):
    """A person as the store holds and a seal covers him."""

    subject: int
    born: date
    home_region: str


class FactRow(NamedTuple):
    """A dated fact as the store holds and a seal covers it; *value* as `write_fact` writes it."""

    subject: int
    fact: str
    since: date
    value: str


def write_fact(fact: str, value: FactValue) -> str:
    """Return *value* as `people_fact.value` holds it: sets sorted and joined by commas, yes/no as words."""
    form = FACT_FORMS[fact]
    if form == "set":
        assert isinstance(value, frozenset)
        return ",".join(sorted(value))
    if form == "yes_no":
        assert isinstance(value, bool)
        return "yes" if value else "no"
    assert not isinstance(value, (frozenset, bool))
    return str(value)


def read_fact(fact: str, text: str) -> FactValue:
    """Return the value that *text* of the store stands for: the inverse of `write_fact`."""
    form = FACT_FORMS[fact]
    if form == "set":
        return frozenset(text.split(",")) if text else frozenset()
    if form == "yes_no":
        return text == "yes"
    return int(text) if form == "number" else text


def facts_on(rows: Iterable[tuple[str, date, str]], day: date) -> dict[str, FactValue]:
    """Return the facts in force on *day* out of (fact, since, text) *rows*, which may come in any order."""
    latest: dict[str, tuple[date, str]] = {}
    for fact, since, text in rows:
        if since <= day and (fact not in latest or latest[fact][0] < since):
            latest[fact] = (since, text)
    return {fact: read_fact(fact, text) for fact, (_, text) in latest.items()}
