"""Server-sent events for terminals: the numbers of what they hold, at once and whenever one moves; else a sign of life."""

import asyncio
from contextlib import suppress
from typing import Final

from onecard.app.application import App
from onecard.db.errors import StoreUnreachable
from onecard.terminals.model import Place
from onecard.web.hot import Send
from onecard.web.metrics import LISTENERS
from onecard.web.streams import Stream, Streams
from onecard.web.wire import Receive

__all__ = ["ALIVE_SECONDS", "stream_events"]

ALIVE_SECONDS: Final = 15.0

_START: Final = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")],
}
_ALIVE: Final = b": still here\n\n"
_SUPERSEDED: Final = b": ended, a newer stream of this terminal took its place; listen again in a minute\n\n"


async def stream_events(app: App, streams: Streams, place: Place, receive: Receive, send: Send) -> None:
    """Tell *place*'s terminal what moves until it hangs up, the server ends or the stream gives way. Raises `TooManyStreams`."""
    with streams.opened(place.terminal.terminal) as stream, LISTENERS.track_inprogress():
        gone = asyncio.create_task(_hung_up(receive))
        gone.add_done_callback(lambda _: stream.listener.wake())
        try:
            await send(_START)
            await _tell(app, place, stream, gone, send)
            await send({"type": "http.response.body", "body": _SUPERSEDED if stream.superseded else b""})
        finally:
            gone.cancel()


async def _tell(app: App, place: Place, stream: Stream, gone: "asyncio.Task[None]", send: Send) -> None:
    masters, told, known = app.masters, None, b""
    while not (gone.done() or stream.superseded or app.fleet.watch.ended):
        said = _ALIVE
        with suppress(StoreUnreachable):  # It comes back; until then the sign of life is all there is to say.
            line = await app.fleet.events.line(masters.directory.place(place.terminal.terminal) or place, told)
            if line.known != known:
                told, known, said = line.hotlist, line.known, line.sent()
        await send({"type": "http.response.body", "body": said, "more_body": True})
        await stream.listener.sleep(ALIVE_SECONDS)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
