"""Server-sent events for terminals: the numbers of what they hold, at once and whenever one moves; else a sign of life."""

import asyncio
from contextlib import suppress
from typing import Final

from onecard.app.application import App
from onecard.app.listeners import Listener
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
    """Tell *place*'s terminal what moves until it hangs up or the server ends."""
    gone = asyncio.create_task(_hung_up(receive))
    await send(_START)
    LISTENERS.inc()
    try:
        with app.fleet.watch.listeners.listening() as listener:
            gone.add_done_callback(lambda _: listener.wake())
            await _tell(app, place, listener, gone, send)
        await send({"type": "http.response.body", "body": b""})
    finally:
        LISTENERS.dec()
        gone.cancel()


async def _tell(app: App, place: Place, listener: Listener, gone: "asyncio.Task[None]", send: Send) -> None:
    masters, told, known = app.masters, None, b""
    while not (gone.done() or app.fleet.watch.ended):
        said = _ALIVE
        with suppress(StoreUnreachable):  # It comes back; until then the sign of life is all there is to say.
            line = await app.fleet.events.line(masters.directory.place(place.terminal.terminal) or place, told)
            if line.known != known:
                told, known, said = line.hotlist, line.known, line.sent()
        await send({"type": "http.response.body", "body": said, "more_body": True})
        await listener.sleep(ALIVE_SECONDS)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
