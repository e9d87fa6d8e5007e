"""Ages, birthdays on 29 February, and the city's clock."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.values.days import age_on, birthday_cut_off, civil, epoch_milliseconds, minute_of_day

_lives = st.dates(date(1900, 1, 1), date(2030, 12, 31))
_days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        pytest.param(date(1964, 10, 31), date(2024, 10, 30), 59, id="the day before"),
        pytest.param(date(1964, 10, 31), date(2024, 10, 31), 60, id="on the birthday"),
        pytest.param(date(1964, 2, 29), date(2024, 2, 29), 60, id="29 February in a leap year"),
        pytest.param(date(1964, 2, 29), date(2024, 2, 28), 59, id="the day before it"),
        pytest.param(date(1956, 2, 29), date(2026, 2, 28), 69, id="28 February of a common year is no birthday"),
        pytest.param(date(1956, 2, 29), date(2026, 3, 1), 70, id="1 March is"),
        pytest.param(date(2024, 10, 31), date(2024, 10, 31), 0, id="on the day of birth"),
    ],
)
def test_age_is_full_years(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@given(_lives, _days, st.integers(0, 99))
def test_who_is_born_by_the_cut_off_is_so_old_and_nobody_else(born: date, day: date, years: int) -> None:
    assert (age_on(born, day) >= years) == (born <= birthday_cut_off(day, years))


@pytest.mark.parametrize(
    ("day", "years", "cut_off"),
    [
        (date(2024, 10, 31), 60, date(1964, 10, 31)),
        (date(2024, 2, 29), 60, date(1964, 2, 29)),
        (date(2024, 2, 29), 65, date(1959, 2, 28)),
        (date(2025, 2, 28), 61, date(1964, 2, 28)),
        (date(2025, 3, 1), 61, date(1964, 3, 1)),
    ],
)
def test_the_cut_off_is_that_day_so_many_years_ago(day: date, years: int, cut_off: date) -> None:
    assert birthday_cut_off(day, years) == cut_off


@given(_lives, _days)
def test_nobody_grows_younger(born: date, day: date) -> None:
    assert age_on(born, day) <= age_on(born, day + timedelta(days=1)) <= age_on(born, day) + 1


def test_the_city_is_eight_hours_ahead_and_its_day_with_it() -> None:
    before, after = datetime(2024, 10, 30, 15, 59, tzinfo=UTC), datetime(2024, 10, 30, 16, 0, tzinfo=UTC)
    assert [civil(instant).date() for instant in (before, after)] == [date(2024, 10, 30), date(2024, 10, 31)]
    assert [minute_of_day(instant) for instant in (before, after)] == [1439, 0]


_instants = st.integers(-(10**15), 10**16).map(lambda micros: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros))
_zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(_instants, _zones)
def test_an_instant_is_the_same_in_every_zone(instant: datetime, zone: timezone) -> None:
    elsewhere = instant.astimezone(zone)
    assert epoch_milliseconds(elsewhere) == epoch_milliseconds(instant)
    assert (civil(elsewhere), minute_of_day(elsewhere)) == (civil(instant), minute_of_day(instant))


@pytest.mark.parametrize(
    ("microseconds", "milliseconds"), [(0, 0), (999, 0), (1000, 1), (1999, 1), (-1, -1), (-1000, -1), (-1001, -2)]
)  # fmt: skip
def test_fractions_of_a_millisecond_are_cut(microseconds: int, milliseconds: int) -> None:
    assert epoch_milliseconds(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)) == milliseconds
