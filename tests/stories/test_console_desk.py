"""The card desk, approvals, sites, audit and practice in a real Chromium: by day and night, without scripts, by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.stories.console import Desk, browsers
from tests.stories.crowds import cards_of_elders
from tests.stories.doors import City
from tests.stories.pages import page_stories

pytestmark = page_stories

Story = Callable[[Callable[[Desk], None]], None]
Card = dict[str, str]

_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_TARGETS = "button, a.button, input:not([type=checkbox], [type=hidden]), .check, select, summary, .side a, .tasks a, .need"
_NARROW = f"""[...document.querySelectorAll('{_TARGETS}')].filter((each) => each.checkVisibility())
    .map((each) => [each.textContent.trim().slice(0, 20) || each.name, each.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([text, box]) => [text, box.width, box.height])"""
_INLINE = "[...document.scripts].filter((each) => !each.src).length + document.querySelectorAll('[style], style, [onclick]').length"

PAGES = {
    "whom": ("card-clerk", "/console/desk"),
    "person": ("card-clerk", "PERSON"),
    "a task": ("card-clerk", "PERSON/CARD/formal-loss"),
    "which fact": ("card-clerk", "PERSON/correct"),
    "a set": ("card-clerk", "PERSON/correct?fact=hardship"),
    "a region": ("card-clerk", "PERSON/correct?fact=registered_region"),
    "whole number": ("card-clerk", "PERSON/whole"),
    "approvals": ("card-supervisor", "/console/approvals"),
    "no approvals": ("card-supervisor", "/console/approvals?state=refused&kind=recovery"),
    "an approval": ("card-supervisor", "APPROVAL"),
    "own work": ("card-clerk", "APPROVAL"),
    "sites": ("viewer", "/console/sites"),
    "no sites": ("viewer", "/console/sites?state=suspended"),
    "a site": ("viewer", "SITE"),
    "terminals": ("viewer", "/console/terminals"),
    "a terminal": ("viewer", "TERMINAL"),
    "alarms": ("viewer", "/console/alarms"),
    "audit": ("auditor", "/console/audit"),
    "a wrong filter": ("auditor", "/console/audit?from=2024-10-31&until=2024-10-01"),
    "practice": ("viewer", "/console/training"),
    "a pupil": ("viewer", "/console/training/elder?did=formal-loss.reissue&at=bus"),
    "practised": ("viewer", "/console/training/elder?ask=cancel"),
}


@pytest.fixture(scope="module")
def at_desk(city: City) -> Iterator[Story]:
    yield from browsers(city)


@pytest.fixture(scope="module")
def cards(city: City) -> Iterator[Card]:
    """Cards of residents whom no other story meets, one for each story."""
    return iter(cards_of_elders(city, 150, 350))


@pytest.fixture(scope="module")
def places(at_desk: Story, city: City) -> dict[str, str]:
    """The addresses of somebody, of his card, and of what waits about him."""
    found: dict[str, str] = {}

    def story(desk: Desk) -> None:
        person = desk.city.shown("local-85")
        page = served(desk, person["value"])
        found["PERSON"] = page.url
        page.click(".tasks a[href$='/cancel']")
        found["CARD"] = page.url.split("/")[-2]
        confirm(page, "asked in writing")
        page.goto(f"{desk.city.serving.url}/console/approvals")
        found["APPROVAL"] = page.get_attribute("tbody th a", "href")
        page.context.close()
        page = desk.page("viewer", "/console/sites?state=testing")
        found["SITE"] = page.get_attribute("tbody th[scope=row] a[id]", "href")
        page.goto(f"{desk.city.serving.url}/console/terminals")
        found["TERMINAL"] = page.get_attribute("tbody th a", "href")
        page.context.close()

    at_desk(story)
    return {name: address.removeprefix(city.serving.url) for name, address in found.items()}


def path_of(places: dict[str, str], name: str) -> tuple[str, str]:
    who, path = PAGES[name]
    for key, value in places.items():
        path = path.replace(key, value)
    return who, path


def served(desk: Desk, card: str, **more: Any) -> Any:
    """Open the desk, show a card and come to its holder."""
    page = desk.page("card-clerk", "/console/desk", **more)
    page.fill("#f-named", card)
    page.press("#f-named", "Enter")
    page.wait_for_load_state()
    assert page.locator(".card.one").count() >= 1, page.inner_text("main")
    return page


def confirm(page: Any, reason: str) -> None:
    """Say why, check, and confirm."""
    page.fill("#f-reason", reason)
    page.click("main form button.main")
    page.click("main form button[value=do]")
    page.wait_for_selector(".card.one")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(at_desk: Story, places: dict[str, str], name: str):
    def story(desk: Desk) -> None:
        who, path = path_of(places, name)
        for lang, theme in (("zh", "light"), ("en", "dark")):
            page = desk.page(who, path, 390 if theme == "dark" else 1280, lang=lang, theme=theme)
            assert page.evaluate(_INLINE) == 0
            assert desk.violations(page) == [], (lang, theme)
            for width in (320, 390, 768, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate(_OVERFLOW) == 0, width
                assert page.evaluate(_NARROW) == [], width
            page.set_viewport_size({"width": 320, "height": 800})
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(_OVERFLOW) <= 0
            page.context.close()

    at_desk(story)


def test_a_lost_card_is_made_anew_without_a_script_and_the_page_tells_what_followed(at_desk: Story, cards: Iterator[Card]):
    def story(desk: Desk) -> None:
        page = served(desk, next(cards)["value"], java_script_enabled=False)
        assert page.locator(".lock").count() >= 2, "both locks stand apart"
        assert page.locator(".tasks a[href$='/reissue']").count() == 0, "a card that is not lost is not made anew"
        page.click(".tasks a[href$='/formal-loss']")
        assert "立刻不能用" in page.inner_text("main"), "the effect is told before anybody confirms it"
        confirm(page, "在公交车上丢了")
        assert "正式挂失" in page.inner_text("h1")
        assert "金融功能没有" in page.inner_text(".card.one"), "one lock does not speak for the other"
        page.click(".tasks a[href$='/reissue']")
        confirm(page, "没有找到")
        assert "正常" in page.inner_text("h1")
        followed = page.inner_text("section[aria-labelledby=after]")
        assert "已作废" in followed and "待遇跟人走" in followed
        page.context.close()

    at_desk(story)


def test_who_waits_for_his_card_is_made_a_temporary_one_and_no_second(at_desk: Story, cards: Iterator[Card]):
    def story(desk: Desk) -> None:
        page = served(desk, next(cards)["value"], java_script_enabled=False)
        assert page.locator("a[href*='/new/']").count() == 0, "who holds a good card needs no other"
        page.click(".tasks a[href$='/formal-loss']")
        confirm(page, "在公交车上丢了")
        page.click("a[href$='/new/temporary']")
        form = page.url
        confirm(page, "等待补卡")
        assert "临时卡" in page.inner_text(".note.good") and page.locator("a[href*='/new/']").count() == 0
        page.goto(form)
        assert page.locator("main form").count() == 0 and "不能办这件事" in page.inner_text("main")
        page.context.close()

    at_desk(story)


def test_a_formal_loss_is_released_by_two_people_and_never_by_one(at_desk: Story, cards: Iterator[Card]):
    def story(desk: Desk) -> None:
        page = served(desk, next(cards)["value"])
        page.click(".tasks a[href$='/formal-loss']")
        confirm(page, "lost")
        page.click(".tasks a[href$='/release']")
        confirm(page, "found at home")
        assert "等第二人" in page.inner_text("main") and "正式挂失" in page.inner_text("h1"), "nothing has changed yet"
        page.click("section.note a")
        waiting = page.url
        assert page.locator("form.decide").count() == 0 and "另一个人" in page.inner_text(".note")
        page.context.close()
        boss = desk.page("card-supervisor", waiting.removeprefix(desk.city.serving.url))
        boss.click("form.decide button[value=refuse]")
        boss.wait_for_selector("#errors")
        assert boss.evaluate("document.activeElement.id") == "errors", "a refusal without a reason is told at its field"
        boss.click("form.decide button[value=approve]")
        boss.wait_for_selector("section[aria-labelledby=decision]")
        boss.click("section[aria-labelledby=what] a")
        assert "正常" in boss.inner_text("h1")
        boss.context.close()

    at_desk(story)


def test_a_loss_is_reported_by_keyboard_alone(at_desk: Story, cards: Iterator[Card]):
    def story(desk: Desk) -> None:
        page = served(desk, next(cards)["value"])
        press_to(page, "a[href$='/phone-loss']")
        page.keyboard.press("Enter")
        press_to(page, "#f-reason")
        page.keyboard.type("来电报失")
        press_to(page, "main button[type=submit]")
        page.keyboard.press("Enter")
        press_to(page, "button[value=do]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".lock.red")
        assert "自动恢复" in page.inner_text(".lock.red")
        page.context.close()

    def press_to(page: Any, selector: str) -> None:
        page.wait_for_selector(selector)
        page.evaluate("document.activeElement.blur()")
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate(f"document.activeElement.matches({selector!r})"):
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", "focus is seen"
                return
        raise AssertionError(f"{selector} is not reached by Tab")

    at_desk(story)


def test_a_form_without_a_reason_takes_the_focus_to_what_is_wrong(at_desk: Story, places: dict[str, str]):
    def story(desk: Desk) -> None:
        page = desk.page("card-clerk", path_of(places, "a task")[1])
        page.click("main form button.main")
        page.wait_for_selector("#errors")
        assert page.evaluate("document.activeElement.id") == "errors"
        page.click("#errors a")
        assert page.evaluate("document.activeElement.id") == "f-reason"
        assert desk.violations(page) == []
        page.context.close()

    at_desk(story)


def test_a_correction_shows_old_and_new_and_waits(at_desk: Story, cards: Iterator[Card]):
    def story(desk: Desk) -> None:
        page = served(desk, next(cards)["value"], java_script_enabled=False)
        page.click("a[href$='/correct']")
        page.click("a[href$='fact=hardship']")
        page.check("input[value=dibian]")
        page.fill("#f-reason", "民政局十月复核")
        page.click("main form button.main")
        assert "→ 低保边缘对象" in page.inner_text(".check-answers")
        page.click("button[value=do]")
        assert "等第二人" in page.inner_text("main")
        page.click("section.note a")
        assert "低保边缘对象" in page.inner_text(".change .new")
        page.context.close()

    at_desk(story)


def test_a_whole_number_is_shown_for_a_purpose_and_is_on_record_and_never_in_an_address(at_desk: Story, cards: Iterator[Card]):
    def story(desk: Desk) -> None:
        page = served(desk, next(cards)["value"])
        page.click("a[href$='/whole']")
        page.click("main form button.main")
        page.wait_for_selector("#errors")
        assert page.evaluate("document.activeElement.id") == "errors"
        page.fill("#f-purpose", "核对银行资料")
        page.click("main form button.main")
        number = re.search(r"\d{17}[\dX]", page.inner_text(".check-answers"))
        assert number is not None and number[0] not in page.url
        page.context.close()
        auditor = desk.page("auditor", "/console/audit?act=residents.full-id")
        assert "核对银行资料" in auditor.inner_text("tbody tr:first-child")
        assert number[0] not in auditor.content()
        auditor.context.close()

    at_desk(story)


def test_practice_records_nothing_and_says_so(at_desk: Story):
    def story(desk: Desk) -> None:
        page = desk.page("viewer", "/console/training/lost?at=bus", java_script_enabled=False)
        assert "不会记录" in page.inner_text(".practice")
        assert "已挂失" in page.inner_text(".answer.red")
        page.click(".tasks a[href*='ask=reissue']")
        assert "不会记录" in page.inner_text(".practice")
        page.click("a.button.main")
        page.click(".taps a[href*='at=bus']")
        assert page.locator(".answer.ok").count() == 1, "the new card works at once"
        page.context.close()
        auditor = desk.page("auditor", "/console/audit?person=viewer")
        assert "training" not in auditor.inner_text("main") and "补卡" not in auditor.inner_text("tbody")
        auditor.context.close()

    at_desk(story)


def test_nobody_sees_a_page_that_his_role_does_not_open(at_desk: Story, places: dict[str, str]):
    def story(desk: Desk) -> None:
        for who, path in (
            ("viewer", places["PERSON"]), ("viewer", "/console/approvals"), ("viewer", "/console/audit"), ("auditor", "/console/sites"),
            ("bank-clerk", "/console/desk"), ("card-supervisor", f"{places['PERSON']}/correct"),
        ):  # fmt: skip
            page = desk.page(who, path)
            assert page.inner_text("h1") == "您的角色不能做这件事", (who, path)
            page.context.close()

    at_desk(story)


def test_another_countys_person_is_byte_for_byte_as_nobody(at_desk: Story, places: dict[str, str]):
    def story(desk: Desk) -> None:
        told = set()
        for path in (places["PERSON"], "/console/desk/1", places["APPROVAL"], f"{places['APPROVAL'][:-4]}0000"):
            page = desk.page("dept-330483", path)
            assert page.inner_text("h1") == "没有找到这一项", path
            told.add(page.content())
            page.context.close()
        assert len(told) <= 2, "the page's own place in the navigation apart, absent and out of scope are one answer"

    at_desk(story)
