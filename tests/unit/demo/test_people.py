"""The demo's people are as many and as old as FIELD §9 says, and none of them can be anybody."""

from collections import Counter, defaultdict

import pytest

from onecard.demo.clock import DEMO_DAY, DEMO_FIRST_DAY
from onecard.demo.numbers import Numbers
from onecard.demo.people import residents
from onecard.demo.source import SEED, chance_by
from onecard.demo.visitors import DELTA_ELDERS
from onecard.values.days import age_on
from onecard.values.person_number import is_person_number

NOBODYS_AREAS = {f"33049{number}" for number in range(1, 9)}
PERMITS = {"810091", "820091", "830091", "911191", "915691"}


@pytest.fixture(scope="module")
def at_1_100(source):
    return list(residents(source.city, 100, Numbers(chance_by(SEED)("numbers")), chance_by(SEED)("people")))


def test_the_city_is_as_large_and_as_old_as_the_real_one(source, at_1_100):
    ages = [age_on(resident.person.born, DEMO_DAY) for resident in at_1_100]
    assert len(ages) == source.city.residents_at(100) == 55_159
    assert sum(age >= 60 for age in ages) / len(ages) == pytest.approx(0.1935, abs=0.0005)
    assert sum(age >= 80 for age in ages) == pytest.approx(1515, abs=7)
    assert sum(age < 15 for age in ages) / len(ages) == pytest.approx(0.115, abs=0.001)


def test_shares_are_those_of_the_field(at_1_100):
    facts = [fact for resident in at_1_100 for fact in resident.person.facts if fact.fact == "registered_region"]
    registered = sum(str(fact.value).startswith("3304") for fact in facts)
    assert registered / len(at_1_100) == pytest.approx(0.67, abs=0.01)
    fates = Counter(resident.fate for resident in at_1_100)
    assert fates["valid"] / len(at_1_100) == pytest.approx(0.97, abs=0.005)
    assert fates["sealed"] / len(at_1_100) == pytest.approx(0.02, abs=0.003)


def test_no_number_is_given_twice_and_none_belongs_to_a_place(at_1_100):
    numbers = [resident.person.identity.number.reveal() for resident in at_1_100]
    assert len(set(numbers)) == len(numbers)
    assert {number[:6] for number in numbers} <= NOBODYS_AREAS | PERMITS
    assert all(is_person_number(number) for number in numbers if len(number) == 18)
    assert 0 < sum(len(number) == 15 for number in numbers) < 50
    cards = [card.number.reveal() for resident in at_1_100 for card in resident.cards]
    assert len(set(cards)) == len(cards)
    assert len({resident.person.subject for resident in at_1_100}) == len(at_1_100)
    phones = {resident.person.identity.phone.reveal() for resident in at_1_100}
    assert all(phone.startswith("100") and len(phone) == 11 for phone in phones)


def test_households_are_small_live_in_one_area_and_share_a_surname(at_1_100):
    together = defaultdict(list)
    for resident in at_1_100:
        household = next(fact.value for fact in resident.person.facts if fact.fact == "household")
        together[household].append(resident.person)
    sizes = Counter(len(people) for people in together.values())
    assert set(sizes) == {1, 2, 3, 4}
    assert len(at_1_100) / len(together) == pytest.approx(2.5, abs=0.05)
    assert all(len({person.home_region for person in people}) == 1 for people in together.values())
    fours = [people for people in together.values() if len(people) == 4]
    one_name = sum(len({person.identity.name.reveal()[0] for person in people}) == 1 for people in fours)
    assert one_name / len(fours) > 0.2


def test_some_names_are_those_that_careless_programs_break(at_1_100):
    names = [resident.person.identity.name.reveal() for resident in at_1_100]
    assert any("·" in name for name in names)
    assert any(ord(character) > 0xFFFF for name in names for character in name)


def test_elders_of_three_counties_carry_an_old_area_code(at_1_100):
    elders = [resident for resident in at_1_100 if age_on(resident.person.born, DEMO_DAY) >= 60]
    haining = [resident for resident in elders if resident.person.home_region == "330481"]
    old = sum(resident.person.identity.number.reveal().startswith("330498") for resident in haining)
    assert old / len(haining) == pytest.approx(0.6, abs=0.03)


def test_the_same_seed_draws_the_same_people(source, at_1_100):
    again = residents(source.city, 100, Numbers(chance_by(SEED)("numbers")), chance_by(SEED)("people"))
    assert [next(again) for _ in range(500)] == at_1_100[:500]


def test_visitors_are_known_by_card_alone_and_come_from_all_over_the_delta(drawn):
    assert all(visitor.person.identity is None and visitor.person.facts == () for visitor in drawn.world.visitors)
    assert all(card.foreign for visitor in drawn.world.visitors for card in visitor.cards)
    assert len(drawn.pools.delta_elders) == DELTA_ELDERS
    assert len({holder.home for holder in drawn.pools.delta_elders}) == 40
    assert all(age_on(holder.born, DEMO_FIRST_DAY) >= 60 for holder in drawn.pools.delta_elders)
