"""One tap at the edges: what POLICY §6 says of gates, prices, piles and funds, case by case."""

import pytest

from onecard.decision.decide import decide
from onecard.decision.model import Decision
from onecard.decision.rulebook import RuleBook
from onecard.policy.reasons import REASONS
from tests.unit.decision.made import book, day_counter, document, occasion, person

HALF = document("half", "list_price * 50%", who=["age >= 60 else NOT_ELIGIBLE_AGE"])
FREE = document("nothing", "free", who=["age >= 70 else NOT_ELIGIBLE_AGE"])


def said(decision: Decision) -> tuple[str, str, int, str | None]:
    return decision.outcome, decision.reason, decision.paid_fen, decision.programme


@pytest.mark.parametrize(
    ("age", "price", "answer"),
    [
        pytest.param(59, 200, ("accepted", "NOT_ELIGIBLE_AGE", 200, None), id="no use grants: list price, and the reason is kept"),
        pytest.param(65, 200, ("accepted", "OK_DISCOUNT", 100, "half"), id="one grants"),
        pytest.param(70, 200, ("accepted", "OK_FREE", 0, "nothing"), id="the lowest price wins"),
        pytest.param(65, 201, ("accepted", "OK_DISCOUNT", 101, "half"), id="half a fen goes up"),
        pytest.param(65, 0, ("accepted", "OK", 0, "half"), id="nothing to save, and it grants all the same"),
    ],
)
def test_what_is_paid(age: int, price: int, answer: tuple[str, str, int, str | None]) -> None:
    assert said(decide(person(age), occasion(price=price), book(HALF, FREE), {})) == answer


def test_nobody_asks_anything_of_an_unknown_card() -> None:
    decision = decide(None, occasion(), book(HALF), {})
    assert said(decision) == ("refused", "CARD_UNKNOWN", 0, None)
    assert decision.asked == () and decision.counts == ()


@pytest.mark.parametrize(
    ("card", "terminal", "reason"),
    [("CARD_LOST", None, "CARD_LOST"), (None, "TERMINAL_UNBOUND", "TERMINAL_UNBOUND"), ("CARD_LOST", "X", "CARD_LOST")],
)
def test_a_card_or_terminal_that_is_no_good_is_told_before_any_document(card: str | None, terminal: str | None, reason: str) -> None:
    decision = decide(person(75, barred=card), occasion(barred=terminal), book(HALF, FREE), {})
    assert (said(decision), decision.payers) == (("refused", reason, 0, None), ())


def test_who_leaves_is_let_out_whatever_the_state_of_the_card() -> None:
    shut = document("shut", who=["age >= 200 else FULL"])
    assert decide(person(barred="CARD_LOST"), occasion("exit", 0), book(shut), {}).outcome == "accepted"
    assert decide(None, occasion("exit", 0), book(shut), {}).reason == "CARD_UNKNOWN"


def test_what_a_document_gives_is_never_above_the_list_price() -> None:
    dear = document("dear", "5.00")
    assert said(decide(person(), occasion(price=300), book(dear), {})) == ("accepted", "OK", 300, "dear")
    assert said(decide(person(), occasion(price=900), book(dear), {})) == ("accepted", "OK_DISCOUNT", 500, "dear")


@pytest.mark.parametrize(("preference", "wins"), [("", "alpha"), ("prefer_over: [alpha]", "beta"), ("prefer_over: [gamma]", "alpha")])
def test_of_equals_the_preferred_wins_else_the_name(preference: str, wins: str) -> None:
    rules = book(document("alpha", "1.00"), document("beta", "1.00", more=preference), document("gamma", "1.00"))
    assert decide(person(), occasion(), rules, {}).programme == wins


def test_a_preference_never_beats_a_lower_price() -> None:
    rules = book(document("alpha", "0.99"), document("beta", "1.00", more="prefer_over: [alpha]"))
    assert decide(person(), occasion(), rules, {}).programme == "alpha"


def test_all_gates_are_asked_and_the_strictest_reason_is_said() -> None:
    gates = [document(f"gate-{place}", who=[f"age >= 99 else {reason}"]) for place, reason in enumerate(reversed(REASONS))]
    for left in range(len(gates), 0, -1):
        decision = decide(person(), occasion(), book(*gates[:left], HALF), {})
        assert said(decision) == ("refused", list(reversed(REASONS))[left - 1], 0, None)


def test_of_reasons_to_withhold_the_one_nearest_to_yes_is_said() -> None:
    rules = book(
        document("a", "free", who=["age >= 99 else NOT_ELIGIBLE_AGE"]),
        document("b", "free", limits=["rides: 1 times per day else LIMIT_DAY"]),
        document("c", "free", who=["age >= 99 else NOT_ELIGIBLE"]),
    )
    assert decide(person(), occasion(), rules, {day_counter("rides"): 1}).reason == "LIMIT_DAY"


def test_a_gated_kind_of_site_lets_nobody_in_without_a_gate_in_force() -> None:
    without = RuleBook(book(HALF).programmes, gated=["museum"])
    assert said(decide(person(), occasion(site_kind="museum"), without, {})) == ("refused", "SITE_CLOSED", 0, None)
    assert decide(person(), occasion(site_kind="bus"), without, {}).outcome == "accepted"
    with_gate = RuleBook(book(HALF, document("door", who=["age >= 1 else BLOCKED"])).programmes, gated=["museum"])
    assert decide(person(), occasion(site_kind="museum"), with_gate, {}).outcome == "accepted"


TOPPING = document("gift", "price - 0.30", more="on_top_of: [half]")
DEEPER = document("more", "price * 50%", more="on_top_of: [half]")


def test_what_stands_on_top_is_reckoned_on_the_price_that_was_left() -> None:
    decision = decide(person(65), occasion(price=200), book(HALF, TOPPING), {})
    assert (decision.programme, decision.paid_fen) == ("half+gift", 70)
    assert decision.layers == (("half", 200, 100), ("gift", 100, 70))
    assert decision.version == 1


def test_what_stands_on_top_never_stands_alone() -> None:
    assert said(decide(person(50), occasion(), book(HALF, TOPPING), {})) == ("accepted", "NOT_ELIGIBLE_AGE", 200, None)
    assert decide(person(75), occasion(), book(FREE, TOPPING), {}).programme == "nothing"


def test_toppings_are_tried_in_their_order_and_kept_if_they_lower_the_price() -> None:
    dearer = document("dearer", "1.50", more="on_top_of: [half]")
    assert decide(person(65), occasion(), book(HALF, TOPPING, DEEPER, dearer), {}).paid_fen == 35  # (200 → 100 − 30) × 50 %
    first = document("more", "price * 50%", more="on_top_of: [half]\nprefer_over: [gift]")
    assert decide(person(65), occasion(), book(HALF, TOPPING, first), {}).paid_fen == 20  # 200 → 100 × 50 % − 30


def test_the_pile_as_a_whole_is_compared() -> None:
    rules = book(document("alone", "0.80"), HALF, TOPPING)
    assert decide(person(65), occasion(), rules, {}).programme == "half+gift"
    assert decide(person(50), occasion(), rules, {}).programme == "alone"


def test_each_layer_is_borne_by_its_own_funds_and_equal_funds_are_one_payer() -> None:
    rules = book(
        document("half", "list_price * 50%", funding="transit of region: 0.30\n  city-budget: rest"),
        document("gift", "price - 0.30", funding="city-budget: 100%", more="on_top_of: [half]"),
    )
    decision = decide(person(), occasion(price=200), rules, {})
    assert (decision.paid_fen, decision.payers) == (70, (("transit-330400", 30), ("city-budget", 100)))
