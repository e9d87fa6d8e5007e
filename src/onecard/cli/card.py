"""`onecard card …`: the card desk from the command line. Numbers are masked; the clerk holds the card."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, Literal

import typer

from onecard.app.card_desk import CardDesk, open_card_desk
from onecard.app.changes import note_card_work
from onecard.cards.desk import Card, Done, Order, move_card
from onecard.cards.following import BindingKind, bind, bindings_of
from onecard.cards.issuing import Issued, replace_card, retire_card
from onecard.cards.life import STATES, Act, Function
from onecard.cli.card_words import card_json, issued_json, say_card, say_issued, standing_json
from onecard.cli.output import document, run, say, settings_here, wrong_call
from onecard.values.masked import holds_number

__all__ = ["Json", "Reason", "Reveal", "card", "reason_of", "register"]

card = typer.Typer(help="The card desk: loss, release, re-issue, applications, files of the maker.", no_args_is_help=True)

REASON_MAX: Final = 200

CardArgument = Annotated[str, typer.Argument(metavar="CARD", help="A card number, KIND:VALUE, or a cast person's key.")]
Reason = Annotated[str, typer.Option(help="Why; up to 200 characters, no personal data.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Half = Annotated[Literal["social", "bank"], typer.Option("--function", help="The two are lost and released apart.")]
Channel = Annotated[Literal["desk", "phone", "app"], typer.Option(help="Who asked, and how.")]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show the new card's number whole.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(card, name="card")


@card.command("loss")
def loss(
    card: CardArgument,
    kind: Annotated[Literal["temp", "formal"], typer.Option(help="temp lapses by itself after some days; formal does not.")],
    reason: Reason,
    function: Half = "social",
    channel: Channel = "desk",
    as_json: Json = False,
) -> None:
    """Report a card lost: number and chip stop at once, everywhere.

    Example: onecard card loss local-72 --kind temp --reason "left on a bus" --channel phone
    """
    act: Act = "temp_loss" if kind == "temp" and function == "social" else "formal_loss"
    run(_moved(card, act, reason, function, channel, as_json))


@card.command("release")
def release(card: CardArgument, reason: Reason, function: Half = "social", channel: Channel = "desk", as_json: Json = False) -> None:
    """A lost card was found: it is again what it was before.

    Example: onecard card release local-72 --reason "found at home"
    """
    run(_moved(card, "release", reason, function, channel, as_json))


@card.command("seal")
def seal(card: CardArgument, reason: Reason, as_json: Json = False) -> None:
    """Put a card's social function to sleep.

    Example: onecard card seal local-72 --reason "holder abroad"
    """
    run(_moved(card, "seal", reason, "social", "desk", as_json))


@card.command("unseal")
def unseal(card: CardArgument, reason: Reason, function: Half = "social", as_json: Json = False) -> None:
    """Activate a sealed card, or its bank's half.

    Example: onecard card unseal sealed-card --reason "collected in person"
    """
    run(_moved(card, "activate", reason, function, "desk", as_json))


@card.command("pin-lock")
def pin_lock(card: CardArgument, reason: Reason, as_json: Json = False) -> None:
    """Six wrong tries: the PIN is locked.

    Example: onecard card pin-lock local-72 --reason "six wrong tries"
    """
    run(_moved(card, "pin_lock", reason, "social", "desk", as_json))


@card.command("pin-reset")
def pin_reset(card: CardArgument, reason: Reason, as_json: Json = False) -> None:
    """Unlock the PIN, at the counter.

    Example: onecard card pin-reset local-72 --reason "identity checked"
    """
    run(_moved(card, "pin_reset", reason, "social", "desk", as_json))


@card.command("cancel")
def cancel(card: CardArgument, reason: Reason, as_json: Json = False) -> None:
    """Cancel a card for good, with its bank's half.

    Example: onecard card cancel local-72 --reason "moved away"
    """
    run(_cancelled(card, reason, as_json))


@card.command("reissue")
def reissue(card: CardArgument, reason: Reason = "lost", reveal: Reveal = False, as_json: Json = False) -> None:
    """A new card in place of a lost one, at once; all that hangs on it follows.

    Example: onecard card reissue lost-card --reason "not found"
    """
    run(_replaced(card, "reissue", reason, False, reveal, as_json))


@card.command("renew")
def renew(
    card: CardArgument,
    reason: Reason = "expires",
    damaged: Annotated[bool, typer.Option("--damaged", help="The card is handed in broken: at any time.")] = False,
    reveal: Reveal = False,
    as_json: Json = False,
) -> None:
    """A new card in place of an old or damaged one, at once; all that hangs on it follows.

    Example: onecard card renew local-72 --damaged --reason "chip broken"
    """
    run(_replaced(card, "renew", reason, damaged, reveal, as_json))


@card.command("bind")
def bind_command(
    card: CardArgument,
    kind: Annotated[BindingKind, typer.Option(help="Whose reference it is.")],
    reference: Annotated[str, typer.Option(help="What the other house knows the holder by: 1 to 64 characters.")],
    as_json: Json = False,
) -> None:
    """Hang another house's account on a card; a new card will take it along.

    Example: onecard card bind local-72 --kind library --reference R0012345
    """
    if not 1 <= len(reference) <= 64 or not reference.isprintable():
        wrong_call("编号应为 1 到 64 个可见字符，不含身份证号。", "A reference has 1 to 64 visible characters, and no person number.")
    run(_bound(card, kind, reference, as_json))


@card.command("show")
def show(card: CardArgument, as_json: Json = False) -> None:
    """A card as it stands: both functions, what hangs on it, what was done to it.

    Example: onecard card show lost-card
    """
    run(_shown(card, as_json))


async def _moved(named: str, act: Act, reason: str, function: Function, channel: Literal["desk", "phone", "app"], as_json: bool) -> None:
    async def work(desk: CardDesk, connection: Any, found: Card) -> Done:
        order = Order(act=act, reason=reason_of(reason), at=desk.clock.now(), function=function, channel=channel)
        done = await move_card(connection, desk.tools, found, order)
        await desk.tell(connection, done.changes)
        await note_card_work(connection, found.subject, act, order.reason, order.at)
        return done

    done = await _at_desk(named, work)
    step = done.step
    if as_json:
        document({"card": str(done.card.number), "changed": step.changed, **standing_json(step.function, step.state, step.until)})
        return
    zh, en = STATES[step.function][step.state]
    say(f"{done.card.number}  {zh}{'' if step.changed else '（此前已是）'}  |  {en}{'' if step.changed else ' already'}")
    if step.until is not None:
        say(f"  至 {standing_json('social', step.state, step.until)['until']} 自动解除  |  until then, then it releases itself")


async def _cancelled(named: str, reason: str, as_json: bool) -> None:
    async def work(desk: CardDesk, connection: Any, found: Card) -> tuple[Card, bool]:
        order = Order(act="cancel", reason=reason_of(reason), at=desk.clock.now())
        changes = await retire_card(connection, found, order)
        await desk.tell(connection, changes)
        await note_card_work(connection, found.subject, order.act, order.reason, order.at)
        return found, bool(changes)

    found, changed = await _at_desk(named, work)
    if as_json:
        document({"card": str(found.number), "changed": changed, **standing_json("social", "cancelled", None)})
    else:
        zh, en = STATES["social"]["cancelled"]
        say(f"{found.number}  {zh}  |  {en}")


async def _replaced(named: str, why: Literal["reissue", "renew"], reason: str, damaged: bool, reveal: bool, as_json: bool) -> None:
    async def work(desk: CardDesk, connection: Any, found: Card) -> Issued:
        order = Order(act=why, reason=reason_of(reason), at=desk.clock.now())
        issued = await replace_card(connection, desk.tools, found, why, order, damaged=damaged)
        await desk.tell(connection, issued.changes)
        await note_card_work(connection, found.subject, order.act, order.reason, order.at)
        return issued

    issued = await _at_desk(named, work)
    if as_json:
        document(issued_json(issued, reveal=reveal))
    else:
        say_issued(issued, reveal=reveal)


async def _bound(named: str, kind: BindingKind, reference: str, as_json: bool) -> None:
    async def work(desk: CardDesk, connection: Any, found: Card) -> tuple[Card, bool]:
        return found, await bind(connection, found, kind, reference, desk.clock.now())

    found, changed = await _at_desk(named, work)
    if as_json:
        document({"card": str(found.number), "kind": kind, "changed": changed})
    else:
        say(f"{found.number}  {kind}  {'已绑定 | bound' if changed else '此前已绑定 | bound already'}")


async def _shown(named: str, as_json: bool) -> None:
    async def work(desk: CardDesk, connection: Any, found: Card) -> dict[str, Any]:
        bindings = await bindings_of(connection, found.subject)
        return await card_json(connection, found, [each for each in bindings if each.number_key == found.number_key])

    told = await _at_desk(named, work)
    if as_json:
        document(told)
    else:
        say_card(told)


async def _at_desk(named: str, work: Callable[[CardDesk, Any, Card], Awaitable[Any]]) -> Any:
    """Open the desk, find the card, and do *work* in one transaction."""
    async with open_card_desk(settings_here()) as desk, desk.transaction() as connection:
        return await work(desk, connection, await desk.card(connection, named, desk.clock.now()))


def reason_of(text: str) -> str:
    """Return what somebody gives as a reason, or end as a wrong call."""
    told = text.strip()
    if not 1 <= len(told) <= REASON_MAX or not told.isprintable() or holds_number(told):
        wrong_call("原因应为 1 到 200 个可见字符，不含身份证号。", "A reason has 1 to 200 visible characters, and no person number.")
    return told
