"""The terminal page in a real Chromium against the served city: online, alone, and what became of it afterwards."""

import time
from typing import Any

from tests.stories.doors import City
from tests.stories.pages import in_browser, kept_by, open_terminal, page_stories, shows, uploaded

pytestmark = page_stories


def test_a_bus_goes_out_of_reach_and_comes_back(city: City) -> None:
    known, lost = city.shown("local-72")["value"], city.shown("lost-card")["value"]
    stranger = city.onecard("cast", "--crowd", "31", "--json").json()["crowd"][30]["value"]  # Whom no other story sends to the bus.

    def story(browser: Any) -> None:
        page = open_terminal(browser, city)
        shows(page, known, "ok", "免费")
        page.context.close()
        page = open_terminal(browser, city)  # Another tablet in its place: it is told of the cards that this bus has seen.
        page.context.set_offline(True)
        shows(page, known, "ok", "离线通过")
        shows(page, lost, "red", "请联系工作人员")
        shows(page, stranger, "amber", "待核实")
        page.reload()
        page.wait_for_selector("html[data-ready]")
        uploaded(page)
        records = kept_by(page, city)
        assert {record["upload"]["upload"] for record in records} <= {"agreed", "duplicate"}  # Sent again where the answer was lost.
        assert [city.explained(f"{record['use']['terminal']}.{record['seq']}")["outcome"] for record in records] == [
            "accepted", "refused", "accepted",
        ]  # fmt: skip
        page.context.close()

    in_browser(story)


def test_a_loss_reaches_a_page_within_a_second_and_holds_when_it_stands_alone(city: City) -> None:
    card = city.onecard("cast", "--crowd", "5", "--json").json()["crowd"][4]["value"]

    def story(browser: Any) -> None:
        page = open_terminal(browser, city)
        assert city.onecard("card", "loss", card, "--kind", "temp", "--reason", "left on a bus").code == 0
        time.sleep(1)
        page.context.set_offline(True)
        shows(page, card, "red", "请联系工作人员")
        page.context.close()

    in_browser(story)
