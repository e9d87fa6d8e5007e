"""The terminal page in a real Chromium against the served city: online, alone, and what became of it afterwards."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.browser.conftest import CHROMIUM
from tests.browser.test_alone import scan, stored
from tests.stories.doors import City

pytestmark = [
    pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: page stories need it"),
]  # fmt: skip


def told_in_browser(story: Callable[[Any], None]) -> None:
    """Run *story* with a browser, in a thread of its own: the browser's driver keeps a loop running."""
    from playwright.sync_api import sync_playwright

    def run() -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
            story(browser)
            browser.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result()


def bus(browser: Any, city: City) -> Any:
    """Open the bus's page in a browser that never saw it, and wait until it may stand alone."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(f"{city.serving.url}/terminal/bus")
    page.wait_for_selector("html[data-alone=ready][data-kept=yes]")
    return page


def shows(page: Any, card: str, state: str, word: str) -> None:
    scan(page, card)
    page.wait_for_function("(word) => document.querySelector('#word').textContent === word", arg=word)
    assert page.get_attribute("main", "data-state") == state


def kept_by(page: Any, city: City) -> list[dict[str, Any]]:
    terminal = city.terminal("bus")["id"]
    return stored(page, terminal=terminal)


def test_a_bus_goes_out_of_reach_and_comes_back(city: City) -> None:
    known, lost = city.shown("local-72")["value"], city.shown("lost-card")["value"]
    stranger = city.onecard("cast", "--crowd", "31", "--json").json()["crowd"][30]["value"]  # Whom no other story sends to the bus.

    def story(browser: Any) -> None:
        page = bus(browser, city)
        shows(page, known, "ok", "免费")
        page.context.close()
        page = bus(browser, city)  # Another tablet in its place: it is told of the cards that this bus has seen.
        page.context.set_offline(True)
        shows(page, known, "ok", "离线通过")
        shows(page, lost, "red", "请联系工作人员")
        shows(page, stranger, "amber", "待核实")
        page.reload()
        page.wait_for_selector("html[data-ready]")
        page.context.set_offline(False)
        page.wait_for_selector("#net[data-waiting='0'][data-net=on]", timeout=10_000)
        records = kept_by(page, city)
        assert {record["upload"]["upload"] for record in records} <= {"agreed", "duplicate"}  # Sent again where the answer was lost.
        assert [city.explained(f"{record['use']['terminal']}.{record['seq']}")["outcome"] for record in records] == [
            "accepted", "refused", "accepted",
        ]  # fmt: skip
        page.context.close()

    told_in_browser(story)


def test_a_loss_reaches_a_page_within_a_second_and_holds_when_it_stands_alone(city: City) -> None:
    card = city.onecard("cast", "--crowd", "5", "--json").json()["crowd"][4]["value"]

    def story(browser: Any) -> None:
        page = bus(browser, city)
        assert city.onecard("card", "loss", card, "--kind", "temp", "--reason", "left on a bus").code == 0
        time.sleep(1)
        page.context.set_offline(True)
        shows(page, card, "red", "请联系工作人员")
        page.context.close()

    told_in_browser(story)
