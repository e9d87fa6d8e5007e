"""Corrections are held to the city's lists: a name that no rule knows, a level that there is not, a place that is not the city's."""

import pytest

from onecard.app.correction_rules import CorrectionRules, CorrectionUnlisted
from onecard.app.region_names import region_names
from onecard.policy.lists import read_lists
from onecard.settings.city_folder import find_city

FOLDER = find_city("jiaxing")
RULES = CorrectionRules(lists=read_lists(FOLDER.text("lists.yaml")), regions=frozenset(region_names(FOLDER)))


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("hardship", "dibao,disabled"), ("hardship", ""), ("standing", "student"), ("blocked", "museum"), ("insured_as", "retired"),
        ("disability", "0"), ("disability", "4"), ("care_level", "3"), ("registered_region", "330481"), ("alive", "no"),
        ("household", "123456789"),
    ],
)  # fmt: skip
def test_what_the_city_knows_may_be_told(fact: str, value: str):
    RULES.refuse_unlisted(fact, value)


@pytest.mark.parametrize(
    ("fact", "value", "accepted"),
    [
        pytest.param("hardship", "dibao,x", "tekun", id="a hardship of no list"),
        pytest.param("standing", "dibao", "student", id="a name of another list"),
        pytest.param("blocked", "bus", "museum", id="a place that lets everybody in"),
        pytest.param("insured_as", "farmer", "employee", id="an insurance that there is not"),
        pytest.param("disability", "5", "0–4", id="a level beyond the last"),
        pytest.param("care_level", "4", "0–3", id="a level of care beyond the last"),
        pytest.param("registered_region", "330499", "330481", id="an area that there is not"),
        pytest.param("registered_region", "330400", "330481", id="the city as a whole"),
        pytest.param("registered_region", "310000", "330481", id="another province"),
    ],
)
def test_what_the_city_does_not_know_is_refused_with_what_it_does(fact: str, value: str, accepted: str):
    with pytest.raises(CorrectionUnlisted) as refused:
        RULES.refuse_unlisted(fact, value)
    assert refused.value.http_status == 422 and refused.value.field == "value"
    assert accepted in refused.value.said_zh and value.rpartition(",")[2] in refused.value.said_en


def test_a_city_that_names_no_regions_takes_any():
    CorrectionRules(lists=RULES.lists, regions=()).refuse_unlisted("registered_region", "330499")
