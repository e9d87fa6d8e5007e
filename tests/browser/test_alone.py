"""The terminal page without its server: it decides, keeps, sends everything once and in order, and never shows what is not on disk."""

import json
import time
from pathlib import Path

import pytest

from onecard.terminals.hotlist import encode_delta
from onecard.web.assets import asset_url
from tests.browser.fake_terminals import late_loss
from tests.browser.test_terminal import ready

BUS = "/terminal/bus"
LOG_JS = asset_url("log.js")  # The address under which the page has it already, also without a network.
_ASKED = f"""async () => {{ const {{ Log, VERSION }} = await import('{LOG_JS}'), log = await Log.open('TERMINAL', VERSION + NEWER);
  const all = (store) => new Promise((done) => {{
    const request = log.db.transaction(store).objectStore(store).getAll(); request.onsuccess = () => done(request.result); }});
  const found = await all('STORE'); log.close(); return found; }}"""

WAITS = """() => { window.waits = []; const later = window.setTimeout;
  window.setTimeout = (done, ms, ...told) => { if (told[0] === 'silent') window.waits.push(ms); return later(done, ms, ...told); }; }"""


@pytest.fixture
def alone(app, open_page):
    """Open the bus's page, told all it needs to stand alone and kept for the day without a network."""

    def opened(path=BUS):
        app.stands_alone = True
        page = ready(open_page, path)
        page.wait_for_selector("html[data-alone=ready][data-kept=yes]")
        return page

    return opened


def stored(page, store="uses", newer=0, terminal="T330481-0000"):
    """Return what stands in a store of the terminal's log, read by the log's own code."""
    return page.evaluate(_ASKED.replace("STORE", store).replace("NEWER", str(newer)).replace("TERMINAL", terminal))


def scan(page, value):
    page.keyboard.type(value)
    page.keyboard.press("Enter")


def answered(page, count, seconds=20):
    """Wait until so many uses stand in the terminal's log with an answer."""
    until = time.monotonic() + seconds
    while (found := sum("answer" in record for record in stored(page))) < count and time.monotonic() < until:
        page.wait_for_timeout(20)
    assert found == count


def sent(app, count, seconds=15):
    until = time.monotonic() + seconds
    while len(app.uses) < count and time.monotonic() < until:
        time.sleep(0.05)
    return [(use["seq"], use["credential"]["value"], (use.get("offline") or {}).get("outcome")) for use in app.uses]


@pytest.mark.parametrize(
    ("card", "state", "word", "price"),
    [
        ("B00000001", "ok", "离线通过", ["付 1.00 元", "省 1.00 元"]),
        pytest.param("B00000003", "red", "请联系工作人员", [], id="on the hotlist"),
        pytest.param("B00000004", "amber", "按原价", ["付 2.00 元"], id="57 years old"),
        ("B00000006", "ok", "离线通过", ["省 2.00 元"]),
        pytest.param("B00000099", "amber", "待核实", ["付 2.00 元"], id="unknown here is never called invalid"),
    ],
)
def test_without_a_server_it_decides_by_the_citys_own_documents(alone, card, state, word, price):
    page = alone()
    page.context.set_offline(True)
    scan(page, card)
    page.wait_for_selector(f"main[data-state={state}]")
    assert (page.inner_text("#word"), page.locator("#price span").all_inner_texts()) == (word, price)
    assert page.inner_text("#net") == "没连上·待传 1" and not page.is_visible("#why")


