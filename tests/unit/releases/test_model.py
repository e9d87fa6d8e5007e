"""Which of several versions holds on a day: the rule of the rule book, told without compiling anything."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.releases.model import State, Version, states_of

DAY = date(2024, 10, 31)


def version(number: int, begins: int, ends: int | None = None) -> Version:
    """Return a version that begins and ends so many days from `DAY`."""
    return Version(
        programme="p", version=number, kind="use", from_day=DAY + timedelta(days=begins),
        until_day=None if ends is None else DAY + timedelta(days=ends), digest="", file="", released_at=datetime(2024, 1, 1, tzinfo=UTC),
        release=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("versions", "states"),
    [
        pytest.param([version(1, -9), version(2, 1)], {1: "in_force", 2: "ahead"}, id="until the day before"),
        pytest.param([version(1, -9), version(2, 0)], {1: "past", 2: "in_force"}, id="from its day on"),
        pytest.param([version(1, 0), version(2, 0)], {1: "past", 2: "in_force"}, id="of one day the higher"),
        pytest.param([version(1, 0), version(2, -9)], {1: "in_force", 2: "past"}, id="the latest begun, though released earlier"),
        pytest.param([version(1, -9), version(2, -5, -1)], {1: "past", 2: "past"}, id="one that has ended brings no older one back"),
        pytest.param([version(1, -9, 0)], {1: "in_force"}, id="its last day included"),
    ],
)
def test_a_version_stands_where_the_rule_book_sees_it(versions: list[Version], states: dict[int, State]) -> None:
    assert states_of(versions, DAY) == states


@given(st.lists(st.tuples(st.integers(-5, 5), st.none() | st.integers(0, 5)), max_size=6))
def test_at_most_one_holds_and_none_that_has_not_begun(days: list[tuple[int, int | None]]) -> None:
    versions = [
        version(number, begins, None if lasts is None else begins + lasts) for number, (begins, lasts) in enumerate(days, start=1)
    ]
    states = states_of(versions, DAY)
    holding = [each for each in versions if states[each.version] == "in_force"]
    assert len(holding) <= 1
    assert all(each.from_day <= DAY and (each.until_day is None or each.until_day >= DAY) for each in holding)
    assert all((states[each.version] == "ahead") == (each.from_day > DAY) for each in versions)
