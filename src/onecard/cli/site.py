"""`onecard site …`: places on their way to life, and the devices that stand there."""

from datetime import date
from typing import Annotated, Literal, cast

import typer

from onecard.app.application import App, open_app
from onecard.app.changes import note_moved_site
from onecard.app.site_test import test_cards, try_terminal
from onecard.cli.output import answer_no, complain, document, run, say, settings_here, wrong_call
from onecard.cli.site_words import say_site, site_json, site_told
from onecard.terminals.model import SITE_STATES, Site, SiteState
from onecard.terminals.proof import SiteUnknown, move_site
from onecard.terminals.sign_in import withdraw_key
from onecard.values.days import civil

__all__ = ["Json", "TerminalArgument", "register", "site", "terminal_named"]

LISTED_MAX = 200
ALL_STATES = "all"

site = typer.Typer(help="Sites on their way to life, and their devices.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
SiteArgument = Annotated[str, typer.Argument(metavar="SITE", help="A site's name, or the number of a terminal there.")]
TerminalArgument = Annotated[str, typer.Argument(metavar="TERMINAL", help="A terminal's number, or its key in the cast.")]
State = Literal["in_talks", "planned", "contracted", "wiring", "testing", "trial", "live", "suspended"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(site, name="site")


@site.command("list")
def list_sites(
    state: Annotated[str, typer.Option(help="Only sites in this state.")] = ALL_STATES,
    kind: Annotated[str, typer.Option(help="Only sites of this kind.")] = "",
    region: Annotated[str, typer.Option(help="Only sites of this region.")] = "",
    as_json: Json = False,
) -> None:
    """The pipeline: how many sites stand where, and which.

    Example: onecard site list --state testing
    """
    if state not in (*SITE_STATES, ALL_STATES):
        wrong_call(f"没有状态 {state}。可用：{'、'.join(SITE_STATES)}。", f"There is no state {state}. There are {', '.join(SITE_STATES)}.")
    run(_list(state, kind, region, as_json))


@site.command("show")
def show(site: SiteArgument, as_json: Json = False) -> None:
    """One site: its way, its devices, what they showed and what is still missing.

    Example: onecard site show campus-330481-001
    """
    run(_show(site, as_json))


@site.command("move")
def move(
    site: SiteArgument,
    state: Annotated[State, typer.Argument(help="Where it goes.")],
    on: Annotated[str, typer.Option("--on", help="From which day; without it, today.", metavar="YYYY-MM-DD")] = "",
    as_json: Json = False,
) -> None:
    """Move a site on its way. Live asks for passed test cases on every bound device and one real use.

    Example: onecard site move campus-330481-001 trial
    """
    run(_move(site, state, on, as_json))


@site.command("test")
def test(
    terminal: TerminalArgument,
    good: Annotated[str, typer.Option(help="KIND:VALUE of a card that the site lets in; in a demo one of the cast.")] = "",
    lost: Annotated[str, typer.Option(help="KIND:VALUE of a card that is lost; in a demo one of the cast.")] = "",
    as_json: Json = False,
) -> None:
    """Run a device's test cases and keep those it passes; 1 where one fails. No use is recorded.

    Example: onecard site test campus-in
    """
    cards = {case: shown for case, shown in (("good_card", _credential(good)), ("lost_card", _credential(lost))) if shown}
    run(_test(terminal, cards, as_json))


@site.command("unbind")
def unbind(terminal: TerminalArgument, as_json: Json = False) -> None:
    """Let another device take this one's place: the next that signs in is bound.

    Example: onecard site unbind T330481-0597
    """
    run(_unbind(terminal, as_json))


async def _list(state: str, kind: str, region: str, as_json: bool) -> None:
    async with open_app(settings_here()) as app:
        today = civil(app.now()).date()
        sites = sorted(app.masters.directory.sites.values(), key=lambda each: each.site)
    found = [each for each in sites if (not kind or each.kind == kind) and (not region or each.region == region)]
    counts = {each: sum(site.state_on(today) == each for site in found) for each in SITE_STATES}
    shown = [each for each in found if state in (ALL_STATES, each.state_on(today))]
    if as_json:
        document({"counts": counts, "sites": [site_json(each, today) for each in shown]})
        return
    say("  ".join(f"{each} {count}" for each, count in counts.items()))
    for each in shown[:LISTED_MAX]:
        say(f"{each.site:<26} {each.state_on(today) or '—':<11} {each.name_zh} · {each.name_en}")
    if len(shown) > LISTED_MAX:
        say(f"… {len(shown) - LISTED_MAX}: --state, --kind, --region, --json")


async def _show(named: str, as_json: bool) -> None:
    async with open_app(settings_here()) as app:
        told = await site_told(app, _site(app, named))
    if as_json:
        document(told)
        return
    say_site(told)


async def _move(named: str, state: SiteState, on: str, as_json: bool) -> None:
    async with open_app(settings_here()) as app:
        day = _day(on) if on else civil(app.now()).date()
        async with app.database.acquire("desk") as connection, connection.transaction():
            moved = await move_site(connection, _site(app, named).site, state, day)
            await note_moved_site(connection, moved, day, app.now())
    if as_json:
        document(site_json(moved, day))
    else:
        say(f"{moved.site}: {state}, {day}")


async def _test(named: str, cards: dict[str, tuple[str, str]], as_json: bool) -> None:
    async with open_app(settings_here()) as app:
        terminal = terminal_named(app, named)
        tried = await try_terminal(app, terminal, {**test_cards(app), **cards})
    good = all(each.passed for each in tried)
    if as_json:
        cases = [{"case": each.case, "passed": each.passed, "seen": each.seen} for each in tried]
        document({"terminal": terminal, "ok": good, "cases": cases})
    else:
        for each in tried:
            say(f"{'✓' if each.passed else '✕'} {each.case:<14} {each.seen}")
    if not good:
        answer_no()


async def _unbind(named: str, as_json: bool) -> None:
    async with open_app(settings_here()) as app:
        terminal = terminal_named(app, named)
        async with app.database.acquire("desk") as connection:
            key_id = await withdraw_key(connection, terminal, app.now())
    if as_json:
        document({"terminal": terminal, "key_id": key_id})
    elif key_id is None:
        complain(f"终端 {terminal} 没有绑定设备。", f"No device is bound to terminal {terminal}.")
    else:
        say(f"{terminal}: {key_id} —")
    if key_id is None:
        answer_no()


def _site(app: App, named: str) -> Site:
    """Return the site of that name, or where the terminal of that name or key stands. Raises `SiteUnknown`."""
    found = app.masters.directory.sites.get(named) or app.masters.directory.site_of(terminal_named(app, named))
    if found is None:
        raise SiteUnknown(named=named)
    return found


def terminal_named(app: App, named: str) -> str:
    """Return the number of the terminal of that key in the cast, else *named* itself."""
    return next((cast(str, each["id"]) for each in app.cast()["terminals"] if each["key"] == named), named)


def _credential(text: str) -> tuple[str, str] | None:
    kind, colon, value = text.partition(":")
    if text and not colon:
        wrong_call("卡应写成 KIND:VALUE，如 card:B00000019。", "Write a card as KIND:VALUE, like card:B00000019.")
    return (kind, value) if text else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong_call("日期应为 2024-10-31 这样的格式。", "Write the day like 2024-10-31.")
