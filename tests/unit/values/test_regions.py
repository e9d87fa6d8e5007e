"""Regions: what a code covers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.values.regions import inside, inside_any, is_region, region_prefix

_codes = st.from_regex(r"[1-9][0-9]{5}", fullmatch=True)


@pytest.mark.parametrize(
    ("region", "area", "is_inside"),
    [
        ("330481", "330400", True),
        ("330481", "330000", True),
        ("330481", "330481", True),
        ("330400", "330400", True),
        ("330482", "330481", False),
        ("330400", "330481", False),
        ("330000", "330400", False),
        ("330100", "330400", False),
        ("340400", "330400", False),
        ("310101", "310000", True),
        ("", "330000", False),
    ],
)
def test_a_region_lies_in_what_covers_it(region: str, area: str, is_inside: bool) -> None:
    assert inside(region, area) == is_inside


@given(_codes, _codes, _codes)
def test_what_lies_inside_lies_inside_all_that_is_around(one: str, two: str, three: str) -> None:
    assert inside(one, one)
    assert not (inside(one, two) and inside(two, three)) or inside(one, three)
    assert inside_any(one, [two, three]) == (inside(one, two) or inside(one, three))
    assert not inside_any(one, [])
    assert one.startswith(region_prefix(one))


@pytest.mark.parametrize("text", ["", "33048", "3304811", "030481", "33048a", "３30481", "330481 ", "330481\n", "-30481"])
def test_what_is_not_six_plain_digits_is_no_region(text: str) -> None:
    assert not is_region(text)
    assert is_region("330481")
