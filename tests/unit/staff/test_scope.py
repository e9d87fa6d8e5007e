"""Scopes: a region's subtree × a scene × a programme, and the prefixes by which both walls know them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.staff.scope import EVERY, Scope, is_scope_region, prefixes_of, subtree

PLACES = st.sampled_from(
    ["330000", "330400", "330481", "330483", "330481100", "330481101", "330481100000", "330481100201", "320000", "320500", "320509"]
)
NAMES = st.sampled_from([EVERY, "canteen", "bus"])
SCOPES = st.builds(Scope, region=PLACES, scene=NAMES, programme=NAMES)


@pytest.mark.parametrize(
    ("region", "prefix"),
    [
        ("330000", "33"), ("330400", "3304"), ("330481", "330481"), ("330481100", "330481100"), ("330481100000", "330481100"),
        ("330481100201", "330481100201"), ("330481000000", "330481"),
    ],
)  # fmt: skip
def test_a_region_covers_all_that_begins_like_it(region: str, prefix: str):
    assert subtree(region) == prefix


@pytest.mark.parametrize("text", ["", "33", "33048", "3304811", "030481", "33048１", "330481100 ", "abcdef", "3304811002010"])
def test_what_is_no_region_is_none(text: str):
    assert not is_scope_region(text)


def test_the_city_covers_its_county_and_the_county_not_the_city():
    assert Scope(region="330400").covers("330481")
    assert Scope(region="330481").covers("330481100201")
    assert not Scope(region="330481").covers("330400")
    assert not Scope(region="330481").covers("330483")


def test_a_scope_without_a_region_covers_nothing_that_has_one():
    assert not Scope().covers("330481")
    assert Scope().covers("")
    assert prefixes_of([Scope()]) == ()


def test_scene_and_programme_bound_what_has_one():
    canteen = Scope(region="330400", scene="canteen")
    assert canteen.covers("330481", "canteen")
    assert not canteen.covers("330481", "bus")
    assert canteen.covers("330481")
    assert not Scope(region="330400", programme="elder-pass").covers("330481", "", "meal")


@given(PLACES, PLACES, PLACES)
def test_covering_is_handed_down(above: str, middle: str, below: str):
    if Scope(region=above).covers(middle) and Scope(region=middle).covers(below):
        assert Scope(region=above).covers(below)


@given(SCOPES, SCOPES, PLACES, NAMES, NAMES)
def test_a_scope_within_another_covers_nothing_that_the_other_does_not(inner: Scope, outer: Scope, region: str, scene: str, programme: str):
    if inner.within(outer) and inner.covers(region, scene, programme):
        assert outer.covers(region, scene, programme)


@given(st.lists(SCOPES, max_size=6), PLACES)
def test_the_prefixes_say_the_same_as_the_scopes(scopes: list[Scope], region: str):
    prefixes = prefixes_of(scopes)
    assert any(region.startswith(prefix) for prefix in prefixes) == any(scope.covers(region) for scope in scopes)
    assert not any(one != other and one.startswith(other) for one in prefixes for other in prefixes)
