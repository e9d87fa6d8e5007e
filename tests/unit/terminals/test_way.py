"""A site's way: one step at a time, one state a day, and live only when it is proved."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.terminals.model import SITE_STATES, Site, SiteState, Terminal
from onecard.terminals.way import MOVES, TEST_CASES, MoveRefused, MoveTooEarly, NotProved, Proof, check_move, lacking

DAY = date(2024, 10, 31)
GATE = Terminal(terminal="T-1", site="S", bound_on=date(2024, 9, 1))
OTHER = Terminal(terminal="T-2", site="S", bound_on=date(2024, 9, 1))
GONE = Terminal(terminal="T-3", site="S", bound_on=date(2024, 9, 1), unbound_on=date(2024, 10, 1))
ALL = frozenset(TEST_CASES)
PROVED = Proof(passed={"T-1": ALL, "T-2": ALL}, used=True)


def site(*states: SiteState) -> Site:
    days = [DAY - timedelta(days=len(states) - number) for number in range(len(states))]
    return Site(
        site="S", operator="o", kind="campus", scene="campus", region="330481", name_zh="示例", name_en="Example", services=("entry",),
        states=tuple(zip(days, states, strict=True)),
    )  # fmt: skip


@given(st.sampled_from(SITE_STATES), st.sampled_from(SITE_STATES))
def test_a_site_goes_where_the_table_says_and_nowhere_else(state, to):
    if to in MOVES[state]:
        check_move(site(state), to, DAY, [GATE, OTHER], PROVED)
    else:
        with pytest.raises(MoveRefused):
            check_move(site(state), to, DAY, [GATE, OTHER], PROVED)


def test_every_state_is_reached_and_none_is_the_end():
    assert set(MOVES) == set(SITE_STATES)
    assert {to for may in MOVES.values() for to in may} == set(SITE_STATES)
    assert all(MOVES.values())


def test_live_is_reached_from_trial_alone():
    assert [state for state, may in MOVES.items() if "live" in may] == ["trial"]


def test_who_begins_is_in_talks_or_planned():
    check_move(site(), "in_talks", DAY, [], Proof(passed={}, used=False))
    with pytest.raises(MoveRefused):
        check_move(site(), "live", DAY, [GATE], PROVED)


@pytest.mark.parametrize("days", [0, 1])
def test_a_day_has_one_state(days):
    standing = site("wiring")
    with pytest.raises(MoveTooEarly):
        check_move(standing, "testing", standing.states[-1][0] - timedelta(days=days), [GATE], PROVED)


@pytest.mark.parametrize(
    ("terminals", "proof"),
    [
        pytest.param([], PROVED, id="no device"),
        pytest.param([GONE], PROVED, id="a device that is bound no more"),
        pytest.param([GATE], Proof(passed={"T-1": ALL}, used=False), id="nobody used it"),
        pytest.param([GATE], Proof(passed={"T-1": ALL - {"lost_card"}}, used=True), id="one case short"),
        pytest.param([GATE, OTHER], Proof(passed={"T-1": ALL}, used=True), id="one of two devices"),
        pytest.param([GATE], Proof(passed={"T-2": ALL}, used=True), id="another device's cases"),
    ],
)
def test_what_is_not_proved_is_not_live_and_is_told_what_is_missing(terminals, proof):
    with pytest.raises(NotProved) as refused:
        check_move(site("testing", "trial"), "live", DAY, terminals, proof)
    assert refused.value.said_zh
    assert lacking([each for each in terminals if each.bound_at(DAY)], proof)


def test_what_is_proved_is_live():
    check_move(site("testing", "trial"), "live", DAY, [GATE, OTHER, GONE], PROVED)
    assert lacking([GATE, OTHER], PROVED) == []
