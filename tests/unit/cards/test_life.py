"""A card's life: every move from every state, and what no history can break."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from onecard.cards.errors import MoveRefused
from onecard.cards.life import ACTS, MOVES, STATES, next_step, standing_at
from onecard.cards.model import StateRow, state_reason, with_lapses

START = datetime(2024, 10, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIVE_DAYS = timedelta(days=5)


def after(*told):
    """Return the social standing a minute after (state, hours since START) were told."""
    rows = [StateRow(START + hours * HOUR, state) for state, hours in told]
    return standing_at("social", rows, max(row.since for row in rows) + timedelta(minutes=1))


@pytest.mark.parametrize("function", ["social", "bank"])
@pytest.mark.parametrize("act", ACTS)
def test_every_act_from_every_state_leads_somewhere_or_is_refused_in_both_languages(function, act):
    for state in STATES[function]:
        standing = standing_at(function, [StateRow(START, state)], START)
        try:
            step = next_step(standing, act, START + HOUR)
        except MoveRefused as refused:
            assert STATES[function][state].zh in refused.said_zh
            assert ACTS[act].en in refused.said_en
            assert state not in MOVES.get((function, act), {})
        else:
            assert step.state in STATES[function]
            assert step.changed == (step.state != state)


def test_cancelled_is_the_end():
    cancelled = after(("cancelled", 0))
    for act in ACTS:
        if act == "cancel":
            assert not next_step(cancelled, act, START + HOUR).changed
        else:
            with pytest.raises(MoveRefused):
                next_step(cancelled, act, START + HOUR)


@pytest.mark.parametrize("before", ["active", "sealed", "pin_locked"])
@pytest.mark.parametrize("losses", [["temp_loss"], ["formal_loss"], ["temp_loss", "formal_loss"]])
def test_who_is_found_again_is_what_he_was_before(before, losses):
    lost = after((before, 0), *((loss, hours) for hours, loss in enumerate(losses, 1)))
    assert next_step(lost, "release", START + 5 * HOUR).state == before


def test_a_loss_told_by_phone_says_when_it_lapses_and_a_second_call_changes_nothing():
    step = next_step(after(("active", 0)), "temp_loss", START + HOUR, FIVE_DAYS)
    assert step.until == START + HOUR + FIVE_DAYS
    lost = standing_at("social", [StateRow(START + HOUR, "temp_loss", step.until)], START + 2 * HOUR)
    again = next_step(lost, "temp_loss", START + 2 * HOUR, FIVE_DAYS)
    assert (again.changed, again.until) == (False, step.until)


def test_a_call_after_a_formal_loss_does_not_weaken_it():
    step = next_step(after(("formal_loss", 0)), "temp_loss", START + HOUR)
    assert (step.state, step.changed) == ("formal_loss", False)


def test_only_a_formally_lost_card_is_reissued_and_only_one_in_hand_is_renewed():
    assert next_step(after(("formal_loss", 0)), "reissue", START + HOUR).state == "cancelled"
    assert next_step(after(("active", 0)), "renew", START + HOUR).state == "cancelled"
    for standing, act in ((after(("active", 0)), "reissue"), (after(("formal_loss", 0)), "renew"), (after(("temp_loss", 0)), "reissue")):
        with pytest.raises(MoveRefused):
            next_step(standing, act, START + HOUR)


def test_the_banks_half_is_locked_and_released_by_itself():
    standing = standing_at("bank", [StateRow(START, "active"), StateRow(START + HOUR, "lost")], START + 2 * HOUR, "inactive")
    assert next_step(standing, "release", START + 3 * HOUR).state == "active"
    never = standing_at("bank", [StateRow(START, "lost")], START + HOUR, "inactive")
    assert next_step(never, "release", START + 2 * HOUR).state == "inactive"
    with pytest.raises(MoveRefused):
        next_step(standing_at("bank", [], START, "none"), "activate", START)


@given(st.lists(st.tuples(st.integers(1, 400), st.sampled_from(list(STATES["social"])), st.none() | st.integers(1, 300)), max_size=12))
def test_a_timeline_with_lapses_rises_and_ends_no_loss_early(moves):
    at, rows = START, []
    for hours, state, lasts in moves:
        at += hours * HOUR
        rows.append(StateRow(at, state, at + lasts * HOUR if lasts and state == "temp_loss" else None))
    timeline = with_lapses(rows)
    assert [since for since, _ in timeline] == sorted(since for since, _ in timeline)
    for row in rows:
        assert (row.since, row.state) in timeline


class CardLife(RuleBasedStateMachine):
    """Any order of acts and waits: the standing, the terminal's reason and the words agree, and nothing comes back from the end."""

    @initialize(first=st.sampled_from(["active", "sealed"]))
    def begin(self, first):
        self.now = START
        self.first = first
        self.rows: list[StateRow] = []
        self.gone = False

    @rule(act=st.sampled_from(sorted(ACTS)))
    def do(self, act):
        self.now += timedelta(seconds=1)
        standing = standing_at("social", self.rows, self.now, self.first)
        try:
            step = next_step(standing, act, self.now, FIVE_DAYS)
        except MoveRefused:
            return
        if step.changed:
            assert not self.gone
            self.rows.append(StateRow(self.now, step.state, step.until))
        self.gone = self.gone or step.state == "cancelled"

    @rule(hours=st.integers(1, 200))
    def wait(self, hours):
        self.now += hours * HOUR

    @invariant()
    def cancelled_stays_cancelled(self):
        if self.gone:
            assert standing_at("social", self.rows, self.now, self.first).state == "cancelled"

    @invariant()
    def the_terminal_says_what_the_desk_sees(self):
        standing = standing_at("social", self.rows, self.now, self.first)
        states = [(START, self.first), *with_lapses(self.rows, self.first)]
        said = state_reason(states, START.date(), None, self.now)
        expected = {
            "active": None, "sealed": "CARD_SEALED", "pin_locked": "PIN_LOCKED", "temp_loss": "CARD_LOST", "formal_loss": "CARD_LOST",
            "cancelled": "CARD_CANCELLED",
        }  # fmt: skip
        assert said == expected[standing.state]

    @invariant()
    def a_loss_by_phone_never_outlives_its_days(self):
        standing = standing_at("social", self.rows, self.now, self.first)
        if standing.state == "temp_loss":
            assert standing.since is not None
            assert self.now < standing.since + FIVE_DAYS


CardLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestCardLife = CardLife.TestCase
