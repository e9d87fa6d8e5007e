"""One change by the form: it does what it says, and not a letter beside it is another."""

from collections.abc import Iterator
from datetime import date, timedelta
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.policy.difference import changes_between
from onecard.policy.findings import Desk
from onecard.policy.nodes import Table
from onecard.policy.reader import read_page
from onecard.releases.draft_cells import Cell, CellKind, cells_of
from onecard.releases.draft_edit import Edit, edited
from onecard.releases.errors import EditRefused
from tests.unit.decision.made import LISTS

CITIES = Path(__file__).parents[3] / "cities"
DOCUMENTS = {f"{file.parents[1].name}/{file.stem}": file.read_text(encoding="utf-8") for file in sorted(CITIES.glob("*/policies/*.yaml"))}
DAY = date(2024, 10, 31)
CELLS = [(name, cell) for name, source in DOCUMENTS.items() for cell in cells_of(source, DAY)]

BLOCK = """\
# The head stays.
programme: closed   # and what is said here
kind: use
effective:
  from: 2024-01-01  # begun
figures:
  shut:
    unit: dates
    from 2024-01-01:
      - 2024-10-01..2024-10-07   # national day
      - 2025-01-01               # new year
    # what is said about the next
  fee: {unit: yuan, by: age, from 2024-01-01: {60: 2.00, else: 3.00}}
  share:
    unit: percent
    by: [region, age]
    from 2024-01-01:
      330481:
        60: 50%  # half
        else: 40%
      else: 10%

who:
  - 60 <= age < 70 and day not in shut else NOT_ELIGIBLE_AGE   # the young and the old
  - "age != 65 else NOT_ELIGIBLE"
"""


def page(source: str) -> Table:
    found = read_page(source.encode(), Desk(""))
    assert found is not None, source
    return found


