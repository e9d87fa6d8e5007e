"""Probe 1: a loss told by phone, at a gate in the next second, on a bus that is out of reach for six hours, at a canteen; and its end."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.crowds import cards_of_elders
from tests.stories.doors import City
from tests.stories.hotlists import is_listed, whole_hotlist
from tests.stories.moved import Moved
from tests.stories.pages import in_browser, kept_by, open_terminal, page_stories, shows, uploaded
from tests.stories.programs import Program, said

NOON = "2024-10-31T11:30:00"

Card = dict[str, str]


@pytest.fixture(scope="module")
def moved(city: City) -> Iterator[Moved]:
    with Moved.copy_of(city) as moved:
        yield moved


@pytest.fixture(scope="module")
def elders(moved: Moved) -> Iterator[Card]:
    """Cards of elders, one for each test."""
    return iter(cards_of_elders(moved.near(NOON), 150, 350))


@pytest.fixture
def card(elders: Iterator[Card]) -> Card:
    return next(elders)


def at_desk(moved: Moved, *arguments: str) -> Any:
    """Run one command of the card desk, which must be content."""
    ended = moved.onecard("card", *arguments, "--json")
    assert ended.code == 0, ended.err
    return ended.json()


def lost_by_phone(moved: Moved, card: Card) -> Any:
    return at_desk(moved, "loss", card["value"], "--kind", "temp", "--channel", "phone", "--reason", "left on a bus")


def tapped(city: City, card: Card, terminal: str, **fields: Any) -> tuple[str, str]:
    answer = city.tap(card, terminal, occurred_at=city.now().isoformat(), **fields)
    return answer["outcome"], answer["reason"]


def arrived(city: City, terminal: str, *uses: dict[str, Any]) -> list[dict[str, Any]]:
    """Send what a terminal decided alone."""
    answers: list[dict[str, Any]] = city.post("/v1/uses/batch", {"uses": uses}, terminal=terminal).json()["answers"]
    return answers


def test_in_the_second_after_the_call_no_gate_no_bus_and_no_canteen_takes_the_card(moved: Moved, card: Card) -> None:
    city = moved.near(NOON)
    places = ("museum", "scenic", "bus", "canteen-haining")
    assert {tapped(city, card, place)[0] for place in places} == {"accepted"}
    lost_by_phone(moved, card)
    began = time.monotonic()
    assert {tapped(city, card, place) for place in places} == {("refused", "CARD_LOST")}
    assert time.monotonic() - began < 1


def test_a_bus_that_took_the_card_in_six_hours_out_of_reach_bears_it_from_the_call_on(moved: Moved, card: Card) -> None:
    city = moved.near(NOON)
    hotlist, _ = whole_hotlist(city)
    told = lost_by_phone(moved, card)
    city = moved.at("2024-10-31T17:35:00")
    granted = {"outcome": "accepted", "paid": 100, "hotlist": hotlist}
    rides = [city.use(card, occurred_at=f"2024-10-31T{time}:00+08:00", offline=granted) for time in ("11:20", "11:45", "17:20")]
    before, after, late = arrived(city, "bus", *rides)
    assert (before["upload"], before["reason"], before["paid"]) == ("agreed", "OK_DISCOUNT", 100)
    for answer in (after, late):
        assert (answer["upload"], answer["outcome"], answer["reason"]) == ("accepted_in_error", "accepted", "CARD_LOST")
        assert (answer["paid"], answer["payers"]) == (100, [{"fund": "operator", "amount": 100}])
    assert told["until"].startswith("2024-11-05T11:30")
    assert city.explained(late["use"])["offline"] == granted
    assert whole_hotlist(city)[0] > hotlist


def test_a_canteen_out_of_reach_that_gave_the_lunch_bears_it_too(moved: Moved, card: Card) -> None:
    city = moved.near(NOON)
    lost_by_phone(moved, card)
    city = moved.at("2024-10-31T13:30:00")
    lunch = city.use(card, "canteen-haining", occurred_at="2024-10-31T12:10:00+08:00", offline={"outcome": "accepted", "paid": 1300})
    (answer,) = arrived(city, "canteen-haining", lunch)
    assert (answer["upload"], answer["reason"], answer["paid"]) == ("accepted_in_error", "CARD_LOST", 1300)
    assert answer["payers"] == [{"fund": "operator", "amount": 200}]
    lunch_on_a_found_card = city.use(card, "canteen-tongxiang", occurred_at="2024-10-31T12:20:00+08:00")
    at_desk(moved, "release", card["value"], "--reason", "found")
    assert city.answer(lunch_on_a_found_card, "canteen-tongxiang")["reason"] == "CARD_LOST", "it was lost at that time"


def test_a_terminal_that_refused_the_lost_card_alone_was_right(moved: Moved, card: Card) -> None:
    city = moved.near(NOON)
    lost_by_phone(moved, card)
    assert is_listed(city, card)
    use = city.use(card, occurred_at=city.now().isoformat(), offline={"outcome": "refused", "paid": 0, "hotlist": whole_hotlist(city)[0]})
    (answer,) = arrived(city, "bus", use)
    assert (answer["upload"], answer["outcome"], answer["reason"]) == ("agreed", "refused", "CARD_LOST")


def test_on_the_fifth_day_the_loss_ends_by_itself_everywhere(moved: Moved, card: Card) -> None:
    city = moved.near(NOON)
    until = lost_by_phone(moved, card)["until"]
    assert until[:16] == "2024-11-05T11:30"
    city = moved.at("2024-11-05T11:29:00")
    assert tapped(city, card, "bus") == ("refused", "CARD_LOST")
    assert is_listed(city, card)
    city = moved.at("2024-11-05T11:32:00")
    assert tapped(city, card, "bus") == ("accepted", "OK_DISCOUNT")
    assert tapped(city, card, "museum") == ("accepted", "OK")
    assert not is_listed(city, card), "and whoever stands alone hears of it"


def test_found_again_on_the_fourth_day_it_is_good_at_once_and_stays_so(moved: Moved, card: Card) -> None:
    moved.near(NOON)
    lost_by_phone(moved, card)
    city = moved.at("2024-11-03T15:00:00")
    assert tapped(city, card, "bus") == ("refused", "CARD_LOST")
    found = at_desk(moved, "release", card["value"], "--reason", "found in a coat")
    assert (found["changed"], found["state"]) == (True, "active")
    assert tapped(city, card, "bus") == ("accepted", "OK_DISCOUNT")
    assert not is_listed(city, card)
    city = moved.at("2024-11-05T12:00:00")
    assert tapped(city, card, "bus") == ("accepted", "OK_DISCOUNT")


def test_a_second_call_after_the_find_has_five_days_of_its_own(moved: Moved, card: Card) -> None:
    moved.near(NOON)
    lost_by_phone(moved, card)
    city = moved.at("2024-11-03T15:00:00")
    at_desk(moved, "release", card["value"], "--reason", "found")
    assert lost_by_phone(moved, card)["until"].startswith("2024-11-08T15:0")
    city = moved.at("2024-11-05T12:00:00")
    assert tapped(city, card, "bus") == ("refused", "CARD_LOST")


class TestOnThePage:
    """The same on a tablet: it cannot know, says what it did, and knows at its next contact."""

    pytestmark = page_stories

    def test_a_tablet_out_of_reach_takes_the_card_once_and_refuses_it_after_its_next_contact(self, moved: Moved, card: Card) -> None:
        def story(browser: Any) -> None:
            city = moved.near(NOON)
            page = open_terminal(browser, city)
            shows(page, card["value"], "ok", "优惠")
            page.context.close()
            page = open_terminal(browser, city)  # It is told of the card, which this bus has seen.
            moved.leave()
            lost_by_phone(moved, card)
            shows(page, card["value"], "ok", "离线通过")
            city = moved.at("2024-10-31T17:35:00")
            uploaded(page)
            (record,) = kept_by(page, city)
            assert (record["upload"]["upload"], record["upload"]["reason"]) == ("accepted_in_error", "CARD_LOST")
            assert record["upload"]["payers"] == [{"fund": "operator", "amount": 100}]
            shows(page, card["value"], "red", "卡已挂失")
            page.wait_for_timeout(4_000)  # It connects to the events again a few seconds after they ended.
            moved.leave()
            shows(page, card["value"], "red", "请联系工作人员")
            page.context.close()

        in_browser(story)


class TestAtTheProgram:
    """The same at a terminal that is a program with its own files."""

    def test_a_bus_six_hours_out_of_reach_takes_the_card_once_and_refuses_it_after_its_next_contact(
        self, moved: Moved, card: Card, tmp_path: Path
    ) -> None:
        city = moved.near(NOON)
        tapped(city, card, "bus")  # So that the bus is told of the card.
        with Program.at(city, "bus", tmp_path / "bus") as bus:
            moved.leave()
            lost_by_phone(moved, card)
            taken = bus.alone(card["value"])
            assert said(taken) == ("accepted", "OK_DISCOUNT", 100)
            city = moved.at("2024-10-31T17:35:00")
            bus.synced()
            told = city.explained(taken["use"])
            assert (told["upload"], told["reason"]) == ("accepted_in_error", "CARD_LOST")
            assert told["money"]["payers"] == [{"fund": "operator", "amount": 100}]
            bus.heard(whole_hotlist(city)[0])
            moved.leave()
            assert said(bus.alone(card["value"])) == ("refused", "HOTLIST_HIT", 0)

    def test_a_bus_that_heard_the_loss_in_its_last_second_of_reach_refuses_alone(self, moved: Moved, card: Card, tmp_path: Path) -> None:
        city = moved.near(NOON)
        with Program.at(city, "bus", tmp_path / "bus") as bus:
            assert said(bus.says(card["value"])) == ("accepted", "OK_DISCOUNT", 100)
            lost_by_phone(moved, card)
            time.sleep(1)
            moved.leave()
            assert said(bus.alone(card["value"])) == ("refused", "HOTLIST_HIT", 0)
