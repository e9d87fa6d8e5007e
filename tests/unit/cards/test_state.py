"""Whether a credential is good at an instant."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.cards.model import TEMP_LOSS_LASTS, StateRow, state_reason, with_lapses

LOST_AT = datetime(2024, 10, 1, 9, 0, tzinfo=UTC)
FROM, UNTIL = date(2020, 1, 1), date(2029, 12, 31)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("active", None),
        ("sealed", "CARD_SEALED"),
        ("temp_loss", "CARD_LOST"),
        ("formal_loss", "CARD_LOST"),
        ("cancelled", "CARD_CANCELLED"),
        ("pin_locked", "PIN_LOCKED"),
    ],
)
def test_each_state_says_its_reason_from_its_instant_on(state, reason):
    states = [(LOST_AT, state)]
    assert state_reason(states, FROM, UNTIL, LOST_AT) == reason
    assert state_reason(states, FROM, UNTIL, LOST_AT - timedelta(microseconds=1)) is None


def reason_at(rows, at):
    return state_reason(with_lapses([StateRow(*row) for row in rows]), FROM, UNTIL, at)


def test_a_temporary_loss_lapses_and_a_formal_one_does_not():
    just_before = LOST_AT + TEMP_LOSS_LASTS - timedelta(seconds=1)
    lapsed = LOST_AT + TEMP_LOSS_LASTS
    assert reason_at([(LOST_AT, "temp_loss")], just_before) == "CARD_LOST"
    assert reason_at([(LOST_AT, "temp_loss")], lapsed) is None
    assert reason_at([(LOST_AT, "temp_loss"), (LOST_AT + timedelta(days=3), "formal_loss")], lapsed) == "CARD_LOST"


def test_a_loss_lapses_on_the_instant_its_record_says_whatever_the_rule_is_now():
    ten_days = LOST_AT + timedelta(days=10)
    assert reason_at([(LOST_AT, "temp_loss", ten_days)], ten_days - timedelta(seconds=1)) == "CARD_LOST"
    assert reason_at([(LOST_AT, "temp_loss", ten_days)], ten_days) is None


@pytest.mark.parametrize(("before", "reason"), [("sealed", "CARD_SEALED"), ("pin_locked", "PIN_LOCKED"), ("active", None)])
def test_what_a_card_was_before_it_was_lost_it_is_again_when_the_loss_lapses(before, reason):
    rows = [(LOST_AT, before), (LOST_AT + timedelta(hours=1), "temp_loss")]
    assert reason_at(rows, LOST_AT + timedelta(days=6)) == reason


def test_a_second_loss_after_the_first_lapsed_holds_for_its_own_time():
    again = LOST_AT + timedelta(days=20)
    rows = [(LOST_AT, "temp_loss"), (again, "temp_loss")]
    assert reason_at(rows, again - timedelta(days=1)) is None
    assert reason_at(rows, again) == "CARD_LOST"
    assert reason_at(rows, again + TEMP_LOSS_LASTS) is None


def test_a_card_found_again_is_good_at_once():
    found = LOST_AT + timedelta(days=4)
    assert state_reason([(LOST_AT, "temp_loss"), (found, "active")], FROM, UNTIL, found) is None


@pytest.mark.parametrize(
    ("instant", "reason"),
    [
        pytest.param(datetime(2029, 12, 31, 15, 59, 59, tzinfo=UTC), None, id="last second of the last day in the city"),
        pytest.param(datetime(2029, 12, 31, 16, 0, tzinfo=UTC), "CARD_EXPIRED", id="midnight in the city"),
        pytest.param(datetime(2019, 12, 31, 15, 59, tzinfo=UTC), "CARD_SEALED", id="before the first day"),
    ],
)
def test_validity_goes_by_the_city_day(instant, reason):
    assert state_reason([], FROM, UNTIL, instant) == reason


def test_cancelled_is_said_before_expired_and_expired_before_pin_locked():
    late = datetime(2031, 1, 1, tzinfo=UTC)
    assert state_reason([(LOST_AT, "cancelled")], FROM, UNTIL, late) == "CARD_CANCELLED"
    assert state_reason([(LOST_AT, "pin_locked")], FROM, UNTIL, late) == "CARD_EXPIRED"


@given(st.integers(0, 4000))
def test_without_an_end_nothing_expires(days):
    assert state_reason([], FROM, None, datetime(2020, 1, 2, tzinfo=UTC) + timedelta(days=days)) is None
