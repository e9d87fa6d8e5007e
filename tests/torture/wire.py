"""HTTP as a terminal speaks it, on one connection that may break at any byte, or be left in the middle."""

import asyncio
import json
from typing import Any

__all__ = ["Wire"]

_HEAD_END = b"\r\n\r\n"


class Wire:
    """One kept connection to one server."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._token = token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, body: object) -> tuple[int, Any]:
        """Send *body* and return status and answer. Raises `OSError` or `EOFError` where the connection breaks."""
        reader, writer = await self._opened()
        writer.write(self._request(path, body))
        await writer.drain()
        head = await reader.readuntil(_HEAD_END)
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
        content = await reader.readexactly(length)
        if "connection: close" in lines:
            self.close()
        return int(lines[0].split(" ")[1]), json.loads(content) if "json" in head.decode("latin-1") else content

    async def send_and_hang_up(self, path: str, body: object) -> None:
        """Send *body* and leave without waiting for the answer."""
        _, writer = await self._opened()
        writer.write(self._request(path, body))
        await writer.drain()
        self.close()

    def close(self) -> None:
        """Leave; the next question opens anew."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        return self._streams

    def _request(self, path: str, body: object) -> bytes:
        content = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {self._token}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(content)}{_HEAD_END.decode()}"
        )
        return head.encode() + content
