"""One server: hot endpoints in front, everything else by FastAPI, on a socket that was bound before anything starts."""

import gc
import socket
from contextlib import suppress
from pathlib import Path

import uvicorn
from fastapi import Depends, FastAPI

from onecard.app.application import App
from onecard.app.chain_watch import ChainWatch
from onecard.app.mark_keeper import MarkKeeper
from onecard.app.release_work import ReleaseWork
from onecard.app.tally_keeper import TallyKeeper
from onecard.values.error import OnecardError
from onecard.web.api import api, install_problems
from onecard.web.approvals import approval_routes
from onecard.web.console import console_routes
from onecard.web.hot import HOT_PATHS, HotDoor, Receive, Scope, Send
from onecard.web.known_queries import refuse_unknown_queries
from onecard.web.openapi import openapi_document
from onecard.web.pages import pages
from onecard.web.payouts import payout_routes
from onecard.web.policies import policy_routes
from onecard.web.polite import PoliteServer
from onecard.web.reading import BoundedReading, ReadingLimits
from onecard.web.secure_answers import https_only
from onecard.web.session import session_routes
from onecard.web.session_oidc import oidc_routes
from onecard.web.session_passkey import passkey_routes
from onecard.web.staff_access import PUBLIC, refuse_undeclared
from onecard.web.staff_cards import card_routes
from onecard.web.staff_residents import resident_routes
from onecard.web.terminals import TerminalDoor, serves

__all__ = ["PortTaken", "Server", "bind", "web_app"]

KEEP_ALIVE_SECONDS = 75
BACKLOG = 2048


class PortTaken(OnecardError):
    """Something else listens there."""

    code = "web.port_taken"
    exit_code = 3
    zh = "端口 {port} 已被其他程序占用或不可用（{why}）。请用 --port 换一个端口。"
    en = "Port {port} on {host} cannot be used ({why}). Pick another with --port."


class WebApp:
    """The whole of the web as one ASGI application."""

    def __init__(self, app: App) -> None:
        self._hot = HotDoor(app)
        self._terminals = TerminalDoor(app)
        self._rest = _fastapi(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the door that serves it."""
        if scope["scheme"] == "https":
            send = https_only(send)
        if scope["type"] == "http" and scope["path"] in HOT_PATHS:
            await self._hot(scope, receive, send)
        elif scope["type"] == "http" and serves(scope["path"]):
            await self._terminals(scope, receive, send)
        else:
            await self._rest(scope, receive, send)


def web_app(app: App) -> WebApp:
    """Return the ASGI application of *app*."""
    return WebApp(app)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens on *host*:*port*; 0 picks a free one. Raises `PortTaken`."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)  # At once: who finds the port taken hears it before a city is built.
    except (OSError, OverflowError) as mistake:
        bound.close()
        raise PortTaken(host=host, port=port, why=getattr(mistake, "strerror", None) or mistake) from mistake
    return bound


class Server:
    """A server that runs until it is told to stop."""

    def __init__(
        self, app: App, bound: socket.socket, *, cert: Path | None = None, key: Path | None = None, limits: ReadingLimits | None = None
    ) -> None:  # fmt: skip
        self._bound = bound
        config = uvicorn.Config(
            web_app(app), loop="uvloop", http=BoundedReading, ws="none", lifespan="off", access_log=False, log_level="warning",
            timeout_keep_alive=KEEP_ALIVE_SECONDS, timeout_graceful_shutdown=10, server_header=False, proxy_headers=False,
            ssl_certfile=cert, ssl_keyfile=key,
        )  # fmt: skip
        self._watch = app.fleet.watch
        self._log = app.log
        self._chain = ChainWatch(app.database, app.keyring.hash_key, app.clock.now)
        self._releases = ReleaseWork(app.database, app.city, app.clock.now)
        self._tally = TallyKeeper(app.database)
        self._marks = MarkKeeper(app.database, app.keyring)
        self._server = PoliteServer(config, self._watch.end, limits or ReadingLimits())

    async def run(self) -> None:
        """Serve until Ctrl-C or SIGTERM."""
        gc.collect()
        gc.freeze()  # What lives as long as the server is not looked through again and again: it held taps up for 40 ms.
        with suppress(KeyboardInterrupt):
            async with (
                self._watch.running(), self._chain.running(), self._log.running(), self._releases.running(), self._tally.running(),
                self._marks.running(),
            ):  # fmt: skip
                await self._server.serve(sockets=[self._bound])

    def stop(self) -> None:
        """Ask the server to end; it answers what it holds first."""
        self._server.should_exit = True


def _fastapi(app: App) -> FastAPI:
    fastapi = FastAPI(
        title="Onecard", version="1", summary="One card, one decision, one record.", docs_url=None, redoc_url=None,
        dependencies=[Depends(refuse_unknown_queries)],
    )  # fmt: skip
    fastapi.include_router(api(app))
    fastapi.include_router(pages(app), dependencies=[Depends(PUBLIC)])
    for routes in (session_routes, oidc_routes, passkey_routes, approval_routes, resident_routes, card_routes):
        fastapi.include_router(routes(app.desk))
    fastapi.include_router(policy_routes(app.desk, app.city.lists))
    fastapi.include_router(payout_routes(app.desk, app.city.lists))
    fastapi.include_router(console_routes(app))
    install_problems(fastapi)
    refuse_undeclared(fastapi.routes)
    document = openapi_document(fastapi.version)
    fastapi.openapi = lambda: document  # type: ignore[method-assign]  # FastAPI never sees the hot endpoints.
    return fastapi
