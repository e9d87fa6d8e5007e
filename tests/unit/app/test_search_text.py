"""What a text in the search box may stand for, and which words only narrow it down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.app.search_text import kinds_of, region_words, typed

REGIONS = region_words({"330481": {"zh": "海宁市", "en": "Haining"}, "330402": {"zh": "南湖区", "en": "Nanhu"}})


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("330495195105120411", ("id",), id="a number"),
        pytest.param("330495 19510512 0411", ("id",), id="a number in groups"),
        pytest.param("33049519510512041x", ("id",), id="a small x"),
        pytest.param("请查３３０４９５１９５１０５１２０４１１", ("id",), id="in a sentence, full-width"),
        pytest.param("b00000019", ("card",), id="a card"),
        pytest.param("AB1234567", ("card",), id="a card of two letters"),
        pytest.param("0" * 32, ("chip",), id="a chip"),
        pytest.param("T330421-0007.17", ("use",), id="a use"),
        pytest.param("T330421-0007", ("name", "terminal", "site"), id="a device"),
        pytest.param("1234", ("phone", "card-end", "terminal", "site"), id="the end of a number"),
        pytest.param("*1234", ("phone", "card-end", "site"), id="an end as it is said"),
        pytest.param("100****1234", ("phone", "card-end", "site"), id="a phone as pages mask it"),
        pytest.param("10012345678", ("phone", "terminal", "site"), id="a whole phone number"),
        pytest.param("123", ("terminal", "site"), id="too short an end"),
        pytest.param("wjg", ("name", "initials", "terminal", "site"), id="letters"),
        pytest.param("王建国", ("name", "site"), id="a name"),
        pytest.param("买买提·吐尔逊", ("name", "site"), id="a name with a dot"),
        pytest.param("%%", ("site",), id="percent signs"),
        pytest.param("__", ("site",), id="underscores"),
        pytest.param("王%", ("site",), id="no wildcard makes a name"),
        pytest.param("x", (), id="too short"),
        pytest.param("  ", (), id="nothing"),
    ],
)
def test_what_a_text_may_stand_for(text, kinds):
    assert kinds_of(text) == kinds


@pytest.mark.parametrize(
    ("text", "key", "born_year", "region"),
    [
        pytest.param("王建国", "王建国", 0, "", id="a name alone"),
        pytest.param("王建国 1952", "王建国", 1952, "", id="a year"),
        pytest.param("王建国1952年生", "王建国", 1952, "", id="a year without a blank"),
        pytest.param("王建国 海宁 1952", "王建国", 1952, "330481", id="a place and a year"),
        pytest.param("王建国　１９５２　南湖区", "王建国", 1952, "330402", id="in full-width characters"),
        pytest.param("wjg haining", "wjg", 0, "330481", id="letters and a place in English"),
        pytest.param("1234 330402001", "1234", 0, "330402001", id="an end and a town by its code"),
        pytest.param("100****1234 1952", "1234", 1952, "", id="a masked phone and a year"),
        pytest.param("1952", "1952", 0, "", id="a year alone is an end"),
        pytest.param("海宁", "海宁", 0, "", id="a place alone may be a name"),
        pytest.param("王建国 1234", "王建国 1234", 0, "", id="no year of anybody alive"),
        pytest.param("王建国 1952 1953", "王建国 1952", 1953, "", id="one year narrows, two are a mistake"),
        pytest.param("<img src=x onerror=alert(1)> 1952", "<img src=x onerror=alert(1)>", 1952, "", id="a name that is markup"),
        pytest.param("b 0000 0019", "b00000019", 0, "", id="a card in groups"),
    ],
)
def test_last_words_narrow_down(text, key, born_year, region):
    told = typed(text, REGIONS)
    assert (told.key, told.born_year, told.region) == (key, born_year, region)


@given(st.text(max_size=64))
def test_whatever_is_typed_is_read_and_a_number_is_nothing_else(text):
    told = typed(text, REGIONS)
    assert "id" not in told.kinds or told.kinds == ("id",)
    assert set(told.kinds) <= {"id", "card", "chip", "use", "phone", "card-end", "name", "initials", "terminal", "site"}


def test_a_place_is_called_by_its_name_with_or_without_its_kind_in_either_language():
    assert {word for word, code in REGIONS.items() if code == "330481"} == {"海宁市", "海宁", "haining"}
