"""Every finding that a payout can have, at the very character, alone and beside other documents."""

import pytest

from tests.unit.policy.bad_payouts import BAD_PAYOUTS, MEALS, STIPEND, edited
from tests.unit.policy.documents import BUS, checked, findings_of
from tests.unit.policy.test_findings import marked

OTHER = edited(STIPEND, ("programme: stipend", "programme: other"), ("terms-paid", "others-paid"))
EXCLUDES = edited(STIPEND, ("department:", "not_with: [other]\ndepartment:"))


def found_in(*texts: str) -> list[tuple[str, str, int, int]]:
    return [(one.file, one.code, one.line, one.column) for one in checked(*texts).findings if not one.note]


@pytest.mark.parametrize(("code", "text"), BAD_PAYOUTS, ids=[f"{place}-{bad[0]}" for place, bad in enumerate(BAD_PAYOUTS)])
def test_a_bad_payout_is_found_at_the_very_character(code, text):
    text, line, column = marked(code, text, None)
    found = findings_of(text)
    assert (code, line, column) in {(one.code, one.line, one.column) for one in found}, found
    assert all(one.zh and one.en and one.hint and "{" not in one.zh + one.en for one in found)
    assert not checked(text).programmes


@pytest.mark.parametrize("text", [STIPEND, MEALS, OTHER])
def test_the_payouts_that_the_bad_ones_are_made_of_are_good(text):
    assert found_in(text) == []


def test_a_payout_excludes_only_payouts_of_its_own_cycle():
    yearly = edited(OTHER, ("cycle: term", "cycle: year"), ("2024-autumn", "2024"), ("2024-spring", "2024"))
    assert found_in(EXCLUDES, OTHER) == []
    assert found_in(EXCLUDES, yearly) == [("0.yaml", "CYCLE", 8, 12)]


def test_what_is_no_payout_has_no_cycle_to_exclude():
    assert found_in(edited(EXCLUDES, ("[other]", "[elder-pass-bus]")), BUS) == [("0.yaml", "CYCLE", 8, 12)]


def test_only_uses_are_summed():
    assert found_in(edited(MEALS, ("[meals]", "[elder-pass-bus]")), BUS) == []
    assert found_in(edited(MEALS, ("[meals]", "[other]")), OTHER) == [("0.yaml", "NAME", 9, 8)]


def test_what_is_elsewhere_is_a_note():
    assert [(one.code, one.note) for one in checked(MEALS, EXCLUDES).findings] == [("ELSEWHERE", True)] * 2


def test_a_count_shared_with_a_use_is_counted_in_one_way():
    rides = edited(STIPEND, ("terms-paid:", "elder-rides:"))
    assert [one[1] for one in found_in(BUS, rides)] == ["LIMIT_CLASH"]


def test_an_operator_has_no_age_and_a_person_no_uses_granted():
    assert "payout to an operator" in findings_of(edited(MEALS, ("not suspended else", "age >= 60 else")))[-1].en
    assert findings_of(edited(STIPEND, ("500.00 * children", "granted")))[0].hint != ""
