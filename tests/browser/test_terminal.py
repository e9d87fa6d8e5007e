"""The demo's terminal: three answers that nobody mistakes, at every size, from button and card reader alike."""

import random

import pytest

SIZES = [(1920, 1080), (1280, 800), (1024, 600), (800, 1280), (640, 400), (360, 640)]
STATES = {"person-0": "ok", "person-1": "amber", "person-2": "red", "person-3": "amber", "person-4": "red", "person-5": "ok"}
_OUTSIDE = """(() => { const frame = document.querySelector('main').getBoundingClientRect();
  return [...document.querySelectorAll('main *')].filter((each) => each.getClientRects().length && !each.closest('svg svg, svg > *'))
    .filter((each) => { const box = each.getBoundingClientRect();
      return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1; })
    .map((each) => each.id || each.className.baseVal || each.className); })()"""


def ready(open_page, path="/terminal/bus", *arguments, **more):
    page = open_page(path, *arguments, **more)
    page.wait_for_selector("html[data-ready]")
    return page


def tap(page, person):
    page.select_option("#person", person)
    page.click("button[type=submit]")
    page.wait_for_selector(f"main[data-state={STATES[person]}] #why:visible")


def size_of(page, selector):
    return page.locator(selector).evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)")


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.long)])
def test_every_answer_fits_and_is_large_at_every_size(open_page, lang):
    page = ready(open_page, "/terminal/bus", lang=lang)
    outside, small = {}, {}
    for person in ("", *STATES):
        if person:
            tap(page, person)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            outside[person, width, height] = page.evaluate(_OUTSIDE)
            small[person, width, height] = size_of(page, "#word") < 48 or size_of(page, "#price") < 28 or size_of(page, "#next") < 22
    assert {case: found for case, found in outside.items() if found} == {}
    assert [case for case, found in small.items() if found] == []


@pytest.mark.parametrize(
    ("person", "word", "price", "next_step"),
    [
        ("person-0", "优惠", ["付 1.00 元", "省 1.00 元"], "请上车"),
        ("person-1", "本餐已用", ["按原价 2.00 元"], "这一餐的优惠已经用过，下一餐还可以用"),
        ("person-2", "卡已挂失", [], "卡找到了？请到服务台解除挂失"),
        pytest.param("person-3", "按原价", ["付 2.00 元"], "", id="what a person is stays unsaid"),
        ("person-5", "免费", ["省 2.00 元"], "请上车"),
    ],
)
def test_an_answer_says_word_price_and_next_step(open_page, person, word, price, next_step):
    page = ready(open_page)
    tap(page, person)
    assert page.inner_text("#word") == word
    assert page.locator("#price span").all_inner_texts() == price
    assert page.inner_text("#next") == next_step


def test_each_answer_has_a_shape_of_its_own(open_page):
    page = ready(open_page)
    shown = {"idle": page.locator("main svg:visible").get_attribute("id")}
    for person in ("person-0", "person-1", "person-2"):
        tap(page, person)
        assert page.locator("main svg:visible").count() == 1
        shown[STATES[person]] = page.locator("main svg:visible").get_attribute("id")
    assert shown == {state: f"shape-{state}" for state in ("idle", "ok", "amber", "red")}


@pytest.mark.parametrize("sight", ["deuteranopia", "achromatopsia"])
def test_the_answers_stay_apart_for_eyes_without_red_and_green(open_page, sight):
    page = ready(open_page, "/terminal/bus", 400, 440)
    page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": sight})
    light = {}
    for person in ("person-0", "person-1", "person-2"):
        tap(page, person)
        light[STATES[person]] = _luminance(page.locator("main").screenshot())
    ordered = sorted(light.values())
    assert sorted(light, key=light.__getitem__) == ["ok", "amber", "red"]
    assert (ordered[1] + 0.05) / (ordered[0] + 0.05) >= 2


def _luminance(png):
    """Return the mean relative luminance of a picture, decoded by hand: 8-bit RGB or RGBA, as Chromium writes it."""
    import struct
    import zlib

    width, height, _, colour = struct.unpack(">IIBB", png[16:26])
    chunks, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        chunks += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    channels = {2: 3, 6: 4}[colour]
    data, stride = zlib.decompress(chunks), width * channels
    row, total, counted = bytearray(stride), 0.0, 0
    for line in range(height):
        start = line * (stride + 1)
        row = _unfiltered(data[start], data[start + 1 : start + 1 + stride], row, channels)
        for pixel in range(0, stride, channels * 37):
            total += sum(weight * (row[pixel + index] / 255) ** 2.2 for index, weight in enumerate((0.2126, 0.7152, 0.0722)))
            counted += 1
    return total / counted


