"""Terminals at the server's doors: who may sign in, what they are told, and how soon."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from time import perf_counter

import pytest

from onecard.app.opening import Store
from onecard.cards.life import Act
from onecard.policy.check import check
from onecard.policy.model import Source
from onecard.terminals.alarm import alarms_of, open_alarms, settle_alarms
from onecard.terminals.bundle import read_bundle
from onecard.terminals.expected import expect_cards
from onecard.terminals.hotlist import EMPTY, updated
from onecard.terminals.service import allow_tokens
from tests.database.web.served import Served, alias, at_desk, serve_town

KEY = base64.b64encode(b"k" * 32).decode()
OTHER_KEY = base64.b64encode(b"o" * 32).decode()


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    async with serve_town(store) as served:
        yield served


async def test_a_terminal_signs_in_and_hears_all_it_needs(served: Served):
    await served.town.uses.record([served.town.tap("elder", "BUS-1", 41)], served.now())
    told = (await served.sign_in(public_key=KEY, version="1.0")).json()
    assert (told["terminal"], told["last_seq"], told["clock_offset_ms"], told["clock_ok"]) == ("BUS-1", 41, 0, True)
    assert told["params"]["silence_ms"] == 800
    assert len(told["bundle"]) == 32
    again = (await served.sign_in(public_key=KEY)).json()
    assert again["session"] != told["session"]
    assert again["key_id"] == told["key_id"]


@pytest.mark.parametrize(
    ("headers", "body", "status", "problem"),
    [
        pytest.param({"Authorization": ""}, {}, 401, "/token-missing", id="no token"),
        pytest.param({"Authorization": "Bearer nobody"}, {}, 401, "/token-unknown", id="unknown token"),
        pytest.param({}, {"terminal": "BUS-9"}, 403, "/terminal-unknown", id="no such terminal"),
        pytest.param({}, {"public_key": "k" * 44}, 422, "/body-malformed", id="no Ed25519 key"),
        pytest.param({}, {"public_key": "é" * 44}, 422, "/body-malformed", id="a key that is not even ASCII"),
        pytest.param({}, {"clock": "2024-10-31T12:00:00"}, 422, "/body-malformed", id="a clock without its zone"),
        pytest.param({}, {"sesame": 1}, 422, "/body-malformed", id="an unknown field"),
    ],
)
async def test_who_may_not_sign_in_is_told_why(served: Served, headers, body, status, problem):
    body = {"terminal": "BUS-1", "clock": served.now().isoformat(), **body}
    answer = await served.http.post("/v1/terminals/sign-in", json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"].endswith(problem)) == (status, True), answer.text
    assert set(answer.json()["title"]) == {"zh", "en"}


async def test_another_device_under_one_name_is_let_in_named_and_kept_as_an_alarm(served: Served):
    first = (await served.sign_in(public_key=KEY)).json()
    assert (first["device"], first["cloned"]) == ("bound", False)
    for _ in range(3):
        other = (await served.sign_in(public_key=OTHER_KEY)).json()
        assert (other["device"], other["cloned"]) == ("other", True)
        assert other["key_id"] != first["key_id"]  # Each signs by its own.
    again = (await served.sign_in(public_key=KEY)).json()
    assert (again["device"], again["cloned"], again["key_id"]) == ("bound", True, first["key_id"])  # Both are told.
    assert (await served.heartbeat()).json()["cloned"] is True
    async with served.town.store.database.acquire("desk") as connection:
        alarms = await alarms_of(connection, "BUS-1")
    assert [(alarm.kind, alarm.evidence) for alarm in alarms] == [  # The same finding is kept once.
        ("clone", {"door": "sign-in", "bound": first["key_id"], "shown": other["key_id"]})
    ]


async def test_a_device_without_a_key_is_let_in_and_is_no_alarm(served: Served):
    for bound in (None, KEY):
        await served.sign_in(public_key=bound) if bound else None
        told = (await served.sign_in()).json()
        assert (told["device"], told["key_id"], told["cloned"]) == ("unsigned", None, False)


async def test_what_an_operator_settled_is_news_when_it_comes_again(served: Served):
    await served.sign_in(public_key=KEY)
    for _ in range(2):
        assert (await served.sign_in(public_key=OTHER_KEY)).json()["cloned"] is True
        async with served.town.store.database.acquire("desk") as connection:
            assert await settle_alarms(connection, "BUS-1", served.now(), "the disk was replaced")
            assert not await settle_alarms(connection, "BUS-1", served.now(), "nothing is open")
            assert await open_alarms(connection) == {}
        assert (await served.sign_in(public_key=KEY)).json()["cloned"] is False
        assert (await served.heartbeat()).json()["cloned"] is False
    async with served.town.store.database.acquire("desk") as connection:
        assert [alarm.reason for alarm in await alarms_of(connection, "BUS-1")] == ["the disk was replaced"] * 2


async def test_of_two_devices_that_come_at_once_one_is_bound(served: Served):
    answers = await asyncio.gather(*(served.sign_in(public_key=key) for key in (KEY, OTHER_KEY) * 5))
    bound = {answer.json()["key_id"] for answer in answers if answer.json()["device"] == "bound"}
    assert len(bound) == 1
    assert sum(answer.json()["device"] == "other" for answer in answers) == 5


@pytest.mark.parametrize(("seconds", "ok"), [(0, True), (60, True), (61, False), (-61, False), (180, False)])
async def test_a_clock_is_told_how_far_it_is_off(served: Served, seconds, ok):
    slow = (served.now() - timedelta(seconds=seconds)).isoformat()
    for answer in (await served.sign_in(clock=slow), await served.heartbeat(clock=slow)):
        assert (answer.json()["clock_offset_ms"], answer.json()["clock_ok"]) == (1000 * seconds, ok)


async def test_a_heartbeat_names_numbers_that_never_came_and_numbers_used_twice(served: Served):
    town = served.town
    await served.sign_in()
    await town.uses.record([town.tap("elder", "BUS-1", seq) for seq in (1, 2, 5, 9)], served.now())
    await town.uses.record([town.tap("elder", "BUS-2", 3)], served.now())
    await town.uses.record([town.tap("visitor", "BUS-1", 5)], served.now())
    told = (await served.heartbeat()).json()
    assert (told["gaps"], told["duplicates"]) == ([[3, 4], [6, 8]], [5])


async def test_who_never_signed_in_has_no_heartbeat(served: Served):
    answer = await served.heartbeat()
    assert (answer.status_code, answer.json()["type"].endswith("/not-signed-in")) == (409, True)


async def test_the_hotlist_comes_whole_and_then_in_steps(served: Served):
    whole = updated(EMPTY, (await served.http.get("/v1/hotlist")).content)
    assert not whole.holds(alias(served, "elder"))
    await at_desk(served, "elder", "formal_loss")
    await asyncio.sleep(0.6)
    step = updated(whole, (await served.http.get("/v1/hotlist", params={"have": whole.version})).content)
    assert step.holds(alias(served, "elder"))
    assert step == updated(EMPTY, (await served.http.get("/v1/hotlist", params={"have": 10**9})).content)  # Ahead of us: all.
    nothing = updated(step, (await served.http.get("/v1/hotlist", params={"have": step.version})).content)
    assert nothing == step


async def test_a_loss_reaches_a_terminal_that_listens_within_a_second(served: Served):
    async with served.http.stream("GET", "/v1/terminals/BUS-1/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = (json.loads(line.removeprefix("data: ")) async for line in stream.aiter_lines() if line.startswith("data: "))
        first = await anext(lines)
        assert set(first) == {"hotlist", "rules", "bundle", "params"}
        while first["hotlist"] == 0:  # The town's lost card is found in the first second.
            first = await anext(lines)
        acts: list[tuple[str, Act]] = [("elder", "temp_loss"), ("young", "formal_loss"), ("elder", "release")]
        took = []
        for who, act in acts:
            version = await at_desk(served, who, act)
            start = perf_counter()
            assert (await anext(lines))["hotlist"] == version
            took.append(perf_counter() - start)
    assert min(took) < 1.0, took  # The least of three: a machine may have other things to do.


async def test_a_bundle_is_all_that_a_terminal_needs_to_decide_alone(served: Served):
    store = served.town.store
    async with store.database.acquire("desk") as connection:
        keys = [row["key"] for row in await connection.fetch("SELECT key FROM cards_alias_v1 WHERE subject = 2")]
        await expect_cards(connection, "bus", keys, served.now())
    await served.town.uses.record([served.town.tap("visitor", "BUS-2", 1)], served.now())
    answer = await served.http.get("/v1/terminals/BUS-1/bundle")
    bundle = read_bundle(answer.content)
    assert answer.headers["etag"] == f'"{bundle.etag}"' == f'"{(await served.sign_in()).json()["bundle"]}"'
    assert bundle.site == served.town.masters.directory.sites["bus"]
    assert bundle.hash_key == store.keyring.terminals_key
    assert bundle.hash_key != store.keyring.hash_key
    assert {card.born.year for card in bundle.cards.values()} == {1950, 1959}  # The register's, and who was seen.
    assert bundle.cards[alias(served, "elder")].registered_region == "330481"
    assert bundle.cards[alias(served, "visitor")].registered_region == ""
    assert "elder-pass-bus" in {document.programme for document in bundle.documents}
    checked = check([Source(file=each.programme, content=each.source.encode()) for each in bundle.documents], bundle.lists)
    assert [finding for finding in checked.findings if not finding.note] == []
    assert {programme.digest for programme in checked.programmes} == {document.digest for document in bundle.documents}


async def test_a_bundle_at_hand_is_not_sent_again(served: Served):
    first = await served.http.get("/v1/terminals/CANTEEN-1/bundle")
    again = await served.http.get("/v1/terminals/CANTEEN-1/bundle", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    served.town.moment[0] += timedelta(days=1)
    assert (await served.http.get("/v1/terminals/CANTEEN-1/bundle", headers={"If-None-Match": first.headers["etag"]})).status_code == 200


async def test_another_terminals_bundle_is_not_told(served: Served):
    async with served.town.store.database.acquire("desk") as connection:
        await allow_tokens(connection, [("bus-two-alone", "BUS-2")])
    await asyncio.sleep(0.6)  # The watch hears of a new token without a tap.
    headers = {"Authorization": "Bearer bus-two-alone"}
    assert (await served.http.get("/v1/terminals/BUS-2/bundle", headers=headers)).status_code == 200
    assert (await served.http.get("/v1/terminals/BUS-1/bundle", headers=headers)).status_code == 403
    assert (await served.http.get("/v1/terminals/BUS-1/events", headers=headers)).status_code == 403


async def test_another_method_is_told_which_one_is_taken(served: Served):
    for path, allowed in (("/v1/hotlist", "GET"), ("/v1/terminals/BUS-1/bundle", "GET")):
        answer = await served.http.post(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert (await served.http.get("/v1/terminals/sign-in")).headers["allow"] == "POST"


async def test_metrics_tell_who_is_online_and_who_holds_an_old_hotlist(served: Served):
    async def gauges() -> dict[str, float]:
        lines = (await served.http.get("/metrics")).text.splitlines()
        return {name: float(value) for name, value in (line.split() for line in lines if line.startswith(("onecard_term", "onecard_hot")))}

    await at_desk(served, "elder", "formal_loss")
    await asyncio.sleep(0.6)
    version = (await served.sign_in("BUS-1")).json()["hotlist"]
    await served.sign_in("BUS-2")
    await served.heartbeat("BUS-1", hotlist=version, waiting=7)
    told = await gauges()
    assert (told["onecard_terminals_online"], told["onecard_terminals_behind"], told["onecard_terminals_waiting_uses"]) == (2, 1, 7)
    assert (told["onecard_hotlist_version"], told["onecard_hotlist_age_seconds"]) == (version, 0)
    served.town.moment[0] += timedelta(hours=12)
    assert (await gauges())["onecard_terminals_online"] == 0
