"""From a decision to a record and back: what is kept is enough to decide again, and money adds up to nothing."""

import json
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from onecard.decision.decide import decide
from onecard.decision.model import BLANKS, Decision, Subject
from onecard.policy.facts import facts_of
from onecard.uses.explanation import recorded_from, replayed
from onecard.uses.model import Tap
from onecard.uses.record import Postings, facts_from, facts_json, limits_json, use_record
from onecard.values.days import CITY_ZONE
from tests.unit.decision.anybody import Asking, askings
from tests.unit.decision.made import jiaxing, occasion

_many = settings(deadline=None, max_examples=200)


@_many
@given(askings())
def test_facts_come_back_from_a_record_as_they_went_in(asking: Asking) -> None:
    facts = {**asking.occasion.facts, **asking.subject.facts}
    names = [fact.name for fact in facts_of("use")]
    assert facts_from(json.loads(facts_json(facts, names))) == facts


def test_a_record_keeps_no_blank_and_only_what_was_asked() -> None:
    facts = {**BLANKS, "age": 65, "home_region": "330481", "hardship": frozenset({"dibao", "tekun"})}
    assert facts_json(facts, ["age", "hardship", "way", "agreed_price"]) == '{"age":65,"hardship":["dibao","tekun"]}'


@_many
@given(askings())
def test_a_record_decided_again_comes_out_the_same(asking: Asking) -> None:
    decision = decide(asking.subject, asking.occasion, jiaxing(), asking.used)
    event(f"{decision.outcome} {decision.reason}")
    row = row_of(asking, decision)
    explanation, same = replayed(recorded_from(row), jiaxing())
    assert same, (row, explanation.decision)
    assert explanation.decision.reason == decision.reason
    assert [c.counted for c in explanation.decision.counts] == [c.counted for c in decision.counts]


@pytest.mark.parametrize("reason", ["TERMINAL_UNBOUND", "MERCHANT_SUSPENDED"])
def test_a_terminal_that_serves_nobody_is_not_blamed_on_the_card(reason: str) -> None:
    asking = Asking(subject=Subject(facts={"age": 65, "home_region": "330481"}), occasion=occasion(barred=reason), used={})
    explanation, same = replayed(recorded_from(row_of(asking, decide(asking.subject, asking.occasion, jiaxing(), {}))), jiaxing())
    assert same
    assert [(condition.text, condition.reason, condition.held) for condition in explanation.conditions] == [
        ("credential", "OK", True),
        ("terminal", reason, False),
    ]


def row_of(asking: Asking, decision: Decision) -> dict[str, Any]:
    """Return the record of *decision* as the store would give it back."""
    here = asking.occasion
    at = datetime.combine(here.day, time(12), CITY_ZONE)
    tap = Tap(terminal="T", seq=1, kind="card", value="A00000001", service=here.service, list_price_fen=here.list_price_fen, occurred_at=at)
    record = use_record(
        tap, here, decision, subject=1, home_region="330481", salt=b"", digest=b"", credential=b"", counted=True, rules=0,
        facts={**here.facts, **asking.subject.facts}, upload=None,
    )  # fmt: skip
    return {name: getattr(record, name) for name in record.__struct_fields__} | {"late_answer": None}


_uses = st.lists(
    st.tuples(
        st.sampled_from(["op", "po"]), st.sampled_from([None, "half", "free"]),
        st.dictionaries(st.sampled_from(["transit", "city"]), st.integers(1, 500), max_size=2), st.integers(0, 500),
        st.sampled_from([1, 1, -1]),
    )
)  # fmt: skip


@given(_uses)
def test_postings_add_up_to_nothing_and_to_what_was_paid(uses: list[tuple[str, str | None, dict[str, int], int, int]]) -> None:
    postings = Postings(date(2024, 10, 31))
    for operator, programme, payers, paid, sign in uses:
        postings.add(operator, programme, paid + sum(payers.values()), paid, payers, sign)
    made = postings.all()
    assert sum(posting.amount_fen for posting in made) == 0
    assert all(posting.amount_fen for posting in made)
    assert len({(p.account, p.operator, p.programme) for p in made}) == len(made), "one for each account, never one for each use"
    for operator in ("op", "po"):
        due = -sum(p.amount_fen for p in made if p.account == "due-to-operator" and p.operator == operator)
        assert due == sum(sign * (paid + sum(payers.values())) for to, _, payers, paid, sign in uses if to == operator)
    held = sum(posting.amount_fen for posting in made if posting.account == "holder")
    assert held == sum(sign * paid for *_, paid, sign in uses)


def test_a_use_and_its_reversal_leave_nothing() -> None:
    postings = Postings(date(2024, 10, 31))
    postings.add("op", "half", 200, 100, {"transit": 100})
    postings.add("op", "half", 200, 100, {"transit": 100}, sign=-1)
    assert postings.all() == []


def test_no_limit_asked_is_an_empty_list() -> None:
    assert limits_json(()) == "[]"
