"""The console over HTTP: who sees what, what a write must carry, what is told of what is not there, files of exactly the filter."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from onecard.web.console_nav import PLACES
from tests.stories.doors import City
from tests.stories.test_staff import code_of

MONTH = "from=2024-10-01&until=2024-10-31"
WHO = ("card-clerk", "dept-330481", "dept-330483", "auditor", "viewer", "admin-security", "bank-clerk")


class Desk:
    """One of the staff at the console, signed in by its form."""

    def __init__(self, city: City, key: str) -> None:
        self.login = next(each for each in city.cast["logins"] if each["key"] == key)
        self.http = httpx.Client(base_url=city.serving.url, timeout=30, headers={"accept-language": "en"})
        self.entered = self.enter()

    def enter(self, **other: str) -> httpx.Response:
        told = {"user": self.login["user"], "password": self.login["password"], "totp": code_of(self.login), **other}
        return self.http.post("/console/sign-in", data=told)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/console/me").text)
        assert found is not None
        return found[1]


@pytest.fixture(scope="module")
def desks(city: City) -> Iterator[dict[str, Desk]]:
    made = {key: Desk(city, key) for key in WHO}
    yield made
    for each in made.values():
        each.http.close()


@pytest.fixture
def clerk(desks: dict[str, Desk]) -> Desk:
    return desks["card-clerk"]


def cells(row: str) -> list[str]:
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]


def uses_on(page: str) -> list[str]:
    return re.findall(r'<tr data-row="([^"]+)"', page)


def test_after_signing_in_one_is_where_one_wanted_to_go(city: City, desks: dict[str, Desk]):
    assert all(each.entered.status_code == 303 and each.entered.headers["location"] == "/console" for each in desks.values())
    with httpx.Client(base_url=city.serving.url) as stranger:
        asked = stranger.get(f"/console/uses?{MONTH}")
        assert asked.status_code == 303
        door = urlsplit(asked.headers["location"])
        assert door.path == "/console/sign-in" and parse_qs(door.query)["next"] == [f"/console/uses?{MONTH}"]
        for evil in ("https://evil.example/", "//evil.example", "/consoles", "/console\\@evil.example"):
            assert "evil" not in stranger.get("/console/sign-in", params={"next": evil}).text


def test_navigation_and_doors_agree_for_everybody(desks: dict[str, Desk]):
    for key, desk in desks.items():
        shown = set(
            re.findall(r'<a href="(/console[^"]*)"', desk.get("/console").text.partition('<nav class="side"')[2].partition("</nav>")[0])
        )
        opened = {place.path for place in PLACES if desk.get(place.path).status_code == 200}
        refused = {place.path for place in PLACES if desk.get(place.path).status_code == 403}
        assert shown == opened and opened | refused == {place.path for place in PLACES}, key


def test_what_is_out_of_scope_answers_byte_for_byte_as_what_is_not_there(desks: dict[str, Desk]):
    haining = uses_on(desks["dept-330481"].get(f"/console/uses?{MONTH}").text)[0]
    assert desks["dept-330481"].get(f"/console/uses/{haining}").status_code == 200
    other = desks["dept-330483"]
    there, absent = other.get(f"/console/uses/{haining}"), other.get("/console/uses/T330483-9999.1")
    assert there.status_code == absent.status_code == 404
    assert there.content == absent.content
    assert {**there.headers, "date": ""} == {**absent.headers, "date": ""}


@pytest.mark.parametrize("where", ["region=330483", "site=%25", "terminal=T330483-0465", "resident=1"])
def test_no_filter_opens_another_county(desks: dict[str, Desk], where: str):
    answer = desks["dept-330481"].get(f"/console/uses?{MONTH}&{where}")
    assert answer.status_code in (200, 404) and not [use for use in uses_on(answer.text) if not use.startswith("T330481")]
    files = desks["dept-330481"].get(f"/console/uses.csv?{MONTH}&{where}")
    assert "T330483" not in files.text


def test_a_file_holds_exactly_what_the_filter_finds_and_taking_it_is_on_record(desks: dict[str, Desk], clerk: Desk):
    page = clerk.get(f"/console/uses?{MONTH}&kind=canteen").text
    uses, _, _, listed, paid, saved = [text.replace(",", "") for text in re.findall(r"<dd>([\d.,]+)</dd>", page)[:6]]
    file = clerk.get(f"/console/uses.csv?{MONTH}&kind=canteen")
    assert file.headers["content-type"] == "text/csv; charset=utf-8" and file.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))[1:]
    assert len(rows) == int(uses) > 50
    kept = [row for row in rows if not row[11] and row[6] not in ("Card reported lost",)]
    assert float(saved) == pytest.approx(float(listed) - float(paid))
    assert sum(float(row[8]) for row in kept) == pytest.approx(float(paid))
    workbook = clerk.get(f"/console/uses.xlsx?{MONTH}&kind=canteen")
    sheet = zipfile.ZipFile(io.BytesIO(workbook.content)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(rows) + 1
    assert not re.search(r"\d{17}[\dX]", file.text + sheet)


def test_pages_follow_each_other_without_gap_or_overlap(clerk: Desk):
    path, seen = f"/console/uses?{MONTH}&kind=canteen", []
    total = int(re.findall(r"<dd>([\d,]+)</dd>", clerk.get(path).text)[0].replace(",", ""))
    while path:
        page = clerk.get(path).text
        seen += uses_on(page)
        following = re.search(r'id="page-next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize(
    "after", ["x", "AAAA", "W10", "WzEsIlQiLC0xXQ", "W10=", "%00", "A" * 500, "WzFlOTk5LCJUIiwxXQ", "WzkyMjMzNzIwMzY4NTQ3NzU4MDgsIlQiLDFd"]
)
def test_a_place_that_no_page_told_is_refused_in_words(clerk: Desk, after: str):
    answer = clerk.get(f"/console/uses?{MONTH}&after={after}")
    assert answer.status_code == 422 and "<h1>" in answer.text


def test_a_write_carries_its_token_its_fields_and_nothing_else(clerk: Desk):
    csrf = clerk.csrf
    settings = "/console/me/settings"
    assert clerk.http.post(settings, data={"csrf": csrf, "lang": "en", "theme": "auto", "key": ["j"]}).status_code == 303
    for wrong in ({"lang": "en"}, {"csrf": "0" * 64, "lang": "en"}):
        assert clerk.http.post(settings, data=wrong).status_code == 403
    assert clerk.http.post(settings, data={"csrf": csrf, "lang": "en", "admin": "1"}).status_code == 422
    assert clerk.http.post(settings, json={"lang": "en"}).status_code == 422
    assert clerk.http.post(settings, data={"csrf": csrf}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert clerk.http.post("/console/sign-in", data={"user": "x"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert clerk.http.post(settings, content=b"csrf=" + csrf.encode() + b"&lang=" + b"x" * 20_000,
                           headers={"content-type": "application/x-www-form-urlencoded"}).status_code == 413  # fmt: skip
    assert clerk.get("/console/me").status_code == 200


def test_somebody_elses_session_cannot_be_ended(desks: dict[str, Desk], clerk: Desk):
    own = re.findall(r"/console/me/sessions/([0-9a-f]{64})/end", clerk.get("/console/me").text)
    for handle in ("0" * 64, "zz", *own[:1]):
        viewer = desks["viewer"]
        assert viewer.http.post(f"/console/me/sessions/{handle}/end", data={"csrf": viewer.csrf}).status_code == 404


def test_a_second_session_can_be_ended_from_the_first_and_then_leads_to_the_door(city: City):
    first, second = Desk(city, "medical-clerk"), Desk(city, "medical-clerk")
    (handle,) = set(re.findall(r"/console/me/sessions/([0-9a-f]{64})/end", first.get("/console/me").text))
    assert first.http.post(f"/console/me/sessions/{handle}/end", data={"csrf": first.csrf}).status_code == 303
    ended = second.get("/console/me")
    assert ended.status_code == 303 and "ended=1" in ended.headers["location"]
    swapped = second.http.get("/console/me", headers={"hx-request": "true"})
    assert swapped.status_code == 401 and swapped.headers["hx-redirect"].startswith("/console/sign-in?")
    assert first.http.post("/console/sign-out", data={"csrf": first.csrf}).headers["location"] == "/console/sign-in?out=1"
    assert first.get("/console").status_code == 303
    for each in (first, second):
        each.http.close()


def test_a_persons_number_is_found_masked_and_stands_in_no_address(city: City, clerk: Desk, desks: dict[str, Desk]):
    person: Any = next(each for each in city.cast["people"] if each["key"] == "local-72")
    values = {kind: next(each["value"] for each in person["credentials"] if each["kind"] == kind) for kind in ("id", "card", "chip")}
    for value in values.values():
        found = clerk.http.post("/console", data={"csrf": clerk.csrf, "q": value})
        assert found.status_code == 200 and "/console/desk/" in found.text
        assert values["id"] not in found.text and values["chip"] not in found.text and person["name"] not in found.text
        assert (
            desks["dept-330483"].http.post("/console", data={"csrf": desks["dept-330483"].csrf, "q": value}).text.count("/console/desk/")
            == 0
        )
    typed = "请查 " + values["id"].translate(str.maketrans("0123456789X", "０１２３４５６７８９ｘ"))
    found = clerk.http.post("/console", data={"csrf": clerk.csrf, "q": typed})
    assert found.status_code == 200 and "/console/desk/" in found.text and typed not in found.text
    named = clerk.http.post("/console", data={"csrf": clerk.csrf, "q": "T330481"})
    assert named.status_code == 200 and 'class="hit" href="/console/uses?terminal=T330481' in named.text


def test_a_number_typed_into_a_filter_becomes_the_resident_before_it_stands_in_an_address(city: City, clerk: Desk, desks: dict[str, Desk]):
    person: Any = next(each for each in city.cast["people"] if each["key"] == "local-72")
    number = next(each["value"] for each in person["credentials"] if each["kind"] == "id")
    led = clerk.http.post("/console/uses", data={"csrf": clerk.csrf, "from": "2024-10-01", "terminal": f" {number[:6]} {number[6:]} "})
    assert led.status_code == 303
    assert re.fullmatch(r"/console/uses\?from=2024-10-01&resident=[1-9][0-9]*", led.headers["location"])
    assert clerk.get(led.headers["location"]).status_code == 200
    elsewhere = desks["dept-330483"]
    led = elsewhere.http.post("/console/uses", data={"csrf": elsewhere.csrf, "site": number})
    assert led.headers["location"] == "/console/uses?resident=0", "whom he may not see is nobody"
    refused = desks["auditor"].http.post("/console/audit", data={"csrf": desks["auditor"].csrf, "person": number})
    assert refused.status_code == 422 and number not in refused.text, "an auditor finds nobody by number"
    plain = clerk.http.post("/console/uses", data={"csrf": clerk.csrf, "from": "2024-10-01", "until": "2024-10-31", "kind": "bus"})
    assert plain.headers["location"] == "/console/uses?from=2024-10-01&until=2024-10-31&kind=bus"
    assert clerk.http.post("/console/uses", data={"csrf": clerk.csrf, "fund": "1"}).status_code == 422


@pytest.mark.parametrize(
    "text", ["%", "__", "%%%", "'; DROP TABLE ledger_use; --", "<img src=x onerror=alert(1)>", "\u202e", "=1+1", "x" * 500]
)
def test_whatever_is_looked_for_finds_nothing_and_breaks_nothing(clerk: Desk, text: str):
    answer = clerk.http.post("/console", data={"csrf": clerk.csrf, "q": text})
    assert answer.status_code == 200 and "<img src=x" not in answer.text and not re.search(r'class="hit"', answer.text)


def test_no_page_of_the_console_is_kept_or_framed(clerk: Desk):
    for path in ("/console", "/console/me", f"/console/uses?{MONTH}", "/console/no-such-page"):
        headers = clerk.get(path).headers
        assert headers["cache-control"] == "no-store" and "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "strict-origin"
