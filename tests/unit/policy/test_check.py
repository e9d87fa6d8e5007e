"""A check gives each good document its programme, its version and its digest."""

import hashlib
from datetime import date

from onecard.policy.check import check
from onecard.policy.model import LimitRule, Payout, Source, Where
from onecard.policy.reasons import GATE_ONLY, REASONS
from tests.unit.policy.documents import BUS, GROUND, LISTS, MEAL, checked, programme_of
from tests.unit.policy.test_findings import PAY, USE

PAYOUT = """\
programme: allowance
kind: payout
title: {zh: 津贴, en: Allowance}
basis: none
effective: {from: 2024-01-01}
cycle: month
as_of: last day
amount: 50.00
funding: {civil-affairs: 100%}
tests: [{expect: {amount: 50.00}}]
"""
CLAIM = PAYOUT.replace("kind: payout", "kind: claim").replace("cycle: month\nas_of: last day\namount: 50.00\n", "layers: [x]\n")


def test_a_programme_says_what_its_document_says():
    programme = programme_of(BUS)
    assert (programme.name, programme.kind, programme.title_en) == ("elder-pass-bus", "use", "Delta elder pass, buses")
    assert (programme.from_day, programme.until_day) == (date(2023, 1, 1), None)
    assert programme.where == Where(region=("330400",), service=("ride",), site_kind=("bus",))
    assert programme.facts == ("age", "home_region", "list_price", "region")
    assert programme.limits == (LimitRule(name="elder-rides", unit="times", per="day", of_site=False, in_part=False, reason="LIMIT_DAY"),)
    assert programme.in_error == "operator"
    assert programme_of(MEAL).in_error == "city-budget"
    assert programme.digest == hashlib.sha256(BUS.encode()).hexdigest()


def test_a_gate_counts_all_who_are_inside():
    rule = programme_of(GROUND).limits[0]
    assert (rule.unit, rule.per, rule.of_site, rule.reason) == ("persons", "at_once", True, "FULL")


def test_versions_follow_the_day_from_which_they_hold():
    later, earlier = USE.replace("2024-01-01", "2025-01-01"), USE
    assert [(one.version, one.from_day.year) for one in checked(later, earlier).programmes] == [(2, 2025), (1, 2024)]


def test_the_caller_may_know_better_which_version_it_is():
    programmes = check([Source(file="a", content=USE.encode())], LISTS, versions={"a": 7}).programmes
    assert (programmes[0].version, programmes[0].rule["version"]) == (7, 7)


def test_one_bad_document_does_not_spoil_its_neighbours():
    result = checked(BUS, USE.replace("age >= 60 else", "agee >= 60 else"), MEAL)
    assert [programme.name for programme in result.programmes] == ["elder-pass-bus", "meal-subsidy"]
    assert {found.file for found in result.findings} == {"1.yaml"}


def test_claims_are_skipped_and_counted():
    result = checked(CLAIM.replace("funding: {civil-affairs: 100%}\n", ""), BUS)
    assert (result.skipped, len(result.programmes), result.findings) == (1, 1, ())


def test_a_payout_says_for_what_period_and_whom_it_pays():
    programme = programme_of(PAYOUT)
    assert programme.payout == Payout(
        cycle="month", as_of="last day", to_operator=False, sums=(), not_with=(), department="", publicity_days=0, evidence=()
    )
    assert (programme.facts, programme.judge({}), programme.share({}, 5000)) == ((), (5000,), (("civil-affairs", 5000),))


def test_what_is_at_hand_counts_for_names_and_limits():
    released = programme_of(BUS)
    text = USE.replace(PAY, PAY + "prefer_over: [elder-pass-bus]\nlimits:\n  elder-rides: 30 times per month else LIMIT_MONTH\n")
    result = check([Source(file="new", content=text.encode())], LISTS, at_hand=[released])
    assert [found.code for found in result.findings] == ["LIMIT_CLASH"]


def test_a_reduction_on_top_starts_from_what_is_left():
    programme = checked(USE.replace(PAY, "on_top_of: [other]\npay: price - 0.30\n")).programmes[0]
    facts = {"age": 60, "list_price": 200, "price": 100, "region": "330400"}
    assert programme.judge(facts) == (70,) == programme.trace(facts).verdict
    assert programme.facts == ("age", "price", "region")


def test_a_price_never_passes_the_price_before_it():
    programme = programme_of(USE.replace(PAY, "pay: list_price + 1.00\n"))
    assert programme.judge({"age": 60, "list_price": 200}) == (200,)


def test_reasons_stand_in_their_order_of_precedence():
    assert REASONS[0] == "BLOCKED" and REASONS[-1] == "NOT_ELIGIBLE_AGE" and len(set(REASONS)) == 19
    assert {"BLOCKED", "SITE_CLOSED", "SLOT_CLOSED", "NO_BOOKING", "GUARDIAN_NEEDED", "FULL", "PASSBACK"} == GATE_ONLY
