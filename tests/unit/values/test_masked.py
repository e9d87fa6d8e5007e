"""Personal data never shows itself: not printed, formatted, logged, in JSON or pickled; only where it is asked for."""

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from onecard.values.masked import CardNumber, PersonName, PersonNumber, Phone, holds_number, mask_name, mask_numbers

NUMBER = "330491195003071234"
WHOLE: list[tuple[Callable[[str], Any], str, str]] = [
    (PersonName, "王建国", "王*国"),
    (PersonName, "王建", "王*"),
    (PersonName, "欧阳建国", "欧**国"),
    (PersonName, "王", "*"),
    (PersonName, "", "*"),
    (PersonNumber, NUMBER, "330491********1234"),
    (PersonNumber, "123", "***"),
    (CardNumber, "B00000019", "*****0019"),
    (CardNumber, "f" * 28 + "0019", "*" * 28 + "0019"),
    (Phone, "13812341234", "138****1234"),
    (Phone, "12345", "*****"),
]
kinds = pytest.mark.parametrize(("kind", "whole", "masked"), WHOLE)
SECRETS = [(kind, whole) for kind, whole, masked in WHOLE if whole and whole != masked]


@kinds
def test_it_is_masked_wherever_it_is_shown(kind: Callable[[str], Any], whole: str, masked: str) -> None:
    value = kind(whole)
    assert value.reveal() == whole
    assert str(value) == f"{value}" == format(value) == masked
    assert repr(value) == f"{kind.__name__}({masked!r})" == f"{value!r}"
    assert f"{value:>40}" == masked.rjust(40)
    assert str([value]) == f"[{value!r}]"


@pytest.mark.parametrize(("kind", "whole"), SECRETS)
def test_nothing_lets_it_out_on_the_way(kind: Callable[[str], Any], whole: str) -> None:
    @dataclass
    class Row:
        value: Any

    value = kind(whole)
    assert whole not in repr(Row(value)) + repr({value: [value]})
    assert whole not in structlog.dev.ConsoleRenderer(colors=False)(None, "info", {"event": "x", "value": value})
    assert whole not in structlog.processors.JSONRenderer()(None, "info", {"event": "x", "value": value})
    assert json.loads(json.dumps({"value": value}, default=str)) == {"value": str(value)}
    for encode in (json.dumps, msgspec.json.encode):
        with pytest.raises(TypeError) as refused:
            encode(value)
        assert whole not in str(refused.value)


@pytest.mark.parametrize(("kind", "whole"), SECRETS)
@pytest.mark.parametrize("travel", [pickle.dumps, copy.copy, copy.deepcopy])
def test_it_never_travels(kind: Callable[[str], Any], whole: str, travel: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="never pickled"):
        travel(kind(whole))


@given(st.text(max_size=20), st.text(max_size=20))
def test_equal_are_those_of_one_kind_and_one_text(one: str, other: str) -> None:
    assert (CardNumber(one) == CardNumber(other)) == (one == other)
    assert CardNumber(one) != PersonNumber(one)
    assert CardNumber(one) != one
    assert len({CardNumber(one), CardNumber(one), PersonNumber(one)}) == 2


@given(st.text(min_size=1, max_size=20))
def test_a_masked_name_is_as_long_as_the_name_and_shows_two_characters_at_most(name: str) -> None:
    masked = mask_name(name)
    assert len(masked) == len(name)
    assert sum(shown != "*" for shown in masked) <= 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"本人{NUMBER}来电", "本人330491********1234来电"),
        (f"ID{NUMBER}, 33049119500307123x", "ID330491********1234, 330491********123x"),
        ("３３０４９１１９５００３０７１２３４", "３３０４９１********１２３４"),
        ("T330481-0007.17 at 20241031", "T330481-0007.17 at 20241031"),
        ("card " + "1234567890abcdef" * 4, "card " + "1234567890abcdef" * 4),
        ("a" + "1" * 18 + "f", "a" + "1" * 18 + "f"),
        ("1" * 19, "1" * 19),
        ("", ""),
    ],
)
def test_a_number_that_stands_in_a_text_is_masked_and_nothing_else(text, shown):
    assert mask_numbers(text) == shown
    assert holds_number(text) == (shown != text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_keeps_a_number_between_words(before, after):
    assert NUMBER not in mask_numbers(f"{before} {NUMBER} {after}")
