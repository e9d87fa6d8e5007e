"""`onecard standins`: outside systems, played, each a process of its own until Ctrl-C."""

from typing import Annotated

import typer

from onecard.cli.output import say
from onecard.standins.decode import Fault, decoder
from onecard.standins.serving import serve

__all__ = ["register", "standins"]

standins = typer.Typer(help="Outside systems, played by small programs of their own.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(standins, name="standins")


@standins.callback()
def _standins() -> None:
    """Outside systems, played by small programs of their own."""


@standins.command("decode")
def decode(
    port: Annotated[int, typer.Option(help="0 picks a free one.", min=0, max=65535)] = 0,
    fault: Annotated[Fault, typer.Option(help="What it does wrong.")] = "none",
) -> None:
    """The national decoding service: knows the codes of other places' residents.

    Example: onecard standins decode --port 8101, and ONECARD_DECODE_URL=http://127.0.0.1:8101 onecard serve
    """
    serve(decoder(fault), port, lambda url: say(f"Ready: {url}"))
