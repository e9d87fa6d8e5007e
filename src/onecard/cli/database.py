"""`onecard db url`, `onecard verify`: how to reach the store, and whether what is in it holds."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from onecard.app.application import city_rules
from onecard.app.audit import read_outside_head, verify_audit, verify_records
from onecard.app.chain_watch import ChainWatch
from onecard.app.log_keeper import log_keys_of
from onecard.app.opening import Store, open_store
from onecard.app.replay import replay_days
from onecard.app.verification import verify_rooms
from onecard.cli.counting import count_shown
from onecard.cli.output import answer_no, document, run, say, settings_here, wrong_call
from onecard.db.door import Role
from onecard.ledger.verify import Check
from onecard.settings.city_folder import find_city
from onecard.settings.clock import read_clock

__all__ = ["register"]

_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)

db = typer.Typer(help="The store.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(db, name="db")
    app.command("verify")(verify)


@db.callback()
def _db() -> None:
    """The store."""


@db.command("url")
def url(
    role: Annotated[str, typer.Option(help="lane, desk, batch, console, audit_ro or migrate (the owner).")] = "migrate",
    hold: Annotated[bool, typer.Option("--hold", help="Keep the store running until Ctrl-C.")] = False,
) -> None:
    """A URL with which this OS user reaches the store, good while the store runs: beside `serve`, or with --hold.

    Example: psql "$(onecard db url)"   (while onecard serve runs)
    """
    if role not in get_args(Role):
        en = "The role is lane, desk, batch, console, audit_ro or migrate."
        wrong_call("角色应为 lane、desk、batch、console、audit_ro 或 migrate。", en)
    run(_url(cast(Role, role), hold))


def verify(
    audit: Annotated[bool, typer.Option("--audit", help="Also the log, the catalogue and the server.")] = False,
    head: Annotated[
        Path | None, typer.Option("--head", metavar="FILE", help="A signed head from outside: does today's log extend it?")
    ] = None,
    replay: Annotated[
        str | None, typer.Option("--replay", metavar="DATE", help="Only decide that day again (or FROM..UNTIL), and compare every field.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Every invariant, checked against the records; 1 and a list where one is broken.

    Example: onecard verify --audit --head /mnt/witness/18211.head
    """
    if replay is not None:
        if audit or head is not None:
            wrong_call("--replay 请单独使用。", "Use --replay alone.")
        first, _, last = replay.partition("..")
        run(_replay(_day(first), _day(last or first), as_json))
        return
    run(_verify(audit or head is not None, head, as_json))


async def _url(role: Role, hold: bool) -> None:
    async with open_store(settings_here()) as store:
        say(store.url(role))
        if hold:
            await asyncio.Event().wait()


async def _verify(audit: bool, head: Path | None, as_json: bool) -> None:
    async with open_store(settings_here()) as store:
        clock = read_clock(store.home.folder)
        await ChainWatch(store.database, store.keyring.hash_key, clock.now).look_at_all()  # What nobody has looked at yet.
        checks = await _with_log(store, head) if audit else await verify_records(store, log_keys_of(settings_here(), store))
        async with store.database.acquire("audit_ro") as connection:
            checks += await verify_rooms(connection, store.keyring.hash_key, clock.now())
    _tell(checks, as_json)


async def _replay(first: date, last: date, as_json: bool) -> None:
    settings = settings_here()
    lists = city_rules(find_city(settings.city, settings.cities)).lists
    with count_shown("重新判定 decided again") as told:
        async with open_store(settings) as store, store.database.acquire("audit_ro") as connection:
            check = await replay_days(connection, lists, first, last, told)
    _tell([check], as_json)


def _tell(checks: list[Check], as_json: bool) -> None:
    good = all(each.ok for each in checks)
    if as_json:
        document({"ok": good, "checks": [each.to_json() for each in checks]})
    else:
        for each in checks:
            say(f"{'✓' if each.ok else '✕'} {each.name}: {each.examined} examined, {len(each.problems)} problems")
            for problem in each.problems[:20]:
                say(f"    {problem}")
    if not good:
        answer_no()


async def _with_log(store: Store, head: Path | None) -> list[Check]:
    keys = log_keys_of(settings_here(), store)
    try:
        outside = read_outside_head(head, keys) if head is not None else None
    except OSError as mistake:
        wrong_call(f"无法读取 {head}：{mistake.strerror}。", f"{head} cannot be read: {mistake.strerror}.")
    return await verify_audit(store, keys, outside)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.max
    if not _EARLIEST <= day <= _LATEST:
        wrong_call("日期应为 2024-10-31 这样的格式。", "Write the date like 2024-10-31.")
    return day
