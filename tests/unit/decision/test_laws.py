"""Laws of `decide` that hold for anybody, anywhere, under all of the city's documents."""

from hypothesis import event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from onecard.decision.decide import decide
from onecard.decision.explain import explain
from onecard.decision.model import BLANKS, Occasion, Subject
from onecard.decision.reasons import load_reasons
from tests.unit.decision.anybody import Asking, askings
from tests.unit.decision.made import LISTS, jiaxing

_many = settings(deadline=None, max_examples=200)


@_many
@given(askings())
def test_every_question_has_an_answer_and_its_money_balances(asking: Asking) -> None:
    decision = decide(asking.subject, asking.occasion, jiaxing(), asking.used)
    event(f"{decision.outcome} {decision.reason}")
    assert decision.reason in load_reasons()
    assert (decision.programme is None) == (decision.version is None)
    if decision.outcome == "refused":
        assert (decision.paid_fen, decision.payers, decision.programme) == (0, (), None)
        assert not any(count.counted for count in decision.counts)
    else:
        assert 0 <= decision.paid_fen <= asking.occasion.list_price_fen
        assert decision.paid_fen + sum(fen for _, fen in decision.payers) == asking.occasion.list_price_fen
        assert all(fen > 0 for _, fen in decision.payers)
        assert len({fund for fund, _ in decision.payers}) == len(decision.payers)
        assert all(fund.rpartition("-")[0] in LISTS.funds or fund in LISTS.funds for fund, _ in decision.payers)


@_many
@given(askings())
def test_no_answer_passes_a_cap_and_nothing_goes_below_nothing(asking: Asking) -> None:
    decision = decide(asking.subject, asking.occasion, jiaxing(), asking.used)
    stands = dict(asking.used)
    for count in decision.counts:
        assert count.used_before == asking.used.get(count.counter, 0)
        stands[count.counter] = stands.get(count.counter, 0) + count.counted
    for count in decision.counts:
        assert stands[count.counter] >= 0
        assert not count.counted > 0 or stands[count.counter] <= count.cap


@_many
@given(askings())
def test_an_explanation_decides_as_the_tap_did_and_shows_the_condition_that_failed(asking: Asking) -> None:
    decision = decide(asking.subject, asking.occasion, jiaxing(), asking.used)
    explanation = explain(asking.subject, asking.occasion, jiaxing(), asking.used)
    assert explanation.decision == decision
    assert explanation.conditions[0].text == "credential"
    failed = {condition.reason for condition in explanation.conditions if not condition.held}
    limits = {rule.reason for programme in jiaxing().programmes for rule in programme.limits}
    told_by_itself = ("OK", "OK_FREE", "OK_DISCOUNT", "SITE_CLOSED")  # A site that wants a gate and has none has no condition to show.
    assert decision.reason in failed | limits or decision.reason in told_by_itself or decision.reason == asking.occasion.barred
    shown = {(count.programme, count.counter): count.counted for count in explanation.limits}
    for count in decision.counts:
        if not count.counter.within.startswith("inside@"):
            assert shown[count.programme, count.counter] == count.counted


@_many
@given(askings(), st.data())
def test_a_fuller_limit_never_makes_anything_cheaper(asking: Asking, data: st.DataObject) -> None:
    fuller = {counter: amount + data.draw(st.integers(0, 100)) for counter, amount in asking.used.items()}
    before = decide(asking.subject, asking.occasion, jiaxing(), asking.used)
    after = decide(asking.subject, asking.occasion, jiaxing(), fuller)
    if before.outcome == "refused":
        assert after.outcome == "refused"
    elif after.outcome == "accepted":
        assert after.paid_fen >= before.paid_fen


@_many
@given(askings())
def test_only_what_is_said_to_be_asked_matters(asking: Asking) -> None:
    decision = decide(asking.subject, asking.occasion, jiaxing(), asking.used)
    facts = {**asking.occasion.facts, **asking.subject.facts}
    kept = {name: facts[name] for name in decision.asked}
    subject = Subject(facts={}, barred=asking.subject.barred)
    occasion: Occasion = replace(asking.occasion, facts={**BLANKS, **kept})
    again = decide(subject, occasion, jiaxing(), asking.used)
    assert again == decision