@pytest.mark.long
def test_two_hundred_taps_without_network_arrive_once_each_in_order(alone, app):
    page = alone()
    page.context.set_offline(True)
    begun = time.monotonic()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert time.monotonic() - begun < 1.5
    cards = ["B00000001", "B00000003", "B00000006", "B00000099"] * 50
    for at, card in enumerate(cards[:150], 1):
        scan(page, card)
        if at % 15 == 0:
            answered(page, at)
    context = page.context
    page.close()
    page = context.new_page()  # Closed and opened again, still without network.
    page.goto(f"{app.address}{BUS}")
    page.wait_for_selector("html[data-ready]")
    assert page.get_attribute("#net", "data-waiting") == "150"
    for at, card in enumerate(cards[150:], 151):
        scan(page, card)
        if at % 10 == 0:
            answered(page, at)
    assert app.uses == []
    context.set_offline(False)
    told = sent(app, 200)
    assert [seq for seq, _, _ in told] == list(range(1_000_000, 1_000_200))
    assert [value for _, value, _ in told] == cards
    assert {value: outcome for _, value, outcome in told} == {card: "refused" if card == "B00000003" else "accepted" for card in cards}
    page.wait_for_selector("#net[data-waiting='0'][data-net=on]")


def test_a_stalled_server_is_not_waited_for_and_its_late_answer_changes_nothing_shown(alone, app):
    page = alone()
    app.behaviour = "stall"
    page.evaluate(WAITS)
    scan(page, "B00000001")
    page.wait_for_selector("main[data-state=ok]")
    assert page.evaluate("waits") == [800]
    assert page.inner_text("#word") == "离线通过"
    scan(page, "B00000003")  # The next person.
    page.wait_for_selector("main[data-state=red]")
    assert set(page.evaluate("waits")) == {800}
    page.wait_for_timeout(5500)
    assert page.inner_text("#word") == "请联系工作人员"
    assert sorted({use["seq"] for use in app.uses}) == [1_000_000, 1_000_001]
    first = next(record for record in stored(page) if record["seq"] == 1_000_000)
    assert first["state"] == "sent" and first["answer"]["paid"] == 100


def test_the_network_is_used_again_as_soon_as_it_is_back(alone, app):
    page = alone()
    page.context.set_offline(True)
    scan(page, "B00000001")
    page.wait_for_selector("#net[data-net=off][data-waiting='1']")
    page.context.set_offline(False)
    page.wait_for_selector("#net[data-net=on][data-waiting='0']", timeout=8000)
    scan(page, "B00000006")
    page.wait_for_selector("#why:visible")
    assert [use.get("offline") for use in app.uses] == [{"outcome": "accepted", "paid": 100, "hotlist": 1}, None]


@pytest.mark.parametrize(
    ("brings", "fetched"),
    [
        pytest.param(None, [0, 1], id="the event names a version"),
        pytest.param(late_loss(), [0], id="the event brings the difference"),
        pytest.param(late_loss()[:-1], [0, 1], id="what the event brings is damaged"),
        pytest.param(encode_delta(7, 8, [1], []), [0, 1], id="what the event brings begins elsewhere"),
    ],
)
def test_a_loss_told_while_online_counts_alone_a_second_later(alone, app, brings, fetched):
    page = alone()
    app.brings, app.lost_late = brings, True
    page.wait_for_timeout(1000)
    page.context.set_offline(True)
    scan(page, "B00000006")
    page.wait_for_selector("main[data-state=red]")
    assert page.inner_text("#word") == "请联系工作人员"
    assert app.hotlists == fetched


def test_what_was_granted_online_counts_when_it_stands_alone(alone, app):
    page = alone()
    scan(page, "B00000001")
    page.wait_for_selector("#why:visible")
    page.context.set_offline(True)
    scan(page, "B00000001")
    page.wait_for_selector("#net[data-waiting='1']")
    used = [[number for _, number in card["used"]] for card in stored(page, "seen")]
    assert used == [[1]]  # The fake server names no programme; what was decided here is counted once.


def test_an_upgrade_of_the_log_keeps_every_use(alone):
    page = alone()
    page.context.set_offline(True)
    scan(page, "B00000001")
    page.wait_for_selector("#net[data-waiting='1']")
    kept = stored(page, newer=1)
    assert [(record["seq"], record["state"]) for record in kept] == [(1_000_000, "waiting")]


