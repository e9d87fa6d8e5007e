"""A document as staff read it: every sentence of every city's documents has words, and none is lost."""

from pathlib import Path

import pytest

from onecard.policy.clauses import clauses_of
from onecard.policy.lists import read_lists
from tests.unit.decision.made import LISTS

CITIES = Path(__file__).parents[3] / "cities"
DOCUMENTS = sorted(CITIES.glob("*/policies/*.yaml"))
MEALS = (CITIES / "jiaxing/policies/meal-subsidy.yaml").read_bytes()


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: f"{file.parents[1].name}-{file.stem}")
def test_every_sentence_of_every_document_is_told(file: Path):
    lists = read_lists((file.parents[1] / "lists.yaml").read_text(encoding="utf-8"))
    told = clauses_of(file.read_bytes(), lists)
    if b"\nkind: claim" in file.read_bytes():
        assert told is None
        return
    assert told is not None
    assert all(clause.zh and clause.en and clause.written for clause in told.clauses)
    assert all(days and row.text for figure in told.figures for days in figure.days for row in days[1])


def test_the_meal_subsidy_in_words():
    told = clauses_of(MEALS, LISTS)
    assert told is not None
    who = [(clause.zh, clause.en, clause.reason) for clause in told.clauses if clause.part == "who"]
    assert who[0] == ("年满 60 周岁", "aged 60 or over", "NOT_ELIGIBLE_AGE")
    limits = [clause.zh for clause in told.clauses if clause.part == "limits"]
    assert limits == ["每次开放时段最多 1 次", "每月最多 45 次"]
    own = next(figure for figure in told.figures if figure.name == "own_least")
    assert [(day, [(row.zh, row.text) for row in rows]) for day, rows in own.days] == [
        ("2024-01-01", [("", "3.00")]),
        ("2024-07-01", [(LISTS.words.get("330421", ("330421",))[0], "2.50"), ("其余", "3.00")]),
    ]


def test_what_has_findings_has_no_meaning_to_show():
    assert clauses_of(MEALS.replace(b"age >= 60", b"age >= sixty"), LISTS) is None
    assert clauses_of(b"\x00", LISTS) is None
