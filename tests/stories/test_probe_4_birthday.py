"""Probe 4: 59 years and 364 days on a bus; born on 29 February; a birthday at midnight in the middle of a trip without a network."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.doors import City
from tests.stories.moved import Moved
from tests.stories.pages import in_browser, kept_by, open_terminal, page_stories, set_off, shows, uploaded
from tests.stories.programs import Program, said

LEAP = "leap-day-1964"


@pytest.fixture(scope="module")
def moved(city: City) -> Iterator[Moved]:
    with Moved.copy_of(city) as moved:
        yield moved


def dry(city: City, who: str, at: str, *more: str, terminal: str = "bus") -> dict[str, Any]:
    """Return what would be answered at *at*, on paper."""
    asked = ("tap", "--terminal", terminal, "--credential", who, "--at", at, "--dry-run", "--json", *more)
    told: dict[str, Any] = city.onecard(*asked).json()
    return told


def test_at_59_years_and_364_days_an_elders_fare_is_a_day_away(city: City) -> None:
    eve = city.tap("turns-60-on-2024-10-31", occurred_at="2024-10-30T18:00:00+08:00")
    assert (eve["reason"], eve["paid"], eve["programme"]) == ("OK_DISCOUNT", 100, "ordinary-card-fare")
    told = city.explained(eve["use"])
    asked = next(each for each in told["conditions"] if each["programme"] == "local-elder-fare" and "age" in each["text"])
    assert (told["facts"]["age"], asked["held"], asked["reason"]) == (59, False, "NOT_ELIGIBLE_AGE")
    morning = city.tap("turns-60-on-2024-10-31", occurred_at="2024-10-31T08:00:00+08:00")
    assert (morning["reason"], morning["paid"], morning["programme"]) == ("OK_DISCOUNT", 100, "local-elder-fare")


@pytest.mark.parametrize(("at", "age"), [
    ("2023-02-28T23:59:59+08:00", 58), ("2023-03-01T00:00:00+08:00", 59),
    ("2024-02-28T23:59:59+08:00", 59), ("2024-02-29T00:00:00+08:00", 60),
    ("2025-02-28T23:59:59+08:00", 60), ("2025-03-01T00:00:00+08:00", 61),
    ("2028-02-28T23:59:59+08:00", 63), ("2028-02-29T00:00:00+08:00", 64),
])  # fmt: skip
def test_who_is_born_on_29_february_is_older_on_1_march_in_common_years(city: City, at: str, age: int) -> None:
    told = dry(city, LEAP, at)["explanation"]
    assert told["facts"]["age"] == age
    assert told["programme"] == ("local-elder-fare" if age >= 60 else "ordinary-card-fare")


def test_a_shop_grants_the_leap_day_child_of_1964_its_price_on_the_day_itself(city: City) -> None:
    eve, day = (dry(city, LEAP, f"2024-02-{day}T12:00:00+08:00", terminal="merchant") for day in (28, 29))
    assert [(told["reason"], told["paid"]) for told in (eve, day)] == [("NOT_ELIGIBLE_AGE", 10_000), ("OK_DISCOUNT", 8000)]


@pytest.mark.parametrize("days_late", [0, 9])
def test_a_trip_over_midnight_is_settled_by_the_day_of_each_ride_whenever_it_arrives(moved: Moved, days_late: int) -> None:
    city = moved.at(f"2024-10-{20 + days_late}T00:30:00")

    def ride(at: str, paid: int) -> dict[str, Any]:
        return city.use("turns-70-on-2024-10-20", occurred_at=f"{at}+08:00", offline={"outcome": "accepted", "paid": paid})

    uses = [ride("2024-10-20T00:00:00", 0), ride("2024-10-19T23:59:59.999", 100), ride("2024-10-19T23:58:00", 0)]
    answers = city.post("/v1/uses/batch", {"uses": uses}).json()["answers"]
    assert [(answer["upload"], answer["reason"], answer["paid"]) for answer in answers] == [
        ("agreed", "OK_FREE", 0), ("agreed", "OK_DISCOUNT", 100), ("accepted_in_error", "OK_DISCOUNT", 0),
    ]  # fmt: skip
    assert {payer["fund"]: payer["amount"] for payer in answers[2]["payers"]} == {"transit-330400": 100, "operator": 100}


def test_a_program_out_of_reach_turns_half_fare_into_free_at_midnight(moved: Moved, tmp_path: Path) -> None:
    city = moved.at("2024-10-19T23:59:30")
    card = city.shown("turns-70-on-2024-10-20")["value"]
    city.tap("turns-70-on-2024-10-20", occurred_at=city.now().isoformat())  # So the bus is told of the card.
    with Program.at(city, "bus", tmp_path / "bus") as bus:
        moved.leave()
        before = bus.alone(card)
        while bus.says("#status")["now"] < "2024-10-20":
            time.sleep(0.2)
        after = bus.alone(card)
        assert [said(each) for each in (before, after)] == [("accepted", "OK_DISCOUNT", 100), ("accepted", "OK_FREE", 0)]
        city = moved.back()
        bus.synced()
    assert [city.explained(each["use"])["upload"] for each in (before, after)] == ["agreed", "agreed"]


class TestOnThePage:
    """A bus that is out of reach from the evening before to the birthday."""

    pytestmark = page_stories

    def test_half_fare_becomes_free_at_midnight_in_a_bus_out_of_reach(self, moved: Moved) -> None:
        def story(browser: Any) -> None:
            city = moved.at("2024-10-19T23:50:00")
            card = city.shown("turns-70-on-2024-10-20")["value"]
            city.tap("turns-70-on-2024-10-20", occurred_at=city.now().isoformat())  # So the bus is told of the card.
            page = open_terminal(browser, city)
            page.context.set_offline(True)
            shows(page, card, "ok", "离线通过")
            set_off(page, 900)
            shows(page, card, "ok", "离线通过")
            city = moved.at("2024-10-20T00:10:00")
            uploaded(page)
            before, after = (record["upload"] for record in kept_by(page, city))
            assert (before["upload"], before["reason"], before["paid"]) == ("agreed", "OK_DISCOUNT", 100)
            assert (after["upload"], after["reason"], after["paid"]) == ("agreed", "OK_FREE", 0)
            page.context.close()

        in_browser(story)
