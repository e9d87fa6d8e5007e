"""The generated source reads like what a careful person would have written, and is about as fast."""

import timeit

from onecard.policy.facts import blanks
from onecard.policy.funding import split_by_percent
from tests.unit.policy.documents import MEAL, programme_of, source_of
from tests.unit.policy.test_findings import USE, funding

BUS_SOURCE = """\
def judge(_facts):
    age = _facts["age"]
    if age < 60:
        return "NOT_ELIGIBLE_AGE"
    home_region = _facts["home_region"]
    if not (home_region.startswith(('31', '32', '33', '34'))):
        return "NOT_ELIGIBLE_REGION"
    list_price = _facts["list_price"]
    if (age >= 70):
        _price = 0
    else:
        _price = ((list_price + 1) // 2)
    return (_price, 30,)


def share(_facts, _fen):
    region = _facts["region"]
    return (("transit-" + region, _fen),) if _fen else ()
"""


def test_the_bus_policy_becomes_these_lines():
    assert source_of("elder-pass-bus") == BUS_SOURCE


def by_hand(facts):
    """The meal subsidy as a programmer would write it."""
    age = facts["age"]
    if age < 60:
        return "NOT_ELIGIBLE_AGE"
    if not facts["registered_region"].startswith("3304"):
        return "NOT_ELIGIBLE_REGION"
    by_age = 600 if age >= 90 else 400 if age >= 80 else 300 if age >= 70 else 200
    needs = {"tekun": 800, "dibao": 800, "disabled": 600, "youfu": 600, "shidu": 600}
    by_need = max((needs.get(name, 0) for name in facts["hardship"]), default=0)
    least = 250 if facts["day"] >= 739_068 and facts["region"] == "330421" else 300
    price = facts["list_price"]
    return min(price, max(price - max(by_age, by_need), least)), 1, 45


def test_generated_code_is_no_slower_than_half_of_handwritten():
    judge, facts = programme_of(MEAL).judge, blanks("use")
    facts |= {
        "age": 83,
        "registered_region": "330481",
        "region": "330421",
        "day": 739_190,
        "list_price": 1500,
        "hardship": frozenset({"dibao"}),
    }
    assert judge(facts) == by_hand(facts) == (700, 1, 45)
    ours, theirs = (min(timeit.repeat(lambda f=form: f(facts), number=2_000, repeat=7)) for form in (judge, by_hand))
    assert ours < 2 * theirs


def test_the_missing_fen_goes_to_the_largest_remainder_and_of_equals_to_the_earlier():
    assert split_by_percent(201, [7000, 3000]) == [141, 60]
    assert split_by_percent(1, [5000, 5000]) == [1, 0]
    assert split_by_percent(100, [3333, 3333, 3334]) == [33, 33, 34]
    assert split_by_percent(0, [3333, 6667]) == [0, 0]


def test_amounts_go_first_as_far_as_the_money_goes():
    programme = programme_of(USE.replace(*funding("  transit of region: 60%\n  operator: 0.50\n  donors: rest\n")))
    facts = {"region": "330481"}
    assert programme.share(facts, 40) == (("operator", 40),)
    assert programme.share(facts, 151) == (("transit-330481", 61), ("operator", 50), ("donors", 40))
    assert programme.share(facts, 0) == ()
