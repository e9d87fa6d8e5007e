"""A stream of events brings a small change of the hotlist along, byte for byte what would have been fetched."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from onecard.app.events import DELTA_BYTES_MAX
from onecard.app.opening import Store
from onecard.cards.life import Act
from onecard.device.server import Superseded, connected
from onecard.terminals.barred import Barring, write_hotlist
from onecard.terminals.hotlist import EMPTY, updated
from onecard.web.streams import STREAMS_OF_TERMINAL_MAX
from tests.database.town import TOKEN
from tests.database.web.served import Served, at_desk, serve_town


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    async with serve_town(store) as served:
        yield served


def events_of(stream: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    return (json.loads(line.removeprefix("data: ")) async for line in stream.aiter_lines() if line.startswith("data: "))


async def settled(lines: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    """Return the first event after the town's lost card was found."""
    first = await anext(lines)
    while first["hotlist"] == 0:
        first = await anext(lines)
    return first


async def hotlist_of(served: Served, have: int = 0) -> bytes:
    return (await served.http.get("/v1/hotlist", params={"have": have})).content


async def test_an_event_brings_a_small_change_along_as_it_would_be_fetched(served: Served):
    async with served.http.stream("GET", "/v1/terminals/BUS-1/events") as stream:
        lines = events_of(stream)
        await settled(lines)
        held = updated(EMPTY, await hotlist_of(served))
        acts: list[tuple[str, Act]] = [("elder", "temp_loss"), ("young", "formal_loss"), ("elder", "release")]
        for who, act in acts:
            await at_desk(served, who, act)
            told = await anext(lines)
            delta = b64decode(told["delta"], validate=True)
            assert delta == await hotlist_of(served, held.version)
            held = updated(held, delta)
            assert held.version == told["hotlist"]
    assert held == updated(EMPTY, await hotlist_of(served))


async def test_an_event_without_a_version_before_it_or_with_a_great_change_brings_nothing_along(served: Served):
    async with served.http.stream("GET", "/v1/terminals/BUS-1/events") as stream:
        lines = events_of(stream)
        await settled(lines)
        changes = [Barring(number.to_bytes(32, "big"), number.to_bytes(4, "big"), True) for number in range(1, DELTA_BYTES_MAX // 4)]
        async with served.town.store.database.acquire("desk") as connection, connection.transaction():
            version = await write_hotlist(connection, changes, served.now())
        told = await anext(lines)
        assert (told["hotlist"], told.get("delta")) == (version, None)
    async with served.http.stream("GET", "/v1/terminals/BUS-1/events") as stream:
        assert (await anext(events_of(stream))).get("delta") is None


async def test_a_terminal_that_opens_too_many_streams_loses_the_oldest_and_is_told_why(served: Served):
    async with connected(served.url, TOKEN, connections_max=20) as server:
        streams = [server.events("BUS-1") for _ in range(STREAMS_OF_TERMINAL_MAX + 1)]
        for each in streams:
            assert await anext(each) is not None
        with pytest.raises(Superseded, match="a newer stream of this terminal"):
            while await anext(streams[0]) is None or True:
                pass
        await at_desk(served, "elder", "temp_loss")
        for each in streams[1:]:
            assert "hotlist" in (await anext(each) or {}), "the others are told on"
        for each in streams:
            await each.aclose()  # type: ignore[attr-defined]
