"""The server as a terminal sees it: what another answers in its place is no answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from onecard.device.server import Reply, ServerAddressWrong, Unreachable, connected

HEAD = "HTTP/1.1 {status} Said\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n"


@asynccontextmanager
async def answering(status: int, body: bytes, more: str = "") -> AsyncIterator[str]:
    """Lend the address of something that answers everything alike."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD.format(status=status, length=len(body), more=more).encode() + body)
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listener:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("status", "body", "more"),
    [
        pytest.param(200, b"<html>Welcome! Please sign in.</html>", "", id="the sign-in page of some network"),
        pytest.param(302, b"", "Location: http://127.0.0.1:1/welcome\r\n", id="a way to one"),
        pytest.param(502, b"<h1>Bad gateway</h1>", "", id="a proxy's apology"),
        pytest.param(200, b"[]", "", id="no object"),
        pytest.param(200, b"\xff\xfe", "", id="no text"),
    ],
)
async def test_what_is_not_the_servers_is_no_answer(status, body, more):
    async with answering(status, body, more) as url, connected(url, "t") as server:
        with pytest.raises(Unreachable):
            await server.post("/v1/uses", {})


async def test_what_is_the_servers_is_told_with_its_patience():
    async with answering(503, b'{"type": "overloaded"}', "Retry-After: 2\r\n") as url, connected(url, "t") as server:
        reply = await server.post("/v1/uses", {})
    assert reply == Reply(status=503, content=b'{"type": "overloaded"}', retry_after=2.0)


async def test_nobody_there_is_known_at_once():
    async with answering(200, b"{}") as url:
        pass
    async with connected(url, "t") as server:
        with pytest.raises(Unreachable):
            await server.post("/v1/uses", {}, seconds=1)


@pytest.mark.parametrize("url", ["", "127.0.0.1:8000", "ftp://server", "http://", "http://[", "http://server:99999"])
async def test_an_address_that_is_none_is_said(url):
    with pytest.raises(ServerAddressWrong):
        async with connected(url, "t"):
            pass
