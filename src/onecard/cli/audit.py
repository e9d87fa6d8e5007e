"""`onecard audit …`: the signed head of the log, proofs for those whose uses are in it, its keys, and the end of a person's data."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from onecard.app.card_desk import open_card_desk
from onecard.app.erasing import Erasure, erase_person
from onecard.app.log_keeper import LogKeeper, log_keeper_of, log_keys_of
from onecard.app.opening import Store, open_store
from onecard.audit.canary import watch_residents
from onecard.audit.heads import newest_head
from onecard.audit.proof import check_proof, prove_use
from onecard.audit.reading import Alarm, Asked, alarms
from onecard.audit.service import note
from onecard.cli.card import reason_of
from onecard.cli.output import answer_no, complain, document, run, say, settings_here, wrong_call
from onecard.settings.clock import read_clock
from onecard.staff.model import OWNER_ACTING
from onecard.uses.plan import anonymous_salt
from onecard.values.days import civil
from onecard.values.signed_head import SignedHead

__all__ = ["register"]

audit = typer.Typer(help="The audit log: its head, proofs, keys, erasures.", no_args_is_help=True)

PROOF_BYTES_MAX: Final = 1_000_000

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


@audit.command("proof")
def proof(
    use: Annotated[str, typer.Argument(metavar="USE", help="The name of a use, as its answer told it.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write it to a file instead.")] = None,
) -> None:
    """For a use's holder: proof that it is in the log as it was written, checkable without this program (docs/reference/log.md).

    Example: onecard audit proof T330400-BUS-0001.17 --out ride.proof
    """
    content = run(_proof(use))
    if out is None:
        typer.echo(content.decode(), nl=False)
    else:
        _write(out, content)


@audit.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `audit proof` wrote.", exists=True, dir_okay=False)],
    as_json: Json = False,
) -> None:
    """Whether a proof holds, under a head that this home's log signed; 1 where it does not.

    Example: onecard audit check ride.proof
    """
    with file.open("rb") as opened:
        told = run(_check(opened.read(PROOF_BYTES_MAX)))
    if as_json:
        document(told)
    elif told["proved"]:
        say(f"{told['use']}  成立 · proved, under the head of {told['size']} leaves signed {told['at']}")
    else:
        say("不成立 · not proved")
    if not told["proved"]:
        answer_no()


@audit.command("alarms")
def alarms_command(as_json: Json = False) -> None:
    """The newest alarms: looks at watched residents, budgets passed, a witness that holds another head.

    Example: onecard audit alarms
    """
    found = run(_alarms())
    if as_json:
        document({"alarms": [{**asdict(each), "ref": str(each.ref), "at": each.at.isoformat()} for each in found]})
        return
    for each in found:
        say(f"{civil(each.at):%Y-%m-%d %H:%M:%S}  {each.kind:<8} {each.person:<20} {each.detail}")


@audit.command("watch")
def watch(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A cast person's key, a person number, a card number or KIND:VALUE.")],
) -> None:
    """Watch a resident whom nobody has a reason to look at: each look raises an alarm. The store does not tell who is watched.

    Example: onecard audit watch B00000019
    """
    new = run(_watch(person))
    say("已纳入监看 · watched from now on" if new else "此前已在监看 · watched already")


@audit.command("erase")
def erase(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A cast person's key, a person number, a card number or KIND:VALUE.")],
    reason: Annotated[str, typer.Option(help="Why, and who asked; up to 200 characters, no personal data.")],
    as_json: Json = False,
) -> None:
    """Erase a person: who he is and all that leads to him goes for good; what he used stays under a number. There is no way back.

    Example: onecard audit erase B00000019 --reason "asked by the holder, letter 2024-118"
    """
    done = run(_erase(person, reason_of(reason)))
    if as_json:
        document({"subject": done.subject, "records_kept": done.kept.records})
    else:
        say(f"已删除；保留 {done.kept.records} 条用卡记录 · erased; {done.kept.records} records of uses stay")


async def _proof(use: str) -> bytes:
    settings = settings_here()
    async with open_store(settings) as store:
        digest = log_keys_of(settings, store).suite.digest
        async with store.database.acquire("audit_ro") as connection:
            return (await prove_use(connection, digest, use, anonymous_salt(store.keyring.hash_key))).to_json()


async def _check(content: bytes) -> dict[str, Any]:
    settings = settings_here()
    async with open_store(settings) as store:
        log = log_keys_of(settings, store)
    found = check_proof(content, log.suite.digest)
    if found is None or not log.signed(found[1]):
        return {"proved": False}
    told, signed = found
    return {"proved": True, "use": told.use, "size": signed.head.size, "at": signed.head.at.isoformat()}


async def _watch(person: str) -> bool:
    async with open_card_desk(settings_here()) as desk:
        async with desk.transaction() as connection:
            subject = await desk.person(connection, person)
            await note(  # Who it is, the record does not say either.
                connection, OWNER_ACTING, act="audit.watch", object="a resident", region="", purpose="", result="ok",
                at=desk.clock.now(), kind="change",
            )  # fmt: skip
        async with desk.store.database.acquire("batch") as connection:
            return await watch_residents(connection, desk.store.keyring.hash_key, [subject], desk.clock.now()) > 0


async def _alarms() -> list[Alarm]:
    async with open_store(settings_here()) as store, store.database.acquire("audit_ro") as connection:
        return await alarms(connection, Asked(prefixes=[""], unplaced=True))  # Whoever holds the home: nothing is kept from him.


async def _erase(person: str, reason: str) -> Erasure:
    async with open_card_desk(settings_here()) as desk:
        async with desk.transaction() as connection:
            subject = await desk.person(connection, person)
        return await erase_person(desk.store.database, OWNER_ACTING, subject, reason, desk.clock.now)


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
        if rotate:
            await _note_rotation(store, keeper)
        log = keeper.rotate() if rotate else keeper.keys
    return {"log": log.origin, "suite": log.suite_name, "keys": log.told()}


async def _note_rotation(store: Store, keeper: LogKeeper) -> None:
    async with store.database.acquire("desk") as connection, connection.transaction():
        await note(
            connection, OWNER_ACTING, act="audit.rotate-key", object=keeper.keys.origin, region="", purpose="", result="ok",
            at=read_clock(store.home.folder).now(), kind="change",
        )  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as mistake:
        wrong_call(f"无法写入 {path}：{mistake.strerror}。", f"{path} cannot be written: {mistake.strerror}.")
