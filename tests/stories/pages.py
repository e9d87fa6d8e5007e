"""The terminal page in a real Chromium, as stories use it: open one, scan, read what it shows and what it kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.browser.conftest import CHROMIUM
from tests.browser.test_alone import scan, stored
from tests.stories.doors import City

__all__ = ["in_browser", "kept_by", "open_terminal", "page_stories", "set_off", "shows", "uploaded"]

page_stories = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: page stories need it")]


def in_browser(story: Callable[[Any], None]) -> None:
    """Run *story* with a browser, in a thread of its own: the browser's driver keeps a loop running."""
    from playwright.sync_api import sync_playwright

    def run() -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
            story(browser)
            browser.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(run).result()


def open_terminal(browser: Any, city: City, key: str = "bus") -> Any:
    """Open a terminal's page in a browser that never saw it, and wait until it may stand alone."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(f"{city.serving.url}/terminal/{key}")
    page.wait_for_selector("html[data-alone=ready][data-kept=yes]")
    return page


def shows(page: Any, shown: str, state: str, word: str) -> None:
    """Scan a card or a code and wait for the big word and its state."""
    page.evaluate("() => { document.querySelector('#word').textContent = ''; }")  # The same word again must be shown again.
    scan(page, shown)
    page.wait_for_function("() => document.querySelector('#word').textContent && document.querySelector('main').dataset.state !== 'wait'")
    seen = page.inner_text("#word"), page.get_attribute("main", "data-state")
    assert seen == (word, state), seen


def set_off(page: Any, seconds: float) -> None:
    """Let this tablet's clock be *seconds* ahead of where it stands, or behind."""
    page.clock.set_system_time(page.evaluate("Date.now()") / 1000 + seconds)


def uploaded(page: Any) -> None:
    """Let the page reach its server again, and wait until nothing waits."""
    page.context.set_offline(False)
    page.wait_for_selector("#net[data-waiting='0'][data-net=on]", timeout=15_000)


def kept_by(page: Any, city: City, key: str = "bus") -> list[dict[str, Any]]:
    """Return the log of the page of terminal *key*, in order."""
    return stored(page, terminal=city.terminal(key)["id"])
