"""What terminals may do alone: city data, checked, the kind before the general word."""

import pytest
import yaml

from onecard.settings.city_folder import find_city
from onecard.terminals.params import Params, ParamsOfCity, ParamsWrong, params_from


def test_a_kind_says_what_it_says_and_the_rest_is_everyones():
    told = params_from({"every": {"silence_ms": 500, "hotlist_age_hours": 12}, "kinds": {"bus": {"hotlist_age_hours": 72}}})
    assert told.of("bus") == Params(silence_ms=500, hotlist_age_hours=72)
    assert told.of("museum") == Params(silence_ms=500, hotlist_age_hours=12)


def test_the_number_moves_with_any_value_and_with_nothing_else():
    one = params_from({"kinds": {"bus": {"uses_per_card_day": 7}, "ferry": {}}})
    assert one.number == params_from({"kinds": {"ferry": {}, "bus": {"uses_per_card_day": 7}}}).number
    assert one.number != params_from({"kinds": {"bus": {"uses_per_card_day": 8}, "ferry": {}}}).number
    assert ParamsOfCity().number == params_from({}).number


def test_jiaxings_own_file_names_its_site_kinds():
    city = find_city("jiaxing")
    told = params_from(yaml.safe_load(city.text("terminals.yaml")))
    kinds = yaml.safe_load(city.text("lists.yaml"))["site_kinds"]
    assert set(told.kinds) <= set(kinds)
    assert told.of("bus").silence_ms == 800


@pytest.mark.parametrize(
    "bad",
    [
        {"everyone": {}},
        {"every": {"uses_a_day": 3}},
        {"every": {"silence_ms": "800"}},
        {"every": {"silence_ms": True}},
        {"every": {"silence_ms": 0}},
        {"kinds": {"bus": {"hotlist_age_hours": 10_000}}},
    ],
)
def test_a_wrong_value_is_named(bad):
    with pytest.raises(ParamsWrong) as mistake:
        params_from(bad)
    assert str(mistake.value)
