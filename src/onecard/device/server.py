"""The server as a terminal sees it: asked by HTTP, refused or silent at any time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

import aiohttp
import msgspec

from onecard.values.error import OnecardError

__all__ = ["Reply", "Server", "ServerAddressWrong", "Superseded", "Unreachable", "connected"]

CONNECT_SECONDS_MAX: Final = 5.0
ANSWER_SECONDS_MAX: Final = 30.0
EVENT_SECONDS_MAX: Final = 40.0
"""A stream says every 15 s that it lives; hearing nothing for so long means that it does not (protocol.md)."""

_encode = msgspec.json.Encoder().encode
_ENDED: Final = b": ended"
_GONE: Final = (aiohttp.ClientError, TimeoutError, OSError)


class ServerAddressWrong(OnecardError):
    """What was given as the server is no HTTP address."""

    code = "device.server_address_wrong"
    zh = "--server 应为 http:// 或 https:// 开头的地址，如 http://127.0.0.1:8000。"
    en = "--server should be an address that begins with http:// or https://, like http://127.0.0.1:8000."


class Unreachable(Exception):
    """Nothing came back: refused, broken off, or silent for too long. What was sent may have arrived all the same."""


class Superseded(Unreachable):
    """A stream of events ended because newer ones of the same terminal are open: to come back at once would push one of them out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    content: bytes = field(repr=False)
    retry_after: float | None = None  # Seconds.

    @property
    def told(self) -> dict[str, Any]:
        """Return the JSON object in it; what is none tells nothing."""
        try:
            told = msgspec.json.decode(self.content)
        except (msgspec.MsgspecError, UnicodeError):
            return {}
        return told if isinstance(told, dict) else {}


class Server:
    """One server, asked with one token."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}

    async def post(self, path: str, body: object, *, seconds: float = ANSWER_SECONDS_MAX) -> Reply:
        """Send *body* (as it is if bytes, else as JSON). Raises `Unreachable`, also where something else than our server answers."""
        content = body if isinstance(body, bytes) else _encode(body)
        headers = {**self._headers, "Content-Type": "application/json"}
        reply = await self._ask("POST", path, seconds, data=content, headers=headers)
        if not reply.told:  # A sign-in page of some network, a proxy's apology: whatever its status says, our server did not say it.
            raise Unreachable(f"{reply.status} that is not the server's")
        return reply

    async def get(self, path: str, *, held: str = "", seconds: float = ANSWER_SECONDS_MAX) -> Reply:
        """Fetch *path*; *held* is the name of what is at hand. Raises `Unreachable`."""
        headers = {**self._headers, "If-None-Match": f'"{held}"'} if held else self._headers
        return await self._ask("GET", path, seconds, headers=headers)

    async def events(self, terminal: str) -> AsyncIterator[dict[str, Any] | None]:
        """Yield what moves, event by event, and None for each sign of life.

        Raises `Unreachable` where the stream ends or is refused, `Superseded` where the server says that a newer one took its place.
        """
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS_MAX, sock_read=EVENT_SECONDS_MAX)
        try:
            path = f"{self._url}/v1/terminals/{quote(terminal, safe='')}/events"
            async with self._session.get(path, headers=self._headers, timeout=timeout) as response:
                if response.status != 200:
                    raise Unreachable(f"events: {response.status}")
                async for line in response.content:
                    if line.startswith(b"data:"):
                        yield Reply(status=200, content=line[5:]).told
                    elif line.startswith(_ENDED):
                        raise Superseded(line[1:].decode("utf-8", "replace").strip())
                    elif line.strip():
                        yield None
        except _GONE as gone:
            raise Unreachable(str(gone) or type(gone).__name__) from gone
        raise Unreachable("the stream ended")

    async def _ask(self, method: str, path: str, seconds: float, **more: Any) -> Reply:
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=min(seconds, CONNECT_SECONDS_MAX))
        try:
            async with self._session.request(method, f"{self._url}{path}", timeout=timeout, allow_redirects=False, **more) as response:
                content = await response.read()
                return Reply(status=response.status, content=content, retry_after=_seconds(response.headers.get("Retry-After")))
        except _GONE as gone:
            raise Unreachable(str(gone) or type(gone).__name__) from gone


@asynccontextmanager
async def connected(url: str, token: str, *, connections_max: int = 8) -> AsyncIterator[Server]:
    """Lend the server at *url*. Raises `ServerAddressWrong`; whether it is there is found out by asking."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise ServerAddressWrong
    connector = aiohttp.TCPConnector(limit=connections_max, keepalive_timeout=30)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Server(session, url, token)


def _seconds(told: str | None) -> float | None:
    return float(told) if told is not None and told.isascii() and told.isdecimal() and len(told) < 6 else None
