"""Practice is what the desk does: the same tasks, the same states, by the same table; and whatever stands in an address is harmless."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.cards.life import STATES
from onecard.values.days import CITY_ZONE
from onecard.web.console_desk_tasks import TASKS, leads, needs_second, task_named
from onecard.web.console_sandbox import PUPILS, STEPS_MAX, pupil_named, replayed

NOON = datetime(2024, 10, 31, 12, 0, tzinfo=CITY_ZONE)
HOME = "100000"
KEYS = [task.key for task in TASKS]


def states(who: str, *keys: str) -> tuple[str, str]:
    pupil = pupil_named(who)
    assert pupil is not None
    card = replayed(pupil, keys, NOON, HOME).card
    return card.social.state, card.bank.state


@pytest.mark.parametrize(
    ("who", "keys", "wanted"),
    [
        pytest.param("elder", ("formal-loss",), ("formal_loss", "active"), id="one lock does not speak for the other"),
        pytest.param("elder", ("formal-loss", "release"), ("active", "active"), id="found again"),
        pytest.param("fresh", ("formal-loss", "release"), ("sealed", "inactive"), id="sealed, lost, found: sealed"),
        pytest.param("lost", ("reissue",), ("active", "inactive"), id="a new card is activated at the bank anew"),
        pytest.param("lost", ("reissue", "formal-loss", "reissue"), ("active", "inactive"), id="and again"),
        pytest.param("phone", ("release",), ("active", "active"), id="told by phone, released"),
        pytest.param("locked", ("unlock",), ("active", "active"), id="unlocked"),
        pytest.param("elder", ("cancel",), ("cancelled", "closed"), id="cancelled with its bank side"),
        pytest.param("elder", ("cancel", "activate", "formal-loss"), ("cancelled", "closed"), id="nothing comes after the end"),
        pytest.param("visitor", ("bank-loss",), ("active", "none"), id="no bank, no loss of it"),
    ],
)
def test_a_card_stands_as_the_desk_would_leave_it(who: str, keys: tuple[str, ...], wanted: tuple[str, str]):
    assert states(who, *keys) == wanted


@given(st.sampled_from(PUPILS), st.lists(st.sampled_from([*KEYS, "", "no-such-task", "☃"]), max_size=40))
def test_whatever_an_address_says_a_card_is_in_a_state_that_has_words(pupil, keys):
    sandbox = replayed(pupil, keys, NOON, HOME)
    assert len(sandbox.done) <= STEPS_MAX
    assert sandbox.card.social.state in STATES["social"] and sandbox.card.bank.state in STATES["bank"]


@given(st.sampled_from(PUPILS), st.lists(st.sampled_from(KEYS), max_size=STEPS_MAX - 1))
def test_what_is_offered_can_be_done_and_what_is_not_offered_changes_nothing(pupil, keys):
    before = replayed(pupil, keys, NOON, HOME)
    for task in TASKS:
        after = replayed(pupil, [*before.done, task.key], NOON, HOME)
        assert (len(after.done) == len(before.done) + 1) == leads(before.card, task, NOON)


def test_a_formal_loss_needs_a_second_person_and_one_told_by_phone_does_not():
    release = task_named("release")
    lost, phone = pupil_named("lost"), pupil_named("phone")
    assert release is not None and lost is not None and phone is not None
    assert needs_second(replayed(lost, (), NOON, HOME).card, release)
    assert not needs_second(replayed(phone, (), NOON, HOME).card, release)
