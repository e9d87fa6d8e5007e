"""`onecard bulletin`, `onecard cast`: what the city gets, and who lives in the demo."""

from pathlib import Path
from typing import Annotated

import typer

from onecard.app.application import open_app
from onecard.audit.heads import newest_head
from onecard.cli.given import day_given, write_page
from onecard.cli.output import document, run, say, settings_here, wrong_call
from onecard.demo.crowd import crowd
from onecard.reports.model import Bulletin
from onecard.reports.text import bulletin_text
from onecard.web.bulletin_file import bulletin_file

__all__ = ["register"]

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("bulletin")(bulletin)
    app.command("cast")(cast)


def bulletin(
    as_of: Annotated[str | None, typer.Option("--as-of", help="ISO date; the demo's is 2024-10-31.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write one self-contained HTML page.")] = None,
    as_json: Json = False,
) -> None:
    """The newsletter's paragraphs, table and charts, from the records.

    Example: onecard bulletin --as-of 2024-06-30 --out bulletin.html
    """
    made, head = run(_bulletin(as_of))
    if out is not None:
        write_page(out, bulletin_file(made, head))
    if as_json:
        document(made.to_json())
    elif out is None:
        say(bulletin_text(made))


def cast(
    crowd: Annotated[int, typer.Option("--crowd", help="Also N cards of ordinary residents.", min=0, max=100_000)] = 0,
    as_json: Json = False,
) -> None:
    """The demo's named people, terminals and logins.

    Example: onecard cast --json
    """
    run(_cast(crowd, as_json))


async def _bulletin(as_of: str | None) -> tuple[Bulletin, str | None]:
    """Return the bulletin and the newest head of the audit log."""
    async with open_app(settings_here()) as app:
        made = await app.bulletin(day_given(as_of) if as_of else None)
        async with app.database.acquire("audit_ro") as connection:
            head = await newest_head(connection)
    return made, head.note.decode() if head else None


async def _cast(number: int, as_json: bool) -> None:
    async with open_app(settings_here()) as app:
        if not app.is_demo:
            wrong_call("这里不是演示城市。先运行 onecard demo。", "This home is no demo. Run onecard demo first.")
        told = dict(app.cast())
        if number:
            told["crowd"] = await crowd(app, number)
    if as_json:
        document(told)
        return
    for person in told["people"]:
        say(f"{person['key']:<28} {person['name']:<8} {person['born']}  {person['home_region']}  {person['credentials'][0]['value']}")
        say(f"    {person['story']['zh']} · {person['story']['en']}")
    for terminal in told["terminals"]:
        say(f"{terminal['key']:<20} {terminal['id']:<24} {', '.join(terminal['services'])}")
    for login in told["logins"]:
        say(f"{login['user']:<20} {login['name']:<8} {login['role']:<20} {login['scope']['region'] or '-'}")
