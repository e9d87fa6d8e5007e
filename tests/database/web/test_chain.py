"""A use that carries its place in a chain, at the server's doors: alone and in a batch, and as the watch finds it out."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest

from onecard.app.opening import Store
from onecard.settings.suites import INTL
from onecard.terminals.alarm import alarms_of
from onecard.terminals.chain import CHAIN_START, Link, chain_told, linked
from onecard.terminals.sign_in import key_id_of
from tests.database.web.served import Served, serve_town

PRIVATE = bytes(range(32))
PUBLIC = INTL.public_key(PRIVATE)
KEY = base64.b64encode(PUBLIC).decode()


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    async with serve_town(store) as served:
        yield served


def use(served: Served, seq: int, **more: Any) -> dict[str, Any]:
    told = {
        "terminal": "BUS-1", "seq": seq, "credential": {"kind": "card", "value": "a00000002"}, "service": "ride", "list_price": 200,
        "occurred_at": served.now().isoformat(), "way": "dine_in",
    }  # fmt: skip
    return {**told, **more}


def chained(told: dict[str, Any], previous: bytes = CHAIN_START) -> tuple[dict[str, Any], Link]:
    link = linked(told, previous, key_id_of(PUBLIC), INTL.signer(PRIVATE))
    return {**told, "chain": chain_told(link)}, link


async def verdicts(served: Served, links: int) -> list[bool | None]:
    """Return what the watch says of that many links, once it has looked."""
    for _ in range(60):
        async with served.town.store.database.acquire("audit_ro") as connection:
            rows = await connection.fetch("SELECT good FROM ledger_link_v1 ORDER BY seq")
        if len(rows) == links and all(row["good"] is not None for row in rows):
            break
        await asyncio.sleep(0.05)
    return [row["good"] for row in rows]


async def kinds(served: Served) -> list[str]:
    async with served.town.store.database.acquire("desk") as connection:
        return sorted(each.kind for each in await alarms_of(connection, "BUS-1"))


async def test_single_taps_and_batches_carry_one_chain(served: Served):
    await served.sign_in(public_key=KEY)
    first, link = chained(use(served, 1))
    answer = await served.http.post("/v1/uses", json=first)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "accepted"), answer.text
    second, link = chained(use(served, 2, group=1), link.link)
    third, _ = chained(use(served, 3, list_price=300), link.link)
    offline = {"outcome": "accepted", "paid": 100, "hotlist": 1}
    told = (await served.http.post("/v1/uses/batch", json={"uses": [{**second, "offline": offline}, third, first]})).json()
    assert [each["upload"] for each in told["answers"]] == ["agreed", "agreed", "duplicate"]
    assert await verdicts(served, 3) == [True, True, True]
    assert await kinds(served) == []


async def test_what_was_signed_before_the_key_was_shown_is_believed_once_it_is(served: Served):
    first, _ = chained(use(served, 1))
    await served.http.post("/v1/uses", json=first)
    assert await verdicts(served, 1) == [False]
    assert await kinds(served) == ["signature"]
    assert (await served.sign_in(public_key=KEY)).json()["key_id"] == key_id_of(PUBLIC)
    await asyncio.sleep(0.6)
    assert await verdicts(served, 1) == [True]


async def test_a_fork_is_told_to_both_devices_and_counted(served: Served):
    await served.sign_in(public_key=KEY)
    for seq in (1, 2):
        told, _ = chained(use(served, seq))
        await served.http.post("/v1/uses", json=told)
    await verdicts(served, 2)
    assert (await served.heartbeat()).json()["cloned"] is True
    assert (await served.sign_in(public_key=KEY)).json()["cloned"] is True
    metrics = (await served.http.get("/metrics")).text
    assert 'onecard_terminal_alarms{kind="fork"} 1.0' in metrics
    assert 'onecard_terminal_alarms{kind="clone"} 0.0' in metrics


@pytest.mark.parametrize(
    ("chain", "field"),
    [
        pytest.param({"previous": "0" * 63}, "chain.previous", id="a link one digit short"),
        pytest.param({"previous": "G" * 64}, "chain.previous", id="a link that is no hex"),
        pytest.param({"signature": "A" * 88}, "chain.signature", id="66 bytes of signature"),
        pytest.param({"signature": "A" * 85 + "B=="}, "chain.signature", id="unused bits that are not 0"),
        pytest.param({"signature": "!" * 88}, "chain.signature", id="no base64"),
        pytest.param({"signature": "é" * 88}, "chain.signature", id="not even ASCII"),
        pytest.param({"key_id": "5E1F0C3A9B7D2468"}, "chain.key_id", id="a key id in capitals"),
        pytest.param({"seq": 1}, "chain.seq", id="an unknown field"),
    ],
)
async def test_a_chain_of_another_form_is_refused_and_nothing_recorded(served: Served, chain, field):
    told, _ = chained(use(served, 1))
    bad = {**told, "chain": {**told["chain"], **chain}}
    answer = await served.http.post("/v1/uses", json=bad)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    batch = (await served.http.post("/v1/uses/batch", json={"uses": [bad, told]})).json()["answers"]
    assert [each["upload"] for each in batch] == ["invalid", "agreed"]
    assert await served.town.uses.last_seq("BUS-1") == 1
