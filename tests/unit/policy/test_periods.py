"""Periods are written in one way, follow each other without a gap, and are read on the days that `as_of` names."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.policy.periods import AS_OF, CYCLES, Cycle, days_read, period_of, period_with

DAYS = st.dates(date(1001, 1, 1), date(9000, 12, 31))


@pytest.mark.parametrize(
    ("text", "cycle", "first", "last"),
    [
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", "month", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12", "month", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-Q4", "quarter", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-spring", "term", date(2024, 2, 1), date(2024, 7, 31)),
        ("2024-autumn", "term", date(2024, 8, 1), date(2025, 1, 31)),
        ("9999", "year", date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_period_is_read_as_it_is_written(text, cycle, first, last):
    period = period_of(text)
    assert period is not None
    assert (period.cycle, period.first, period.last, period.name) == (cycle, first, last, text)


@pytest.mark.parametrize(
    "text", ["", "24-10", "2024-1", "2024-13", "2024-00", "2024-Q5", "2024-summer", "2024-10-01", "9999-autumn", "２０２４"]
)
def test_what_names_no_period_is_none(text):
    assert period_of(text) is None


@given(st.sampled_from(CYCLES), DAYS)
def test_every_day_lies_in_one_period_of_a_cycle(cycle: Cycle, day: date):
    period = period_with(cycle, day)
    assert period is not None and period.first <= day <= period.last
    assert period_of(period.name) == period
    following = period_with(cycle, period.last + timedelta(days=1))
    assert following is not None and following.first == period.last + timedelta(days=1)


@given(DAYS)
def test_days_are_read_within_the_period_but_the_day_before(day: date):
    period = period_with("month", day)
    assert period is not None
    read = {as_of: days_read(period, as_of) for as_of in AS_OF}
    assert read["last day"] == (period.last,) and read["first day"] == (period.first,)
    assert read["first or last day"] == (period.first, period.last)
    assert read["last day before"] == (period.first - timedelta(days=1),)
    assert len(read["every day"]) == period.days and set(read["first or last day"]) <= set(read["every day"])