def test_a_number_is_never_given_twice_though_two_pages_share_a_log(alone, app):
    page = alone()
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("html[data-ready]")
    page.context.set_offline(True)
    for _ in range(10):
        scan(page, "B00000001")
        scan(other, "B00000006")
    answered(page, 20)
    assert [record["seq"] for record in stored(page)] == list(range(1_000_000, 1_000_020))


def test_what_is_undone_alone_is_taken_back_after_it_arrived(alone, app):
    page = alone()
    page.context.set_offline(True)
    scan(page, "B00000001")
    page.wait_for_selector("#net[data-waiting='1']")
    page.click("#menu")
    page.click("#uses button")
    page.wait_for_selector("#uses .state:text('正在撤销')")
    page.context.set_offline(False)
    page.click("#upload")
    page.wait_for_function("() => true")
    until = time.monotonic() + 10
    while not app.reversals and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert app.reversals == [("T330481-0000.1000000", "刷错了人")]
    assert [use["seq"] for use in app.uses] == [1_000_000]


def test_the_log_is_handed_out_as_a_file(alone):
    page = alone()
    page.context.set_offline(True)
    scan(page, "B00000001")
    page.wait_for_selector("#net[data-waiting='1']")
    page.click("#menu")
    with page.expect_download() as download:
        page.click("#export")
    assert download.value.suggested_filename == "onecard-T330481-0000.json"
    content = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert [(use["seq"], use["offline"]["paid"]) for use in content["uses"]] == [(1_000_000, 100)]


def test_the_start_button_unlocks_the_voice_and_an_answer_is_spoken(alone):
    page = alone()
    page.evaluate("""() => { window.spoken = []; const sources = AudioBufferSourceNode.prototype, start = sources.start;
      sources.start = function (...when) { window.spoken.push(this.buffer.duration); return start.apply(this, when); }; }""")
    scan(page, "B00000001")
    page.wait_for_selector("main[data-state=ok]")
    assert page.evaluate("window.spoken") == []  # Nothing before the first touch.
    page.click("#menu")
    page.click("#start")
    page.wait_for_selector("#ready li:has-text('语音') .tag.ok")
    page.click("#close")
    page.context.set_offline(True)
    scan(page, "B00000006")
    page.wait_for_selector("#net[data-net=off]")
    assert [0.4 < duration < 2.5 for duration in page.evaluate("window.spoken")] == [True]


def test_a_real_terminal_is_told_once_who_it_is_and_serves_also_alone(open_page, app):
    app.stands_alone = True
    page = open_page("/terminal/device")
    page.wait_for_selector("#device:visible")
    page.fill("#device-terminal", "T330481-0000")
    page.fill("#device-token", "token-bus")
    page.click("#device button")
    page.wait_for_selector("html[data-alone=ready][data-kept=yes]")
    page.wait_for_selector("#panel[open] #ready li:has-text('语音')")  # First: is it ready? One touch unlocks the sound.
    page.click("#start")
    page.wait_for_selector("#ready li:has-text('语音') .tag.ok")
    page.click("#close")
    assert (page.inner_text("#name"), page.locator("#service option").all_inner_texts()) == ("8 路", ["乘车"])
    page.fill("#list-price", "2.00")
    scan(page, "B00000001")
    page.wait_for_selector("main[data-state=ok]")
    assert (page.inner_text("#word"), page.inner_text("#next")) == ("优惠", "请上车") and page.input_value("#list-price") == "2.00"
    assert not page.is_visible("#why")  # Explanations are not for who stands before a terminal.
    page.wait_for_selector("main[data-state=idle]", timeout=3000)  # Green for a second and a half.
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert (page.inner_text("#next"), page.is_visible("#panel")) == ("请把卡或二维码靠近读卡器", False)
    page.fill("#list-price", "2.00")
    scan(page, "B00000003")
    page.wait_for_selector("main[data-state=red]")
    use = app.uses[0]
    assert (use["terminal"], use["list_price"], use["authorization"]) == ("T330481-0000", 200, "Bearer token-bus")
