"""Card readers that type: every scan is one use, whatever has the focus and however long a key takes; no field is left changed."""

import random

import pytest

from tests.browser.test_alone import sent, stored
from tests.browser.test_terminal import ready

CARDS = [f"B{number:08d}" for number in range(10, 30)] + [f"AD{number:07d}" for number in range(10, 20)]
FOCUS = ["body", "#list-price", "#sound", "#typed-here", "#menu"]
_INPUT = """() => document.querySelector('#picker').insertAdjacentHTML('beforebegin', '<input id="typed-here" value="张三">')"""
_VALUES = "() => [...document.querySelectorAll('input, select')].map((each) => each.value)"


def scanned(open_page, app, count, gap_ms):
    """Scan *count* cards with random gaps between the keys, the focus moving about; return what was read and what arrived."""
    page = ready(open_page)
    page.evaluate(_INPUT)
    values, chance = page.evaluate(_VALUES), random.Random(11)
    read = [chance.choice(CARDS) for _ in range(count)]
    for at, card in enumerate(read):
        focus = FOCUS[at % len(FOCUS)]
        if focus == "#menu":
            page.click("#menu")  # A dialog lies over everything.
            page.wait_for_selector("#panel[open]")
        elif focus != "body":
            page.focus(focus)
        for key in card:
            page.keyboard.press(key)
            page.wait_for_timeout(chance.randint(1, gap_ms))
        page.keyboard.press("Enter")
    arrived = [value for _, value, _ in sent(app, count, seconds=20)]
    assert page.evaluate(_VALUES) == values
    assert (page.get_attribute("#sound", "aria-pressed"), page.is_visible("#panel")) == ("false", False)
    return read, arrived


@pytest.mark.long
def test_every_scan_is_one_use_wherever_the_focus_is(open_page, app):
    read, arrived = scanned(open_page, app, 40, 12)
    assert arrived == read


@pytest.mark.torture
@pytest.mark.timeout(1800)
def test_five_hundred_scans_at_any_pace_are_five_hundred_uses(open_page, app):
    read, arrived = scanned(open_page, app, 500, 300)
    assert arrived == read


def test_eight_digits_and_enter_typed_into_a_field_are_no_use(open_page, app):
    page = ready(open_page)
    page.evaluate(_INPUT)
    page.focus("#typed-here")
    page.keyboard.type("12345678")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert app.uses == [] and stored(page) == []
    assert page.input_value("#typed-here") == "12345678张三"


def test_a_number_typed_on_the_pad_is_a_use_and_only_its_end_is_shown(open_page, app):
    page = ready(open_page)
    page.click("#menu")
    page.click("[data-key=letters]")
    for key in "B00000001":
        page.click(f"#panel [data-key='{key}']")
    assert page.inner_text("#typed") == "•••••0001"
    page.click("[data-key=enter]")
    page.wait_for_selector("main[data-state=ok]")
    assert [use["credential"] for use in app.uses] == [{"kind": "card", "value": "B00000001"}]
    page.click("#menu")
    for key in "123":
        page.click(f"#panel [data-key='{key}']")
    page.click("[data-key=enter]")
    assert page.inner_text("#typed") == "号码不全，请核对" and len(app.uses) == 1
