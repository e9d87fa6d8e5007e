"""The cast is the one that SURFACES §4 promises."""

from datetime import date

import pytest

from onecard.cards.credential import normalise
from onecard.cards.model import state_reason
from onecard.demo.cast import cast_json
from onecard.demo.clock import DEMO_DAY, DEMO_START
from onecard.demo.source import SEED, chance_by
from onecard.demo.world import crowd_of, draw_world
from onecard.values.days import age_on

PEOPLE = {
    "local-58": 58, "local-65": 65, "local-72": 72, "local-85": 85, "local-93": 93, "turns-60-on-2024-10-31": 60,
    "turns-70-on-2024-10-20": 70, "leap-day-1964": 60, "xuancheng-65": 65, "wujiang-65": 65, "beijing-65": 65, "beijing-72": 72,
    "dibao-68": 68, "tekun-81": 81, "disabled-66": 66, "lost-card": None, "sealed-card": None, "cancelled-card": None,
    "expired-card": None, "reissued-70": 70, "child-13": 13, "guardian-of-child-13": None, "campus-blocked": None,
    "retiree-66-employee-insured": 66, "resident-insured-67": 67, "dibao-until-2024-10-16": 68,
}  # fmt: skip
TERMINALS = [
    "bus", "scenic", "merchant", "museum", "canteen-haining", "canteen-tongxiang", "canteen-jiashan", "library", "campus-in",
    "campus-out", "clinic", "hospital-l3", "pharmacy",
]  # fmt: skip


@pytest.fixture
def people(drawn):
    return {person.member.key: person for person in drawn.world.cast.people}


@pytest.fixture
def document(drawn):
    tokens = {terminal.terminal: f"token-of-{terminal.terminal}" for terminal in drawn.world.cast.terminals}
    return cast_json(drawn.world.cast, tokens)


def test_everyone_is_there_at_the_age_the_key_says(document):
    assert [person["key"] for person in document["people"]] == list(PEOPLE)
    for person in document["people"]:
        age = age_on(date.fromisoformat(person["born"]), DEMO_DAY)
        assert PEOPLE[person["key"]] in (None, age)
        assert person["story"]["zh"]
        assert person["story"]["en"]


def test_aid_that_ended_has_ended_on_its_day_and_held_before(people):
    facts = people["dibao-until-2024-10-16"].resident.person.facts
    hardship = [(fact.since.isoformat(), fact.value) for fact in facts if fact.fact == "hardship"]
    assert hardship == [("2020-01-01", frozenset({"dibao"})), ("2024-10-16", frozenset())]


def test_the_child_lives_with_its_guardian_and_with_nobody_else(people):
    def household(key: str) -> list[object]:
        return [fact.value for fact in people[key].resident.person.facts if fact.fact == "household"]

    assert household("child-13") == household("guardian-of-child-13")
    others = set(PEOPLE) - {"child-13", "guardian-of-child-13"}
    assert all(household(key) != household("child-13") for key in others)
    assert household("xuancheng-65") == []


@pytest.mark.parametrize(
    ("key", "born"),
    [("turns-60-on-2024-10-31", "1964-10-31"), ("turns-70-on-2024-10-20", "1954-10-20"), ("leap-day-1964", "1964-02-29")],
)
def test_birthdays_are_the_very_days(document, key, born):
    assert next(person["born"] for person in document["people"] if person["key"] == key) == born


def test_everyone_shows_card_chip_and_id_in_canonical_form(document):
    for person in document["people"]:
        assert {credential["kind"] for credential in person["credentials"]} == {"card", "chip", "id"}
        for credential in person["credentials"]:
            assert normalise(credential["kind"], credential["value"]) == credential["value"]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("lost-card", "CARD_LOST"), ("sealed-card", "CARD_SEALED"), ("cancelled-card", "CARD_CANCELLED"), ("expired-card", "CARD_EXPIRED"),
        ("reissued-70", "CARD_CANCELLED"), ("local-65", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("month", [9, 10])
def test_cards_have_been_so_since_before_october(people, key, reason, month):
    card = people[key].resident.cards[0]
    states = [(change.since, change.state) for change in card.states]
    at = DEMO_START.replace(month=month, day=30)
    assert state_reason(states, card.issued_on, card.valid_until, at) == reason


def test_the_old_card_comes_first_and_the_new_one_is_good(people):
    reissued = people["reissued-70"]
    old, new = reissued.resident.cards
    assert [value for kind, value in reissued.credentials() if kind == "card"] == [old.number.reveal(), new.number.reveal()]
    assert state_reason([], new.issued_on, new.valid_until, DEMO_START) is None
    assert old.subject == new.subject


def test_locals_are_registered_in_haining_and_visitors_have_no_facts(people):
    for person in people.values():
        facts = {fact.fact: fact.value for fact in person.resident.person.facts}
        if person.member.key.startswith(("xuancheng", "wujiang", "beijing")):
            assert facts == {}
            assert person.resident.person.identity is None
        else:
            assert facts["registered_region"] == person.resident.person.home_region == "330481"


def test_terminals_are_there_with_their_services(document):
    assert [terminal["key"] for terminal in document["terminals"]] == TERMINALS
    by_key = {terminal["key"]: terminal for terminal in document["terminals"]}
    assert by_key["bus"]["services"] == ["ride"]
    assert by_key["canteen-haining"]["list_prices"] == {"breakfast": 600, "lunch": 1500, "dinner": 1200}
    assert by_key["campus-in"]["services"] == ["entry"]
    assert by_key["campus-out"]["services"] == ["exit"]
    assert by_key["campus-in"]["id"] != by_key["campus-out"]["id"]
    assert document["logins"] == []


def test_both_gates_of_the_campus_belong_to_one_site(drawn):
    by_key = {terminal.key: terminal for terminal in drawn.world.cast.terminals}
    assert by_key["campus-in"].site is by_key["campus-out"].site


def test_the_cast_is_the_same_at_every_scale(drawn, source):
    other = draw_world(source.city, 7, chance_by(SEED)).cast
    assert [person.credentials() for person in other.people] == [person.credentials() for person in drawn.world.cast.people]


def test_a_crowd_is_of_good_cards_of_nobody_in_the_cast(source, drawn):
    crowd = crowd_of(source.city, 1000, 50, chance_by(SEED))
    assert len(crowd) == 50
    assert all(resident.fate == "valid" for resident in crowd)
    ours = {value for person in drawn.world.cast.people for _, value in person.credentials()}
    assert ours.isdisjoint(card.number.reveal() for resident in crowd for card in resident.cards)
