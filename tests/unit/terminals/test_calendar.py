"""Working days, make-up days and opening hours."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.terminals.calendar import DAY_KINDS, day_kind, is_open, opening_interval, weekday
from onecard.terminals.model import ALWAYS_OPEN, Opening
from onecard.terminals.opening import opening_from, opening_to

MUSEUM = opening_from(
    {
        "weekly": {"workday": [[540, 1020]], "weekend": [[540, 1080]], "holiday": [[510, 720], [780, 1080]]},
        "closed_weekdays": [0],
        "closed": ["2024-06-07"],
    }
)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        pytest.param(date(2024, 10, 31), "workday", id="a Thursday"),
        pytest.param(date(2024, 10, 1), "holiday", id="National Day"),
        pytest.param(date(2024, 10, 12), "workday", id="a Saturday to make up"),
        pytest.param(date(2024, 9, 29), "workday", id="a Sunday to make up"),
        pytest.param(date(2024, 10, 13), "weekend", id="a Sunday"),
        pytest.param(date(2041, 5, 4), "weekend", id="a Saturday nobody has published yet"),
        pytest.param(date(2041, 5, 6), "workday", id="a Monday nobody has published yet"),
    ],
)
def test_the_kind_of_a_day(day, kind):
    assert day_kind(day) == kind


def test_the_city_may_overrule_the_published_list():
    assert day_kind(date(2027, 10, 1), {date(2027, 10, 1): "holiday"}) == "holiday"
    assert day_kind(date(2024, 10, 31), {date(2024, 10, 31): "weekend"}) == "weekend"


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_day_has_a_kind(day):
    assert day_kind(day) in DAY_KINDS
    assert weekday(day) == day.strftime("%a").lower()


@pytest.mark.parametrize(
    ("day", "minute", "interval"),
    [
        pytest.param(date(2024, 10, 31), 540, (540, 1020), id="first minute"),
        pytest.param(date(2024, 10, 31), 539, None, id="the minute before"),
        pytest.param(date(2024, 10, 31), 1019, (540, 1020), id="last minute"),
        pytest.param(date(2024, 10, 31), 1020, None, id="closing minute"),
        pytest.param(date(2024, 10, 28), 600, None, id="Monday"),
        pytest.param(date(2024, 10, 7), 800, (780, 1080), id="a Monday of the national holidays"),
        pytest.param(date(2024, 10, 1), 730, None, id="holiday noon"),
        pytest.param(date(2024, 6, 7), 600, None, id="closed for the day"),
    ],
)
def test_a_site_is_open_within_its_intervals(day, minute, interval):
    assert opening_interval(MUSEUM, day, day_kind(day), minute) == interval
    assert is_open(MUSEUM, day, day_kind(day), minute) is (interval is not None)


def test_a_site_without_hours_is_open_around_the_clock_but_for_its_closed_days():
    exam = date(2024, 6, 7)
    ground = Opening(closed=frozenset({exam}))
    assert opening_interval(ALWAYS_OPEN, exam, "workday", 0) == (0, 1440)
    assert is_open(ground, date(2024, 6, 10), "workday", 1439)
    assert not is_open(ground, exam, "workday", 720)


def test_a_kind_of_day_that_is_not_written_is_closed():
    assert not is_open(opening_from({"weekly": {"workday": [[0, 1440]]}}), date(2024, 10, 13), "weekend", 600)


def test_opening_hours_survive_the_store():
    assert opening_from(opening_to(MUSEUM)) == MUSEUM
    assert opening_to(ALWAYS_OPEN) == {}
