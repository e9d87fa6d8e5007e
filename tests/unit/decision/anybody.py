"""Anybody, anywhere, at any time, with anything used already: what Jiaxing's own documents may be asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st
from msgspec.structs import replace

from onecard.decision.limits import counter_of, memo_of
from onecard.decision.model import Counter, Occasion, Subject
from onecard.policy.facts import FACTS
from onecard.policy.model import Value
from tests.unit.decision.made import LISTS, jiaxing, occasion

__all__ = ["Asking", "askings"]

_REGIONS = ["330400", "330402", "330411", "330421", "330481", "330482", "330483", "330100", "341800", "310101", "110101"]
_FIRST, _LAST = date(2022, 12, 1), date(2026, 3, 31)  # From before the first document to after the last.


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question to `decide`."""

    subject: Subject
    occasion: Occasion
    used: dict[Counter, int]


_subjects = st.builds(
    Subject,
    facts=st.fixed_dictionaries(
        {
            "age": st.one_of(st.integers(0, 110), st.sampled_from([13, 14, 59, 60, 69, 70, 79, 80, 89, 90])),
            "home_region": st.sampled_from(_REGIONS),
        },
        optional={
            "registered_region": st.sampled_from(["", *_REGIONS]),
            "hardship": st.frozensets(st.sampled_from(LISTS.hardship), max_size=3),
            "standing": st.frozensets(st.sampled_from(LISTS.standing), max_size=3),
            "insured_as": st.sampled_from(["none", "employee", "retired", "resident"]),
            "disability": st.integers(0, 4),
            "care_level": st.integers(0, 3),
            "alive": st.booleans(),
        },
    ),
    barred=st.sampled_from([None] * 9 + ["CARD_LOST"]),
)


@st.composite
def _occasions(draw: st.DrawFn) -> Occasion:
    day = _FIRST + timedelta(days=draw(st.integers(0, (_LAST - _FIRST).days)))
    service, site_kind, region = draw(_places())
    told: dict[str, Value] = {
        "time": draw(st.integers(0, 1439)), "weekday": day.strftime("%a").lower(), "group": draw(st.integers(1, 200)),
        "day_kind": draw(st.sampled_from(["workday", "weekend", "holiday"])),
        "way": draw(st.sampled_from(["dine_in", "take_away", "delivery"])),
        "ticket": draw(st.sampled_from(["main", "extra"])), "capacity": draw(st.integers(0, 300)),
        "agreed_percent": draw(st.none() | st.integers(0, 10_000)), "agreed_share": draw(st.integers(0, 10_000)),
        "agreed_price": draw(st.none() | st.integers(0, FACTS["agreed_price"].high)),
        "seconds_since_last": draw(st.integers(0, 1_000_000)), "method": draw(st.sampled_from(["card", "code", "id", "lookup"])),
    }  # fmt: skip
    told |= {fact: draw(st.booleans()) for fact in ("guardian", "booked", "blocked", "offline", "open")}
    price = 0 if service == "exit" else draw(st.one_of(st.integers(0, 3000), st.integers(0, FACTS["list_price"].high)))
    here = occasion(
        service, price, day=day, site_kind=site_kind, region=region, slot=draw(st.sampled_from(["", "lunch", "0800"])),
        barred=draw(st.sampled_from([None] * 9 + ["TERMINAL_UNBOUND"])),
    )  # fmt: skip
    return replace(here, facts={**here.facts, **told})


@st.composite
def _places(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw a service, a kind of site and a region: mostly some that a document is about."""
    where = draw(st.sampled_from(jiaxing().programmes)).where
    choices: list[tuple[tuple[str, ...], Sequence[str]]] = [
        (where.service, LISTS.services),
        (where.site_kind, LISTS.site_kinds),
        (where.region, _REGIONS),
    ]
    service, site_kind, region = (
        draw(st.sampled_from(asked if asked and draw(st.integers(0, 9)) > 0 else tuple(every))) for asked, every in choices
    )  # fmt: skip
    return service, site_kind, region


@st.composite
def askings(draw: st.DrawFn) -> Asking:
    """Draw a person, an occasion, and how much of the limits that it may touch is gone."""
    here = draw(_occasions())
    used: dict[Counter, int] = {}
    for programme in jiaxing().in_force(here.day):
        for rule in programme.limits:
            counter = counter_of(rule, here)
            used[counter] = draw(st.one_of(st.just(0), st.integers(0, 50), st.integers(0, 5000)))
            if rule.per == "at_once":
                used[memo_of(counter, here.site)] = draw(st.integers(0, 3))
    return Asking(subject=draw(_subjects), occasion=here, used=used)
