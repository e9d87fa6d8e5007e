"""What changes between two documents is said in words of policy staff, and another way of writing the same is no change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.policy.difference import Change, changes_between
from onecard.policy.findings import Desk
from onecard.policy.nodes import Table
from onecard.policy.reader import read_page
from tests.unit.policy.bad_payouts import MEALS, STIPEND, edited
from tests.unit.policy.documents import BUS, GOOD, GROUND, LISTS, MEAL

ALL = [*GOOD.values(), STIPEND, MEALS]


def page(text: str) -> Table:
    found = read_page(text.encode(), Desk("test"))
    assert found is not None
    return found


def changes(old: str, *edits: tuple[str, str]) -> list[Change]:
    return changes_between(page(old), page(edited(old, *edits)), LISTS)


def rate(row: str, by: str = "age") -> str:
    return f"figures:\n  rate:\n    unit: yuan\n    by: {by}\n    from 2024-01-01: {row}\n"


def cells(old: str, new: str, by: str = "age") -> list[tuple[str, str | None, str | None]]:
    told = changes_between(page(rate(old, by)), page(rate(new, by)), LISTS)
    return [(change.path.removeprefix("figures.rate.from 2024-01-01."), change.old, change.new) for change in told]


@pytest.mark.parametrize(
    ("text", "edit", "path", "en", "zh"),
    [
        (BUS, ("{from: 2023-01-01}", "{from: 2023-07-01}"), "effective.from", "The first day in force: 2023-01-01 → 2023-07-01", "生效日"),
        (BUS, ("{from: 2023-01-01}", "{from: 2023-01-01, until: 2024-12-31}"), "effective.until",
         "The last day in force: added, 2024-12-31", "截止日：新增"),
        (BUS, ("30 times per day", "20 times per day"), "limits.elder-rides",
         "Limit elder-rides: 30 times per day else LIMIT_DAY → 20 times per day else LIMIT_DAY", "限额“elder-rides”"),
        (STIPEND, ("civil-affairs of registered_region: 60%", "civil-affairs of registered_region: 50%"),
         "funding.civil-affairs of registered_region", "Share of civil-affairs, of the registered region: 60% → 50%", "份额"),
        (BUS, ("age >= 60 else", "age >= 65 else"), "who.1", "Condition 1: age >= 60 else NOT_ELIGIBLE_AGE → age >= 65", "第 1 条条件"),
        (BUS, ("list_price * 50%", "list_price * 40%"), "pay.2", "Price, row 2: list_price * 50% → list_price * 40%", "价格规则第 2 行"),
        (BUS, ("site_kind: bus", "site_kind: [bus, ferry]"), "where.site_kind", "Where it applies, kind of site: bus → [bus", "适用"),
        (STIPEND, ("cycle: term", "cycle: year"), "cycle", "The cycle: term → year", "发放周期：由 term 改为 year"),
        (STIPEND, ("publicity: 5\n", ""), "publicity", "Working days of public notice: removed, was 5", "去掉（原为 5）"),
        (STIPEND, ("[schooling, children]", "[schooling]"), "evidence.children", "Evidence: removed, was children", "名册须带"),
        (STIPEND, ("500.00 * children", "550.00 * children"), "amount.1", "Amount, row 1: 500.00 * children → 550.00", "金额规则"),
        (STIPEND, ("department:", "not_with: [other]\ndepartment:"), "not_with.other", "Not paid beside: added, other", "不与同发："),
        (MEALS, ("sums: [meals]", "sums: [meals, snacks]"), "sums.snacks", "Sums: added, snacks", "汇总项目：新增 snacks"),
    ],
)  # fmt: skip
def test_a_change_is_said_where_it_stands_in_both_languages(text, edit, path, en, zh):
    (change,) = changes(text, edit)
    assert change.path == path
    assert change.en.startswith(en) and zh in change.zh


def test_a_figure_of_one_county_is_said_by_day_and_row():
    (change,) = changes(MEAL, ("330421: 2.50", "330421: 2.00"))
    assert (change.path, change.old, change.new) == ("figures.own_least.from 2024-07-01.330421", "2.50", "2.00")
    assert change.en == "Figure own_least, from 2024-07-01, 330421: 2.50 → 2.00 yuan"
    assert change.zh == "数值“own_least”，2024-07-01 起，330421：由 2.50 改为 2.00 元"


def test_a_new_dated_row_is_said_beside_what_held_before_it():
    old = rate("{0: 0.00, 80: 60.00}")
    new = old + "    from 2025-01-01: {0: 0.00, 80: 70.00, 90: 100.00}\n"
    told = changes_between(page(old), page(new), LISTS)
    assert [(change.path, change.old, change.new) for change in told] == [
        ("figures.rate.from 2025-01-01.80", "60.00", "70.00"),
        ("figures.rate.from 2025-01-01.90", "60.00", "100.00"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "by", "expected"),
    [
        pytest.param("{0: 0.00, 60: 2.00}", "{0: 0.00, 60: 2.00, 70: 3.00}", "age", [("70", "2.00", "3.00")], id="a step between"),
        pytest.param("{0: 0.00, 60: 2.00, 70: 2.00}", "{0: 0.00, 60: 2.00}", "age", [], id="a step that said nothing new"),
        pytest.param("2.00", "{0: 2.00, 70: 3.00}", "age", [("70", "2.00", "3.00")], id="a table in place of a value"),
        pytest.param("{0: 2.00, 70: 3.00}", "2.00", "age", [("70", "3.00", "2.00")], id="a value in place of a table"),
        pytest.param(
            "{330000: 1.00, 330400: 2.00, else: 0.00}", "{330000: 1.00, 330400: 2.00, 330481: 3.00, else: 0.00}", "region",
            [("330481", "2.00", "3.00")], id="a county inside its city",
        ),
        pytest.param("{dibao: 1.00, else: 0.00}", "{dibao: 1.00, tekun: 2.00, else: 0.00}", "largest hardship", [("tekun", "0.00", "2.00")],
                     id="a name out of the others"),
        pytest.param("{none: {0: 1.00}, else: 2.00}", "{none: {0: 1.00, 60: 3.00}, else: 2.00}", "[insured_as, age]",
                     [("none.60", "1.00", "3.00")], id="a table in a table"),
    ],
)  # fmt: skip
def test_a_row_is_compared_with_what_held_for_its_case(old, new, by, expected):
    assert cells(old, new, by) == expected


def test_a_condition_that_is_added_is_not_the_next_one_reworded():
    (change,) = changes(BUS, ("who:\n", "who:\n  - alive else BENEFIT_INACTIVE\n"))
    assert (change.path, change.old, change.new) == ("who.1", None, "alive else BENEFIT_INACTIVE")


def test_cases_are_only_counted():
    (change,) = changes(BUS, ("case: the day before 60,", "case: just too young,"))
    assert (change.path, change.en) == ("tests", "Tests: 1 removed, 1 added")


@pytest.mark.parametrize("text", ALL)
def test_spaces_comments_and_quotes_say_nothing(text):
    assert changes_between(page(text), page("# another hand\n" + text.replace("\n", "   # a remark\n", 1)), LISTS) == []


def test_the_order_of_keys_says_nothing():
    assert changes(GROUND, ("zh: ", "zh:   ")) == []
    assert changes(STIPEND, ("cycle: term\nas_of: first day\n", "as_of: first day\ncycle: term\n")) == []


@given(st.sampled_from(ALL), st.sampled_from(ALL))
def test_there_and_back_the_same_places_change(one, other):
    there, back = (changes_between(page(a), page(b), LISTS) for a, b in ((one, other), (other, one)))
    assert bool(there) == (one is not other)
    keyed = {(change.path, change.old, change.new) for change in there if not change.path.startswith(("who", "pay", "amount"))}
    assert keyed == {(change.path, change.new, change.old) for change in back if not change.path.startswith(("who", "pay", "amount"))}
    assert all(change.zh and change.en for change in there)
