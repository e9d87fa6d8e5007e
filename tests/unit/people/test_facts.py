"""Dated facts: texts in the store, values in a rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.people.model import Identity, facts_on, read_fact, write_fact
from onecard.values.masked import PersonName, PersonNumber, Phone


@pytest.mark.parametrize(
    ("fact", "value", "text"),
    [
        ("hardship", frozenset({"tekun", "disabled"}), "disabled,tekun"),
        ("hardship", frozenset(), ""),
        ("alive", False, "no"),
        ("alive", True, "yes"),
        ("disability", 2, "2"),
        ("registered_region", "330481", "330481"),
        ("insured_as", "retired", "retired"),
        ("blocked", frozenset({"campus"}), "campus"),
    ],
)
def test_a_fact_reads_back_as_it_was_written(fact, value, text):
    assert write_fact(fact, value) == text
    assert read_fact(fact, text) == value


def test_a_fact_nobody_knows_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        write_fact("shoe_size", 44)


@given(st.permutations([("hardship", date(2024, 1, 1), "dibao"), ("hardship", date(2024, 9, 16), ""), ("alive", date(2020, 1, 1), "yes")]))
def test_a_fact_holds_until_the_next_of_its_name_in_whatever_order_they_come(rows):
    assert facts_on(rows, date(2024, 9, 15)) == {"hardship": frozenset({"dibao"}), "alive": True}
    assert facts_on(rows, date(2024, 9, 16)) == {"hardship": frozenset(), "alive": True}
    assert facts_on(rows, date(2023, 12, 31)) == {"alive": True}


def test_an_identity_never_shows_itself_whole():
    identity = Identity(name=PersonName("张示例"), number=PersonNumber("330491195403121019"), phone=Phone("10012345678"))
    shown = repr(identity)
    assert "张示例" not in shown
    assert "1954" not in shown
    assert "12345678" not in shown
