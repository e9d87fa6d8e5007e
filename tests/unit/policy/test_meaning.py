"""Generated Python, the traced form and a second reading of the same sentence agree on every case."""

import json
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from onecard.policy.facts import FACTS
from onecard.policy.forms import LARGEST
from onecard.policy.model import Programme
from tests.unit.policy.documents import GOOD, checked, programme_of
from tests.unit.policy.generated import Said, conditions, document, facts_of, moneys

_CASES = st.lists(facts_of(), min_size=1, max_size=6)
_ALLOWED = {"UNREACHABLE", "RANGE", "EXPR_SIZE"}
_PATIENT = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
_FUNDING = "  operator: 0.50\n  transit of region: 33.33%\n  donors: 33.33%\n  city-budget: rest"


def generated(who: list[Said], lets: dict[str, str], pay: list[str]) -> Programme:
    """Return the programme, or turn the example away where a random sentence is rightly refused."""
    result = checked(document(who, lets, pay, _FUNDING))
    codes = {found.code for found in result.findings}
    assert codes <= _ALLOWED, [(found.code, found.line, found.column, found.en) for found in result.findings]
    assume(not codes)
    return result.programmes[0]


@_PATIENT
@given(moneys, _CASES)
def test_a_price_is_what_a_second_reading_of_its_sentence_says(price: Said, cases: list[dict[str, Any]]):
    programme = generated([], {}, [price.text])
    for facts in cases:
        wanted = price.means(facts)
        assert 0 <= wanted <= LARGEST
        assert programme.judge(facts) == (min(wanted, facts["list_price"]),)
        assert programme.trace(facts).verdict == programme.judge(facts)


@_PATIENT
@given(st.lists(conditions, min_size=1, max_size=3), _CASES)
def test_conditions_hold_exactly_where_a_second_reading_says(who: list[Said], cases: list[dict[str, Any]]):
    programme = generated(who, {}, ["list_price"])
    for facts in cases:
        held = all(said.means(facts) for said in who)
        verdict = programme.judge(facts)
        assert verdict == ((facts["list_price"],) if held else "NOT_ELIGIBLE")
        trace = programme.trace(facts)
        assert trace.verdict == verdict
        assert [asked.held for asked in trace.conditions] == [True] * (len(trace.conditions) - 1) + [held]


@_PATIENT
@given(conditions, moneys, moneys, _CASES)
def test_rows_and_lets_mean_the_first_row_that_holds(asked: Said, first: Said, second: Said, cases: list[dict[str, Any]]):
    lets = {
        "part": f"[{first.text} if booked, {second.text}]" if "," not in first.text + second.text else first.text,
        "whole": "max(part, part)",
    }
    rows = lets["part"].startswith("[")
    programme = generated([], lets, [f"whole if {asked.text}", second.text])
    for facts in cases:
        part = first if facts["booked"] or not rows else second
        wanted = part.means(facts) if asked.means(facts) else second.means(facts)
        assert programme.judge(facts) == (min(wanted, facts["list_price"]),) == programme.trace(facts).verdict


@_PATIENT
@given(facts_of(), st.integers(0, 10**9))
def test_shares_add_up_to_the_fen(facts: dict[str, Any], fen: int):
    for text in (*GOOD.values(), document([], {}, ["list_price * 50%"], _FUNDING)):
        programme = programme_of(text)
        parts = programme.share(facts, fen)
        assert sum(part for _, part in parts) == (fen if programme.kind == "use" else 0)
        assert all(part > 0 for _, part in parts)
        assert len({fund for fund, _ in parts}) == len(parts)


@_PATIENT
@given(facts_of())
def test_the_two_forms_of_the_examples_agree(facts: dict[str, Any]):
    for text in GOOD.values():
        programme = programme_of(text)
        trace = programme.trace(facts)
        assert trace.verdict == programme.judge(facts)
        for asked in trace.conditions:
            assert asked.zh and asked.en
            assert set(asked.facts) <= set(programme.facts)


@settings(max_examples=40, deadline=None)
@given(conditions, moneys)
def test_a_rule_is_json_and_names_only_facts(asked: Said, price: Said):
    programme = generated([asked], {}, [price.text])
    assert json.loads(json.dumps(programme.rule)) == programme.rule
    assert set(programme.facts) <= FACTS.keys()
