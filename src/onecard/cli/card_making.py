"""`onecard card apply | step | instant | batch … | feed`: a card's way from application to the holder's hand."""

from pathlib import Path
from typing import Annotated, Any, Final, Literal, NoReturn

import typer

from onecard.app.card_desk import open_card_desk
from onecard.app.card_making import Province, import_household, import_return, send_batch
from onecard.app.changes import note_card_work
from onecard.cards.application import STAGES
from onecard.cards.applying import Application, ApplicationKind, Moved, Wish, apply, move_application
from onecard.cards.batches import batch_file
from onecard.cards.desk import Card, Order
from onecard.cards.errors import NoSuchPerson
from onecard.cards.issuing import Issued, issue_card
from onecard.cli.card import Json, Reason, Reveal, card, reason_of
from onecard.cli.card_words import issued_json, say_issued
from onecard.cli.output import complain, document, run, say, settings_here, wrong_call
from onecard.people.service import proved_by_card
from onecard.values.fixed_columns import FileProblem

__all__ = ["register"]

_FILE_BYTES_MAX: Final = 32 * 1024 * 1024

batch = typer.Typer(help="Batches to the maker and his return files.", no_args_is_help=True)

Person = Annotated[str, typer.Argument(metavar="PERSON", help="KIND:VALUE (id:…, card:…), a card number, or a cast person's key.")]
To = Literal["tasked", "delivered", "received", "issued", "returned", "recycled", "cancelled"]


def register(_: typer.Typer) -> None:
    """Add the batches below `onecard card`, where the other commands of this module stand already."""
    card.add_typer(batch, name="batch")


@card.command("apply")
def apply_command(
    person: Person,
    reason: Reason,
    kind: Annotated[Literal["first", "reissue", "renew"], typer.Option(help="A lost card is reported first.")] = "first",
    bank: Annotated[str, typer.Option(help="The service bank; blank: the city's.")] = "",
    damaged: Annotated[bool, typer.Option("--damaged", help="To be renewed at any time.")] = False,
    as_json: Json = False,
) -> None:
    """Ask for a card to be made.

    Example: onecard card apply lost-card --kind reissue --reason "not found"
    """
    _say_application(run(_applied(person, kind, reason_of(reason), bank, damaged)), as_json)


@card.command("step")
def step(
    person: Person,
    to: Annotated[To, typer.Option(help="tasked: corrected, into the next batch; issued: into the holder's hand.")],
    reason: Reason,
    reveal: Reveal = False,
    as_json: Json = False,
) -> None:
    """Let a person's newest application go on: delivered, received, issued; or returned, recycled, cancelled.

    Example: onecard card step lost-card --to received --reason "counter 3"
    """
    moved = run(_stepped(person, to, reason_of(reason)))
    if moved.issued is not None and moved.issued.old is not None and not as_json:
        say_issued(moved.issued, reveal=reveal)
    issued = None if moved.issued is None else issued_json(moved.issued, reveal=reveal)
    _say_application(moved.application, as_json, {"issued": issued})


@card.command("instant")
def instant(
    person: Person,
    kind: Annotated[Literal["standard", "temporary"], typer.Option(help="temporary: sixty days, no bank, this city only.")] = "standard",
    reveal: Reveal = False,
    as_json: Json = False,
) -> None:
    """A card on the spot, for a person who has none, or a temporary one until his own comes.

    Example: onecard card instant lost-card --kind temporary
    """
    issued = run(_instant(person, kind))
    if as_json:
        document(issued_json(issued, reveal=reveal))
    else:
        say_issued(issued, reveal=reveal)


@batch.command("make")
def make(
    folder: Annotated[Path, typer.Option(help="Where the file goes; it names people, and is readable by you alone.")],
    province: Annotated[str, typer.Option(help="The province's card platform; blank: it is not asked.", metavar="URL")] = "",
    again: Annotated[str, typer.Option(help="Write the file of this batch once more, the same bytes.", metavar="BATCH")] = "",
    as_json: Json = False,
) -> None:
    """Check everyone who waits, and write one file of those who pass.

    Example: onecard card batch make --folder outbox
    """
    told, content = run(_made(province, again))
    if content is not None:
        told["file"] = str(_write(folder, f"{told['batch']}.make", content))
    if as_json:
        document(told)
    elif told["batch"] is None:
        say(f"没有可送制的申领：未通过 {told['failed']}，待省平台答复 {told['unanswered']}  |  nobody to be sent")
    else:
        say(f"{told['batch']}  {told['file']}  {told.get('sent', '')}")


@batch.command("import")
def import_command(file: Annotated[Path, typer.Argument(help="The maker's return file.")], as_json: Json = False) -> None:
    """Take a return file: whole or not at all, once.

    Example: onecard card batch import inbox/M20241031-0A0B0C0D.return
    """
    content = _read(file)
    try:
        taken = run(_imported(content))
    except FileProblem as problem:
        _refuse(problem, as_json)
    told = {
        "batch": taken.batch, "duplicate": taken.duplicate, "made": taken.made, "failed": dict(taken.failed),
        "withdrawn": list(taken.withdrawn), "problems": [],
    }  # fmt: skip
    if as_json:
        document(told)
    else:
        again = "（此前已处理，未作改动）" if taken.duplicate else ""
        say(f"{taken.batch}：制成 {taken.made}，失败 {sum(taken.failed.values())}{again}  |  made, failed")


