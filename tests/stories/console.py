"""The console in a real Chromium, as stories use it: somebody signs in by the form, once a run, and pages are opened for him."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from tests.browser.conftest import CHROMIUM
from tests.stories.doors import City
from tests.stories.test_staff import code_of

__all__ = ["Desk", "browsers"]

_AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


class Desk:
    """A browser at the city's console. Everything here runs in the browser's own thread."""

    def __init__(self, browser: Any, city: City) -> None:
        self.browser = browser
        self.city = city
        self.errors: list[str] = []
        self._states: dict[str, Any] = {}

    def login(self, key: str) -> dict[str, Any]:
        """Return one of the cast's logins."""
        found: dict[str, Any] = next(each for each in self.city.cast["logins"] if each["key"] == key)
        return found

    def page(self, who: str = "", path: str = "/console", width: int = 1280, *, lang: str = "zh", theme: str = "light", **more: Any) -> Any:
        """Open *path* as *who* ('': nobody), in a window of that width."""
        state = self._state(who) if who else None
        locale = {"zh": "zh-CN", "en": "en-GB"}[lang]
        size = {"width": width, "height": 800}
        context = self.browser.new_context(viewport=size, locale=locale, color_scheme=theme, storage_state=state, **more)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{path}: {error}"))
        page.on("console", lambda said: self.errors.append(f"{path}: {said.text}") if "Content Security" in said.text else None)
        page.goto(self.city.serving.url + path)
        return page

    def sign_in(self, page: Any, who: str, **other: str) -> None:
        """Fill the form at the door and send it."""
        login = self.login(who)
        told = {"user": login["user"], "password": login["password"], "totp": code_of(login), **other}
        for name, text in told.items():
            page.fill(f"#f-{name}", text)
        page.click("main button[type=submit]")
        page.wait_for_load_state()

    def violations(self, page: Any) -> list[tuple[str, list[str]]]:
        """Return what axe finds on a page with everything opened."""
        from axe_playwright_python.sync_playwright import Axe

        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        found = Axe().run(page, options=_AXE).response["violations"]
        return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]

    def _state(self, who: str) -> Any:
        if who not in self._states:
            page = self.page("", "/console/sign-in")
            self.sign_in(page, who)
            assert page.url.endswith("/console"), page.inner_text("main")
            self._states[who] = page.context.storage_state()
            page.context.close()
        return self._states[who]


def browsers(city: City) -> Iterator[Callable[[Callable[[Desk], None]], None]]:
    """Yield a way to run a story at the console: in the browser's thread, whose driver keeps a loop running."""
    from playwright.sync_api import sync_playwright

    with ThreadPoolExecutor(1) as thread, ExitStack() as stack:
        playwright = thread.submit(lambda: stack.enter_context(sync_playwright())).result()
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = thread.submit(lambda: playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)).result()
        desk = Desk(browser, city)

        def run(story: Callable[[Desk], None]) -> None:
            thread.submit(story, desk).result()
            told, desk.errors[:] = list(desk.errors), []
            assert told == []

        yield run
        thread.submit(browser.close).result()
        thread.submit(stack.close).result()
