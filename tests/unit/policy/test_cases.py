"""A document's own tests are read typed: money in fen, times in minutes, names in sets, days as days."""

from datetime import date

import pytest

from tests.unit.policy.documents import BUS, GROUND, MEAL, checked, programme_of
from tests.unit.policy.test_findings import USE, case


def named(text: str, name: str):
    return next(case for case in programme_of(text).cases if case.name == name)


def test_money_and_ages_are_whole_numbers():
    read = named(BUS, "the day before 60")
    assert read.age == (59, 364) and read.born is None
    assert read.person == {"home_region": "341800", "list_price": 200}
    assert read.expect == {"paid": 200, "reason": "NOT_ELIGIBLE_AGE"}


def test_days_times_and_birthdays_keep_their_own_places():
    read = named(BUS, "a minute before the sixtieth birthday")
    assert (read.born, read.on, read.age) == (date(1964, 11, 1), date(2024, 10, 31), None)
    assert read.person == {"time": 23 * 60 + 59, "list_price": 200}


def test_what_is_counted_stands_in_the_unit_of_its_limit():
    assert named(BUS, "thirtieth ride").used == {"elder-rides": 29}
    assert named(BUS, "thirtieth ride").expect["used"] == {"elder-rides": 30}


def test_yuan_are_counted_in_fen():
    text = USE.replace("tests:\n", "limits:\n  saved: 100.00 yuan per month in part else LIMIT_MONTH\ntests:\n")
    programme = programme_of(text.replace("{age: 60,", "{age: 60, used: {saved: 99.50},"))
    assert programme.cases[0].used == {"saved": 9950}
    assert programme.limits[0].in_part and programme.judge({"age": 60, "list_price": 200}) == (100, 10_000)


def test_facts_may_change_from_a_day_on():
    read = named(MEAL, "hardship ended on the 16th")
    assert read.then == ((date(2024, 10, 16), {"hardship": frozenset()}),)
    assert read.person["hardship"] == frozenset({"dibao"})


def test_payers_are_told_in_fen():
    read = named(MEAL, "county tariff from the 1st")
    assert read.expect["payers"] == {"civil-affairs-330421": 210, "city-budget": 140}


def test_yes_and_no_are_truth_values():
    assert named(GROUND, "13 with guardian").person["guardian"] is True


def test_a_case_remembers_its_line():
    assert [BUS.splitlines()[case.line - 1].strip()[:3] for case in programme_of(BUS).cases] == ["- {"] * 13


def test_companions_bring_limits_of_their_own():
    text = USE.replace(*case("{age: 61, list_price: 2.00, with: [other], used: {theirs: 3}, expect: {paid: 1.00}}"))
    assert checked(text).programmes[0].cases[0].companions == ("other",)


@pytest.mark.parametrize(("told", "age"), [("65", (65, 0)), ("59y364d", (59, 364)), ("0", (0, 0))])
def test_an_age_is_years_and_days(told, age):
    text = USE.replace(*case(f"{{age: {told}, list_price: 2.00, expect: {{paid: 1.00}}}}"))
    assert programme_of(text).cases[0].age == age
