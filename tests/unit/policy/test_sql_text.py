"""What a document says can never become anything but a literal; and a statement grows no faster than its document."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.policy.sql_terms import Reading
from onecard.policy.sql_text import column, literal, texts
from onecard.policy.to_sql import judged_sql
from tests.unit.policy.documents import BUS, GOOD, programme_of
from tests.unit.policy.test_findings import PAY, USE


def read_back(text: str) -> str:
    """Read a literal as PostgreSQL does, without PostgreSQL: quotes are doubled, and after E so are backslashes."""
    escaped, inner = text.startswith("E"), text.removeprefix("E")
    assert inner[0] == inner[-1] == "'"
    assert inner[1:-1].replace("''", "").count("'") == 0, "nothing ends the literal early"
    body = inner[1:-1].replace("''", "'")
    assert escaped or "\\" not in body
    return body.replace("\\\\", "\\") if escaped else body


@given(st.text(alphabet=st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])))
def test_a_text_is_read_back_as_it_was(text):
    assert read_back(literal(text)) == text


@pytest.mark.parametrize("text", ["'; DROP TABLE ledger_use; --", "\\'", "\\", "''", "' OR ''='", "$$", "E'", "\u02bc", "\x1a"])
def test_hostile_texts_stay_literals(text):
    assert read_back(literal(text)) == text


def test_numbers_are_reckoned_in_64_bits():
    assert [literal(value) for value in (0, 7, 2**52, -1, True, False)] == [
        "0::bigint", "7::bigint", "4503599627370496::bigint", "(-1)::bigint", "true", "false",
    ]  # fmt: skip
    assert texts(["a", "b'c"]) == "ARRAY['a', 'b''c']::text[]"
    assert column("group") == 'f."group"'


def test_a_column_is_a_name():
    with pytest.raises(ValueError):
        column('day" FROM x --')


def test_an_age_becomes_a_day_of_birth_once():
    programme = programme_of(BUS)
    day = date(2024, 2, 29)
    text = judged_sql(programme.rule, "people", Reading(day=day.toordinal(), ages_on=day), "subject")
    assert "DATE '1964-02-29'" in text and "f.\"age\"" not in text
    assert "DATE '1954-02-28'" in text  # 70 years ago there was no 29th.


@pytest.mark.parametrize("name", GOOD)
def test_a_statement_names_no_more_than_its_facts(name):
    programme = programme_of(GOOD[name])
    text = judged_sql(programme.rule, "people", Reading(), "key")
    assert {part.split('"')[0] for part in text.split('f."')[1:]} <= {*programme.facts, "key"}


def test_lets_that_double_do_not_double_the_statement():
    lines = "".join(f"  a{n + 1}: max(a{n}, a{n}) + 0.01\n" for n in range(20))
    programme = programme_of(USE.replace(PAY, f"let:\n  a0: list_price\n{lines}pay: a20\n"))
    assert len(judged_sql(programme.rule, "people", Reading(), "key")) < 20_000
