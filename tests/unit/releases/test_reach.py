"""From which day on a change to a document makes a difference."""

from datetime import date
from pathlib import Path

import pytest

from onecard.policy.difference import changes_between
from onecard.policy.findings import Desk
from onecard.policy.nodes import Table
from onecard.policy.reader import read_page
from onecard.releases.draft_edit import Edit, edited
from onecard.releases.reach import first_day_changed
from tests.unit.decision.made import LISTS

MEALS = (Path(__file__).parents[3] / "cities/jiaxing/policies/meal-subsidy.yaml").read_text(encoding="utf-8")
FIRST = date(2024, 1, 1)


def page(text: str) -> Table:
    found = read_page(text.encode(), Desk(""))
    assert found is not None
    return found


def tariff(source: str, since: date, county: str = "330481", value: str = "2.00") -> str:
    return edited(source, Edit(path=f"figures/own_least/{county}", value=value, since=since))


@pytest.mark.parametrize(
    ("new", "day"),
    [
        pytest.param(MEALS, None, id="nothing"),
        pytest.param(MEALS.replace("demo tariff, FIELD", "demo, FIELD"), None, id="the basis alone"),
        pytest.param(MEALS + "  - {age: 70, list_price: 2.00, expect: {paid: 2.00}}\n", None, id="a case more"),
        pytest.param(tariff(MEALS, date(2024, 11, 1)), date(2024, 11, 1), id="a tariff to come"),
        pytest.param(tariff(tariff(MEALS, date(2024, 11, 1)), date(2024, 9, 1), "330483"), date(2024, 9, 1), id="the earlier of two"),
        pytest.param(tariff(MEALS, date(2024, 1, 1)), FIRST, id="a tariff from the first day"),
        pytest.param(tariff(MEALS, date(2024, 11, 1)).replace("age >= 60", "age >= 61"), FIRST, id="a sentence beside it"),
        pytest.param(MEALS.replace("45 times", "40 times"), FIRST, id="a limit"),
        pytest.param(MEALS.replace("by: largest hardship", "by: smallest hardship"), FIRST, id="what chooses the rows"),
    ],
)
def test_a_change_is_felt_from_its_day(new: str, day: date | None):
    assert first_day_changed(changes_between(page(MEALS), page(new), LISTS), FIRST) == day
