"""Batches that are too large, too old or half wrong; and a door that is too busy."""

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from tests.stories.doors import City
from tests.stories.problems import problem

LANES_HELD_SECONDS = 2.6

Told = dict[str, Any]


@pytest.mark.parametrize("name", ["5,001 uses", "more than 4 MB"])
def test_an_oversize_batch_is_refused_whole(city: City, name: str) -> None:
    use = city.use("xuancheng-65")
    body = {"uses": [use] * 5001} if name == "5,001 uses" else {"uses": [use, "x" * 4 * 1024 * 1024]}
    said = problem(city.post("/v1/uses/batch", json.dumps(body)), 413)
    assert "batch is at most" in said["detail"]
    assert not city.recorded(use)


def test_five_thousand_uses_are_taken_in_order(city: City) -> None:
    uses = [city.use("xuancheng-65", "library") for _ in range(2)] * 2500
    answers = city.post("/v1/uses/batch", {"uses": uses}, terminal="library").json()["answers"]
    assert [answer["upload"] for answer in answers] == ["agreed", "agreed", *["duplicate"] * 4998]
    assert [answer["use"] for answer in answers] == [f"{use['terminal']}.{use['seq']}" for use in uses]


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"{}", b'{"uses": 1}', b'{"uses": {}}', b'{"uses": null}', b'{"uses": [], "x": 1}', b'{"uses": [], "uses": []}',
    b'{"uses": [], "us\\u0065s": []}', b'{"us\\u0065s": [1], "uses": []}', b'{"uses": [' + b"[" * 4_000_000,
])  # fmt: skip
def test_what_is_no_batch_is_refused_whole(city: City, body: bytes) -> None:
    problem(city.post("/v1/uses/batch", body), 422)


def test_an_entry_nested_ten_thousand_deep_spoils_only_itself(city: City) -> None:
    use = city.use("xuancheng-65")
    deep = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
    body = b'{"uses": [' + deep + b"," + json.dumps(use).encode() + b"]}"
    answers = city.post("/v1/uses/batch", body).json()["answers"]
    assert [answer["upload"] for answer in answers] == ["invalid", "agreed"]


def test_an_empty_batch_is_no_mistake(city: City) -> None:
    assert city.post("/v1/uses/batch", {"uses": []}).json() == {"answers": []}


def test_who_comes_to_a_door_that_is_too_busy_is_told_to_come_again(city: City) -> None:
    """Both lanes are held up, others wait behind them: the next is refused at once, and recorded when it comes again."""
    first = [city.use("beijing-65") for _ in range(8)]
    late = city.use("beijing-65")
    refused, answers = asyncio.run(_taps_while_lanes_are_held(city, first, late))
    said = problem(refused, 503)
    assert said["type"].endswith("/overloaded")
    assert int(refused.headers["retry-after"]) >= 1
    assert [answer["duplicate"] for answer in answers] == [False] * 8
    assert not city.recorded(late)
    assert not city.answer(late)["duplicate"]


async def _taps_while_lanes_are_held(city: City, first: list[Told], late: Told) -> tuple[httpx.Response, list[Told]]:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(len(first)) as hands:
        async with _lanes_held(city):
            waiting = [loop.run_in_executor(hands, city.answer, use) for use in first]
            await asyncio.sleep(LANES_HELD_SECONDS / 2)
            refused = await asyncio.to_thread(city.post, "/v1/uses", late)
        return refused, await asyncio.gather(*waiting)


@asynccontextmanager
async def _lanes_held(city: City) -> AsyncIterator[None]:
    connection = await asyncpg.connect((await asyncio.to_thread(city.onecard, "db", "url")).out.strip())
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE ledger_use IN ACCESS EXCLUSIVE MODE")
            yield
            await asyncio.sleep(LANES_HELD_SECONDS / 2)
    finally:
        await connection.close()
