"""Answers as they are met: alone, waiting, read aloud, without pictures or colours; at every size, and never who somebody is."""

import re

import pytest

from tests.browser.test_alone import BUS, alone, scan
from tests.browser.test_terminal import _OUTSIDE, SIZES, ready, size_of

__all__ = ["alone"]  # The fixture.

ALONE = {"B00000001": "ok", "B00000003": "red", "B00000004": "amber", "B00000099": "amber"}
ONLINE = {"B00000001": "ok", "B00000002": "amber", "B00000003": "red", "B00000005": "red", "B00000006": "ok"}
_HEARD = """() => { window.heard = []; const region = document.querySelector('[aria-live]');
  new MutationObserver(() => window.heard.push(region.innerText.trim())).observe(
    region, { subtree: true, childList: true, characterData: true }); }"""
_TIMED = """async (keys) => { const began = performance.now(), region = document.querySelector('main');
  for (const key of [...keys, 'Enter']) document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  while (!['ok', 'amber', 'red'].includes(region.dataset.state)) await new Promise((next) => { requestAnimationFrame(next); });
  return performance.now() - began; }"""


def device(open_page, app, lang="zh"):
    """Open the page of a real terminal, told who it is and started."""
    app.stands_alone = True
    page = open_page("/terminal/device", lang=lang)
    page.fill("#device-terminal", "T330481-0000")
    page.fill("#device-token", "token-bus")
    page.click("#device button")
    page.wait_for_selector("#panel[open]")
    page.wait_for_selector("html[data-alone=ready][data-kept=yes]")
    page.click("#close")
    page.fill("#list-price", "2.00")
    return page


def fits(page):
    """Return at which sizes something lies outside its frame or is too small to read from where one stands."""
    wrong = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        outside, small = page.evaluate(_OUTSIDE), size_of(page, "#word") < 48 or size_of(page, "#price") < 28 or size_of(page, "#next") < 22
        wrong += [(width, height, outside, small)] if outside or small else []
    return wrong


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.long)])
def test_answers_given_alone_fit_and_are_large_at_every_size(open_page, app, lang):
    app.stands_alone = True
    page = ready(open_page, BUS, lang=lang)
    page.wait_for_selector("html[data-alone=ready]")
    page.context.set_offline(True)
    wrong = {}
    for count, (card, state) in enumerate(ALONE.items(), 1):
        scan(page, card)
        page.wait_for_selector(f"main[data-state={state}]")
        page.wait_for_selector(f"#net[data-waiting='{count}']")
        wrong[card] = fits(page)
    assert {card: found for card, found in wrong.items() if found} == {}


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.long)])
def test_a_real_terminals_page_fits_too(open_page, app, lang):
    page = device(open_page, app, lang)
    wrong = {"idle": fits(page)}
    for card, state in ONLINE.items():
        scan(page, card)
        page.wait_for_selector(f"main[data-state={state}]")
        wrong[card] = page.evaluate(_OUTSIDE)
    assert {case: found for case, found in wrong.items() if found} == {}


def test_who_waits_longer_is_told_so_and_it_fits(open_page, app):
    page = ready(open_page)
    app.behaviour = "stall"
    scan(page, "B00000001")
    page.wait_for_selector("main[data-state=wait]")
    assert page.inner_text("#word") == "正在查…" and fits(page) == []


def test_a_stalled_server_is_waited_for_no_longer_than_a_second(alone, app):
    page, taken = alone(), []
    app.behaviour = "stall"
    for _ in range(3):
        taken.append(page.evaluate(_TIMED, "B00000001"))
        page.reload()
        page.wait_for_selector("html[data-ready]")
        page.wait_for_selector("html[data-alone=ready]")
    assert 800 <= sorted(taken)[1] <= 1000, taken


def test_words_alone_tell_each_answer(alone, app):
    """No sound, no voice, no pictures, no colours."""
    page = alone()
    page.evaluate("document.querySelectorAll('main svg').forEach((each) => each.remove())")
    page.emulate_media(forced_colors="active")
    told, word = {"idle": page.inner_text("main")}, page.inner_text("#word")
    for card, state in ONLINE.items():
        scan(page, card)
        page.wait_for_selector(f"main[data-state={state}] #why:visible")
        page.wait_for_function("told => document.querySelector('#word').innerText !== told", arg=word)  # Two may have one state.
        word = page.inner_text("#word")
        told[card] = page.inner_text("main").removesuffix("为什么？").strip()
    page.context.set_offline(True)
    for count, (card, state) in enumerate(ALONE.items(), 1):
        scan(page, card)
        page.wait_for_selector(f"#net[data-waiting='{count}']")
        page.wait_for_selector(f"main[data-state={state}]")
        told[f"{card} alone"] = page.inner_text("main").strip()
    assert len(set(told.values())) == len(told) and min(map(len, told.values())) > 3
    paid = [text for card, text in told.items() if card.startswith(("B00000001", "B00000002", "B00000004", "B00000099"))]
    assert all(re.search(r"[付价] \d+\.\d\d 元", text) for text in paid)
    assert page.get_attribute("#sound", "aria-pressed") == "false"


def test_an_answer_is_read_aloud_once_and_whole(open_page, app):
    page = ready(open_page)
    page.evaluate(_HEARD)
    scan(page, "B00000001")
    page.wait_for_selector("#why:visible")
    page.wait_for_timeout(500)
    heard = [re.sub(r"\s+", " ", text) for text in page.evaluate("window.heard")]
    assert heard == ["优惠 付 1.00 元 省 1.00 元 请上车 为什么？"]
    region = page.locator("[aria-live=assertive]")
    assert (region.count(), region.get_attribute("aria-atomic")) == (1, "true")


def test_nothing_on_a_real_terminals_page_says_who_taps(open_page, app):
    page, seen = device(open_page, app), []
    for card, state in ONLINE.items():
        scan(page, card)
        page.wait_for_selector(f"main[data-state={state}]")
        seen.append(page.evaluate("document.documentElement.outerHTML"))
    page.context.set_offline(True)
    for count, card in enumerate(ALONE, 1):
        scan(page, card)
        page.wait_for_selector(f"#net[data-waiting='{count}']")
        seen.append(page.evaluate("document.documentElement.outerHTML"))
    page.click("#menu")
    page.wait_for_selector("#uses li")
    seen.append(page.evaluate("document.documentElement.outerHTML"))
    persons = "|".join(f"{person['name']}|{person['born']}" for person in app.cast()["people"])
    tells = re.compile(rf"{persons}|B0000|19[3-6]\d|岁|老年|老人|残|低保|特困|河滨|token-bus")
    assert [found for found in map(tells.search, seen) if found] == []


def test_the_bar_tells_the_time_of_the_city(open_page, app):
    page = ready(open_page)
    assert re.fullmatch(r"20:0\d", page.inner_text("#time")) and page.inner_text("#hours") == ""


def test_number_and_camera_are_one_touch_away(open_page, app):
    page = device(open_page, app)
    page.click("#to-pad")
    page.wait_for_selector("#panel[open]")
    for key in "330481":
        page.click(f"#panel [data-key='{key}']")
    assert page.inner_text("#typed") == "••0481"
    page.click("#close")
    page.click("#to-camera")
    page.wait_for_function("() => document.querySelector('#typed').textContent.includes('摄像头')")  # There is none here.
