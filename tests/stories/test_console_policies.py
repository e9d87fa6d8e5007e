"""C11 in a real Chromium: rules, a draft by the form, its changes by keyboard, handed in and refused; nothing here comes into force."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.stories.console import Desk, browsers
from tests.stories.doors import City
from tests.stories.pages import page_stories

pytestmark = page_stories

Story = Callable[[Callable[[Desk], None]], None]

RULE = "/console/policies/meal-subsidy"
DRAFTS = "/console/policies/-/drafts"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = {
    "all rules": ("policy-approver", "/console/policies"),
    "a rule": ("policy-approver", RULE),
    "a payout": ("policy-approver", "/console/policies/high-age-allowance"),
    "an empty draft": ("policy-author", DRAFTS),
    "a draft": ("policy-author", f"{DRAFTS}?programme=meal-subsidy"),
}


@pytest.fixture(scope="module")
def at_desk(city: City) -> Iterator[Story]:
    yield from browsers(city)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(at_desk: Story, name: str):
    def story(desk: Desk) -> None:
        who, path = PAGES[name]
        for lang, theme in (("zh", "light"), ("en", "dark")):
            page = desk.page(who, path, lang=lang, theme=theme)
            assert desk.violations(page) == [], (lang, theme)
            for width in (320, 390, 768, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate(OVERFLOW) == 0, width
            page.context.close()

    at_desk(story)


def test_a_draft_is_made_read_handed_in_and_refused_by_keyboard_alone(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("policy-author", f"{DRAFTS}?programme=meal-subsidy")
        page.select_option("#f-cell", "figures/age_part/60")
        fill(page, "#f-value", "2.50")
        page.locator("#f-since").fill("2025-01-01")
        press(page, "button[value=edit]")
        page.wait_for_selector(".changes")
        page.evaluate("document.activeElement.blur()")
        seen = []
        for key in ("n", "n", "n", "p"):
            page.keyboard.press(key)
            seen.append(page.evaluate("document.activeElement.tagName"))
        assert seen == ["LI", "TR", "TR", "LI"], "from what changes in words to the line of the text, and back"
        fill(page, "#f-reason", "试一试")
        press(page, "button[value=propose]")
        page.wait_for_selector(".digest")
        assert page.locator("form.decide").count() == 0, "nobody decides his own"
        waiting = page.url.removeprefix(desk.city.serving.url)
        assert desk.violations(page) == []
        page.context.close()
        boss = desk.page("policy-approver", waiting)
        assert "由 2.00 改为 2.50 元" in boss.inner_text(".changes")
        assert desk.violations(boss) == []
        fill(boss, "#f-reason", "还要再商量")
        press(boss, "button[value=refuse]")
        boss.wait_for_selector("section[aria-labelledby=decision]")
        assert "没有同意" in boss.inner_text("h1")
        boss.context.close()

    at_desk(story)


def test_what_is_wrong_is_told_with_its_line_and_cannot_be_handed_in(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("policy-author", f"{DRAFTS}?programme=meal-subsidy")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        source = page.input_value("#f-source")
        page.fill("#f-source", source.replace("age >= 60 else", "age >= sixty else"))
        page.click("button[value=check]")
        line = 1 + next(at for at, text in enumerate(source.splitlines()) if "age >= 60 else" in text)
        assert f":{line}:" in page.inner_text(".findings")
        assert page.locator("button[value=propose]").count() == 0
        page.fill("#f-source", source.replace("expect: {paid: 13.00, payers", "expect: {paid: 12.00, payers"))
        page.click("button[value=check]")
        assert "应为" in page.inner_text(".runs .failed") and "第" in page.inner_text(".runs .failed")
        assert desk.violations(page) == []
        page.context.close()

    at_desk(story)


def fill(page: Any, selector: str, text: str) -> None:
    page.focus(selector)
    page.keyboard.type(text)


def press(page: Any, selector: str) -> None:
    """Come to a button by Tab alone, and press it."""
    for _ in range(80):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            break
        page.keyboard.press("Tab")
    assert page.evaluate(f"document.activeElement.matches({selector!r})"), f"{selector} is not reached by Tab"
    page.keyboard.press("Enter")
