"""Requests that do not arrive are ended, on a real socket; those that do, and answers that take their time, are not."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from onecard.web.polite import PoliteServer
from onecard.web.reading import BoundedReading, ReadingLimits
from onecard.web.secure_answers import https_only
from onecard.web.server import bind
from onecard.web.wire import BodyMalformed, read_body

LIMITS = ReadingLimits(seconds_max=0.4, by_path={"/long": 30.0})
HEAD = b"POST %s HTTP/1.1\r\nhost: city.test\r\ncontent-length: 10\r\n\r\n"


async def echo(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer with the body; /stream begins at once and ends after a second, /early answers without reading."""
    start = {"type": "http.response.start", "status": 200, "headers": []}
    if scope["path"] == "/stream":
        await send(start)
        await asyncio.sleep(1.1)
        await send({"type": "http.response.body", "body": b"streamed to its end"})
        return
    body = b"early" if scope["path"] == "/early" else b""
    while not body:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body = b"" if message["more_body"] else b"whole"
    await send(start)
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(echo, http=BoundedReading, ws="none", lifespan="off", log_level="error", timeout_keep_alive=1)
    bound = bind("127.0.0.1", 0)
    server = PoliteServer(config, lambda: None, LIMITS)
    running = asyncio.create_task(server.serve(sockets=[bound]))
    yield bound.getsockname()[1]
    server.should_exit = True
    await running


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def dribbled(port: int, *parts: bytes, pause: float = 0.0, until: float = 3.0) -> bytes:
    """Send *parts* with a pause after each, and return what comes until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    read = asyncio.create_task(reader.read())
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(pause)
            if read.done():
                break
        return await asyncio.wait_for(read, until)
    finally:
        await closed(writer)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([b"GET /", *[b"x"] * 30], id="an address letter by letter"),
        pytest.param([b"GET / HTTP/1.1\r\nhost: city.test\r\n", *[b"x: y\r\n"] * 30], id="headers without end"),
        pytest.param([b"\r\n"] * 30, id="empty lines"),
        pytest.param([HEAD % b"/", *[b"1"] * 9], id="a body letter by letter"),
    ],
)
async def test_what_dribbles_in_is_ended_and_told_so(port: int, parts: list[bytes]):
    told = await dribbled(port, *parts, pause=0.15)
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408") and b"connection: close" in head
    assert json.loads(body)["type"] == "/problems/request-slow"


async def test_what_arrives_in_time_is_answered_and_the_connection_serves_on(port: int):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(HEAD % b"/" + b"12345")
        await asyncio.sleep(0.1)
        writer.write(b"67890")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        assert b"whole" in await reader.readuntil(b"0\r\n\r\n")
        await asyncio.sleep(0.5)  # Idle for longer than a request may take: that is another limit.
    await closed(writer)


async def test_a_path_may_have_a_limit_of_its_own(port: int):
    told = await dribbled(port, HEAD % b"/long", *[b"1"] * 10, pause=0.08)
    assert told.startswith(b"HTTP/1.1 200") and b"whole" in told


async def test_an_answer_may_take_longer_than_a_request(port: int):
    told = await dribbled(port, b"GET /stream HTTP/1.1\r\nhost: city.test\r\n\r\n")
    assert b"streamed to its end" in told and b"408" not in told


async def test_an_answer_that_came_early_is_the_only_one(port: int):
    told = await dribbled(port, HEAD % b"/early", *[b"1"] * 5, pause=0.15)
    assert told.count(b"HTTP/1.1") == 1 and b"early" in told


async def test_who_connects_and_says_nothing_is_let_go_of(port: int):
    assert await dribbled(port, b"", until=2.5) == b""


async def test_a_body_that_breaks_off_is_none():
    told: Iterator[dict[str, Any]] = iter([{"type": "http.request", "body": b"reason=x", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(told)

    with pytest.raises(BodyMalformed):
        await read_body(receive, 100, "", "")


async def test_answers_over_https_ask_for_https_from_then_on():
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    told = https_only(send)
    await told({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
    await told({"type": "http.response.body", "body": b""})
    assert sent[0]["headers"] == [(b"a", b"b"), (b"strict-transport-security", b"max-age=31536000")]
    assert sent[1] == {"type": "http.response.body", "body": b""}
