"""`onecard audit …`: the signed head of the log, proofs for those whose uses are in it, its keys, and the end of a person's data."""

from pathlib import Path
from typing import Annotated, Any

import typer

from onecard.app.log_keeper import log_keeper_of
from onecard.app.opening import open_store
from onecard.audit.heads import newest_head
from onecard.cli.output import answer_no, complain, document, run, say, settings_here, wrong_call
from onecard.values.signed_head import SignedHead

__all__ = ["register"]

audit = typer.Typer(help="The audit log: its head, proofs, keys, erasures.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(audit, name="audit")


@audit.command("head")
def head(
    out: Annotated[Path | None, typer.Option("--out", help="Write it to a file instead.")] = None,
    now: Annotated[bool, typer.Option("--now", help="Take in what waits and sign first; serve does so each minute.")] = False,
) -> None:
    """The newest signed head: keep it outside, and `onecard verify --audit --head FILE` proves later that nothing under it changed.

    Example: onecard audit head --out yesterday.head
    """
    signed = run(_head(now))
    if signed is None:
        complain("日志还没有签名头。", "The log has no head yet.")
        answer_no()
    if out is None:
        typer.echo(signed.note.decode(), nl=False)
    else:
        _write(out, signed.note)


@audit.command("keys")
def keys(
    rotate: Annotated[bool, typer.Option("--rotate", help="Begin a new key; heads of the old ones stay proved.")] = False,
    as_json: Json = False,
) -> None:
    """The log's name and the public keys by which anyone can check its heads.

    Example: onecard audit keys --json
    """
    told = run(_keys(rotate))
    if as_json:
        document(told)
        return
    say(f"{told['log']}  {told['suite']}")
    for key in told["keys"]:
        say(f"{key['hash']}  {key['from']}  {key['public']}")


async def _head(now: bool) -> SignedHead | None:
    settings = settings_here()
    async with open_store(settings) as store:
        if now:
            return await log_keeper_of(settings, store).close()
        async with store.database.acquire("audit_ro") as connection:
            return await newest_head(connection)


async def _keys(rotate: bool) -> dict[str, Any]:
    settings = settings_here()
    async with open_store(settings) as store:
        keeper = log_keeper_of(settings, store)
        log = keeper.rotate() if rotate else keeper.keys
    return {"log": log.origin, "suite": log.suite_name, "keys": log.told()}


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as mistake:
        wrong_call(f"无法写入 {path}：{mistake.strerror}。", f"{path} cannot be written: {mistake.strerror}.")
