"""`onecard db url`, `onecard verify`: how to reach the store, and whether what is in it holds."""

import asyncio
from typing import Annotated, cast, get_args

import typer

from onecard.app.chain_watch import ChainWatch
from onecard.app.key_check import verify_seals
from onecard.app.opening import open_store
from onecard.app.verification import verify_rooms
from onecard.cli.output import answer_no, document, run, say, settings_here, wrong_call
from onecard.db.door import Role
from onecard.ledger.verify import verify_ledger
from onecard.settings.clock import read_clock
from onecard.uses.plan import anonymous_salt

__all__ = ["register"]

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


def verify(as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False) -> None:
    """Every invariant, checked against the records; 1 and a list where one is broken.

    Example: onecard verify
    """
    run(_verify(as_json))


async def _url(role: Role, hold: bool) -> None:
    async with open_store(settings_here()) as store:
        say(store.url(role))
        if hold:
            await asyncio.Event().wait()


async def _verify(as_json: bool) -> None:
    async with open_store(settings_here()) as store:
        clock = read_clock(store.home.folder)
        await ChainWatch(store.database, store.keyring.hash_key, clock.now).look_at_all()  # What nobody has looked at yet.
        async with store.database.acquire("audit_ro") as connection:
            checks = await verify_ledger(connection, anonymous_salt(store.keyring.hash_key))
            checks += await verify_rooms(connection, store.keyring.hash_key, clock.now())
        checks.append(await verify_seals(store))
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
