"""What people are found by: initials as they are read, marks that say what is alike and nothing else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.pinyin_dict import pinyin_dict

from onecard.people.initials import initials_of
from onecard.people.marks import mark_of, marks_of
from onecard.people.model import Identity
from onecard.values.masked import PersonName, PersonNumber, Phone
from onecard.values.search_mark import search_mark

KEY = bytes(range(32))
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def identity(name: str, phone: str | None = "10012345678") -> Identity:
    return Identity(name=PersonName(name), number=PersonNumber("1"), phone=None if phone is None else Phone(phone))


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        pytest.param("王建国", {"wjg"}, id="three characters"),
        pytest.param("欧阳娜", {"oyn"}, id="a surname of two"),
        pytest.param("曾单", {"cd", "zd"}, id="a surname with a reading of its own"),
        pytest.param("单", {"d", "s"}, id="one character"),
        pytest.param("买买提·吐尔逊", {"mmttex"}, id="a dot is no character"),
        pytest.param("王\U00020bb7国", {"wg"}, id="a character that nobody reads is left out"),
        pytest.param("Anna Müller", {"annamller"[:8]}, id="Latin words"),
        pytest.param("1%_", set(), id="nothing to read"),
    ],
)
def test_initials_are_as_the_name_is_read(name, letters):
    assert initials_of(name) == letters


def test_every_character_has_the_letter_of_its_most_usual_reading():
    def first(reading: str) -> str:
        plain = [each for each in unicodedata.normalize("NFD", reading) if not unicodedata.combining(each)]
        return plain[0] if "a" <= plain[0] <= "z" else ""

    for code in range(0x3400, 0xA000):
        known = first(pinyin_dict[code].split(",")[0]) if code in pinyin_dict else ""
        assert initials_of("王" + chr(code)) == {"w" + known}, hex(code)


@given(NAMES, st.text("0123456789", min_size=4, max_size=11))
def test_whoever_types_what_is_true_asks_by_a_mark_of_the_person(name, phone):
    marks = marks_of(KEY, identity(name, phone))
    assert mark_of(KEY, "name", name) in marks
    assert mark_of(KEY, "phone", phone[-4:]) in marks
    assert all(mark_of(KEY, "initials", letters.upper()) in marks for letters in initials_of(name))


def test_marks_of_one_text_differ_by_kind_and_by_key():
    of_one_key = {mark_of(KEY, "name", "1234"), mark_of(KEY, "phone", "1234"), search_mark(KEY, "card", "1234")}
    assert len(of_one_key | {mark_of(bytes(32), "name", "1234")}) == 4


def test_who_has_no_phone_has_no_mark_of_one():
    assert len(marks_of(KEY, identity("王建国", None))) == 2 and len(marks_of(KEY, identity("王建国"))) == 3


@given(NAMES)
def test_marks_fit_into_the_store(name):
    assert all(-(2**63) <= mark < 2**63 for mark in marks_of(KEY, identity(name)))
