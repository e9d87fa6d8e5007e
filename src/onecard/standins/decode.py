"""The national decoding service by HTTP: other places' residents show codes that it alone understands; slow, wrong or away on purpose.

POST /v1/show   {"si_no", "name", "born", "region"} → {"code", "expires_at"}: what such a resident's phone shows.
POST /v1/decode {"code", "terminal", "at"}          → {"si_no", "name" (masked), "born", "region", "token"}
                404 unknown · 410 older than a minute · 409 decoded for another terminal before. The same again: the same answer.

It knows nothing of this platform and keeps all in memory.
"""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, get_args

__all__ = ["FAULTS", "Decoder", "Fault", "decoder"]

Fault = Literal["none", "slow", "wrong", "unavailable"]
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)

_LIVES: Final = timedelta(seconds=60)
_SLOW_SECONDS: Final = 3.0
_BYTES_MAX: Final = 8192
_CODES_MAX: Final = 100_000
_PERSON: Final = ("si_no", "name", "born", "region")

Answer = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class _Shown:
    person: dict[str, str]
    at: datetime
    terminal: str | None = None
    token: str = ""


@dataclass(slots=True, kw_only=True)
class Decoder:
    """An ASGI application. *clock* tells the instant, *chance(n)* makes a text of n random bytes that nobody can guess."""

    clock: Callable[[], datetime]
    chance: Callable[[int], str]
    fault: Fault = "none"  # Of decoding; codes are shown all the same.
    _codes: dict[str, _Shown] = field(default_factory=dict)

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        assert scope["type"] == "http"
        status, told = await self._answer(scope["method"], scope["path"], await _asked(receive))
        body = json.dumps(told, ensure_ascii=False).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": body})

    def show(self, asked: Mapping[str, Any]) -> Answer:
        """Return a new code of the person who is told."""
        if any(not isinstance(asked.get(name), str) or not asked[name] for name in _PERSON):
            return 400, {"error": f"give {', '.join(_PERSON)} as texts"}
        if len(self._codes) >= _CODES_MAX:
            self._codes.pop(next(iter(self._codes)))
        code = f"SI1:{self.chance(24)}"
        self._codes[code] = _Shown(person={name: asked[name] for name in _PERSON}, at=self.clock())
        return 200, {"code": code, "expires_at": (self.clock() + _LIVES).isoformat()}

    def decode(self, asked: Mapping[str, Any]) -> Answer:
        """Return whose code it is, for one terminal."""
        code, terminal = asked.get("code"), asked.get("terminal")
        if not isinstance(code, str) or not isinstance(terminal, str):
            return 400, {"error": "give code and terminal as texts"}
        shown = self._codes.get(code)
        if shown is None:
            return 404, {"error": "unknown"}
        if shown.terminal not in (None, terminal):
            return 409, {"error": "used"}
        if shown.terminal is None and self.clock() - shown.at > _LIVES:
            return 410, {"error": "expired"}
        shown.terminal, shown.token = terminal, shown.token or self.chance(24)
        name = shown.person["name"]
        return 200, {**shown.person, "name": name[:1] + "*" * (len(name) - 1), "token": shown.token}

    async def _answer(self, method: str, path: str, asked: Mapping[str, Any] | None) -> Answer:
        if path == "/healthz":
            return 200, {"decode": "stand-in"}
        act = {"/v1/show": self.show, "/v1/decode": self.decode}.get(path)
        if act is None or method != "POST":
            return 404, {"error": "POST /v1/show or /v1/decode"}
        if asked is None:
            return 400, {"error": "the body should be one JSON object"}
        if path == "/v1/decode":
            match self.fault:
                case "unavailable":
                    return 503, {"error": "try again later"}
                case "wrong":
                    return 200, {"si_no": 1, "born": "yesterday", "region": "nowhere"}
                case "slow":
                    await asyncio.sleep(_SLOW_SECONDS)
        return act(asked)


def decoder(fault: Fault = "none") -> Decoder:
    """Return the service by real time and real chance."""
    return Decoder(clock=lambda: datetime.now(UTC), chance=secrets.token_urlsafe, fault=fault)


async def _asked(receive: Any) -> dict[str, Any] | None:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body, more = body + message.get("body", b""), message.get("more_body", False)
        if len(body) > _BYTES_MAX:
            return None
    try:
        asked = json.loads(body or b"null")
    except (ValueError, RecursionError):
        return None
    return asked if isinstance(asked, dict) else None
