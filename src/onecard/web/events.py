"""Server-sent events for terminals: the numbers of what they hold, at once and whenever one moves; else a sign of life."""

import asyncio
from contextlib import suppress
from typing import Final

import msgspec

from onecard.app.application import App
from onecard.db.errors import StoreUnreachable
from onecard.terminals.model import Place
from onecard.web.hot import Send
from onecard.web.metrics import LISTENERS
from onecard.web.wire import Receive

__all__ = ["ALIVE_SECONDS", "stream_events"]

ALIVE_SECONDS: Final = 15.0

_START: Final = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")],
}
_ALIVE: Final = b": still here\n\n"


async def stream_events(app: App, place: Place, receive: Receive, send: Send) -> None:
    """Tell *place*'s terminal what moves until it hangs up or the server ends.

    A listener sleeps on a future that many share: a change costs each of them one line, and nothing in between.
    """
    gone = asyncio.create_task(_hung_up(receive))
    await send(_START)
    LISTENERS.inc()
    try:
        with app.fleet.watch.listening() as number:
            await _tell(app, place, number, gone, send)
        await send({"type": "http.response.body", "body": b""})
    finally:
        LISTENERS.dec()
        gone.cancel()


async def _tell(app: App, place: Place, number: int, gone: "asyncio.Task[None]", send: Send) -> None:
    watch, told = app.fleet.watch, b""
    while not (gone.done() or watch.ended):
        moved = watch.moved(number)  # Before looking: what moves meanwhile is not missed.
        with suppress(StoreUnreachable):  # It comes back; until then the sign of life is all there is to say.
            line = await _line(app, place)
            if line != told:
                told = line
                await send({"type": "http.response.body", "body": line, "more_body": True})
        await asyncio.wait({gone, moved}, timeout=ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not moved.done() and not gone.done():
            await send({"type": "http.response.body", "body": _ALIVE, "more_body": True})


async def _line(app: App, place: Place) -> bytes:
    directory = app.masters.directory
    return b"data: " + msgspec.json.encode(await app.fleet.event(directory.place(place.terminal.terminal) or place)) + b"\n\n"


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
