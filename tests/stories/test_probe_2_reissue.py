"""Probe 2: a card is lost for good and replaced. Library, elder pass, meals, annual pass and the subsidy's account follow by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.stories.crowds import cards_of_elders
from tests.stories.doors import City
from tests.stories.hotlists import is_listed
from tests.stories.moved import Moved
from tests.stories.pages import in_browser, kept_by, open_terminal, page_stories, shows, uploaded
from tests.stories.programs import Program, said

BENEFITS = {"bus": {}, "scenic": {}, "merchant": {}, "library": {}, "canteen-haining": {"service": "dinner", "list_price": 1200}}
BOUND = {"library": "R-0047", "meal": "M-0047", "transit": "T-0047", "annual_pass": "2024-0047", "subsidy": "S-0047"}

Card = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Replaced:
    """A card that was replaced after its lunch: the city, both cards, what the desk said, and what was granted on the old one."""

    moved: Moved
    old: Card
    new: Card
    issued: dict[str, Any]
    before: dict[str, Any]
    others: Iterator[Card]  # Of other elders, who have lost nothing yet.

    @property
    def city(self) -> City:
        """The city, as it is served now."""
        return self.moved.near("2024-10-31T11:30:00")


@pytest.fixture(scope="module")
def replaced(city: City) -> Iterator[Replaced]:
    with Moved.copy_of(city) as moved:
        there = moved.at("2024-10-31T11:30:00")
        others = iter(cards_of_elders(there, 150, 350))
        old = next(others)
        before = {place: granted(there, old, place) for place in BENEFITS if place != "canteen-haining"}
        assert granted(there, old, "canteen-haining", service="lunch")[1:] == ("OK_DISCOUNT", 1300, "meal-subsidy")
        for kind, reference in BOUND.items():
            at_desk(moved, "bind", old["value"], "--kind", kind, "--reference", reference)
        issued = replacing(moved, old)
        new = {"kind": "card", "value": issued["card"]}
        yield Replaced(moved=moved, old=old, new=new, issued=issued, before=before, others=others)


def at_desk(moved: Moved, *arguments: str) -> Any:
    ended = moved.onecard("card", *arguments, "--json")
    assert ended.code == 0, ended.err
    return ended.json()


def replacing(moved: Moved, card: Card) -> Any:
    at_desk(moved, "loss", card["value"], "--kind", "formal", "--reason", "stolen")
    return at_desk(moved, "reissue", card["value"], "--reason", "not found", "--reveal")


def granted(city: City, card: Card, place: str, **fields: Any) -> tuple[Any, ...]:
    answer = city.tap(card, place, occurred_at=city.now().isoformat(), **fields)
    return answer["outcome"], answer["reason"], answer["paid"], answer["programme"]


def test_the_new_card_has_a_number_of_its_own_and_the_old_one_is_dead_at_once(replaced: Replaced) -> None:
    assert replaced.new["value"] != replaced.old["value"]
    assert granted(replaced.city, replaced.old, "bus")[:2] == ("refused", "CARD_CANCELLED")
    assert is_listed(replaced.city, replaced.old) and not is_listed(replaced.city, replaced.new)


@pytest.mark.parametrize("place", [place for place in BENEFITS if place != "canteen-haining"])
def test_every_pass_and_gate_is_on_the_new_card(replaced: Replaced, place: str) -> None:
    assert replaced.before[place][0] == "accepted"
    assert granted(replaced.city, replaced.new, place) == replaced.before[place]


def test_the_meal_eaten_on_the_old_card_is_eaten_and_the_next_one_is_reduced(replaced: Replaced) -> None:
    city = replaced.city
    assert granted(city, replaced.new, "canteen-tongxiang", service="lunch")[1:3] == ("LIMIT_SLOT", 1500)
    assert granted(city, replaced.new, "canteen-haining", **BENEFITS["canteen-haining"])[1:] == ("OK_DISCOUNT", 1000, "meal-subsidy")


def test_a_month_and_a_day_go_on_counting_where_the_old_card_left_them(replaced: Replaced) -> None:
    city = replaced.city
    use = city.tap(replaced.new, occurred_at=city.now().isoformat())["use"]
    rides = next(limit for limit in city.explained(use)["limits"] if limit["name"] == "elder-rides" and limit["counted"])
    assert rides["used_before"] >= 1, "the ride on the old card is among them"


@pytest.mark.parametrize("kind", BOUND)
def test_what_another_house_keeps_hangs_on_the_new_card(replaced: Replaced, kind: str) -> None:
    assert kind in [each["kind"] for each in replaced.issued["followed"]["bindings"]]
    hangs = {each["kind"]: each["reference"] for each in at_desk(replaced.moved, "show", replaced.new["value"])["bindings"]}
    left = at_desk(replaced.moved, "show", f"card:{replaced.old['value']}")["bindings"]
    assert hangs[kind][-2:] == BOUND[kind][-2:]
    assert left == []


def test_a_code_on_the_phone_needs_no_new_beginning(replaced: Replaced) -> None:
    told = replaced.moved.onecard("code", replaced.new["value"], "--json").json()
    answer = granted(replaced.city, {"kind": "code", "value": told["code"]}, "bus")
    assert answer == replaced.before["bus"]


def test_alone_a_program_refuses_the_old_card_and_lets_the_new_one_ride_until_it_hears_more(replaced: Replaced, tmp_path: Path) -> None:
    city, old = replaced.city, next(replaced.others)
    assert granted(city, old, "bus")[1:3] == ("OK_DISCOUNT", 100)
    new = replacing(replaced.moved, old)["card"]
    with Program.at(city, "bus", tmp_path / "bus") as bus:
        replaced.moved.leave()
        first, second = bus.alone(old["value"]), bus.alone(new)
        assert [said(answer) for answer in (first, second)] == [("refused", "HOTLIST_HIT", 0), ("accepted", "OFFLINE_DOUBTFUL", 200)]
        city = replaced.moved.back()
        bus.synced()
        told = city.explained(second["use"])
        assert (told["upload"], told["reason"], told["money"]["paid"]) == ("agreed", "OK_DISCOUNT", 100)


class TestOnThePage:
    """A bus out of reach has not heard of the new card yet."""

    pytestmark = page_stories

    def test_alone_the_old_card_is_refused_and_the_new_one_rides_and_gets_its_due_later(self, replaced: Replaced) -> None:
        city, old = replaced.city, next(replaced.others)
        assert granted(city, old, "bus")[1:3] == ("OK_DISCOUNT", 100)

        def story(browser: Any) -> None:
            new = replacing(replaced.moved, old)["card"]
            page = open_terminal(browser, city)
            page.context.set_offline(True)
            shows(page, old["value"], "red", "请联系工作人员")
            shows(page, new, "amber", "待核实")
            uploaded(page)
            first, second = (record["upload"] for record in kept_by(page, city))
            assert (first["upload"], first["reason"]) == ("agreed", "CARD_CANCELLED")
            assert (second["upload"], second["reason"], second["paid"]) == ("agreed", "OK_DISCOUNT", 100), "two yuan were taken: one is due"
            page.context.close()

        in_browser(story)
