"""The way from application to hand: no state is a trap, and the checks stop one person at the right place."""

import pytest

from onecard.cards.application import ENDED, NEXT, STAGES, WAITING, ApplicationMoveRefused, path, refuse_unless_desk_may

PASSED = {"health": "", "bank": "", "province": ""}


def test_every_state_has_words_a_code_of_its_own_and_a_place_in_the_table():
    assert STAGES.keys() == NEXT.keys()
    assert len({stage.code for stage in STAGES.values()}) == len(STAGES)
    assert {to for following in NEXT.values() for to in following} | {"applied"} == STAGES.keys()


def test_every_application_can_end():
    reaches = set(ENDED)
    while grown := {state for state, following in NEXT.items() if following & reaches} - reaches:
        reaches |= grown
    assert reaches == STAGES.keys()


@pytest.mark.parametrize("state", sorted(WAITING))
@pytest.mark.parametrize(
    ("answers", "ends"),
    [
        pytest.param(PASSED, "making", id="all passed"),
        pytest.param({**PASSED, "province": "no"}, "province_failed", id="the province says no"),
        pytest.param({**PASSED, "province": None}, "province_asked", id="no answer yet"),
    ],
)
def test_who_waits_goes_step_by_step_as_far_as_the_answers_carry(state, answers, ends):
    went = [name for name, _ in path(state, answers)]
    for before, after in zip([state, *went], went, strict=False):
        assert after in NEXT[before]
    assert ([state, *went])[-1] == ends


def test_a_failed_check_keeps_its_reason_and_asks_nobody_else():
    assert path("applied", {**PASSED, "health": "dead"}) == [("tasked", ""), ("health_asked", ""), ("health_failed", "dead")]


def test_what_is_at_the_maker_can_only_be_withdrawn():
    refuse_unless_desk_may("making", "cancelled")
    with pytest.raises(ApplicationMoveRefused) as refused:
        refuse_unless_desk_may("making", "tasked")
    assert STAGES["cancelled"].zh in refused.value.said_zh