def _unfiltered(kind, line, above, channels):
    out = bytearray(line)
    for at in range(len(out)):
        left, up, corner = (out[at - channels] if at >= channels else 0), above[at], (above[at - channels] if at >= channels else 0)
        if kind == 4:
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
        else:
            near = (0, left, up, (left + up) // 2)[kind]
        out[at] = (out[at] + near) & 255
    return out


def test_the_answer_is_one_region_that_is_read_at_once(open_page):
    page = ready(open_page)
    assert page.locator("[aria-live]").count() == 1
    assert page.locator("main").get_attribute("aria-live") == "assertive"


def test_the_way_from_answer_to_explanation(open_page):
    page = ready(open_page)
    tap(page, "person-0")
    page.click("#why")
    assert page.locator("h1").inner_text().startswith("优惠")


def test_a_tap_carries_token_number_clock_and_price(open_page, app):
    page = ready(open_page, "/terminal/canteen-haining")
    page.select_option("#service", "dinner")
    page.select_option("#credential", "2")
    tap(page, "person-0")
    page.select_option("#list-price", "1500")
    page.click("button[type=submit]")
    page.wait_for_function("() => document.querySelector('#why').href.includes('1000001')")
    first, second = app.uses
    assert first["authorization"] == "Bearer token-canteen-haining"
    assert (first["seq"], second["seq"]) == (1_000_000, 1_000_001)
    assert (first["service"], first["list_price"], second["list_price"]) == ("dinner", 1200, 1500)
    assert first["occurred_at"].startswith("2024-10-31T20:0") and first["occurred_at"].endswith("+08:00")


def test_a_number_that_another_page_took_is_asked_for_again(open_page, app):
    one, other = ready(open_page), ready(open_page)
    tap(one, "person-0")
    tap(other, "person-0")
    assert [use["seq"] for use in app.uses] == [1_000_000, 1_000_001]


def test_a_silent_server_is_told_apart_from_a_no(open_page, app):
    page = ready(open_page)
    app.behaviour = "busy"
    page.click("button[type=submit]")
    page.wait_for_selector("main[data-state=amber]")
    assert page.inner_text("#word") == "请稍等"
    page.route("**/v1/uses", lambda route: route.abort())
    page.click("button[type=submit]")
    page.wait_for_function("() => document.querySelector('#net').dataset.net === 'off'")
    assert page.inner_text("#word") == "没有连上" and not page.is_visible("#why")


READS = [("B00000001", "card"), ("AD0351899", "card"), ("330400d156000005" + "0a" * 8, "chip"), ("33049519580501123X", "id")]
READS += [("1.k1.9f8e7d6c5b4a.19580501.330481.330481.1730376000.abc." + "aB-_" * 22, "code")]


@pytest.mark.parametrize("focus", ["body", "#person", "#list-price", "button[type=submit]", "#sound"])
def test_a_card_reader_works_wherever_the_focus_is_and_changes_nothing_there(open_page, app, focus):
    page = ready(open_page)
    page.select_option("#person", "person-3")
    values = "() => [...document.querySelectorAll('select')].map((each) => each.value)"
    before = page.evaluate(values)
    chance = random.Random(7)
    for at, (line, _) in enumerate(READS, 1):
        if focus != "body":
            page.focus(focus)
        for key in line:
            page.keyboard.press(key, delay=chance.choice([0, 0, 0, 5]))
        page.keyboard.press("Enter")
        page.wait_for_function("(n) => document.querySelector('#why').href.includes(n)", arg=str(999_999 + at))
    assert [(use["credential"]["value"], use["credential"]["kind"]) for use in app.uses] == READS
    assert page.evaluate(values) == before
    assert page.get_attribute("#sound", "aria-pressed") == "false"


def test_what_a_person_types_is_no_card(open_page, app):
    page = ready(open_page)
    page.keyboard.type("12345678")
    page.keyboard.press("Enter")
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert app.uses == []


def test_two_reads_never_run_into_each_other(open_page, app):
    page = ready(open_page)
    page.keyboard.type("B0000")
    page.keyboard.press("Enter")
    page.keyboard.type("B00000001")
    page.keyboard.press("Enter")
    page.wait_for_selector("main[data-state=ok]")
    assert [use["credential"]["value"] for use in app.uses] == ["B00000001"]


def test_escape_brings_the_waiting_screen_back(open_page):
    page = ready(open_page)
    tap(page, "person-2")
    page.keyboard.press("Escape")
    assert page.inner_text("#word") == "请刷卡" and page.get_attribute("main", "data-state") == "idle"


def test_without_script_the_page_says_what_it_needs(open_page):
    page = open_page("/terminal/bus", scripts=False)
    assert "JavaScript" in page.locator("main").inner_text()
