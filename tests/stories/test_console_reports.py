"""The cockpit and the bulletin in a real Chromium: a to-do opens its list, a figure its records, the text goes along by Ctrl+C."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.stories.console import Desk, browsers
from tests.stories.doors import City
from tests.stories.pages import page_stories

pytestmark = page_stories

Story = Callable[[Callable[[Desk], None]], None]


@pytest.fixture(scope="module")
def at_desk(city: City) -> Iterator[Story]:
    yield from browsers(city)


def number(text: str) -> int:
    """Return the first number in a text."""
    found = re.search(r"\d[\d,]*", text)
    assert found is not None, text
    return int(found[0].replace(",", ""))


def test_the_cockpit_is_walked_by_keyboard_and_a_todo_opens_its_list(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("viewer", "/console")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.id") == "todo-alarms"
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "todo-late"
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/terminals?need=silent")
        assert page.get_attribute("#f-need option[selected]", "value") == "silent"
        page.context.close()

    at_desk(story)


def test_a_county_sees_its_own_in_the_cockpit_and_every_role_opens_it(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("dept-330481", "/console", lang="en")
        areas = page.locator("section[aria-labelledby=sites] tbody th").all_inner_texts()
        assert areas == ["Haining"] and page.locator("#tiles").count() == 0
        page.context.close()
        page = desk.page("bank-clerk", "/console")
        assert page.inner_text("h1") == "今天没有待办" and page.locator(".todo, #scenes, #sites").count() == 0
        page.context.close()

    at_desk(story)


def test_a_figure_says_how_it_is_counted_and_its_records_add_up_to_it(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("dept-330481", "/console/bulletin")
        page.click("#row-elder_pass\\.merchant")
        figure = number(page.inner_text("h1").partition("：")[2])
        assert figure == 46308
        assert page.locator("section[aria-labelledby=says] p[lang=en]").count() == 1
        records = page.get_attribute("section[aria-labelledby=records] a", "href")
        page.context.close()
        clerk = desk.page("card-clerk", records)  # Works for the whole city.
        assert number(clerk.inner_text("h1").partition("：")[2]) == figure
        assert number(clerk.inner_text(".totals dd >> nth=0")) == figure and clerk.locator("tbody tr").count() == 50
        clerk.context.close()

    at_desk(story)


def test_the_text_of_the_bulletin_is_copied_by_ctrl_c_and_by_its_button(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("viewer", "/console/bulletin", permissions=["clipboard-read", "clipboard-write"])
        read = "navigator.clipboard.readText()"
        page.keyboard.press("Control+c")
        assert page.evaluate(read) == page.inner_text("#issue").strip() and "46308人次" in page.evaluate(read)
        assert page.inner_text("#copied") == "已复制"
        page.evaluate("navigator.clipboard.writeText('')")
        page.click("[data-copy]")
        assert "46308人次" in page.evaluate(read)
        page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
        page.keyboard.press("Control+c")
        assert page.evaluate(read).strip() == page.inner_text("h1"), "what is selected is what is copied"
        page.context.close()

    at_desk(story)


def test_what_has_no_data_says_so_and_another_day_is_another_issue(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("viewer", "/console/bulletin")
        assert page.inner_text("tr[data-row='subsidies.share_by_count'] td >> nth=0") == "无数据"
        page.fill("#f-as_of", "2024-09-30")
        page.click(".filter button[type=submit]")
        page.wait_for_url("**as_of=2024-09-30**")
        assert page.inner_text("h1").startswith("截至2024年9月30日")
        page.goto(f"{desk.city.serving.url}/console/bulletin?as_of=2099-01-01")
        assert page.inner_text("#errors h2").startswith("有问题") and "还没有到" in page.inner_text("#errors")
        page.context.close()

    at_desk(story)


def test_the_bulletin_on_paper_holds_the_text_and_the_figures_and_no_controls(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("viewer", "/console/bulletin")
        paper = page.pdf(format="A4", prefer_css_page_size=True)
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 5 and len(paper) < 600_000
        page.emulate_media(media="print")
        assert page.is_visible("#issue") and page.is_visible("table")
        assert not any(page.is_visible(each) for each in (".bar", ".side", ".filter", "[data-copy]", ".later"))
        page.context.close()

    at_desk(story)
