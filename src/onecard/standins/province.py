"""The province's card platform by HTTP: how a card stands, by the key of its number; now and then slow, or at a loss, on purpose."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["STATUSES", "Province"]

STATUSES: Final = ("active", "sealed", "lost", "cancelled", "none")

_PATH: Final = re.compile(r"/cards/([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """An ASGI application: `GET /cards/KEY` → `{"status"}`, and `GET /healthz`.

    *known* by key in hex; of others *otherwise*. Of each *slow_of* keys one is answered after *slow_seconds*, of each
    *unknown_of* one with 503; always the same ones, 0 is never.
    """

    otherwise: str = "lost"
    known: Mapping[str, str] = field(default_factory=dict)
    slow_of: int = 0
    slow_seconds: float = 5.0
    unknown_of: int = 0

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        assert scope["type"] == "http"
        status, told = await self._answer(scope["method"], scope["path"])
        body = json.dumps(told).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, method: str, path: str) -> tuple[int, dict[str, str]]:
        if path == "/healthz":
            return 200, {"province": "stand-in"}
        found = _PATH.fullmatch(path)
        if found is None or method != "GET":
            return 404, {"error": "GET /cards/KEY, KEY being 64 hexadecimal characters"}
        key = found[1]
        drawn = int(key[-8:], 16)
        if self.unknown_of and drawn % self.unknown_of == 0:
            return 503, {"error": "try again later"}
        if self.slow_of and drawn % self.slow_of == 0:
            await asyncio.sleep(self.slow_seconds)
        return 200, {"status": self.known.get(key, self.otherwise)}
