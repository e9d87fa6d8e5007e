"""A city's lists are read strictly; `where` matches regions with all that lies inside."""

import pytest

from onecard.policy.lists import ListsUnreadable, read_lists
from onecard.policy.matching import fits
from onecard.policy.model import Where
from tests.unit.policy.documents import LISTS

TEXT = """\
city: try
region: 330400
hardship: [dibao]
standing: []
services: [ride]
site_kinds: [bus, hall]
gated: [hall]
regions: {city: [330400]}
funds: [operator]
words: {dibao: {zh: 低保, en: low income}}
"""


def test_lists_are_read_as_they_stand():
    lists = read_lists(TEXT)
    assert (lists.city, lists.region, lists.gated) == ("try", "330400", frozenset({"hall"}))
    assert lists.regions == {"city": ("330400",)} and lists.words == {"dibao": ("低保", "low income")}
    assert LISTS.site_kinds[:2] == ("bus", "scenic")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("region: 330400\nhardship", "region: 3304\nhardship", 2),
        ("funds: [operator]", "fund: [operator]", 9),
        ("funds: [operator]\n", "", 1),
        ("regions: {city: [330400]}", "regions: {city: [33]}", 8),
        ("words: {dibao: {zh: 低保, en: low income}}", "words: [dibao]", 10),
        ("words: {dibao: {zh: 低保, en: low income}}", "words: {dibao: 低保}", 10),
        ("city: try", "city: [try]", 1),
        ("city: try", "city: &a try", 1),
    ],
)
def test_what_is_wrong_in_the_lists_is_said_with_its_line(old, new, line):
    with pytest.raises(ListsUnreadable) as caught:
        read_lists(TEXT.replace(old, new))
    assert caught.value.facts["line"] == line and caught.value.said_zh


OCCASION = {"region": "330481", "service": "ride", "site_kind": "bus", "operator": "bus-co", "site": "b-1"}


@pytest.mark.parametrize(
    ("where", "fitting"),
    [
        (Where(), True),
        (Where(region=("330400",)), True),
        (Where(region=("330000",)), True),
        (Where(region=("330481",)), True),
        (Where(region=("330421",)), False),
        (Where(region=("330421", "330400"), service=("entry", "ride")), True),
        (Where(service=("entry",)), False),
        (Where(site_kind=("bus",), operator=("bus-co",), site=("b-1",)), True),
        (Where(site_kind=("ferry",)), False),
        (Where(operator=("other",)), False),
        (Where(site=("b-2",)), False),
    ],
)
def test_where_matches_what_it_names(where, fitting):
    assert fits(where, **OCCASION) is fitting


def test_a_blank_region_lies_nowhere():
    assert not fits(Where(region=("330400",)), **{**OCCASION, "region": ""})
    assert fits(Where(), **{**OCCASION, "region": ""})
