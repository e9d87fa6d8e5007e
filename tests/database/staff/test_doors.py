"""The staff's HTTP doors: sessions as cookies, writes that carry their token, bad input, and what is never told."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI

from onecard.app.opening import Store
from onecard.web.staff_access import PUBLIC, RouteUndeclared, refuse_undeclared
from tests.database.staff.office import CARDS, HAINING, IDS, LOST, NAMES, Office, doors, enter, open_office

Browsers = Callable[[], httpx.AsyncClient]
PEOPLE = ("clerk", "boss", "clerk-haining", "clerk-tongxiang", "viewer")


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, PEOPLE) as office:
        yield office


@pytest.fixture
async def browser(office: Office) -> AsyncIterator[Browsers]:
    async with doors(office.desk) as browser:
        yield browser


def body(office: Office, who: str, **other: Any) -> dict[str, Any]:
    account = office.accounts[who]
    return {"user": account.account, "password": account.password, "totp": office.shown(who), **other}


async def test_a_session_is_told_as_promised_and_kept_in_a_closed_cookie(office: Office, browser: Browsers):
    one = browser()
    told = await enter(office, one, "clerk-haining")
    assert (told["user"], told["role"]) == ("clerk-haining", "card-clerk")
    assert told["scope"] == {"region": "330481", "scenes": ["*"], "programmes": ["*"]}
    assert told["expires_at"] == "2024-10-31T12:15:00+08:00"
    assert (await one.get("/v1/session")).json() == told


async def test_the_cookie_is_bound_to_the_host_over_https(office: Office, browser: Browsers):
    office.code("clerk")
    for url, name, secure in (("http://city.test", "onecard_session", False), ("https://city.test", "__Host-onecard_session", True)):
        office.unix[0] += 30
        answer = await browser().post(f"{url}/v1/session", json=body(office, "clerk"))
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{name}=")
        assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
        assert ("Secure" in cookie.split("; ")) == secure
        assert "Domain" not in cookie


async def test_signing_out_ends_the_session_for_every_copy_of_it(office: Office, browser: Browsers):
    one, copy = browser(), browser()
    await enter(office, one, "clerk")
    copy.cookies.update(one.cookies)
    assert (await copy.get("/v1/residents/1")).status_code == 200
    assert (await one.delete("/v1/session")).status_code == 204
    assert (await copy.get("/v1/residents/1")).status_code == 401
    assert (await one.get("/v1/session")).status_code == 401


async def test_a_code_that_was_used_and_a_lock_are_told_by_their_status(office: Office, browser: Browsers):
    one = browser()
    office.code("clerk")
    again = body(office, "clerk")
    assert (await one.post("/v1/session", json=again)).status_code == 200
    assert (await one.post("/v1/session", json=again)).status_code == 401
    for _ in range(4):
        assert (await one.post("/v1/session", json={**again, "password": "wrong"})).status_code == 401
    locked = await one.post("/v1/session", json=body(office, "clerk"))
    assert locked.status_code == 429
    assert int(locked.headers["retry-after"]) > 800


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"extra": 1}, id="extra field"), pytest.param({"user": ["clerk"]}, id="wrong type"),
        pytest.param({"totp": 123456}, id="code as a number"), pytest.param({"password": "x" * 257}, id="long password"),
        pytest.param({"user": "a\x00b"}, id="NUL"), pytest.param({"user": ""}, id="empty"),
    ],
)  # fmt: skip
async def test_a_malformed_sign_in_is_no_attempt(office: Office, browser: Browsers, bad: dict[str, Any]):
    before = office.desk.staff.sign_in.passwords.evaluated
    answer = await browser().post("/v1/session", json=body(office, "clerk", **bad))
    assert answer.status_code == 422
    assert office.desk.staff.sign_in.passwords.evaluated == before


async def test_a_write_carries_the_sessions_own_token(office: Office, browser: Browsers):
    one, other = browser(), browser()
    await enter(office, one, "clerk")
    foreign = (await enter(office, other, "boss"))["csrf"]
    path, sent = f"/v1/cards/{CARDS[1]}/loss", {"kind": "temp", "reason": "left on a bus"}
    for token in ("", "wrong", "é", foreign):
        answer = await one.post(path, json=sent, headers=[(b"X-CSRF-Token", token.encode())])
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/staff/csrf-missing")
    cross = await one.post(path, json=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403
    assert (await one.get(f"/v1/cards/{CARDS[1]}")).json()["social"]["state"] == "active"
    assert (await one.post(path, json=sent)).json()["social"]["state"] == "temp_loss"


async def test_what_is_shown_is_masked(office: Office, browser: Browsers):
    one = browser()
    await enter(office, one, "clerk")
    told = (await one.get("/v1/residents/1")).json()
    assert (told["name"], told["number"]) == ("王*国", f"{IDS[1][:6]}********{IDS[1][-4:]}")
    pages = [f"/v1/residents?id={IDS[1]}", f"/v1/residents?card={CARDS[2]}", "/v1/residents", "/v1/residents/2", f"/v1/cards/{CARDS[1]}"]
    for path in pages:
        text = (await one.get(path)).text
        assert not any(whole in text for whole in (*IDS.values(), *CARDS.values(), *NAMES.values())), path


async def test_another_countys_person_is_absent_by_every_way_of_asking(office: Office, browser: Browsers):
    one = browser()
    await enter(office, one, "clerk-haining")
    theirs, nobody = f"/v1/cards/{CARDS[3]}", "/v1/cards/A00000077"
    pairs = [("/v1/residents/3", "/v1/residents/77"), (theirs, nobody)]
    for path, absent in pairs:
        mine, gone = await one.get(path), await one.get(absent)
        assert (mine.status_code, mine.content) == (404, gone.content)
        assert sorted(mine.headers.items()) == sorted(gone.headers.items())
    for query in (f"card={CARDS[3]}", f"id={IDS[3]}", "region=330483", "region=330483&after=330483-1"):
        assert (await one.get(f"/v1/residents?{query}")).json() == {"residents": [], "after": None}
    listed = (await one.get("/v1/residents")).json()["residents"]
    assert [each["resident"] for each in listed] == ["1", "2"]
    handle = (await enter_and_look(office, browser(), "clerk-tongxiang", 3))["id"]
    assert (await one.get(f"/v1/cards/{handle}")).status_code == 404
    for path, sent in (("/v1/residents/3/full-id", {"purpose": "curious"}), (f"{theirs}/cancel", {"reason": "none"})):
        assert (await one.post(path, json=sent)).status_code == 404


async def enter_and_look(office: Office, browser: httpx.AsyncClient, who: str, subject: int) -> dict[str, Any]:
    await enter(office, browser, who)
    told: dict[str, Any] = (await browser.get(f"/v1/cards/{CARDS[subject]}")).json()
    return told


@pytest.mark.parametrize("text", ["%", "_", "A0000000_", "%A00000001", "' OR 1=1", "A00000001%", "Ａ00000001", "<img onerror>", "a\x00b"])
async def test_a_search_is_no_pattern_and_no_statement(office: Office, browser: Browsers, text: str):
    one = browser()
    await enter(office, one, "clerk")
    for name in ("card", "chip", "id"):
        answer = await one.get("/v1/residents", params={name: text})
        assert (answer.status_code, answer.json()["residents"]) == (200, [])
    inside = await one.get("/v1/residents", params={"region": text[:12]})
    assert inside.json()["residents"] == []


@pytest.mark.parametrize("name", ["%00", "a%00b", "%F0%9F%92%A9", "%25", "9" * 40, "-1", "01", "１", "1 ", "..%2F1", "x" * 3000])
async def test_an_address_that_names_nothing_is_absent(office: Office, browser: Browsers, name: str):
    one = browser()
    await enter(office, one, "clerk")
    absent = await one.get("/v1/residents/77")
    for path in (f"/v1/residents/{name}", f"/v1/cards/{name}"):
        answer = await one.get(path)
        assert answer.status_code == 404, path
        assert answer.content == absent.content or "%2F" in name
    assert (await one.post(f"/v1/cards/{name}/cancel", json={"reason": "none"})).status_code == 404


async def test_pages_follow_one_another(office: Office, browser: Browsers):
    one = browser()
    await enter(office, one, "clerk")
    first = (await one.get("/v1/residents?limit=2")).json()
    assert ([each["resident"] for each in first["residents"]], first["after"]) == (["1", "2"], "330481-2")
    second = (await one.get(f"/v1/residents?limit=2&after={first['after']}")).json()
    assert ([each["resident"] for each in second["residents"]], second["after"]) == (["3"], None)
    for bad in ("2", "330481", "330481-", "x-1", "330481-1x"):
        assert (await one.get("/v1/residents", params={"after": bad})).status_code == 422
    for subject in (1, 2, 3):
        office.later(milliseconds=1)
        await one.post(f"/v1/cards/{CARDS[subject]}/cancel", json={"reason": f"of {subject}"})
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = (await one.get("/v1/approvals", params={"state": "waiting", "limit": 1, "after": after})).json()
        seen += [each["reason"] for each in page["approvals"]]
        after = page["after"]
    assert seen == ["of 3", "of 2", "of 1"]
    for bad in ("x", "AAAA", "MjAyNC0xMC0zMSAx"):
        assert (await one.get("/v1/approvals", params={"after": bad})).status_code == 422


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (f"/v1/cards/{CARDS[1]}/loss", {"kind": "temp", "reason": "lost", "at": "2020-01-01"}),
        (f"/v1/cards/{CARDS[1]}/loss", {"kind": "for good", "reason": "lost"}),
        (f"/v1/cards/{CARDS[1]}/loss", {"kind": "temp", "reason": "   "}),
        (f"/v1/cards/{CARDS[1]}/cancel", {"reason": "gone", "region": "330483"}),
        ("/v1/residents/1/full-id", {"purpose": "asked", "resident": "3"}),
        ("/v1/residents/1/corrections", {"fact": "alive", "since": "2024-10-01", "value": "no", "reason": "died", "subject": 3}),
        ("/v1/residents/1/corrections", {"fact": "name", "since": "2024-10-01", "value": "no", "reason": "died"}),
        ("/v1/residents/1/corrections", {"fact": "registered_region", "since": "2024-10-01", "value": "3304%", "reason": "moved"}),
    ],
)  # fmt: skip
async def test_what_is_not_asked_for_is_refused_and_changes_nothing(office: Office, browser: Browsers, path: str, sent: dict[str, Any]):
    one = browser()
    await enter(office, one, "clerk")
    assert (await one.post(path, json=sent)).status_code == 422
    assert (await one.get("/v1/approvals")).json()["approvals"] == []
    assert (await one.get(f"/v1/cards/{CARDS[1]}")).json()["social"]["state"] == "active"


async def test_an_approval_over_http_by_two_of_exactly_this_once(office: Office, browser: Browsers):
    clerk, boss = browser(), browser()
    await enter(office, clerk, "clerk")
    await enter(office, boss, "boss")
    waiting = (await clerk.post(f"/v1/cards/{CARDS[LOST]}/release", json={"reason": "found"})).json()
    assert {"approval", "kind", "object", "digest", "state"} <= waiting.keys()
    path, sent = f"/v1/approvals/{waiting['approval']}", {"decision": "approve", "digest": waiting["digest"], "reason": "seen"}
    (listed,) = (await boss.get("/v1/approvals")).json()["approvals"]
    one = (await boss.get(path)).json()
    assert "content" not in listed, "a list tells what waits, and what it holds is told one by one"
    assert one == {**listed, "content": waiting["content"]} and one["content"]["shown"]
    own = await clerk.post(path, json=sent)
    assert (own.status_code, own.json()["type"].rpartition("/")[2]) == (403, "own-work")
    other = await boss.post(path, json={**sent, "digest": "0" * 64})
    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (409, "digest-changed")
    first = await boss.post(path, json=sent)
    assert (first.status_code, first.json()["state"]) == (200, "approved")
    again = await boss.post(path, json={**sent, "decision": "refuse"})
    assert again.json() == first.json()
    for bad in ("nothing", "0" * 36, waiting["approval"][:-1]):
        assert (await boss.post(f"/v1/approvals/{bad}", json=sent)).status_code == 404


async def test_every_refusal_is_on_record(office: Office, browser: Browsers):
    haining, viewer = browser(), browser()
    await enter(office, haining, "clerk-haining")
    await enter(office, viewer, "viewer")
    await haining.get("/v1/residents/3")
    await viewer.post(f"/v1/cards/{CARDS[1]}/loss", json={"kind": "temp", "reason": "lost"})
    async with office.store.database.acquire("audit_ro") as connection:
        rows = await connection.fetch("SELECT person, act, object, region, result FROM audit_entry_v1 WHERE result <> 'ok' ORDER BY person")
    assert [(row["person"], row["act"], row["region"], row["result"]) for row in rows] == [
        ("clerk-haining", "residents.read", "", "staff.not_there"), ("viewer", "cards.loss", HAINING, "staff.not_allowed"),
    ]  # fmt: skip
    assert not any(whole in json.dumps([dict(row) for row in rows]) for whole in (*IDS.values(), *CARDS.values()))


async def test_a_look_is_on_record_before_it_is_shown_with_its_purpose(office: Office, browser: Browsers):
    one = browser()
    await enter(office, one, "clerk")
    answer = await one.post("/v1/residents/1/full-id", json={"purpose": "holder lost his card abroad"})
    assert answer.json()["number"] == IDS[1]
    assert answer.headers["cache-control"] == "no-store"
    async with office.store.database.acquire("audit_ro") as connection:
        row = await connection.fetchrow("SELECT person, purpose, subject, region FROM audit_entry_v1 WHERE act = 'residents.full-id'")
    assert tuple(row or ()) == ("clerk", "holder lost his card abroad", 1, "330481")


async def test_a_route_that_does_not_say_who_may_call_it_stops_the_start():
    good, bad = APIRouter(), APIRouter()

    @good.get("/said", dependencies=[Depends(PUBLIC)])
    async def said() -> None: ...

    @bad.get("/unsaid")
    async def unsaid() -> None: ...

    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(good)
    refuse_undeclared(app.routes)
    app.include_router(bad)
    with pytest.raises(RouteUndeclared, match="/unsaid"):
        refuse_undeclared(app.routes)
