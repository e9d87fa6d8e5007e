"""A card's life by the doors that a clerk, a maker and a terminal use: lost, found, replaced, made, collected; and a death."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.doors import City

_NEXT = itertools.count(40)  # The crowd's first forty are other stories'.


@pytest.fixture
def card(city: City) -> str:
    """A card of an ordinary resident that no other story uses."""
    place = next(_NEXT)
    crowd = city.onecard("cast", "--json", "--crowd", str(place + 1)).json()["crowd"]
    number: str = crowd[place]["value"]
    return number


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "out").mkdir()
    yield tmp_path


def tapped(city: City, number: str) -> dict[str, Any]:
    """Tap a card on the bus now."""
    return city.tap({"kind": "card", "value": number}, occurred_at=city.now().isoformat())


def at_desk(city: City, *arguments: str | Path) -> Any:
    """Run one command of the card desk, which must be content."""
    ended = city.onecard("card", *arguments, "--json")
    assert ended.code == 0, ended.err
    return ended.json()


def test_a_loss_told_by_phone_stops_the_card_at_once_and_a_find_frees_it(city: City, card: str):
    assert tapped(city, card)["outcome"] == "accepted"
    told = at_desk(city, "loss", card, "--kind", "temp", "--channel", "phone", "--reason", "left on a bus")
    lost = tapped(city, card)
    assert (lost["outcome"], lost["reason"], lost["paid"]) == ("refused", "CARD_LOST", 0)
    assert (told["state"], told["changed"]) == ("temp_loss", True)
    assert at_desk(city, "loss", card, "--kind", "temp", "--reason", "again")["changed"] is False
    at_desk(city, "release", card, "--reason", "found")
    assert tapped(city, card)["outcome"] == "accepted"


def test_a_loss_told_by_phone_lapses_by_itself_after_five_days(city: City, card: str):
    until = at_desk(city, "loss", card, "--kind", "temp", "--reason", "gone")["until"]
    asked = ("tap", "--terminal", "bus", "--credential", f"card:{card}", "--dry-run", "--json", "--at")
    before = city.onecard(*asked, until.replace(until[11:19], "00:00:00")).json()
    after = city.onecard(*asked, until).json()
    assert (before["reason"], after["outcome"]) == ("CARD_LOST", "accepted")


def test_a_new_card_takes_along_what_hung_on_the_old_one(city: City, card: str):
    before = tapped(city, card)
    for kind in ("library", "meal", "subsidy", "transit"):
        at_desk(city, "bind", card, "--kind", kind, "--reference", f"R-{card}-{kind}")
    at_desk(city, "loss", card, "--kind", "formal", "--reason", "stolen")
    issued = at_desk(city, "reissue", card, "--reason", "not found", "--reveal")
    assert sorted(each["kind"] for each in issued["followed"]["bindings"]) == ["library", "meal", "subsidy", "transit"]
    after = tapped(city, issued["card"])
    assert (after["outcome"], after["reason"], after["paid"]) == ("accepted", before["reason"], before["paid"])
    assert tapped(city, card)["reason"] == "CARD_CANCELLED"
    shown = at_desk(city, "show", issued["card"])
    assert len(shown["bindings"]) == 4
    assert issued["card"] not in str(shown)


def test_a_card_made_by_the_maker_opens_nothing_before_it_is_collected(city: City, card: str, folder: Path):
    at_desk(city, "loss", card, "--kind", "formal", "--reason", "stolen")
    at_desk(city, "apply", card, "--kind", "reissue", "--reason", "stolen")
    batch = at_desk(city, "batch", "make", "--folder", folder / "out")
    for fault in ("short", "total", "encoding"):
        inbox = folder / fault
        city.onecard("standins", "personalisation", "--in", folder / "out", "--out", inbox, "--fault", fault, "--once")
        refused = city.onecard("card", "batch", "import", next(inbox.glob("*.return")), "--json")
        assert refused.code == 2
        assert "第" in refused.err
    city.onecard("standins", "personalisation", "--in", folder / "out", "--out", folder / "in", "--fault", "twice", "--once")
    taken = [at_desk(city, "batch", "import", path) for path in sorted((folder / "in").glob("*.return"))]
    assert [(each["made"], each["duplicate"]) for each in taken] == [(batch["sent"], False), (batch["sent"], True)]
    for to in ("delivered", "received"):
        at_desk(city, "step", card, "--to", to, "--reason", "counter 3")
    assert tapped(city, card)["reason"] == "CARD_LOST"
    issued = at_desk(city, "step", card, "--to", "issued", "--reason", "identity checked", "--reveal")["issued"]
    assert tapped(city, issued["card"])["outcome"] == "accepted"
    assert tapped(city, card)["reason"] == "CARD_CANCELLED"


def test_the_desk_refuses_with_a_sentence_and_the_exit_code_of_a_no(city: City, card: str):
    for arguments, code in (
        (("reissue", card), 1),
        (("renew", card), 1),
        (("loss", "ZZ9999999", "--kind", "temp", "--reason", "x"), 1),
        (("loss", card, "--kind", "temp", "--reason", " "), 2),
        (("loss", "B1", "--kind", "temp", "--reason", "x"), 2),
        (("batch", "import", "no-such-file"), 2),
    ):
        ended = city.onecard("card", *arguments)
        assert (ended.code, ended.out) == (code, ""), (arguments, ended.err)
        assert "。" in ended.err
        assert "Traceback" not in ended.err


def test_a_loss_reaches_the_next_tap_within_a_second_of_the_commands_end(city: City, card: str):
    at_desk(city, "loss", card, "--kind", "formal", "--reason", "stolen")
    began = time.monotonic()
    assert tapped(city, card)["reason"] == "CARD_LOST"
    assert time.monotonic() - began < 1
