"""A real Chromium for page tests; where there is none, they are skipped aloud.

The browser is driven from a thread of its own: its driver keeps a loop running, and tests elsewhere need theirs.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from tests.browser.fake_app import FakeApp, served

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in _NAMES if (found := shutil.which(name))), None)
"""The shell first: the same engine without a window around each page, which costs a third of the time."""

_thread = ThreadPoolExecutor(1, thread_name_prefix="browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Run the body of a page test in the browser's thread."""
    names = pyfuncitem._fixtureinfo.argnames
    _thread.submit(pyfuncitem.obj, **{name: pyfuncitem.funcargs[name] for name in names}).result()
    return True


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the run."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: page tests need it (Debian: apt-get install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with ExitStack() as stack:
        playwright = _thread.submit(lambda: stack.enter_context(sync_playwright())).result()
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = _thread.submit(lambda: playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)).result()
        yield browser
        _thread.submit(browser.close).result()
        _thread.submit(stack.close).result()


@pytest.fixture(scope="session")
def served_app() -> Iterator[tuple[FakeApp, str]]:
    """The application and its address: one server for the run."""
    app = FakeApp()
    with served(app) as address:
        yield app, address


@pytest.fixture
def app(served_app: tuple[FakeApp, str]) -> FakeApp:
    """The application as on the first day: nothing tapped yet."""
    served_app[0].forget()
    return served_app[0]


@pytest.fixture
def address(app: FakeApp, served_app: tuple[FakeApp, str]) -> str:
    """Where *app* is served."""
    return served_app[1]


@pytest.fixture
def open_page(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Open a page: `open_page(path, width, height, lang="zh", scripts=True)`. A script's error fails the test."""
    stack, errors = ExitStack(), []

    def opened(path: str, width: int = 1280, height: int = 800, *, lang: str = "zh", scripts: bool = True) -> Any:
        locale = {"zh": "zh-CN", "en": "en-GB"}[lang]
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=locale, java_script_enabled=scripts)
        stack.callback(context.close)
        stack.callback(lambda: [each.close() for each in context.pages])  # First: a closing context lets a cut-off page out again.
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{path}: {error}"))
        page.goto(address + path)
        return page

    yield opened
    _thread.submit(stack.close).result()
    assert errors == []
