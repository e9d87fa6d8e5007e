"""The name of a use, both ways, and what a tap shows of itself."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.uses.intake import SEQ_MAX
from onecard.uses.model import Tap, use_id, use_key


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40), st.integers(1, SEQ_MAX))
def test_a_name_leads_back_to_terminal_and_seq(terminal: str, seq: int) -> None:
    assert use_key(use_id(terminal, seq)) == (terminal, seq)


@given(st.text(max_size=30))
def test_whatever_is_asked_for_is_a_name_or_none(text: str) -> None:
    key = use_key(text)
    assert key is None or use_id(*key) == text


NO_NAMES = [
    "",
    "BUS-1",
    ".1",
    "BUS-1.",
    "BUS-1.01",
    "BUS-1.+1",
    "BUS-1.-1",
    "BUS-1. 1",
    "BUS-1.１",
    "BUS-1.1e3",
    "\x00.1",
    "车.1",
    "B.12345678901234567",
]


@pytest.mark.parametrize("text", NO_NAMES)
def test_what_is_no_name_is_none(text: str) -> None:
    assert use_key(text) is None


def test_a_tap_never_prints_the_whole_card() -> None:
    tap = Tap(
        terminal="T",
        seq=1,
        kind="card",
        value="A00000017",
        service="ride",
        list_price_fen=200,
        occurred_at=datetime(2024, 1, 1, tzinfo=UTC),
    )
    assert "A0000" not in repr(tap) and "0017" in repr(tap)
    assert repr(tap) == str(tap) == f"{tap}"
