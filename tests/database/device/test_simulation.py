"""A simulated fleet at a real server: all sign in, hear and tap, and what they saw is told."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from onecard.app.opening import Store
from onecard.device.server import connected
from onecard.device.simulation import Plan, simulate
from onecard.device.tally import Tally, percentile
from tests.database.town import CARDS, TOKEN
from tests.database.web.served import Served, at_desk, serve_town

BUSES = ["BUS-1", "BUS-2"]


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    async with serve_town(store) as served:
        yield served


async def test_a_fleet_signs_in_hears_of_a_loss_and_taps_without_a_failure(served: Served):
    cards = [{"kind": "card", "value": number} for number in CARDS.values()]
    plan = Plan(terminals=BUSES, credentials=cards, taps_a_second=20, seconds=2)
    tally = Tally()
    async with connected(served.url, TOKEN) as asking, connected(served.url, TOKEN, connections_max=0) as listening:
        driven = asyncio.create_task(simulate(plan, asking, listening, tally))
        while tally.listening < len(BUSES):
            await asyncio.sleep(0.02)
        version = await at_desk(served, "young", "formal_loss")
        await driven
    told = tally.told(len(BUSES))
    assert (told["listening"]["open"], told["sign_in"]["answered"], told["sign_in"]["failed"]) == (2, 2, 0)
    assert [(change["version"], change["terminals"]) for change in told["hotlist_changes"]] == [(version, 2)]
    assert (told["tap"]["failed"], told["whys"]) == (0, {})
    assert 30 <= told["tap"]["answered"] == sum(told["outcomes"].values())


async def test_a_token_tells_whom_it_speaks_for(served: Served):
    told = (await served.http.get("/v1/terminals/me")).json()
    assert told == {
        "terminals": [{"terminal": name, "key": None, "list_prices": {}} for name in ("BUS-1", "BUS-2", "CAMPUS-1", "CANTEEN-1")],
        "more": False,
    }  # fmt: skip
    other = await served.http.get("/v1/terminals/me", headers={"Authorization": "Bearer nobody's"})
    assert (other.status_code, (await served.http.post("/v1/terminals/me")).status_code) == (401, 405)


def test_a_percentile_is_a_value_that_was_seen():
    assert [percentile([0.001, 0.002, 0.003, 0.1], each) for each in (50, 99, 100)] == [2.0, 100.0, 100.0]
    assert percentile([], 99) is None
