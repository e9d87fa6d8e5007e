"""The demo pays FIELD §9's counts at any scale, through cards as often as its shares say, on account numbers that are true in form."""

from collections import Counter
from functools import cache
from random import Random

import pytest

from onecard.demo.pay_accounts import AccountNumbers, luhn
from onecard.demo.payees import Candidate, Payee, PayoutPlan, payees, payouts_from
from onecard.settings.city_folder import find_city
from onecard.values.masked import CardNumber, PersonName, PersonNumber

BANKS, PLANS = payouts_from(find_city("jiaxing").text("payouts.yaml"))
CASES = {"retired": 68, "resident": 64, "employee": 45}


def candidates(many: int) -> list[Candidate]:
    chance = Random(7)
    return [_candidate(number, chance) for number in range(many)]


def _candidate(number: int, chance: Random) -> Candidate:
    insured = chance.choice(sorted(CASES))
    facts = {"insured_as": insured, "standing": frozenset({"only_child_parent", "student"}), "hardship": frozenset({"dibao"})}
    return Candidate(
        subject=number, age=chance.randrange(1, 95), home="330481", registered="330481", number=PersonNumber(str(number)),
        name=PersonName("王示"), facts=facts, card=CardNumber(f"A{number}") if number % 10 else None, village="示范1村",
    )  # fmt: skip


@cache
def drawn(scale: int, many: int = 20_000) -> list[Payee]:
    return list(payees(PLANS, candidates(many), scale, Random(3)))


def test_all_nineteen_programmes_are_planned_and_nine_banks_there():
    names = {path.removeprefix("policies/").removesuffix(".yaml") for path in find_city("jiaxing").texts("policies/*.yaml")}
    assert len(PLANS) == 19 and {plan.programme for plan in PLANS} <= names and len(BANKS) == 9


def test_counts_are_those_of_the_city_at_the_scale():
    counts = Counter(payee.programme for payee in drawn(1_000))
    counted = [plan for plan in PLANS if plan.persons]
    assert sum(counts[plan.programme] for plan in counted) == round(sum(plan.persons or 0 for plan in counted) / 1_000)
    assert all(abs(counts[plan.programme] - (plan.persons or 0) / 1_000) < 1 for plan in counted)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.programme)
def test_the_share_through_cards_is_the_plans(plan: PayoutPlan):
    mine = [payee for payee in drawn(1_000) if payee.programme == plan.programme]
    holders = sum(payee.who.card is not None for payee in mine)
    assert sum(payee.by_card for payee in mine) == min(round(len(mine) * plan.card_percent / 100), holders)


def test_nobody_is_paid_twice_by_a_programme_and_who_has_no_card_gets_a_passbook():
    found = drawn(1_000)
    assert len({(payee.programme, payee.who.subject) for payee in found}) == len(found)
    assert not any(payee.by_card and payee.who.card is None for payee in found)


def test_the_same_chance_draws_the_same_people():
    again = payees(PLANS, candidates(20_000), 1_000, Random(3))
    assert [(payee.programme, payee.who.subject) for payee in drawn(1_000)] == [(payee.programme, payee.who.subject) for payee in again]


def test_where_few_fit_all_are_paid():
    assert {payee.who.subject for payee in drawn(1, many=50) if payee.programme == "farmland-protection"} == {
        each.subject for each in candidates(50) if 30 <= each.age <= 80
    }


def test_account_numbers_begin_with_62_and_end_with_their_luhn_digit():
    numbers = AccountNumbers(Random(1))
    given = [numbers.account_number().reveal() for _ in range(200)]
    assert len(set(given)) == 200
    assert all(len(each) == 19 and each.startswith("62") and luhn(each[:-1]) == each[-1] for each in given)
    assert luhn("7992739871") == "3"  # The example of ISO/IEC 7812-1.
