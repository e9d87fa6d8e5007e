"""The command `onecard`: gathers the commands, and turns what went wrong into a sentence and an exit code."""

import sys
from collections.abc import Sequence

import structlog
import typer

from onecard.cli import (
    ask,
    audit,
    build,
    card,
    card_making,
    check,
    code,
    database,
    difference,
    keys,
    measure,
    payout,
    policy_simulate,
    release,
    show,
    site,
    site_alarms,
    staff,
    staff_office,
    stand,
    standins,
    standins_bank,
    standins_cards,
    terminal,
    vectors,
)
from onecard.cli.output import complain
from onecard.values.error import OnecardError

__all__ = ["app", "main"]

app = typer.Typer(
    name="onecard",
    help="一卡通: one card, one decision, one record, for every public service of a city.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

for _room in (
    build,
    stand,
    standins,
    standins_bank,
    standins_cards,
    terminal,
    ask,
    card,
    card_making,
    code,
    site,
    site_alarms,
    staff,
    staff_office,
    show,
    check,
    difference,
    release,
    policy_simulate,
    payout,
    vectors,
    database,
    audit,
    keys,
    measure,
):
    _room.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Exit codes: 0 done, 1 the answer is no, 2 a wrong call or file, 3 the store cannot be reached."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # Stdout is for answers alone.
    try:
        app(args=list(arguments) if arguments is not None else None)
    except OnecardError as mistake:
        complain(mistake.said_zh, mistake.said_en)
        sys.exit(mistake.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
