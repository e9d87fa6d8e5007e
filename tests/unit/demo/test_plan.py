"""The plan of uses: exact where the newsletter counts, plausible elsewhere, and never by the cast."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from onecard.demo.clock import DEMO_DAY, DEMO_FIRST_DAY, DEMO_START
from onecard.demo.pass_uses import PassUses
from onecard.demo.people import Resident
from onecard.demo.plan import FULL_DAYS, days_of_taps
from onecard.demo.source import SEED, chance_by
from onecard.terminals.calendar import day_kind, is_open
from onecard.uses.model import Tap
from onecard.values.days import age_on, civil

DOUBLE_NINTH = date(2024, 10, 11)
PASS_TOTALS = {"bus": 63_365, "merchant": 46_308, "scenic": 1_522}  # The newsletter's own (FIELD §0).


@pytest.fixture(scope="module")
def holders(drawn):
    """Every credential → who it is, and what is known about him."""
    everyone = [*drawn.people, *drawn.world.visitors]
    return {value: resident for resident in everyone for value in _values(resident)}


@pytest.fixture(scope="module")
def uses_by_day(drawn):
    """Every use once under the day on which it happened, whenever its record arrived."""
    found: dict[date, dict[tuple[str, int], Tap]] = defaultdict(dict)
    for day in drawn.days:
        for tap in [*day.uploads, *day.taps]:
            found[civil(tap.occurred_at).date()].setdefault((tap.terminal, tap.seq), tap)
    return {day: list(uses.values()) for day, uses in sorted(found.items())}


@pytest.fixture(scope="module")
def site_of(drawn):
    return {device.terminal: device.site for devices in drawn.places.by_scene.values() for device in devices}


def _values(resident: Resident) -> Iterator[str]:
    for card in resident.cards:
        yield card.number.reveal()
        yield card.chip.reveal()
    if resident.document is not None:
        yield resident.document.number.reveal()


def test_the_pass_comes_out_exactly(uses_by_day, holders, site_of):
    """What the shipped policies grant under the pass: visitors of the delta of 60 on buses; anyone of the delta of 60 elsewhere."""
    granted: Counter[str] = Counter()
    for day, uses in uses_by_day.items():
        for tap in uses:
            if tap.kind == "code":
                continue  # Nobody signed them.
            person, site = holders[tap.value].person, site_of[tap.terminal]
            if site.scene not in PASS_TOTALS or age_on(person.born, day) < 60 or person.home_region[:2] not in {"31", "32", "33", "34"}:
                continue
            if site.scene == "bus" and person.home_region.startswith("3304"):
                continue  # They ride under the local fare.
            assert site.counts_on(day)
            assert site.agreed_percent != 10_000
            assert holders[tap.value].plain
            assert holders[tap.value].fate == "valid"
            granted[site.scene] += 1
    assert granted == PASS_TOTALS


def test_every_tap_falls_into_the_citys_days_in_order(drawn):
    taps = [tap for day in drawn.days for tap in day.taps]
    assert [day.day for day in drawn.days] == [DEMO_FIRST_DAY + timedelta(days=at) for at in range(670)]
    assert all(civil(tap.occurred_at).date() == day.day for day in drawn.days for tap in day.taps)
    assert all(earlier.occurred_at <= later.occurred_at for earlier, later in pairwise(taps))
    assert taps[-1].occurred_at < DEMO_START


def test_a_terminals_numbers_rise_by_one_with_time_and_stay_far_below_the_casts(uses_by_day):
    numbers: dict[str, list[tuple[int, datetime]]] = defaultdict(list)
    for uses in uses_by_day.values():
        for tap in uses:
            numbers[tap.terminal].append((tap.seq, tap.occurred_at))
    for given in numbers.values():
        given.sort()
        assert [seq for seq, _ in given] == list(range(1, len(given) + 1))
        assert all(earlier <= later for (_, earlier), (_, later) in pairwise(given))
    assert max(len(given) for given in numbers.values()) < 100_000


def test_nobody_of_the_cast_appears(drawn, uses_by_day):
    cast = {value for person in drawn.world.cast.people for _, value in person.credentials()}
    assert cast.isdisjoint(tap.value for uses in uses_by_day.values() for tap in uses)


def test_nobody_comes_where_it_is_closed_or_not_offered(drawn, site_of):
    for day in drawn.days:
        kind = day_kind(day.day, drawn.city.day_kinds)
        for tap in day.taps:
            site, local = site_of[tap.terminal], civil(tap.occurred_at)
            assert tap.service in site.services
            assert site.takes_uses_on(day.day)
            assert is_open(site.opening, day.day, kind, local.hour * 60 + local.minute)


def test_the_pass_grows_and_double_ninth_is_a_peak(drawn, site_of):
    rides = {day.day: sum(site_of[tap.terminal].scene == "merchant" for tap in day.taps) for day in drawn.days}
    first, last = (sum(count for day, count in rides.items() if day.year == year) for year in (2023, 2024))
    assert last / 305 > 1.4 * first / 365
    usual = sum(rides[DOUBLE_NINTH + timedelta(days=days)] for days in (-3, -2, 3, 4)) / 4
    assert rides[DOUBLE_NINTH] > 2 * usual


def test_the_last_days_hold_every_scene(drawn, site_of):
    for day in drawn.days[-5:]:
        scenes = {site_of[tap.terminal].scene for tap in day.taps}
        assert scenes >= {"bus", "merchant", "canteen", "library", "scenic", "campus"}
    canteens = {
        tap.terminal for day in drawn.days if DEMO_DAY - timedelta(days=61) < day.day <= date(2024, 9, 30) for tap in day.taps
        if tap.service == "lunch"
    }  # fmt: skip
    assert len(canteens) == 63
    assert FULL_DAYS == 90


def test_whoever_enters_a_ground_leaves_it(drawn, site_of):
    for day in drawn.days[-60:]:
        ways = Counter((tap.value, tap.service) for tap in day.taps if site_of[tap.terminal].scene == "campus")
        for (value, service), count in ways.items():
            if service == "exit":
                assert ways[value, "entry"] >= count


def test_nobody_rides_thirty_times_a_day_under_the_pass(drawn, site_of):
    busiest = max(
        max(Counter(tap.value for tap in day.taps if site_of[tap.terminal].scene == "bus").values(), default=0) for day in drawn.days
    )
    assert busiest < 30


def test_the_same_seed_plans_the_same_days(drawn, source):
    again = days_of_taps(source.city, drawn.places, drawn.pools, 1000, chance_by(SEED))
    assert [next(again) for _ in range(20)] == drawn.days[:20]


def test_quotas_hold_for_another_seed_and_a_tiny_city(drawn, source):
    other = PassUses(source.city, drawn.places, drawn.pools, chance_by(7)("days"))
    drafts = [draft for at in range(670) for draft in other.of_day(DEMO_FIRST_DAY + timedelta(days=at))]
    assert Counter(draft.service for draft in drafts) == {"ride": 63_365, "purchase": 46_308, "entry": 1_522}
