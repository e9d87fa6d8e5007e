"""Probe 7: aid that ends in the middle of a month, a tariff that changes on the 1st, a meal of the 30th that arrives on the 2nd."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.doors import ROOT, City
from tests.stories.moved import Moved
from tests.stories.pages import in_browser, kept_by, open_terminal, page_stories, set_off, shows, uploaded
from tests.stories.programs import Program, said

ENDED = "dibao-until-2024-10-16"
CANTEEN = "canteen-haining"
CHEAP = 600  # A lunch of which the poor pay what everybody pays at least.

Told = dict[str, Any]


@pytest.fixture(scope="module")
def moved(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moved]:
    """A home that hears on the 30th: from November three yuan off from sixty on, and in Haining nobody eats for less than four."""
    with Moved.copy_of(city) as moved:
        moved.at("2024-10-30T09:00:00")
        document = tariff(tmp_path_factory.mktemp("notice") / "meal-subsidy.yaml")
        loaded = moved.onecard("policy", "load", document)
        assert loaded.code == 0, loaded.err
        yield moved


def tariff(path: Path) -> Path:
    """Write the meal subsidy as it holds from 2024-11-01."""
    text = (ROOT / "cities/jiaxing/policies/meal-subsidy.yaml").read_text(encoding="utf-8")
    rule = text.partition("\ntests:\n")[0]
    rule = rule.replace("effective: {from: 2024-01-01}", "effective: {from: 2024-11-01}")
    rule = rule.replace("from 2024-07-01: {330421: 2.50, else: 3.00}", "from 2024-07-01: {330421: 2.50, 330481: 4.00, else: 3.00}")
    larger = "    from 2024-11-01: {60: 3.00, 70: 3.00, 80: 4.00, 90: 6.00, else: 0.00}\n"
    rule = rule.replace("  need_part:", f"{larger}  need_part:")
    who = "age: 68, registered_region: 330481"
    cases = [
        f"{{case: Haining from November, {who}, hardship: [dibao], region: 330481, list_price: 6.00, expect: {{paid: 4.00}}}}",
        f"{{case: Tongxiang as before, {who}, hardship: [dibao], region: 330483, list_price: 6.00, expect: {{paid: 3.00}}}}",
        f"{{case: from sixty on, {who}, region: 330481, list_price: 15.00, expect: {{paid: 12.00}}}}",
        f"{{case: again, {who}, region: 330481, list_price: 15.00, used: {{subsidised-meal: 1}}, expect: {{reason: LIMIT_SLOT}}}}",
    ]
    path.write_text(rule + "\ntests:\n" + "".join(f"  - {case}\n" for case in cases), encoding="utf-8")
    return path


def lunch(city: City, who: str, at: str, *, alone: int | None = None, **fields: Any) -> Told:
    offline = {} if alone is None else {"offline": {"outcome": "accepted", "paid": alone}}
    return city.use(who, CANTEEN, occurred_at=f"{at}+08:00", **offline, **fields)


def arrived(city: City, *meals: Told) -> list[Told]:
    answers: list[Told] = city.post("/v1/uses/batch", {"uses": meals}, terminal=CANTEEN).json()["answers"]
    return answers


@pytest.mark.parametrize(("at", "paid"), [
    pytest.param("2024-10-15T12:00:00", 700, id="the last day"), pytest.param("2024-10-16T11:00:00", 1300, id="the day after"),
])  # fmt: skip
def test_aid_counts_to_its_last_day_and_not_a_meal_longer(city: City, at: str, paid: int) -> None:
    answer = city.answer(lunch(city, ENDED, at), CANTEEN)
    assert (answer["reason"], answer["paid"]) == ("OK_DISCOUNT", paid)
    told = city.explained(answer["use"], CANTEEN)
    assert told["facts"]["hardship"] == "withheld", "that it was, and that it ended, are both nobody's business here"


def test_meals_before_and_after_the_end_of_aid_that_arrive_together_and_out_of_order_are_each_their_days(city: City) -> None:
    meals = [lunch(city, ENDED, f"2024-10-{day}T12:00:00", alone=1300) for day in (19, 12)]
    after, before = arrived(city, *meals)
    assert [(answer["upload"], answer["paid"]) for answer in (after, before)] == [("agreed", 1300), ("agreed", 700)]
    assert before["payers"] == [{"fund": "civil-affairs-330481", "amount": 560}, {"fund": "city-budget", "amount": 240}]


def test_the_month_goes_on_counting_across_the_end_of_aid(city: City) -> None:
    def before(use: str) -> int:
        used: int = next(limit["used_before"] for limit in city.explained(use, CANTEEN)["limits"] if limit["per"] == "month")
        return used

    first, second = (city.answer(lunch(city, ENDED, f"2024-10-{day}T11:00:00"), CANTEEN)["use"] for day in (14, 17))
    assert before(second) == before(first) + 1


@pytest.mark.parametrize(("at", "paid"), [
    ("2024-06-30T18:59:59", 300), ("2024-07-01T10:30:00", 250),
], ids=["30 June", "1 July"])  # fmt: skip
def test_jiashans_tariff_changed_with_the_first_meal_of_july(city: City, at: str, paid: int) -> None:
    told = city.onecard(
        "tap", "--terminal", "canteen-jiashan", "--credential", "dibao-68", "--service", "lunch", "--price", "600", "--at", f"{at}+08:00",
        "--dry-run", "--json",
    ).json()  # fmt: skip
    assert told["paid"] == paid


def test_a_tariff_holds_from_the_first_of_the_month_on(moved: Moved) -> None:
    city = moved.at("2024-11-01T12:00:00")
    meals = [lunch(city, "dibao-68", f"2024-{day}T11:30:00", list_price=CHEAP) for day in ("10-31", "11-01")]
    october, november = (city.answer(each, CANTEEN) for each in meals)
    assert (october["paid"], october["version"], november["paid"], november["version"]) == (300, 1, 400, 2)


def test_a_meal_of_the_30th_that_arrives_on_the_2nd_is_the_30ths_in_all(moved: Moved) -> None:
    city = moved.at("2024-11-02T09:00:00")
    times = ("2024-10-30T11:45:00", "2024-10-30T12:10:00", "2024-11-02T08:59:00")
    meals = [lunch(city, "dibao-68", at, alone=300, list_price=CHEAP) for at in times]
    late, in_error, new = arrived(city, *meals)
    assert (late["upload"], late["reason"], late["paid"], late["version"]) == ("agreed", "OK_DISCOUNT", 300, 1)
    assert late["payers"] == [{"fund": "civil-affairs-330481", "amount": 210}, {"fund": "city-budget", "amount": 90}]
    assert (in_error["upload"], in_error["reason"]) == ("accepted_in_error", "LIMIT_SLOT"), "the lunch of the 30th is eaten"
    assert (new["upload"], new["paid"], new["version"]) == ("accepted_in_error", 300, 2), "the old tariff, told too late to the canteen"
    assert {payer["fund"]: payer["amount"] for payer in new["payers"]} == {"civil-affairs-330481": 140, "city-budget": 160}
    assert arrived(city, meals[0])[0]["upload"] == "duplicate"
    assert moved.onecard("verify").code == 0, "the books of both months agree"


def test_a_program_that_was_switched_off_on_the_30th_hands_its_lunch_in_on_the_2nd(moved: Moved, tmp_path: Path) -> None:
    who, folder = "resident-insured-67", tmp_path / "canteen"
    city = moved.at("2024-10-30T11:40:00")
    assert city.answer(lunch(city, who, "2024-10-29T17:00:00", service="dinner"), CANTEEN)["outcome"] == "accepted"  # It knows the card.
    with Program.at(city, CANTEEN, folder) as canteen:
        moved.leave()
        eaten = canteen.alone(city.shown(who)["value"])
        assert said(eaten) == ("accepted", "OK_DISCOUNT", 1300)
    city = moved.at("2024-11-02T11:30:00")
    with Program.at(city, CANTEEN, folder) as canteen:
        canteen.synced()
        told = city.explained(eaten["use"], CANTEEN)
        assert (told["upload"], told["version"], told["money"]["paid"], told["day"]) == ("agreed", 1, 1300, "2024-10-30")
        assert said(canteen.says(city.shown(who)["value"])) == ("accepted", "OK_DISCOUNT", 1200), "November's tariff"


class TestOnThePage:
    """A canteen's tablet that was told of November's tariff on the 30th, and then heard nothing for three days."""

    pytestmark = page_stories

    def test_alone_it_charges_each_month_by_its_own_tariff(self, moved: Moved) -> None:
        def story(browser: Any) -> None:
            city = moved.at("2024-10-30T11:40:00")
            card = city.shown("retiree-66-employee-insured")["value"]
            dinner = lunch(city, "retiree-66-employee-insured", "2024-10-29T17:00:00", service="dinner")
            assert city.answer(dinner, CANTEEN)["outcome"] == "accepted"  # So it is told of the card.
            page = open_terminal(browser, city, CANTEEN)
            page.select_option("#service", "lunch")
            page.context.set_offline(True)
            shows(page, card, "ok", "离线通过")
            set_off(page, 47 * 3600)  # It may stand alone for two days.
            shows(page, card, "ok", "离线通过")
            city = moved.at("2024-11-02T09:00:00")
            uploaded(page)
            thirtieth, first = kept_by(page, city, CANTEEN)
            assert (thirtieth["offline"]["paid"], first["offline"]["paid"]) == (1300, 1200)
            assert [(each["upload"]["upload"], each["upload"]["version"]) for each in (thirtieth, first)] == [("agreed", 1), ("agreed", 2)]
            page.context.close()

        in_browser(story)
