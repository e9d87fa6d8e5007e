"""Fen and percent, in figures and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.values.money import FEN_MAX, fen_of, percent_of, yuan

WRITTEN = [(0, "0.00"), (5, "0.05"), (99, "0.99"), (100, "1.00"), (1300, "13.00"), (-5, "-0.05"), (-1300, "-13.00")]
NO_MONEY = [
    "",
    "1",
    "1.0",
    "1.000",
    ".50",
    "01.00",
    "00.00",
    "-1.00",
    "+1.00",
    " 1.00",
    "1.00 ",
    "1,00",
    "1e2.00",
    "１.00",
    "1.００",
    "1.00\n",
]
PERCENT = [(0, "0%"), (1, "0.01%"), (10, "0.1%"), (1250, "12.5%"), (5000, "50%"), (6667, "66.67%"), (10_000, "100%")]


@pytest.mark.parametrize(("fen", "text"), [*WRITTEN, (FEN_MAX, "10000000.00")])
def test_fen_are_written_with_two_decimals(fen: int, text: str) -> None:
    assert yuan(fen) == text


@given(st.integers(0, FEN_MAX))
def test_what_is_written_is_read_back(fen: int) -> None:
    assert fen_of(yuan(fen)) == fen


@pytest.mark.parametrize("text", [*NO_MONEY, "12345678901.00", "1.00\n"])
def test_what_has_not_exactly_two_decimals_is_no_money(text: str) -> None:
    assert fen_of(text) is None


@given(st.text(alphabet="0123456789.-+ e", max_size=14))
def test_any_text_is_one_amount_in_one_form_or_none(text: str) -> None:
    fen = fen_of(text)
    assert fen is None or yuan(fen) == text


@pytest.mark.parametrize(("points", "text"), PERCENT)
def test_points_are_written_as_short_as_they_can_be(points: int, text: str) -> None:
    assert percent_of(points) == text


@given(st.integers(0, 10_000))
def test_a_percentage_says_exactly_its_points(points: int) -> None:
    whole, _, rest = percent_of(points).removesuffix("%").partition(".")
    assert int(whole) * 100 + int(rest.ljust(2, "0") or 0) == points
