"""`onecard site alarms`, `onecard site settle-alarm`: terminals of which there seem to be two, and what an operator found."""

from typing import Annotated, Any

import typer

from onecard.app.application import App, open_app
from onecard.app.chain_watch import ChainWatch
from onecard.cli.output import answer_no, complain, document, run, say, settings_here, wrong_call
from onecard.cli.site import Json, TerminalArgument, site, terminal_named
from onecard.terminals.alarm import Alarm, alarms_of, every_alarm, settle_alarms
from onecard.values.masked import holds_number

__all__ = ["register"]

REASON_LENGTH_MAX = 200
EVERY = ""


def register(_app: typer.Typer) -> None:
    """Add the commands to `onecard site`."""
    site.command("alarms")(alarms)
    site.command("settle-alarm")(settle_alarm)


def alarms(
    terminal: Annotated[str, typer.Argument(metavar="[TERMINAL]", help="Only of this terminal, by number or key in the cast.")] = EVERY,
    settled: Annotated[bool, typer.Option("--all", help="Those that are settled too.")] = False,
    as_json: Json = False,
) -> None:
    """What proves that two devices are one terminal: clone, fork, signature.

    Example: onecard site alarms
    """
    run(_alarms(terminal, settled, as_json))


def settle_alarm(
    terminal: TerminalArgument,
    reason: Annotated[str, typer.Option(help="What was found.")],
    as_json: Json = False,
) -> None:
    """Settle all open alarms of a terminal; they stay on record, and what is found from now on is news.

    Example: onecard site settle-alarm T330481-0597 --reason "the disk was replaced, the old one is destroyed"
    """
    if not (0 < len(reason) <= REASON_LENGTH_MAX and reason.isprintable() and reason.strip()) or holds_number(reason):
        wrong_call("事由应为 1 到 200 个可见字符，不含身份证号。", "The reason is 1 to 200 printable characters, and no person number.")
    run(_settle(terminal, reason, as_json))


async def _alarms(named: str, settled: bool, as_json: bool) -> None:
    async with open_app(settings_here()) as app:
        await ChainWatch(app.database, app.keyring.hash_key, app.now).look_at_all()
        found = await _found(app, named, settled)
    if as_json:
        document({"alarms": [_json(each) for each in found]})
    else:
        for each in found:
            say(_line(each))


async def _found(app: App, named: str, settled: bool) -> list[Alarm]:
    async with app.database.acquire("desk") as connection:
        if named == EVERY:
            return await every_alarm(connection, settled=settled)
        of_one = await alarms_of(connection, terminal_named(app, named))
    return [each for each in of_one if settled or each.settled_at is None]


async def _settle(named: str, reason: str, as_json: bool) -> None:
    async with open_app(settings_here()) as app:
        terminal = terminal_named(app, named)
        async with app.database.acquire("desk") as connection:
            done = await settle_alarms(connection, terminal, app.now(), reason)
    if as_json:
        document({"terminal": terminal, "settled": done})
    elif done:
        say(f"{terminal}: ✓")
    if not done:
        complain(f"终端 {terminal} 没有未处理的告警。", f"Terminal {terminal} has no open alarm.")
        answer_no()


def _json(alarm: Alarm) -> dict[str, Any]:
    return {
        "terminal": alarm.terminal, "kind": alarm.kind, "at": alarm.at.isoformat(), "evidence": alarm.evidence,
        "settled_at": alarm.settled_at.isoformat() if alarm.settled_at else None, "reason": alarm.reason,
    }  # fmt: skip


def _line(alarm: Alarm) -> str:
    told = "  ".join(f"{name} {value}" for name, value in alarm.evidence.items())
    end = f"  ✓ {alarm.settled_at:%Y-%m-%d %H:%M} {alarm.reason}" if alarm.settled_at else ""
    return f"{alarm.at:%Y-%m-%d %H:%M}  {alarm.terminal:<14} {alarm.kind:<9} {told}{end}"
