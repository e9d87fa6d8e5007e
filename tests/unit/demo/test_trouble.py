"""What goes wrong in the demo on purpose is really wrong, is listed, and is all that is wrong."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from onecard.cards.model import state_reason
from onecard.demo.clock import DEMO_DAY
from onecard.demo.misfortunes import LOST_AT, with_misfortunes
from onecard.demo.numbers import Numbers
from onecard.demo.people import Resident, residents
from onecard.demo.source import SEED, chance_by
from onecard.demo.trouble import TROUBLE_KINDS, Trouble, trouble_table
from onecard.uses.intake import BACK_MAX
from onecard.uses.model import Tap
from onecard.values.days import civil
from tests.unit.demo.conftest import DrawnCity

A_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def table(drawn):
    return trouble_table(trouble for day in drawn.days for trouble in day.trouble)


@pytest.fixture(scope="module")
def taps_with(drawn, table):
    """Kind of trouble → its taps, in order of time."""
    by_key: dict[tuple[str, int], Tap] = {}
    for day in drawn.days:
        by_key |= {(tap.terminal, tap.seq): tap for tap in [*day.uploads, *day.taps]}
    return {kind: sorted((by_key[key] for key in keys), key=lambda tap: tap.occurred_at) for kind, keys in table.items()}


@pytest.fixture(scope="module")
def residents_by_card(drawn):
    return {value.reveal(): person for person in drawn.people for card in person.cards for value in (card.number, card.chip)}


def arrivals(drawn: DrawnCity) -> Iterator[tuple[Tap, datetime]]:
    """Yield (tap, when it arrived) for every upload."""
    for day in drawn.days:
        for tap in day.uploads:
            yield tap, day.uploads_at


def test_the_table_holds_every_kind_and_every_use_once(table):
    assert tuple(table) == TROUBLE_KINDS
    assert all(table.values())
    keys = [key for listed in table.values() for key in listed]
    assert len(set(keys)) == len(keys)


def test_the_table_keeps_the_order_of_its_kinds_and_uses():
    table = trouble_table([Trouble("overstay", "T1", 5), Trouble("late", "T2", 9), Trouble("late", "T2", 7)])
    assert list(table) == list(TROUBLE_KINDS)
    assert table["late"] == [("T2", 9), ("T2", 7)]
    assert table["overstay"] == [("T1", 5)]
    assert table["bad_code"] == []


def test_so_many_bus_records_are_late_and_sent_twice_as_the_field_says(drawn, table):
    buses = {device.terminal for device in drawn.places.by_scene["bus"]}
    rides = sum(tap.terminal in buses for day in drawn.days for tap in day.taps) + len(table["late"])
    assert len(table["late"]) / rides == pytest.approx(0.003, rel=0.15)
    assert len(table["duplicate"]) / rides == pytest.approx(0.0005, rel=0.35)


def test_late_records_arrive_once_more_than_a_day_late_with_the_buss_own_answer(drawn, table):
    kept_back = {*table["late"], *table["hotlist_race"]}
    late = [(tap, at) for tap, at in arrivals(drawn) if tap.offline is not None]
    assert Counter((tap.terminal, tap.seq) for tap, _ in late) == Counter(kept_back)
    assert all(A_DAY < at - tap.occurred_at < BACK_MAX for tap, at in late)
    answers = {(tap.offline.outcome, tap.offline.paid_fen) for tap, _ in late if tap.offline}
    assert answers == {("accepted", 0), ("accepted", 100)}
    at_once = {(tap.terminal, tap.seq) for day in drawn.days for tap in day.taps}
    assert kept_back.isdisjoint(at_once)


def test_many_late_records_are_overtaken_by_higher_numbers_of_their_bus(drawn, table):
    highest: Counter[str] = Counter()
    overtaken = 0
    for day in drawn.days:
        overtaken += sum(highest[tap.terminal] > tap.seq for tap in day.uploads if tap.offline is not None)
        for tap in day.taps:
            highest[tap.terminal] = max(highest[tap.terminal], tap.seq)
    assert overtaken > len(table["late"]) / 4


def test_duplicates_are_the_very_same_records_the_next_morning(drawn, table):
    first = {(tap.terminal, tap.seq): tap for day in drawn.days for tap in day.taps}
    again = [(tap, at) for tap, at in arrivals(drawn) if tap.offline is None]
    assert sorted((tap.terminal, tap.seq) for tap, _ in again) == sorted(table["duplicate"])
    assert all(first[tap.terminal, tap.seq] == tap for tap, _ in again)
    assert all((at.date() - civil(tap.occurred_at).date()).days == 1 for tap, at in again)


def test_nothing_is_still_on_its_way_when_the_demo_begins(drawn, table):
    arrived = {(tap.terminal, tap.seq) for tap, _ in arrivals(drawn)}
    assert {*table["late"], *table["duplicate"], *table["hotlist_race"]} == arrived


def test_a_card_lost_at_noon_is_let_in_by_a_bus_five_minutes_later(taps_with, residents_by_card):
    races = taps_with["hotlist_race"]
    assert [tap.occurred_at - lost for tap, lost in zip(races, LOST_AT, strict=True)] == [timedelta(minutes=5)] * 2
    for tap in races:
        card = residents_by_card[tap.value].cards[-1]
        states = [(change.since, change.state) for change in card.states]
        assert state_reason(states, card.issued_on, card.valid_until, tap.occurred_at) == "CARD_LOST"
        assert state_reason(states, card.issued_on, card.valid_until, tap.occurred_at - timedelta(minutes=6)) is None
        assert (tap.offline.outcome, tap.offline.paid_fen) == ("accepted", 100)


def test_one_leaves_a_school_ground_after_it_closed_and_was_let_in_before(drawn, taps_with):
    (leaving,) = taps_with["overstay"]
    assert leaving.service == "exit"
    assert (civil(leaving.occurred_at).hour, civil(leaving.occurred_at).minute) == (20, 47)
    the_day = next(day for day in drawn.days if day.day == civil(leaving.occurred_at).date())
    entries = [tap for tap in the_day.taps if tap.value == leaving.value and tap.service == "entry"]
    assert any(civil(tap.occurred_at).hour < 20 or civil(tap.occurred_at).minute < 30 for tap in entries)
    others = [tap for tap in the_day.taps if tap.service == "exit" and tap is not leaving]
    assert all((civil(tap.occurred_at).hour, civil(tap.occurred_at).minute) < (20, 30) for tap in others)


def test_ten_cards_of_a_drawer_are_swiped_within_a_minute_always_in_one_order(taps_with):
    by_day: dict[date, list[Tap]] = defaultdict(list)
    for tap in taps_with["batch_swipe"]:
        by_day[civil(tap.occurred_at).date()].append(tap)
    assert len(by_day) >= 8
    orders = {tuple(tap.value for tap in taps) for taps in by_day.values()}
    assert len(orders) == 1
    assert all(len({tap.value for tap in taps}) == 10 for taps in by_day.values())
    assert all(taps[-1].occurred_at - taps[0].occurred_at < timedelta(seconds=60) for taps in by_day.values())
    assert len({tap.terminal for tap in taps_with["batch_swipe"]}) == 1


def test_a_dead_man_comes_to_lunch_with_a_card_that_is_still_good(taps_with, residents_by_card):
    meals = taps_with["dead_holder"]
    assert len(meals) > 8
    (eater,) = {tap.value for tap in meals}
    resident = residents_by_card[eater]
    died = next(fact for fact in resident.person.facts if fact.fact == "alive")
    assert died.value is False
    assert died.since < civil(meals[0].occurred_at).date()
    card = resident.cards[-1]
    assert state_reason([], card.issued_on, card.valid_until, meals[-1].occurred_at) is None
    assert card.states == ()


def test_one_person_eats_in_two_counties_within_four_minutes(taps_with, drawn):
    region = {device.terminal: device.site.region for device in drawn.places.by_scene["canteen"]}
    pairs = list(zip(taps_with["two_sites"][::2], taps_with["two_sites"][1::2], strict=True))
    assert len(pairs) == 4
    for first, second in pairs:
        assert first.value == second.value
        assert region[first.terminal] != region[second.terminal]
        assert timedelta(minutes=2) < second.occurred_at - first.occurred_at < timedelta(minutes=4)


def test_each_canteen_cheats_in_its_own_county_and_in_its_own_way(taps_with, drawn):
    region = {device.terminal: device.site.region for device in drawn.places.by_scene["canteen"]}
    regions = [region[taps_with[kind][0].terminal] for kind in ("batch_swipe", "dead_holder", "two_sites")]
    assert regions == ["330481", "330483", "330421"]


def test_whom_misfortune_met_does_nothing_else(drawn, table, residents_by_card):
    marked = {key for listed in table.values() for key in listed}
    met = {value for value, resident in residents_by_card.items() if resident.fate in {"unreported", "lost_at_noon"}}
    theirs = {(tap.terminal, tap.seq) for day in drawn.days for tap in [*day.uploads, *day.taps] if tap.value in met}
    assert theirs
    assert theirs <= marked


@pytest.mark.parametrize("scale", [100, 10_000])
def test_misfortune_is_the_same_at_every_scale_and_nobody_else_is_touched(source, scale):
    def drawn_people() -> Iterator[Resident]:
        return residents(source.city, scale, Numbers(chance_by(SEED)("numbers")), chance_by(SEED)("people"))

    pairs = list(zip(drawn_people(), with_misfortunes(drawn_people()), strict=True))
    fates = Counter(after.fate for before, after in pairs if after != before)
    assert fates == {"unreported": len(source.city.areas), "lost_at_noon": 2}
    assert all(before.person.subject == after.person.subject for before, after in pairs)


def test_uploads_come_in_order_of_time_and_trouble_ends_with_the_demo(drawn):
    for day in drawn.days:
        assert all(earlier.occurred_at <= later.occurred_at for earlier, later in pairwise(day.uploads))
    assert drawn.days[-1].day == DEMO_DAY
    assert {trouble.kind for trouble in drawn.days[-1].trouble} <= {"batch_swipe", "bad_code", "dead_holder"}
