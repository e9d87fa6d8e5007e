"""`onecard serve`: API, pages and terminal page of one home, until Ctrl-C."""

from pathlib import Path
from typing import Annotated

import typer
import uvloop

from onecard.app.application import open_app
from onecard.cli.output import say, settings_here, wrong_call
from onecard.db.production import refuse_unfit
from onecard.settings.open_files import allow_open_files
from onecard.web.server import Server, bind

__all__ = ["ready_line", "register"]

OPEN_FILES = 65_536
"""Each terminal that listens holds a connection open; systems give a process a thousand at first."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 picks a free one.", min=0, max=65535)] = 8000,
    cert: Annotated[Path | None, typer.Option(help="Certificate chain, PEM.", exists=True, dir_okay=False)] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key, PEM.", exists=True, dir_okay=False)] = None,
    production: Annotated[bool, typer.Option("--production", help="Refuse a store that is not fit for production.")] = False,
) -> None:
    """API, console, portal, terminal page.

    Example: onecard serve --port 8443 --cert fullchain.pem --key key.pem
    """
    if (cert is None) != (key is None):
        wrong_call("--cert 与 --key 要一起给出。", "Give --cert and --key together.")
    uvloop.run(_serve(host, port, cert, key, production))


async def _serve(host: str, port: int, cert: Path | None, key: Path | None, production: bool) -> None:
    bound = bind(host, port)
    allow_open_files(OPEN_FILES)
    async with open_app(settings_here()) as app:
        if production:
            await refuse_unfit(app.database)
        server = Server(app, bound, cert=cert, key=key)
        say(ready_line(host, bound.getsockname()[1], secure=cert is not None))
        await server.run()




def ready_line(host: str, port: int, *, secure: bool = False) -> str:
    """Return the line that says where the city can be reached."""
    shown = f"[{host}]" if ":" in host else host
    return f"Onecard is ready: {'https' if secure else 'http'}://{shown}:{port}"
