"""The pages' routes: what they answer, to whom, and with which headers."""

import csv
import io
import re
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient

from tests.browser.fake_app import FakeApp, application

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture
async def browser(app: FakeApp) -> AsyncIterator[AsyncClient]:
    async with _client(app, "127.0.0.1") as client:
        yield client


@pytest.fixture
async def neighbour(app: FakeApp) -> AsyncIterator[AsyncClient]:
    async with _client(app, "192.168.1.7") as client:
        yield client


def _client(app: FakeApp, address: str) -> AsyncClient:
    transport = ASGITransport(application(app), client=(address, 50000))
    return AsyncClient(transport=transport, base_url=HERE, headers={"accept-language": "zh-CN"})


PAGES = ["/", "/terminal", "/terminal/bus", "/uses/granted", "/uses/withheld", "/uses/refused"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_page_speaks_the_language_it_is_asked_for(browser, path, lang):
    answer = await browser.get(f"{path}?lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in answer.text
    assert answer.headers["content-language"] == lang


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_holds_no_inline_script_or_style_and_names_no_other_host(browser, path):
    answer = await browser.get(path)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert not re.search(r"<style|style=|<script(?![^>]*\bsrc=)|\son[a-z]+=", answer.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


@pytest.mark.parametrize("path", [*PAGES[1:], "/terminal/bus/state"])
async def test_cast_and_records_are_shown_to_this_machine_alone(neighbour, path):
    answer = await neighbour.get(path)
    assert answer.status_code == 404
    assert "token" not in answer.text and "王" not in answer.text


async def test_outside_a_demo_nobody_sees_the_cast(app, browser):
    app.is_demo = False
    assert [(await browser.get(path)).status_code for path in (*PAGES[1:], "/terminal/bus/state")] == [404] * 6
    assert "演示" not in (await browser.get("/")).text


async def test_the_public_page_is_open_to_all_and_leads_strangers_to_no_closed_door(neighbour):
    answer = await neighbour.get("/")
    assert answer.status_code == 200 and 'href="/terminal' not in answer.text


async def test_the_public_page_and_its_style_stay_within_80_kilobytes(browser):
    page = (await browser.get("/")).text
    styles = [await browser.get(path) for path in re.findall(r'<link rel="[a-z]+" href="([^"]+)"', page)]
    assert len(styles) == 2 and all(style.status_code == 200 for style in styles)
    assert len(page.encode()) + sum(len(style.content) for style in styles) <= 80_000
    assert "<script" not in page


async def test_the_newsletters_figures_stand_on_the_public_page(browser):
    page = (await browser.get("/")).text
    assert all(figure in page for figure in ("63,365", "46,308", "1,522", "63365人次"))


async def test_figures_leave_as_json_and_as_csv(browser):
    assert (await browser.get("/bulletin.json")).json()["elder_pass"]["bus"] == 63365
    answer = await browser.get("/bulletin.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert ["elder_pass.bus", "63365"] in [[row[0], row[2]] for row in rows]
    assert next(row for row in rows if row[0] == "library.union_loan")[2] == ""


@pytest.mark.parametrize("path", ["/static/onecard.css", "/static/terminal.js", "/static/print.js", "/static/icon.svg"])
async def test_files_may_be_kept_for_their_address_names_their_content(browser, path):
    answer = await browser.get(path)
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/static/../pages.py", "/static/%2e%2e%2fpages.py", "/static/pages.py", "/static/"])
async def test_nothing_else_is_served_as_a_file(browser, path):
    assert (await browser.get(path)).status_code == 404


async def test_an_unknown_use_is_a_gentle_404(browser):
    answer = await browser.get("/uses/nobody.1")
    assert answer.status_code == 404 and "没有找到" in answer.text


async def test_a_terminals_state_starts_past_the_demos_own_numbers_and_goes_on_from_there(app, browser):
    assert (await browser.get("/terminal/bus/state")).json()["next_seq"] == 1_000_000
    app.uses.append({"terminal": "T330481-0000", "seq": 1_000_004, "use": "x"})
    state = (await browser.get("/terminal/bus/state")).json()
    assert state["next_seq"] == 1_000_005
    assert state["now"] == "2024-10-31T20:00:00+08:00"


async def test_a_second_card_of_a_person_is_told_apart(browser):
    labels = [credential["label"] for credential in (await browser.get("/terminal/bus/state")).json()["people"]["person-0"]]
    assert labels == ["社保卡", "卡芯片", "社保卡，第 2 张"]


@pytest.mark.parametrize(
    ("key", "service", "price"),
    [("bus", "ride", 200), ("scenic", "entry", 5000), ("museum", "entry", 0), ("canteen-haining", "lunch", 1500)],
)
async def test_the_usual_price_comes_first(browser, key, service, price):
    assert (await browser.get(f"/terminal/{key}/state")).json()["services"][service]["prices"][0]["fen"] == price
