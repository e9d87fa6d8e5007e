"""What holds for every page in both languages: axe finds nothing, nothing runs over the edge, nothing leaves the host."""

from urllib.parse import urlsplit

import pytest

PAGES = ["/", "/terminal", "/terminal/canteen-haining", "/terminal/device"]
PAGES += ["/uses/granted", "/uses/withheld", "/uses/refused", "/nowhere", "/uses/none"]
_AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", [page for page in PAGES if page != "/nowhere"])
def test_axe_finds_nothing(open_page, path, lang):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(path, 390, 844, lang=lang)
    page.evaluate(_OPEN_ALL)
    violations = Axe().run(page, options=_AXE).response["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in violations] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_terminals_menu_is_as_good_as_a_page(open_page, lang):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page("/terminal/bus", 390, 844, lang=lang)
    page.wait_for_selector("html[data-ready]")
    page.click("button[type=submit]")
    page.wait_for_selector("#why:visible")
    page.click("#menu")
    page.wait_for_selector("#uses li")
    page.click("[data-key=letters]")
    violations = Axe().run(page, options=_AXE).response["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in violations] == []
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("(() => { const box = document.querySelector('#panel'); return box.scrollWidth - box.clientWidth; })()") <= 0
    tall = "(each) => !each.checkVisibility() || each.getBoundingClientRect().height >= 72"
    assert page.evaluate(f"[...document.querySelectorAll('#panel button')].every({tall})")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES[:-2])
def test_nothing_runs_over_the_edge(open_page, path, lang):
    page = open_page(path, lang=lang)
    page.evaluate(_OPEN_ALL)
    over = {}
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        over[width] = page.evaluate(_OVERFLOW)
    assert over == {320: 0, 390: 0, 768: 0, 1280: 0}


@pytest.mark.parametrize("path", ["/", "/uses/withheld", "/terminal"])
def test_nothing_runs_over_the_edge_with_letters_twice_as_large(open_page, path):
    page = open_page(path, 320, 800, lang="en")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(_OVERFLOW) <= 0


@pytest.mark.parametrize("path", PAGES[:-2])
def test_nothing_leaves_the_host(open_page, address, path):
    page = open_page("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    assert asked
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}


@pytest.mark.parametrize("path", ["/", "/uses/withheld", "/terminal", "/terminal/bus", "/terminal/device"])
def test_no_control_is_smaller_than_a_finger(open_page, path):
    page = open_page(path, 390, 844)
    small = page.evaluate(
        """[...document.querySelectorAll('a.button, button, select, summary, nav a, .brand, .choices a')]
        .filter((each) => each.offsetParent).map((each) => [each.textContent.trim().slice(0, 20), each.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([text, box]) => [text, box.width, box.height])"""
    )
    assert small == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(open_page):
    page = open_page("/uses/withheld")
    focused = "(() => { const at = document.activeElement; return [at.tagName, getComputedStyle(at).outlineStyle]; })()"
    seen = []
    while len(seen) < 40 and (not seen or seen[-1][0] != "BODY"):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(focused))
    assert [tag for tag, _ in seen].count("A") >= 5 and ["BUTTON", "solid"] in seen
    assert {outline for _, outline in seen[:-1]} == {"solid"}


@pytest.mark.parametrize("path", ["/", "/uses/withheld"])
def test_a_page_to_read_needs_no_script(open_page, path):
    page = open_page(path, scripts=False)
    assert page.locator("h1").inner_text()
    assert page.locator("main").inner_text().count("\n") > 10
