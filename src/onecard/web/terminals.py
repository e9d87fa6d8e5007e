"""What terminals ask beside taps, in bare ASGI: sign-in, heartbeat, bundle, hotlist, events. Thousands of them at once."""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec

from onecard.app.application import App
from onecard.app.fleet import SignedIn
from onecard.uses.intake import SEQ_MAX
from onecard.values.error import OnecardError
from onecard.web.bearer import place_of, spoken_for
from onecard.web.events import stream_events
from onecard.web.hot import Scope, Send
from onecard.web.problem import MEDIA_TYPE, Failed, MethodWrong, problem_headers, problem_of
from onecard.web.streams import Streams
from onecard.web.terminal_bodies import HeartbeatBody, MeAnswer, SignInBody, SpokenFor
from onecard.web.wire import BodyMalformed, Receive, read_body, read_struct

__all__ = ["TerminalDoor", "serves"]

BODY_BYTES_MAX: Final = 4096
SPOKEN_FOR_MAX: Final = 10_000  # Terminals that one answer names.

_SIGN_IN: Final = "/v1/terminals/sign-in"
_HEARTBEAT: Final = "/v1/terminals/heartbeat"
_ME: Final = "/v1/terminals/me"
_HOTLIST: Final = "/v1/hotlist"
_OF_ONE: Final = re.compile(r"/v1/terminals/([^/]+)/(bundle|events)")

_encode = msgspec.json.Encoder().encode
_sign_in_decoder = msgspec.json.Decoder(SignInBody)
_heartbeat_decoder = msgspec.json.Decoder(HeartbeatBody)


def serves(path: str) -> bool:
    """Tell whether this door answers *path*."""
    return path in (_SIGN_IN, _HEARTBEAT, _ME, _HOTLIST) or (path.startswith("/v1/terminals/") and _OF_ONE.fullmatch(path) is not None)


class TerminalDoor:
    """Answers terminals about themselves."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._fleet = app.fleet
        self._streams = Streams(app.fleet.watch.listeners)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            await self._answer(scope, receive, send)
        except OnecardError as mistake:
            headers = [(name.encode(), value.encode()) for name, value in problem_headers(mistake).items()]
            await _send(send, mistake.http_status, _encode(problem_of(mistake)), MEDIA_TYPE.encode(), headers)
        except Exception:
            await _send(send, Failed.http_status, _encode(problem_of(Failed())), MEDIA_TYPE.encode())
            raise  # To the log.

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path in (_SIGN_IN, _HEARTBEAT):
            _want(scope, "POST")
            spoken_for(scope["headers"], self._app.masters.directory)  # Whoever has no token is not read.
            body = await read_body(receive, BODY_BYTES_MAX, "最多 4 KB", "it is at most 4 KB")
            answer = await (self._sign_in(scope, body) if path == _SIGN_IN else self._heartbeat(scope, body))
            await _send(send, 200, _encode(answer), b"application/json")
        elif path == _ME:
            _want(scope, "GET")
            await _send(send, 200, _encode(self._me(scope)), b"application/json")
        elif path == _HOTLIST:
            _want(scope, "GET")
            spoken_for(scope["headers"], self._app.masters.directory)
            version = await self._fleet.watch.hotlist_version()
            await _send(send, 200, await self._fleet.hotlist.message(_have(scope), version), b"application/octet-stream")
        else:
            await self._of_one(scope, receive, send)

    def _me(self, scope: Scope) -> MeAnswer:
        """Return whom the request's token speaks for: a device that was handed a token asks which it is."""
        spoken = spoken_for(scope["headers"], self._app.masters.directory)
        listed = sorted(spoken)[:SPOKEN_FOR_MAX]
        cast = {each["id"]: each for each in self._app.cast()["terminals"]} if self._app.is_demo else {}
        return MeAnswer(terminals=[_spoken(name, cast.get(name)) for name in listed], more=len(spoken) > len(listed))

    async def _sign_in(self, scope: Scope, body: bytes) -> dict[str, Any]:
        told = read_struct(_sign_in_decoder, body)
        place = place_of(scope["headers"], self._app.masters.directory, told.terminal)
        signed = SignedIn(
            terminal=told.terminal, clock=told.clock, program=told.version, public_key=_public_key(told.public_key),
            hotlist=told.have.hotlist, bundle=told.have.bundle,
        )  # fmt: skip
        return await self._fleet.sign_in(place, signed)

    async def _heartbeat(self, scope: Scope, body: bytes) -> dict[str, Any]:
        told = read_struct(_heartbeat_decoder, body)
        place = place_of(scope["headers"], self._app.masters.directory, told.terminal)
        signed = SignedIn(
            terminal=told.terminal, clock=told.clock, program=told.version, public_key=None, hotlist=told.hotlist, bundle=told.bundle
        )
        return await self._fleet.heartbeat(place, signed, waiting=told.waiting, storage_ok=told.storage_ok)

    async def _of_one(self, scope: Scope, receive: Receive, send: Send) -> None:
        _want(scope, "GET")
        matched = _OF_ONE.fullmatch(scope["path"])
        assert matched is not None
        place = place_of(scope["headers"], self._app.masters.directory, matched[1])
        if matched[2] == "events":
            await stream_events(self._app, self._streams, place, receive, send)
            return
        if _held(scope) == f'"{self._fleet.bundles.etag(place)}"':
            await _send(send, 304, b"", b"application/json", [(b"etag", _held(scope).encode())])
            return
        etag, bundle = await self._fleet.bundles.bundle(place)
        await _send(send, 200, bundle, b"application/json", [(b"etag", f'"{etag}"'.encode())])


def _spoken(terminal: str, cast: Mapping[str, Any] | None) -> SpokenFor:
    if cast is None:
        return SpokenFor(terminal=terminal)
    return SpokenFor(terminal=terminal, key=cast["key"], list_prices=cast.get("list_prices", {}))


def _want(scope: Scope, method: str) -> None:
    if scope["method"] != method:
        raise MethodWrong(allowed=method)


def _have(scope: Scope) -> int:
    """Return the version that a terminal says it holds."""
    told = parse_qs(scope["query_string"].decode("latin-1")).get("have", ["0"])[-1]
    if not (told.isascii() and told.isdecimal() and len(told) <= 16 and int(told) <= SEQ_MAX):
        raise BodyMalformed(problem_zh="have 应为非负整数", problem_en="have: it is a whole number, 0 or more", field="have")
    return int(told)


def _held(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"), "")


def _public_key(told: str | None) -> bytes | None:
    if told is None:
        return None
    try:
        key = base64.b64decode(told, validate=True)
    except ValueError:  # No base64, or not even ASCII.
        key = b""
    if len(key) != 32:
        zh, en = "public_key 应为 base64 的 32 字节 Ed25519 公钥", "public_key: it is 32 bytes of an Ed25519 key in base64"
        raise BodyMalformed(problem_zh=zh, problem_en=en, field="public_key")
    return key


async def _send(send: Send, status: int, body: bytes, media_type: bytes, more: Sequence[tuple[bytes, bytes]] = ()) -> None:
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
