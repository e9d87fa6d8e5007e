"""People see a doctor near home, elders most of all, as often as the city's data says."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from onecard.demo.clock import DEMO_DAY
from onecard.demo.plan import FULL_DAYS
from onecard.demo.source import SEED, chance_by
from onecard.demo.visits import Visits
from onecard.terminals.calendar import day_kind
from onecard.values.days import age_on

MEDICAL = {"clinic", "hospital", "pharmacy"}


@pytest.fixture(scope="module")
def site_of(drawn):
    return {device.terminal: device.site for devices in drawn.places.by_scene.values() for device in devices}


@pytest.fixture(scope="module")
def visits(drawn, site_of):
    return {day.day: [tap for tap in day.taps if site_of[tap.terminal].scene in MEDICAL] for day in drawn.days}


@pytest.fixture(scope="module")
def residents_by_value(drawn):
    found = {value.reveal(): person.person for person in drawn.people for card in person.cards for value in (card.number, card.chip)}
    return found | {person.document.number.reveal(): person.person for person in drawn.people if person.document is not None}


def test_the_last_ninety_days_hold_visits_and_no_day_before_them(visits):
    days = [day for day, taps in visits.items() if taps]
    assert days == [DEMO_DAY - timedelta(days=at) for at in range(FULL_DAYS - 1, -1, -1)]


def test_a_visit_costs_nothing_yet(visits):
    assert {(tap.service, tap.list_price_fen, tap.offline) for taps in visits.values() for tap in taps} == {("visit", 0, None)}


def test_a_workday_holds_as_many_as_the_city_says_and_a_holiday_fewer(drawn, visits):
    counts: dict[str, set[int]] = defaultdict(set)
    for day, taps in list(visits.items())[-FULL_DAYS:-1]:
        counts[day_kind(day, drawn.city.day_kinds)].add(len(taps))
    assert counts["workday"] == {drawn.city.a_day["medical_visits"] // 1000}
    assert max(counts["holiday"]) < min(counts["weekend"]) < min(counts["workday"])


def test_most_go_near_home_and_more_than_half_are_elders(visits, residents_by_value, site_of):
    taps = [tap for taps in visits.values() for tap in taps]
    near = sum(residents_by_value[tap.value].home_region == site_of[tap.terminal].region for tap in taps)
    assert near / len(taps) > 0.85
    elders = sum(age_on(residents_by_value[tap.value].born, DEMO_DAY) >= 60 for tap in taps)
    assert elders / len(taps) == pytest.approx(0.56, abs=0.04)


def test_every_kind_of_place_is_visited_clinics_most(visits, site_of):
    kinds = Counter(site_of[tap.terminal].scene for taps in visits.values() for tap in taps)
    assert [kind for kind, _ in kinds.most_common()] == ["clinic", "hospital", "pharmacy"]


def test_where_less_than_one_a_day_would_come_nobody_does(drawn):
    nobody = Visits(drawn.places, drawn.pools, drawn.city.day_kinds, 0.9, chance_by(SEED)("visits"))
    assert nobody.of_day(DEMO_DAY) == []
