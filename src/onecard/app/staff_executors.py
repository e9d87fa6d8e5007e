"""What a second person's approval sets free: done once, in the decision's own transaction, as whoever decided."""

from datetime import date

from onecard.app.hotlist import HotlistTeller
from onecard.audit.rows import rows_written
from onecard.audit.service import note_change
from onecard.cards.desk import Card, DeskTools, Order, card_by_key, move_card
from onecard.cards.issuing import retire_card
from onecard.cards.life import Act, Function
from onecard.cards.model import Change
from onecard.db.pool import Connection
from onecard.people.model import DatedFact, read_fact
from onecard.people.service import add_facts, region_inside
from onecard.staff.approvals import Executor
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting, Request
from onecard.staff.permissions import decides

__all__ = ["card_thing", "executors_of", "note_moves"]


def executors_of(tools: DeskTools, hotlist: HotlistTeller) -> dict[str, Executor]:
    """Return what approvals of each kind set free at the desk."""

    async def release(connection: Connection, request: Request, acting: Acting) -> None:
        await _refuse_moved(connection, request, acting)
        card, order = await _named(connection, request, "release", request.payload["function"])
        done = await move_card(connection, tools, card, order)
        await note_moves(connection, hotlist, acting, card, order, done.changes, request.region)

    async def cancel(connection: Connection, request: Request, acting: Acting) -> None:
        await _refuse_moved(connection, request, acting)
        card, order = await _named(connection, request, "cancel", "social")
        changes = await retire_card(connection, card, order)
        await note_moves(connection, hotlist, acting, card, order, changes, request.region)

    async def _named(connection: Connection, request: Request, act: Act, function: Function) -> tuple[Card, Order]:
        assert request.decision is not None
        at = request.decision.at
        card = await card_by_key(connection, tools, bytes.fromhex(request.payload["card"]), at)
        return card, Order(act=act, reason=request.reason, at=at, function=function)

    return {"loss-release": release, "card-cancel": cancel, "person-correction": _correct, "full-id": _look_later}


async def _correct(connection: Connection, request: Request, acting: Acting) -> None:
    """Tell a fact anew. A person who is moved out of the second person's scope needs one whose scope holds both places."""
    assert request.subject is not None
    assert request.decision is not None
    await _refuse_moved(connection, request, acting)
    told = request.payload
    value = read_fact(told["fact"], told["value"])
    if told["fact"] == "registered_region" and not acting.may_at(decides(request.kind), region=str(value)):
        raise NotAllowed
    fact = DatedFact(fact=told["fact"], since=date.fromisoformat(told["since"]), value=value)
    await add_facts(connection, request.subject, [fact], request.decision.at)
    key = {"subject": request.subject, "fact": told["fact"], "since": told["since"]}
    await note_change(
        connection, acting, act="residents.correct", object=request.object, region=request.region, purpose=request.reason,
        at=request.decision.at, rows=await rows_written(connection, "people_fact", key), subject=request.subject,
        more={"approval": str(request.approval)},
    )  # fmt: skip


async def _refuse_moved(connection: Connection, request: Request, acting: Acting) -> None:
    """Raise `NotThere` where the person was moved meanwhile to where the second person may not decide: he is another's now."""
    assert request.subject is not None
    if await region_inside(connection, request.subject, acting.prefixes_for(decides(request.kind))) is None:
        raise NotThere


async def _look_later(connection: Connection, request: Request, acting: Acting) -> None:
    """Nothing is shown to who approves: the preparer uses the approval up when he looks."""


async def note_moves(
    connection: Connection, hotlist: HotlistTeller, acting: Acting, card: Card, order: Order, changes: tuple[Change, ...], region: str
) -> None:
    """Let terminals know, and put on record which rows were written."""
    if changes:
        await hotlist.take(connection, changes)
    rows = []
    for step in (card.steps + 1, card.steps + 2):
        key = {"subject": card.subject, "number_key": card.number_key, "step": step}
        rows += await rows_written(connection, "cards_move", key)
    await note_change(
        connection, acting, act=f"cards.{order.act}", object=card_thing(card), region=region, purpose=order.reason,
        at=order.at, rows=rows, subject=card.subject,
    )  # fmt: skip


def card_thing(card: Card) -> str:
    """Return how a card is called on record."""
    return f"card {card.number_key.hex()}"
