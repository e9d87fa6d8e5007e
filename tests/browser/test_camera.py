"""The camera: a code held before it is read and tapped, by the browser's own detector or by ours, with and without a network."""

from contextlib import contextmanager
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import segno

from tests.browser.conftest import CHROMIUM
from tests.browser.test_codes import ISSUERS, shown

WIDTH, HEIGHT, MODULE = 640, 480, 6
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
_SEES = """window.BarcodeDetector = class { static async getSupportedFormats() { return ['qr_code']; }
  async detect() { return [{ rawValue: 'CODE' }]; } };
navigator.mediaDevices.getUserMedia = async () => document.createElement('canvas').captureStream();
HTMLMediaElement.prototype.play = async () => {};"""


def film(text):
    """Return one grey picture of the code of *text*, in the middle of a camera's sight, as a film in the form YUV4MPEG2."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix_iter(scale=MODULE, border=4)]
    assert len(rows) <= HEIGHT
    left, top = (WIDTH - len(rows[0])) // 2, (HEIGHT - len(rows)) // 2
    picture = [bytearray([120] * WIDTH) for _ in range(HEIGHT)]
    for at, row in enumerate(rows):
        picture[top + at][left : left + len(row)] = bytes(40 if dark else 200 for dark in row)  # A phone in a hall, not ink on paper.
    frame = b"FRAME\n" + b"".join(picture) + bytes([128]) * (WIDTH * HEIGHT // 2)
    return b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % (WIDTH, HEIGHT) + frame * 2


@contextmanager
def camera_sees(chromium, folder, text):
    """Open a browser whose camera sees the code of *text*, and yield an empty page of it."""
    (folder / "film.y4m").write_bytes(film(text))
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", *CAMERA, f"--use-file-for-fake-video-capture={folder / 'film.y4m'}"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    try:
        yield browser.new_page(locale="zh-CN")
    finally:
        browser.close()


def opened(page, app):
    page.goto(f"{app.address}/terminal/bus")
    page.wait_for_selector("html[data-ready]")
    page.click("#menu")
    page.wait_for_selector("#panel[open]")


def vendored(urls):
    return sorted({urlsplit(url).path for url in urls if "/vendor/" in url})


def test_a_code_before_the_camera_is_read_by_our_own_reader_and_tapped(chromium, app, tmp_path):
    app.stands_alone, code, asked, said = True, shown("SM"), [], []
    with camera_sees(chromium, tmp_path, code) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        opened(page, app)
        assert page.evaluate("'BarcodeDetector' in window") is False
        assert page.evaluate("'ZXingWASM' in window") is False  # Loaded on first use.
        page.click("#camera")
        page.wait_for_selector("#why:visible")
        assert [use["credential"] for use in app.uses] == [{"kind": "code", "value": code}]
        assert not page.is_visible("#panel") and not page.is_visible("#sight")
        assert page.evaluate("document.querySelector('#viewfinder').srcObject.active") is False  # The camera's light is off.
        assert vendored(asked) == ["/static/vendor/zxing-reader.js", "/static/vendor/zxing_reader.wasm"]
    assert said == []
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(app.address).netloc}


def test_the_camera_reads_also_without_a_network(chromium, app, tmp_path):
    app.stands_alone, app.issuers = True, ISSUERS
    now = app.now() + timedelta(seconds=1)
    with camera_sees(chromium, tmp_path, shown("SM", born=date(1950, 1, 1), home_region="341800", issued_at=now)) as page:
        opened(page, app)
        page.wait_for_selector("html[data-alone=ready][data-kept=yes]")
        page.context.set_offline(True)
        page.reload()
        page.wait_for_selector("html[data-ready]")
        page.click("#menu")
        page.click("#camera")
        page.wait_for_selector("main[data-state=ok]")
        assert (page.inner_text("#word"), app.uses) == ("离线通过", [])


def test_where_the_browser_reads_codes_itself_nothing_is_loaded(open_page, app):
    code, asked = shown("SM"), []
    page = open_page("/terminal")
    page.context.add_init_script(_SEES.replace("CODE", code))
    page.on("request", lambda request: asked.append(request.url))
    opened(page, app)
    page.click("#camera")
    page.wait_for_selector("#why:visible")
    assert [use["credential"] for use in app.uses] == [{"kind": "code", "value": code}]
    assert page.evaluate("'ZXingWASM' in window") is False


@pytest.mark.parametrize(
    ("mistake", "says"),
    [("NotAllowedError", "摄像头没有打开：请在浏览器设置里允许，或输入卡号"), ("NotFoundError", "摄像头用不了：请用读卡器，或输入卡号")],
)
def test_a_camera_that_cannot_be_used_is_told_and_the_number_may_be_typed(open_page, app, mistake, says):
    page = open_page("/terminal")
    page.context.add_init_script(f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{mistake}'); }};")
    opened(page, app)
    page.click("#camera")
    page.wait_for_function("() => document.querySelector('#typed').textContent")
    assert page.inner_text("#typed") == says and not page.is_visible("#sight")
    page.click("[data-key='1']")
    assert page.inner_text("#typed") == "1"


def test_a_code_that_is_none_of_ours_is_no_tap_and_the_page_says_so(chromium, app, tmp_path):
    with camera_sees(chromium, tmp_path, "https://example.org/nothing-of-ours") as page:
        opened(page, app)
        page.click("#camera")
        page.wait_for_selector("#sight", state="hidden")  # Read, and no credential: nothing is tapped.
        page.wait_for_timeout(300)
        assert app.uses == [] and page.inner_text("#typed") == "这不是社保卡的码"


def test_only_the_terminals_page_may_compile(open_page):
    compiled = "WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => true, () => false)"
    paths = ["/terminal/bus", "/terminal/device", "/terminal", "/", "/uses/granted"]
    assert [open_page(path).evaluate(compiled) for path in paths] == [True, True, False, False, False]