def lines(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and those that came."""
    told = [line for line in unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0) if line[:2] not in ("--", "++", "@@")]
    return [line[1:] for line in told if line[0] == "-"], [line[1:] for line in told if line[0] == "+"]


def values(kind: CellKind, told: int) -> str:
    """Return a value of its form."""
    return {
        "yuan": f"{told % 1000}.{told % 100:02d}", "mu": f"{told % 1000}.{told % 100:02d}", "percent": f"{told % 100}.5%",
        "number": str(told), "age": str(told % 120), "day": str(DAY + timedelta(told % 9000)), "dates": str(DAY + timedelta(told % 9000)),
    }[kind]  # fmt: skip


@given(st.sampled_from(CELLS), st.integers(0, 100_000), st.integers(0, 800))
def test_one_change_is_all_that_changes(found: tuple[str, Cell], told: int, days: int):
    name, cell = found
    source, value, since = DOCUMENTS[name], values(cell.kind, told), DAY + timedelta(days)
    try:
        new = edited(source, Edit(path=cell.path, value=value, since=since))
    except EditRefused:
        assert cell.kind == "dates"  # The list holds that day.
        return
    went, came = lines(source, new)
    assert (len(went), len(came)) in ((0, 1), (1, 1), (0, 0))
    changes = changes_between(page(source), page(new), LISTS)
    if cell.kind in ("yuan", "percent", "number", "mu"):
        held = f"figures.{'.'.join(cell.path.split('/')[1:2])}.from {since}"
        assert [change.path for change in changes] in ([], [".".join([held, *cell.path.split("/")[2:]])])
        assert all(change.new == value for change in changes)
    else:
        assert len(changes) <= 1
    after = {each.path: each.text for each in cells_of(new, since)}
    assert value in after[cell.path]


@given(st.sampled_from(CELLS), st.text(max_size=20))
def test_whatever_is_filled_in_stays_one_value(found: tuple[str, Cell], text: str):
    name, cell = found
    source = DOCUMENTS[name]
    try:
        new = edited(source, Edit(path=cell.path, value=text, since=DAY))
    except EditRefused:
        return
    assert len(changes_between(page(source), page(new), LISTS)) <= 1


@given(st.text(max_size=40))
def test_a_path_from_anywhere_is_refused_or_changes_one_thing(path: str):
    for value in ("1.00", "5", "2025-01-01"):
        with pytest.raises(EditRefused):
            edited(BLOCK, Edit(path=path, value=value, since=DAY))


@pytest.mark.parametrize(
    ("edit", "went", "came"),
    [
        pytest.param(
            Edit(path="figures/fee/60", value="1.50", since=date(2024, 1, 1)),
            ["  fee: {unit: yuan, by: age, from 2024-01-01: {60: 2.00, else: 3.00}}"],
            ["  fee: {unit: yuan, by: age, from 2024-01-01: {60: 1.50, else: 3.00}}"], id="the row of that very day",
        ),
        pytest.param(
            Edit(path="figures/fee/70", value="1.50", since=date(2024, 11, 1)),
            ["  fee: {unit: yuan, by: age, from 2024-01-01: {60: 2.00, else: 3.00}}"],
            ["  fee: {unit: yuan, by: age, from 2024-01-01: {60: 2.00, else: 3.00}, from 2024-11-01: {60: 2.00, 70: 1.50, else: 3.00}}"],
            id="a step more, from a day to come",
        ),
        pytest.param(
            Edit(path="figures/share/330481/60", value="55%", since=date(2024, 11, 1)),
            [], ["    from 2024-11-01: {330481: {60: 55%, else: 40%}, else: 10%}"], id="a table in a table, as a row behind it",
        ),
        pytest.param(
            Edit(path="figures/share/330481/80", value="90%", since=date(2024, 1, 1)), [], ["        80: 90%"], id="a case more in a block",
        ),
        pytest.param(
            Edit(path="figures/shut", value="2024-12-31"), [], ["      - 2024-12-31"], id="a day more in a list, in its place",
        ),
        pytest.param(
            Edit(path="figures/shut", value="2025-01-01", act="take"), ["      - 2025-01-01               # new year"], [], id="a day less",
        ),
        pytest.param(Edit(path="effective/until", value="2025-12-31"), [], ["  until: 2025-12-31"], id="an end"),
        pytest.param(
            Edit(path="who/1/age/2", value="75"),
            ["  - 60 <= age < 70 and day not in shut else NOT_ELIGIBLE_AGE   # the young and the old"],
            ["  - 60 <= age < 75 and day not in shut else NOT_ELIGIBLE_AGE   # the young and the old"], id="the second age",
        ),
        pytest.param(
            Edit(path="who/2/age/1", value="66"), ['  - "age != 65 else NOT_ELIGIBLE"'], ['  - "age != 66 else NOT_ELIGIBLE"'],
            id="in quotes",
        ),
    ],
)  # fmt: skip
def test_where_it_stands(edit: Edit, went: list[str], came: list[str]):
    assert lines(BLOCK, edited(BLOCK, edit)) == (went, came)


def test_one_county_gets_its_own_tariff_and_the_others_keep_theirs():
    source = DOCUMENTS["jiaxing/meal-subsidy"]
    new = edited(source, Edit(path="figures/own_least/330481", value="2.00", since=date(2024, 11, 1)))
    assert lines(source, new) == ([], ["    from 2024-11-01: {330421: 2.50, 330481: 2.00, else: 3.00}"])
    first = edited(source, Edit(path="figures/own_least/330481", value="2.00", since=date(2024, 3, 1)))
    assert lines(source, first) == ([], ["    from 2024-03-01: {330481: 2.00, else: 3.00}"])


@pytest.mark.parametrize(
    "edit",
    [
        Edit(path="figures/fee/60", value="2", since=DAY), Edit(path="figures/fee/60", value="2.00"),
        Edit(path="figures/fee", value="2.00", since=DAY),
        Edit(path="figures/fee/60/70", value="2.00", since=DAY), Edit(path="figures/fee/60", value="2.00", since=date(2023, 1, 1)),
        Edit(path="figures/nothing", value="2.00", since=DAY), Edit(path="figures/fee/{}", value="2.00", since=DAY),
        Edit(path="figures/shut", value="2025-01-01"), Edit(path="figures/shut", value="2025-02-30"),
        Edit(path="figures/shut", value="2024-12-24", act="take"), Edit(path="effective/since", value="2025-01-01"),
        Edit(path="who/1/age/3", value="60"), Edit(path="who/9/age/1", value="60"), Edit(path="title/zh", value="60"),
        Edit(path="effective/from", value="2025-01-01\nkind: gate"), Edit(path="effective/from", value="２０２５-01-01"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(edit: Edit):
    with pytest.raises(EditRefused):
        edited(BLOCK, edit)


def test_what_is_no_page_has_nothing_to_change():
    assert cells_of("a: [", DAY) == ()
    with pytest.raises(EditRefused):
        edited("a: [", Edit(path="effective/from", value="2025-01-01"))


def kinds(name: str) -> Iterator[str]:
    yield from (cell.path for cell in cells_of(DOCUMENTS[name], DAY))


def test_the_form_offers_figures_days_ages_and_lists():
    assert set(kinds("jiaxing/meal-subsidy")) >= {"effective/from", "figures/own_least/330421", "figures/age_part/60", "who/1/age/1"}
