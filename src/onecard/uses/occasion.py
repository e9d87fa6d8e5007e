"""From a tap to what policies ask: the facts of occasion and site, and of the person on that day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from onecard.decision.model import BLANKS, Occasion, Subject
from onecard.people.model import FACT_FORMS
from onecard.policy.model import CityLists, Facts, Value
from onecard.terminals.calendar import DayKind, day_kind, opening_interval, weekday
from onecard.terminals.model import Interval, Place, Site
from onecard.uses.known import CredentialRow, Person
from onecard.uses.model import Tap
from onecard.values.days import CITY_ZONE, age_on

__all__ = ["CityRules", "occasion_of", "subject_of", "with_person"]

ADULT_AGE: Final = 18
SECONDS_SINCE_NEVER: Final = 1_000_000  # The blank of `seconds_since_last` (POLICY §5).

_UNASKED: Final = frozenset(FACT_FORMS) - frozenset(BLANKS)  # Known about a person, and none of a policy's business: `household`.

_METHODS: Final[Mapping[str, str]] = MappingProxyType({"card": "card", "chip": "card", "code": "code", "id": "id", "lookup": "lookup"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRules:
    """What the city says about itself: its lists, and the days on which its calendar differs from the published one."""

    lists: CityLists
    day_kinds: Mapping[date, DayKind] = field(default_factory=dict)


def occasion_of(tap: Tap, place: Place, city: CityRules) -> Occasion:
    """Return what *tap* says about where, when and for what, before the person is known."""
    site = place.site
    local = tap.occurred_at.astimezone(CITY_ZONE)
    day, minute = local.date(), local.hour * 60 + local.minute
    kind = day_kind(day, city.day_kinds)
    interval = opening_interval(site.opening, day, kind, minute)
    facts: dict[str, Value] = {
        **BLANKS,
        "service": tap.service, "day": day.toordinal(), "time": minute, "weekday": weekday(day), "day_kind": kind,
        "list_price": tap.list_price_fen, "price": tap.list_price_fen, "group": tap.group, "method": _METHODS[tap.kind],
        "way": tap.way, "ticket": tap.ticket, "offline": tap.offline is not None, "open": interval is not None,
        "region": site.region, "site_kind": site.kind, "capacity": site.capacity, "agreed_percent": site.agreed_percent,
        "agreed_price": site.agreed_price_fen, "agreed_share": site.agreed_share,
    }  # fmt: skip
    return Occasion(
        facts=facts, day=day, service=tap.service, site=site.site, site_kind=site.kind, operator=site.operator,
        region=site.region, slot=_slot(tap, site, interval), list_price_fen=tap.list_price_fen, barred=_barred(place, site, day),
    )  # fmt: skip


def with_person(occasion: Occasion, told: Mapping[str, Value]) -> Occasion:
    """Return *occasion* with what only the store could tell: blocked, guardian, seconds_since_last."""
    return replace(occasion, facts={**occasion.facts, **told}) if told else occasion


def subject_of(person: Person, credential: CredentialRow, occasion: Occasion, at: datetime) -> tuple[Subject, bool]:
    """Return the person as policies see him on that day, and whether he is blocked at this kind of site."""
    facts: dict[str, Value] = {"age": age_on(person.born, occasion.day), "home_region": person.home_region}
    dated: Facts = person.facts_on(occasion.day)
    facts.update(dated)
    for fact in _UNASKED:
        facts.pop(fact, None)
    blocked = facts.pop("blocked", None)
    is_blocked = isinstance(blocked, frozenset) and occasion.site_kind in blocked
    return Subject(facts=facts, barred=credential.barred(at)), is_blocked


def guards(person: Person | None, credential: CredentialRow | None, ward: Person, occasion: Occasion, at: datetime) -> bool:
    """Tell whether who is shown as guardian may be one: another person, of age, with a good credential, not blocked here."""
    if person is None or credential is None or person.subject == ward.subject:
        return False
    subject, blocked = subject_of(person, credential, occasion, at)
    age = subject.facts["age"]
    assert isinstance(age, int)
    return subject.barred is None and not blocked and age >= ADULT_AGE


def _slot(tap: Tap, site: Site, interval: Interval | None) -> str:
    """Return what tells the slots of one day apart: the service at canteens, elsewhere when the opening interval begins (POLICY §5)."""
    if site.kind == "canteen":
        return tap.service
    return f"{interval[0] // 60:02d}{interval[0] % 60:02d}" if interval else ""


def _barred(place: Place, site: Site, day: date) -> str | None:
    if not place.terminal.bound_at(day):
        return "TERMINAL_UNBOUND"
    if site.state_on(day) == "suspended":
        return "MERCHANT_SUSPENDED"
    return None if site.takes_uses_on(day) else "TERMINAL_UNBOUND"
