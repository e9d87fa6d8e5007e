"""Probe 5: people of 65 from Xuancheng, Wujiang and Beijing, and one of 72 from Beijing: on a bus, at a sight, in a shop."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.doors import City
from tests.stories.moved import Moved
from tests.stories.pages import in_browser, kept_by, open_terminal, page_stories, shows, uploaded
from tests.stories.programs import Program, said

PLACES = {"bus": 200, "scenic": 5000, "merchant": 10_000}
FUND = {"bus": "transit-330400", "scenic": "culture-tourism", "merchant": "operator"}
ALL = [
    *[(who, "bus", "OK_DISCOUNT", 100, "elder-pass-bus") for who in ("xuancheng-65", "wujiang-65")],
    *[(who, "scenic", "OK_DISCOUNT", 2500, "elder-pass-scenic") for who in ("xuancheng-65", "wujiang-65")],
    *[(who, "merchant", "OK_DISCOUNT", 8000, "elder-pass-merchant") for who in ("xuancheng-65", "wujiang-65")],
    ("beijing-65", "bus", "NOT_ELIGIBLE_REGION", 200, None),
    ("beijing-65", "scenic", "NOT_ELIGIBLE_REGION", 5000, None),
    ("beijing-65", "merchant", "NOT_ELIGIBLE_REGION", 10_000, None),
    ("beijing-72", "bus", "OK_FREE", 0, "free-ride"),
    ("beijing-72", "scenic", "NOT_ELIGIBLE_REGION", 5000, None),
    ("beijing-72", "merchant", "NOT_ELIGIBLE_REGION", 10_000, None),
]

each_visit = pytest.mark.parametrize(("who", "place", "reason", "paid", "programme"), ALL, ids=[f"{who} {place}" for who, place, *_ in ALL])


@each_visit
def test_a_visitor_is_granted_what_home_and_age_give_him(
    city: City, who: str, place: str, reason: str, paid: int, programme: str | None
) -> None:
    answer = city.tap(who, place, occurred_at="2024-10-15T10:20:00+08:00")
    assert (answer["outcome"], answer["reason"], answer["paid"], answer["programme"]) == ("accepted", reason, paid, programme)
    saved = PLACES[place] - paid
    assert answer["payers"] == ([{"fund": FUND[place], "amount": saved}] if saved else [])


@each_visit
def test_the_reason_can_be_told_in_one_screen_and_the_terminal_tells_none_aloud(
    city: City, who: str, place: str, reason: str, paid: int, programme: str | None
) -> None:
    answer = city.tap(who, place, occurred_at="2024-10-15T10:40:00+08:00")
    told = city.explained(answer["use"], place)
    assert told["reason"] == reason
    assert told["sentence"]["zh"] and told["sentence"]["en"]
    if programme is None:
        assert answer["say"] == {"zh": "按原价", "en": "Full price"}
        assert any(each["reason"] == reason and not each["held"] for each in told["conditions"])


@each_visit
def test_a_terminal_that_charged_so_while_alone_is_agreed_with(
    city: City, who: str, place: str, reason: str, paid: int, programme: str | None
) -> None:
    use = city.use(who, place, occurred_at="2024-10-15T11:00:00+08:00", offline={"outcome": "accepted", "paid": paid})
    (answer,) = city.post("/v1/uses/batch", {"uses": [use]}, terminal=place).json()["answers"]
    assert (answer["upload"], answer["reason"], answer["paid"], answer["programme"]) == ("agreed", reason, paid, programme)


@pytest.fixture(scope="module")
def moved(city: City) -> Iterator[Moved]:
    with Moved.copy_of(city) as moved:
        yield moved


@pytest.mark.parametrize("kind", ["card", "code"])
@pytest.mark.parametrize("place", PLACES)
def test_a_program_out_of_reach_charges_each_visitor_what_the_server_would(moved: Moved, place: str, kind: str, tmp_path: Path) -> None:
    """By cards that the place has seen, and by codes, which say themselves how old their holder is and where at home."""
    city = moved.near("2024-10-31T10:00:00")
    expected = {who: ("accepted", reason, paid) for who, there, reason, paid, _ in ALL if there == place}
    if kind == "card":
        shown = {who: city.shown(who)["value"] for who in expected}
        for who in expected:
            city.tap(who, place, occurred_at=city.now().isoformat())
    else:
        shown = {who: moved.onecard("code", who, "--json").json()["code"] for who in expected}
    with Program.at(city, place, tmp_path / place) as program:
        moved.leave()
        answers = {who: program.alone(text) for who, text in shown.items()}
        city = moved.back()
        program.synced()
    assert {who: said(answer) for who, answer in answers.items()} == expected
    assert {city.explained(answer["use"], place)["upload"] for answer in answers.values()} == {"agreed"}


class TestOnThePage:
    """What a tablet out of reach says of visitors whose cards its bus has seen."""

    pytestmark = page_stories

    def test_alone_a_bus_charges_each_visitor_what_the_server_would(self, city: City) -> None:
        visitors = {"xuancheng-65": ("ok", "离线通过"), "wujiang-65": ("ok", "离线通过"), "beijing-65": ("amber", "按原价"),
                    "beijing-72": ("ok", "离线通过")}  # fmt: skip
        for who in visitors:
            city.tap(who, occurred_at=city.now().isoformat())

        def story(browser: Any) -> None:
            page = open_terminal(browser, city)
            page.context.set_offline(True)
            for who, (state, word) in visitors.items():
                shows(page, city.shown(who)["value"], state, word)
            uploaded(page)
            records = kept_by(page, city)
            assert [record["upload"]["upload"] for record in records] == ["agreed"] * 4
            assert [record["offline"]["paid"] for record in records] == [100, 100, 200, 0]
            assert [record["upload"]["paid"] for record in records] == [100, 100, 200, 0]
            page.context.close()

        in_browser(story)
