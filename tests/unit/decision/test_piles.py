"""The pile with the lowest price wins, whatever the documents: held against POLICY §6 reckoned a second time."""

from hypothesis import event, given, settings
from hypothesis import strategies as st

from onecard.decision.decide import decide
from onecard.decision.limits import counter_of
from onecard.decision.rulebook import RuleBook
from tests.unit.decision.brute_force import Document, Result, documents, expected, text_of
from tests.unit.decision.made import counted, occasion, person, programmes_of

_used = st.fixed_dictionaries({"rides": st.integers(0, 6), "heads": st.integers(0, 6), "pot": st.integers(0, 400)})


@settings(deadline=None, max_examples=250)
@given(documents(), st.sampled_from([59, 65, 75]), st.integers(1, 3), st.integers(0, 500), _used)
def test_every_tap_comes_out_as_reckoned_by_hand(docs: list[Document], age: int, group: int, price: int, used: dict[str, int]) -> None:
    programmes = programmes_of(*(text_of(doc) for doc in docs))
    here = occasion(price=price, group=group)
    counters = {counter_of(rule, here): used[rule.name] for programme in programmes for rule in programme.limits}
    decision = decide(person(age), here, RuleBook(programmes, gated=()), counters)
    pile = tuple(decision.programme.split("+")) if decision.programme else ()
    event(f"{decision.outcome} {decision.reason}, {len(pile)} in the pile")
    got = Result(decision.outcome, decision.reason, decision.paid_fen, pile, counted(decision))
    assert got in expected(docs, age, group, price, used)
