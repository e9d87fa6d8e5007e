"""The console's pages in a real Chromium: every one in both languages, by day and night, at every width, by keyboard, on paper."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.stories.console import Desk, browsers
from tests.stories.doors import City
from tests.stories.pages import page_stories

pytestmark = page_stories

Story = Callable[[Callable[[Desk], None]], None]

MONTH = "from=2024-10-01&until=2024-10-31"
PAGES = {
    "start": "/console",
    "records": f"/console/uses?{MONTH}&kind=canteen",
    "no records": "/console/uses?from=2020-01-01&until=2020-01-02",
    "a wrong filter": "/console/uses?from=2024-10-31&until=2024-10-01",
    "a use": "USE",
    "me": "/console/me",
    "nowhere": "/console/no/such/page",
    "cockpit": "/console",
    "bulletin": "/console/bulletin",
    "a figure": "/console/bulletin/canteens.live",
}
_OF_THE_DEPARTMENT = frozenset({"cockpit", "bulletin", "a figure"})
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_TARGETS = "button, a.button, input:not([type=checkbox]), .check, select, summary, .side a, .bar a"
_NARROW = f"""[...document.querySelectorAll('{_TARGETS}')].filter((each) => each.checkVisibility())
    .map((each) => [each.textContent.trim().slice(0, 20) || each.name, each.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([text, box]) => [text, box.width, box.height])"""
_FEW_LETTERS = """[...document.querySelectorAll('.button, button:not(.plain)')].filter((each) => each.checkVisibility())
    .filter((each) => each.textContent.trim().length >= 4)
    .filter((each) => each.getBoundingClientRect().width < 4 * parseFloat(getComputedStyle(each).fontSize))
    .map((each) => each.textContent)"""
_INLINE = "[...document.scripts].filter((each) => !each.src).length + document.querySelectorAll('[style], style, [onclick]').length"


@pytest.fixture(scope="module")
def at_desk(city: City) -> Iterator[Story]:
    yield from browsers(city)


def a_use(desk: Desk, query: str = f"{MONTH}&kind=canteen") -> str:
    """Return the address of some use's explanation."""
    page = desk.page("card-clerk", f"/console/uses?{query}")
    href: str = page.get_attribute("tbody tr:nth-child(3) a", "href")
    page.context.close()
    return href


def who_opens(name: str) -> str:
    """Return whose role opens a page."""
    return "dept-330481" if name in _OF_THE_DEPARTMENT else "card-clerk"


def path_of(desk: Desk, name: str) -> str:
    return a_use(desk) if PAGES[name] == "USE" else PAGES[name]


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_by_day_and_by_night(at_desk: Story, name: str, lang: str):
    def story(desk: Desk) -> None:
        for theme in ("light", "dark"):
            page = desk.page(who_opens(name), path_of(desk, name), 390 if theme == "dark" else 1280, lang=lang, theme=theme)
            assert desk.violations(page) == [], theme
            page.context.close()

    at_desk(story)


def test_axe_finds_nothing_at_the_door_whatever_it_says(at_desk: Story):
    def story(desk: Desk) -> None:
        for path in ("/console/sign-in", "/console/sign-in?ended=1", "/console/sign-in?out=1"):
            page = desk.page("", path, 320, lang="en")
            assert desk.violations(page) == []
        page.fill("#f-user", "nobody-here")
        page.fill("#f-password", "wrong")
        page.fill("#f-totp", "000000")
        page.click("main button[type=submit]")
        page.wait_for_selector("#errors")
        assert desk.violations(page) == []
        assert page.evaluate("document.activeElement.id") == "errors"
        assert page.input_value("#f-user") == "nobody-here" and page.input_value("#f-password") == ""
        page.context.close()

    at_desk(story)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_over_the_edge_and_every_control_can_be_hit(at_desk: Story, name: str, lang: str):
    def story(desk: Desk) -> None:
        page = desk.page(who_opens(name), path_of(desk, name), lang=lang)
        for width in (320, 390, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(_OVERFLOW) == 0, width
            assert page.evaluate(_NARROW) == [], width
        page.set_viewport_size({"width": 320, "height": 800})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(_OVERFLOW) <= 0
        assert page.evaluate(_FEW_LETTERS) == []
        page.context.close()

    at_desk(story)


def test_words_that_are_two_fifths_longer_still_fit(at_desk: Story):
    """The pseudo-locale: every text on the page grown by 40 %."""
    grow = """() => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); const texts = [];
        while (walk.nextNode()) texts.push(walk.currentNode);
        for (const each of texts) if (each.data.trim()) each.data += ' ' + each.data.slice(0, Math.ceil(each.data.length * .4)); }"""

    def story(desk: Desk) -> None:
        for name in ("start", "records", "a use", "me", "cockpit", "bulletin"):
            page = desk.page(who_opens(name), path_of(desk, name), 320, lang="en")
            page.evaluate(grow)
            assert page.evaluate(_OVERFLOW) <= 0, name
            page.context.close()

    at_desk(story)


def test_no_word_of_a_page_in_english_is_chinese_but_names(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("card-clerk", "/console/me", lang="en")
        told = page.inner_text("body").replace("中文", "").replace(desk.login("card-clerk")["name"], "")
        assert re.findall(r"[\u3400-\u9fff]+", told) == []
        page.context.close()

    at_desk(story)


def test_nothing_leaves_the_host_and_no_script_stands_in_a_page(at_desk: Story):
    def story(desk: Desk) -> None:
        for name in PAGES:
            page = desk.page(who_opens(name), "/console/me")
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            answer = page.goto(desk.city.serving.url + path_of(desk, name))
            page.wait_for_load_state("networkidle")
            assert {urlsplit(url).netloc for url in asked} == {urlsplit(desk.city.serving.url).netloc}
            policy = answer.headers["content-security-policy"]
            assert "default-src 'self'" in policy and "unsafe" not in policy
            assert page.evaluate(_INLINE) == 0
            page.context.close()

    at_desk(story)


def test_every_page_works_without_scripts(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("card-clerk", "/console", java_script_enabled=False)
        page.fill("#find", "T330481")
        page.press("#find", "Enter")
        page.wait_for_selector(".hit")
        page.goto(f"{desk.city.serving.url}/console/uses?{MONTH}")
        first = page.inner_text("tbody th >> nth=0")
        page.click("#page-next")
        page.wait_for_selector("#page-first")
        assert page.inner_text("tbody th >> nth=0") != first
        page.select_option("#f-result", "refused")
        page.click(".filter button[type=submit]")
        page.wait_for_url("**result=refused**")
        page.click("tbody a >> nth=0")
        assert page.inner_text("h1").startswith("为什么没有通过")
        page.context.close()

    at_desk(story)


def test_an_explanation_is_one_sheet_of_paper_with_no_empty_heading(at_desk: Story):
    def story(desk: Desk) -> None:
        for query in (f"{MONTH}&kind=canteen", f"{MONTH}&result=refused", f"{MONTH}&kind=bus", f"{MONTH}&result=full"):
            for lang in ("zh", "en"):
                page = desk.page("card-clerk", a_use(desk, query), lang=lang)
                paper = page.pdf(format="A4", prefer_css_page_size=True)
                assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1, query
                page.emulate_media(media="print")
                shown = "[...document.querySelectorAll('section.card')].filter((each) => each.checkVisibility())"
                assert page.evaluate(f"{shown}.every((each) => each.innerText.trim().split('\\n').length > 1)")
                assert not page.is_visible(".bar") and not page.is_visible(".side")
                page.context.close()

    at_desk(story)


def test_the_keyboard_finds_walks_opens_explains_and_prints(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("card-clerk", f"/console/uses?{MONTH}&kind=canteen")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.closest('tr') === document.querySelector('tbody tr')")
        page.keyboard.press("j")
        wanted = page.evaluate("document.activeElement.closest('tr').dataset.explain")
        page.keyboard.press("e")
        page.wait_for_url(f"**{wanted}")
        page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
        page.keyboard.press("p")
        assert page.get_attribute("body", "data-printed") == "yes"
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "find"
        page.keyboard.type("j?/ep")
        assert page.input_value("#find") == "j?/ep"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") != "find"
        page.keyboard.press("?")
        assert page.is_visible("#help-panel")
        page.keyboard.press("Escape")
        assert not page.is_visible("#help-panel")
        page.context.close()

    at_desk(story)


def test_a_shortcut_that_is_switched_off_does_nothing_and_is_not_told_of(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("card-clerk", "/console/me")
        page.uncheck("input[value=j]")
        page.uncheck("input[value='?']")
        page.click("main form[action$=settings] button")
        page.wait_for_selector(".note.good")
        page.goto(f"{desk.city.serving.url}/console/uses?{MONTH}")
        page.keyboard.press("j")
        page.keyboard.press("?")
        assert page.evaluate("document.activeElement.closest('tr')") is None
        assert not page.is_visible("#help-panel")
        assert "下一行" not in page.text_content("#help-panel")
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.closest('tr') !== null")
        page.context.close()

    at_desk(story)


def test_the_keyboard_reaches_everything_and_focus_is_seen(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("card-clerk", "/console/me")
        focused = "(() => { const at = document.activeElement; return [at.tagName, getComputedStyle(at).outlineStyle]; })()"
        seen: list[list[str]] = []
        while len(seen) < 60 and (not seen or seen[-1][0] != "BODY"):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(focused))
        assert [tag for tag, _ in seen].count("A") >= 6 and [tag for tag, _ in seen].count("INPUT") >= 8
        assert {outline for tag, outline in seen if tag != "BODY"} == {"solid"}
        page.context.close()

    at_desk(story)


def test_results_are_exchanged_in_place_and_the_focus_stays(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("card-clerk", f"/console/uses?{MONTH}")
        page.evaluate("window.stayed = true")
        page.select_option("#f-kind", "canteen")
        page.focus(".filter button[type=submit]")
        page.keyboard.press("Enter")
        page.wait_for_url("**kind=canteen**")
        page.wait_for_function("document.querySelector('#f-kind').value === 'canteen' && !document.querySelector('.htmx-request')")
        assert page.evaluate("window.stayed") is True
        assert page.evaluate("document.activeElement !== document.body")
        title = page.inner_text("h1")
        page.reload()
        assert page.inner_text("h1") == title and page.input_value("#f-kind") == "canteen"
        page.context.close()

    at_desk(story)


def test_a_theme_and_a_language_once_picked_stay(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("card-clerk", f"/console/uses?{MONTH}&kind=bus")
        ground = "getComputedStyle(document.body).backgroundColor"
        day = page.evaluate(ground)
        page.click("a[href*='theme=dark']")
        assert page.evaluate(ground) != day and "kind=bus" in page.url and "theme" not in page.url
        page.click("a[hreflang=en]")
        assert page.get_attribute("html", "lang") == "en" and "kind=bus" in page.url
        page.goto(f"{desk.city.serving.url}/console")
        assert page.get_attribute("html", "lang") == "en" and page.evaluate(ground) != day
        page.context.close()

    at_desk(story)


def test_a_mistake_in_the_filter_takes_the_focus_leads_to_its_field_and_keeps_the_rest(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("card-clerk", "/console/uses?from=2024-10-31&until=2024-10-01&kind=bus")
        assert page.inner_text("#errors h2").startswith("有问题")
        assert page.evaluate("document.activeElement.id") == "errors"
        page.click("#errors a")
        assert page.evaluate("document.activeElement.id") == "f-until"
        assert page.input_value("#f-kind") == "bus" and page.input_value("#f-until") == "2024-10-01"
        page.context.close()

    at_desk(story)


def test_no_page_holds_a_whole_person_number_or_an_unmasked_name(at_desk: Story):
    def story(desk: Desk) -> None:
        person: Any = next(each for each in desk.city.cast["people"] if each["key"] == "local-72")
        number = next(each["value"] for each in person["credentials"] if each["kind"] == "id")
        page = desk.page("card-clerk", "/console")
        page.fill("#find", number)
        page.press("#find", "Enter")
        page.wait_for_selector(".hit")
        told = page.content()
        assert number not in told and number not in page.url and person["name"] not in told
        assert re.search(r"\d{6}\*+\d{3}[\dX]", told)
        page.context.close()

    at_desk(story)