@card.command("feed")
def feed(file: Annotated[Path, typer.Argument(help="A day of the household register.")], as_json: Json = False) -> None:
    """Take a day of births, deaths and moves: whole or not at all, once.

    Example: onecard card feed inbox/HJ20241031.household
    """
    content = _read(file)
    try:
        taken = run(_fed(content))
    except FileProblem as problem:
        _refuse(problem, as_json)
    if as_json:
        document(
            {"feed": taken.feed, "duplicate": taken.duplicate, "taken": dict(taken.taken), "strange": list(taken.strange),
             "cards_cancelled": taken.cards, "problems": []}
        )  # fmt: skip
    else:
        strange = list(taken.strange)
        say(f"{taken.feed}：{dict(taken.taken)}，注销卡 {taken.cards}，待人工核对的行 {strange}  |  cards cancelled, rows to look at")


async def _applied(named: str, kind: ApplicationKind, reason: str, bank: str, damaged: bool) -> Application:
    async with open_card_desk(settings_here()) as desk, desk.transaction() as connection:
        now = desk.clock.now()
        old: Card | None = None
        if kind == "first":
            subject = await desk.person(connection, named)
        else:
            old = await desk.card(connection, named, now)
            subject = old.subject
        applied = await apply(connection, desk.tools, subject, old, Wish(kind=kind, reason=reason, at=now, bank=bank, damaged=damaged))
        await note_card_work(connection, subject, "apply", reason, now)
        return applied


async def _stepped(named: str, to: str, reason: str) -> Moved:
    async with open_card_desk(settings_here()) as desk, desk.transaction() as connection:
        subject = await desk.person(connection, named)
        order = Order(act="activate", reason=reason, at=desk.clock.now())
        moved = await move_application(connection, desk.tools, subject, to, order)
        await desk.tell(connection, moved.changes)
        await note_card_work(connection, subject, "step", reason, order.at)
        return moved


async def _instant(named: str, kind: Literal["standard", "temporary"]) -> Issued:
    async with open_card_desk(settings_here()) as desk, desk.transaction() as connection:
        subject = await desk.person(connection, named)
        person = await proved_by_card(connection, subject)
        if person is None:
            raise NoSuchPerson
        return await issue_card(connection, desk.tools, subject, person[1], desk.clock.now(), kind)


async def _made(province: str, again: str) -> tuple[dict[str, Any], bytes | None]:
    async with open_card_desk(settings_here()) as desk:
        if again:
            async with desk.transaction() as connection:
                return {"batch": again}, await batch_file(connection, desk.tools, again)
        try:
            authority = Province(province) if province else None
        except ValueError:
            wrong_call("--province 应为 http:// 或 https:// 开头的地址。", "--province takes an address that begins with http:// or https://.")
        made = await send_batch(desk, authority)
    return {"batch": made.name, "sent": made.sent, "failed": dict(made.failed), "unanswered": made.unanswered}, made.content


async def _imported(content: bytes) -> Any:
    async with open_card_desk(settings_here()) as desk:
        return await import_return(desk, content)


async def _fed(content: bytes) -> Any:
    async with open_card_desk(settings_here()) as desk:
        return await import_household(desk, content)


def _say_application(told: Application, as_json: bool, more: dict[str, Any] | None = None) -> None:
    stage = STAGES[told.state]
    if as_json:
        words = {"code": stage.code, "say": {"zh": stage.zh, "en": stage.en}}
        document({"application": told.application, "kind": told.kind, "state": told.state, **words, **(more or {})})
    else:
        say(f"申领单 {told.application}：{stage.code} {stage.zh}  |  {stage.en}")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _FILE_BYTES_MAX:
            wrong_call(f"{path} 过大。", f"{path} is too large.")
        return path.read_bytes()
    except OSError as mistake:
        wrong_call(f"无法读取 {path}：{mistake.strerror}。", f"{path} cannot be read: {mistake.strerror}.")


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file that names people: readable by its owner alone, whole or not there."""
    path, draft = folder / name, folder / f".{name}.draft"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.touch(mode=0o600)
        draft.write_bytes(content)
        draft.rename(path)
    except OSError as mistake:
        wrong_call(
            f"批次已登记，但无法写入 {folder}：{mistake.strerror}。请用 --again {name.partition('.')[0]} 重新生成文件。",
            f"The batch stands, but {folder} cannot be written: {mistake.strerror}. Write its file with --again {name.partition('.')[0]}.",
        )
    return path


def _refuse(problem: FileProblem, as_json: bool) -> NoReturn:
    row, column, name = problem.place
    if as_json:
        document({"problems": [{"line": row, "column": column, "field": name, "zh": problem.said_zh, "en": problem.said_en}]})
    complain(problem.said_zh, problem.said_en)
    raise typer.Exit(2)
