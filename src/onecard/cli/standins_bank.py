"""`onecard standins bank`: who pays the batches, and says afterwards what became of each payment."""

from pathlib import Path
from typing import Annotated

import typer

from onecard.cli.output import say
from onecard.cli.standins import standins
from onecard.standins.bank_chance import BankFault, Chance

__all__ = ["register"]


def register(_: typer.Typer) -> None:
    """Add the command below `onecard standins`, which stands already."""
    standins.command("bank")(bank)


def bank(
    inbox: Annotated[Path, typer.Option("--in", help="Where batches lie (BANK_BATCH.txt and its .sig).", file_okay=False)],
    outbox: Annotated[Path, typer.Option("--out", help="Where return files go.", file_okay=False)],
    fault: Annotated[BankFault, typer.Option(help="What it does wrong.")] = "none",
    seed: Annotated[int, typer.Option(help="The same seed answers the same batch alike.", min=0)] = 1,
    failed: Annotated[float, typer.Option(help="How many of all payments fail.", min=0, max=1)] = 0.014,
    refunded: Annotated[float, typer.Option(help="How many of those paid come back later.", min=0, max=1)] = 0.0,
    succeeded: Annotated[float, typer.Option(help="How many of those that failed succeed later.", min=0, max=1)] = 0.0,
    late_seconds: Annotated[float, typer.Option(help="How late --fault late is.", min=0, max=3600)] = 10.0,
    once: Annotated[bool, typer.Option("--once", help="Answer what lies there, and end.")] = False,
) -> None:
    """A paying bank: answers every batch in a folder, until Ctrl-C.

    Example: onecard standins bank --in outbox --out inbox --fault partial --refunded 0.01
    """
    from onecard.standins.bank_counter import BankCounter  # With it comes numpy, which no other command needs at its start.

    chance = Chance(seed=seed, failed=failed, refunded=refunded, succeeded=succeeded)
    BankCounter(inbox=inbox, outbox=outbox, fault=fault, chance=chance, late_seconds=late_seconds, say=say).run(once=once)
