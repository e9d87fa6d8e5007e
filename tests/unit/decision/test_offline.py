"""What a terminal did alone, beside what the rules say: who was let in stays in, who was turned away is not charged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.decision.decide import decide
from onecard.decision.offline import OPERATOR, reconcile
from tests.unit.decision.made import book, counted, day_counter, document, occasion, person

FARE = document("fare", "list_price * 50%", who=["age >= 60 else NOT_ELIGIBLE_AGE"], limits=["rides: 2 times per day else LIMIT_DAY"],
                funding="transit of region: 100%", more="in_error: city-budget")  # fmt: skip
DOOR = document(
    "door", who=["age >= 14 else GUARDIAN_NEEDED"], limits=["places: 3 persons per day of site else FULL"], more="in_error: education"
)


@pytest.mark.parametrize(
    ("age", "used", "told", "upload", "paid", "payers"),
    [
        pytest.param(65, 0, ("accepted", 100), "agreed", 100, {"transit-330400": 100}, id="both say half"),
        pytest.param(65, 0, ("accepted", 150), "agreed", 100, {"transit-330400": 100}, id="he paid too much and is due the rest"),
        pytest.param(65, 0, ("accepted", 0), "accepted_in_error", 0, {"transit-330400": 100, "city-budget": 100}, id="he paid too little"),
        pytest.param(50, 0, ("accepted", 100), "accepted_in_error", 100, {"city-budget": 100}, id="he was not entitled"),
        pytest.param(65, 2, ("accepted", 100), "accepted_in_error", 100, {"city-budget": 100}, id="the limit was full"),
        pytest.param(50, 0, ("accepted", 200), "agreed", 200, {}, id="both say the list price"),
        pytest.param(65, 0, ("refused", 0), "refused", 0, {}, id="he was turned away"),
    ],
)
def test_a_price(age: int, used: int, told: tuple[str, int], upload: str, paid: int, payers: dict[str, int]) -> None:
    decision = decide(person(age), occasion(price=200), book(FARE), {day_counter("rides"): used})
    reconciled = reconcile(decision, *told, 200, 1)
    assert (reconciled.upload, reconciled.decision.paid_fen, dict(reconciled.decision.payers)) == (upload, paid, payers)


def test_who_was_turned_away_counts_nothing_and_is_told_as_doubtful() -> None:
    decision = decide(person(65), occasion(), book(FARE), {})
    reconciled = reconcile(decision, "refused", 0, 200, 1)
    assert (reconciled.decision.outcome, reconciled.decision.reason) == ("refused", "OFFLINE_DOUBTFUL")
    assert (counted(decision), counted(reconciled.decision)) == ({"rides": 1}, {})
    assert reconciled.decision.asked == decision.asked


def test_what_a_gate_stops_is_agreed_where_the_terminal_stopped_it_too() -> None:
    decision = decide(person(13), occasion(), book(DOOR), {})
    assert reconcile(decision, "refused", 0, 200, 1).upload == "agreed"
    assert reconcile(decision, "refused", 0, 200, 1).decision == decision


def test_who_was_let_in_is_never_turned_into_a_refusal_and_the_blamed_fund_bears_it() -> None:
    reconciled = reconcile(decide(person(13), occasion(price=200), book(DOOR), {}), "accepted", 50, 200, 1)
    assert (reconciled.upload, reconciled.decision.outcome, reconciled.decision.reason) == (
        "accepted_in_error",
        "accepted",
        "GUARDIAN_NEEDED",
    )
    assert (reconciled.decision.paid_fen, reconciled.decision.payers) == (50, (("education", 150),))


@pytest.mark.parametrize("reason", ["CARD_UNKNOWN", "CARD_LOST"])
def test_where_no_document_is_to_blame_the_operator_bears_it(reason: str) -> None:
    somebody = None if reason == "CARD_UNKNOWN" else person(barred=reason)
    reconciled = reconcile(decide(somebody, occasion(price=200), book(FARE), {}), "accepted", 0, 200, 1)
    assert reconciled.decision.payers == ((OPERATOR, 200),)


def test_how_far_a_limit_was_passed_is_told_in_what_it_counts() -> None:
    rules = book(FARE, DOOR)
    full = {day_counter("rides"): 2}
    (times,) = reconcile(decide(person(65), occasion(), rules, full), "accepted", 100, 200, 1).in_error
    assert (times[0].counter.name, times[1]) == ("rides", 1)
    inside = {count.counter: 3 for count in decide(person(65), occasion(), rules, {}).counts if count.unit == "persons"}
    persons = reconcile(decide(person(65), occasion(group=2), rules, inside), "accepted", 100, 200, 2).in_error
    assert {(count.counter.name, beyond) for count, beyond in persons} == {("places", 2)}
    assert all(count.counted == 0 for count, _ in persons), "it is never added to what is granted"


def test_what_was_granted_within_its_limits_passes_none() -> None:
    assert reconcile(decide(person(65), occasion(), book(FARE, DOOR), {}), "accepted", 0, 200, 1).in_error == ()


@given(st.integers(0, 90), st.integers(0, 2), st.integers(0, 400), st.data(), st.sampled_from(["accepted", "refused"]))
def test_money_balances_whatever_the_terminal_did(age: int, used: int, price: int, data: st.DataObject, outcome: str) -> None:
    paid = data.draw(st.integers(0, price))
    decision = decide(person(age), occasion(price=price), book(FARE, DOOR), {day_counter("rides"): used})
    got = reconcile(decision, outcome, paid, price, 1).decision
    if got.outcome == "accepted":
        assert got.paid_fen <= paid, "nobody is charged more than he paid at the terminal"
        assert got.paid_fen + sum(fen for _, fen in got.payers) == price
    else:
        assert (got.paid_fen, got.payers) == (0, ())
    assert (got.outcome == "accepted") == (outcome == "accepted"), "what happened stays happened"
