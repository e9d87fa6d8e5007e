"""A city's card rules are read whole, or refused with the name of what is wrong."""

from datetime import date

import pytest
import yaml

from onecard.cards.rules import CardRules, CardRulesWrong, card_rules_from, years_later
from onecard.settings.city_folder import find_city


@pytest.fixture
def told():
    return yaml.safe_load(find_city("jiaxing").text("cards.yaml"))


def test_jiaxings_file_says_what_the_defaults_say(told):
    rules = card_rules_from(told)
    assert (rules.temp_loss_days, rules.renew_days_before, rules.temporary_days) == (5, 60, 60)
    assert rules.letters_of("330481") == "KE"
    assert rules.letters_of("330499") == "KZ"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("temp_loss_days", 0, id="no day at all"),
        pytest.param("temp_loss_days", "5", id="a text"),
        pytest.param("temp_loss_days", True, id="yes"),
        pytest.param("temporary_days", 184, id="more than six months"),
        pytest.param("formal_release", 1, id="a number for yes"),
        pytest.param("encoding", "GBK", id="an encoding that lacks rare names"),
        pytest.param("letters", {"330402": "K1"}, id="a digit among the letters"),
        pytest.param("letters", None, id="no letters"),
        pytest.param("letters_else", "kz", id="small letters"),
        pytest.param("bank", "", id="no bank"),
        pytest.param("hotline", "967225", id="an unknown name"),
    ],
)
def test_a_wrong_value_is_named(told, name, value):
    with pytest.raises(CardRulesWrong) as refused:
        card_rules_from({**told, name: value})
    assert name.partition("_else")[0] in refused.value.said_en


def test_a_missing_value_is_named(told):
    del told["valid_years"]
    with pytest.raises(CardRulesWrong, match="valid_years"):
        card_rules_from(told)


@pytest.mark.parametrize(
    ("day", "last"),
    [(date(2024, 10, 31), date(2034, 10, 30)), (date(2024, 2, 29), date(2034, 2, 28)), (date(2024, 1, 1), date(2033, 12, 31))],
)
def test_ten_years_end_on_the_day_before(day, last):
    assert years_later(day, 10) == last


def test_a_temporary_card_holds_for_its_days_with_the_first_one_counted():
    assert CardRules().last_day(date(2024, 10, 31), temporary=True) == date(2024, 12, 29)
