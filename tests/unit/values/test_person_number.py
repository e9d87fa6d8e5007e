"""Person numbers: form, date and check character are hard; the area proves nothing (GB 11643, FIELD §3.2)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.values.person_number import check_character, is_person_number, typed_number


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("330491194912310026", id="an area of no place"),
        pytest.param("330498188001010018", id="a historic prefix, of a woman born in 1880"),
        *(
            pytest.param(first + check_character(first), id=told)
            for told, first in [
                ("Haining while it was a county", "33042119550101001"),
                ("Jiaxing while it was a prefecture", "33250119400229001"),
                ("an area that no table ever held", "99999919700101001"),
                ("a residence permit of a Hong Kong resident", "81000019900101001"),
                ("29 February of a leap year", "33040220000229001"),
            ]
        ),
    ],
)
def test_a_true_number_is_one_wherever_it_is_from(number: str) -> None:
    assert is_person_number(number)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("", id="nothing"),
        pytest.param("330491194912310021", id="wrong check digit"),
        pytest.param("11010519491231002x", id="small x: who reads it makes it large"),
        pytest.param("1101051949123100X2", id="X elsewhere"),
        pytest.param("11010519491231002", id="17 characters"),
        pytest.param("110105491231002", id="15 characters, of before 1999"),
        pytest.param("330491194912310026 ", id="a blank"),
        pytest.param("330491194912310026\n", id="a line's end"),
        pytest.param("１1010519491231002X", id="a full-width digit"),
        *(
            pytest.param(first + check_character(first), id=told)
            for told, first in [
                ("29 February of a common year", "33040219000229001"),
                ("30 February", "33040220000230001"),
                ("month 13", "33040220001301001"),
                ("day 0", "33040220000100001"),
                ("year 0", "33040200000101001"),
            ]
        ),
    ],
)
def test_what_is_no_true_number_is_none(number: str) -> None:
    assert not is_person_number(number)


_firsts = st.builds(
    lambda area, born, order: f"{area:06d}{born:%Y%m%d}{order:03d}",
    st.integers(0, 999_999),
    st.dates(date(1850, 1, 1)),
    st.integers(0, 999),
)


@given(_firsts, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first: str, place: int, off: int) -> None:
    number = first + check_character(first)
    assert is_person_number(number)
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert not is_person_number(wrong)


@given(_firsts, st.integers(0, 16))
def test_two_neighbours_in_the_wrong_order_are_always_found(first: str, place: int) -> None:
    number = first + check_character(first)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not is_person_number(swapped)


@given(st.text(max_size=20))
def test_any_text_is_told(text: str) -> None:
    assert not is_person_number(text) or text[17] == check_character(text[:17])


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        pytest.param("请查330491194912310026，谢谢", "330491194912310026", id="in a sentence"),
        pytest.param("33049119491231002x", "33049119491231002X", id="a small x"),
        pytest.param("３３０４９１１９４９１２３１００２ｘ", "33049119491231002X", id="full-width"),
        pytest.param("330491 19491231 0026", "330491194912310026", id="in groups"),
        pytest.param("330491—19491231—0026", "330491194912310026", id="with dashes"),
        pytest.param("3 3 0 4 9 1 1 9 4 9 1 2 3 1 0 0 2 6", "330491194912310026", id="letter by letter"),
        pytest.param("330491 491231 002", "330491491231002", id="the fifteen digits of old documents"),
    ],
)
def test_a_number_is_noticed_however_it_was_typed(typed: str, number: str) -> None:
    assert typed_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "T330481-0007.10000000", "T330481-0007-10000", "2024-10-01 2024-10-31", "13800138000", "B00000019", "330481", "1" * 16, "1" * 19],
)
def test_what_is_no_number_is_not_taken_for_one(typed: str) -> None:
    assert typed_number(typed) is None


@given(st.text(max_size=20), st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True), st.text(max_size=20))
def test_no_text_around_a_number_hides_it_but_more_digits(before: str, number: str, after: str) -> None:
    assert typed_number(f"{before}，{number}，{after}") is not None
