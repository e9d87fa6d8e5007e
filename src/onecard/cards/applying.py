"""Ask for a card, and follow it from the maker to its holder's hand."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from onecard.cards import making_store
from onecard.cards.application import ENDED, refuse_unless_desk_may
from onecard.cards.desk import Card, Channel, DeskTools, Order, card_by_key
from onecard.cards.errors import ApplicationUnknown, MovedMeanwhile, NoSuchPerson
from onecard.cards.issuing import Issued, activate_card, refuse_replacement, refuse_second_card, retire_card
from onecard.cards.model import Change
from onecard.people.service import proved_by_card
from onecard.values.error import OnecardError

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Application", "ApplicationKind", "Moved", "Wish", "applications_of", "apply", "move_application"]

ApplicationKind = Literal["first", "reissue", "renew"]


class ApplicationOpen(OnecardError):
    """The person has asked already, and that application is under way."""

    code = "cards.application_open"
    http_status = 409
    exit_code = 1
    zh = "此人已有一份在办的申领单（第 {application} 份）。请等待制卡，或先撤销它。"
    en = "This person has an application under way (number {application}). Wait for the card, or withdraw it first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for; *old* is the card in whose place the new one comes, none for a first card."""

    kind: ApplicationKind
    reason: str
    at: datetime
    bank: str = ""  # Blank: the city's service bank.
    channel: Channel = "desk"
    damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application as it stands."""

    subject: int
    application: int  # 1, 2, 3 … of this person.
    at: datetime
    kind: str
    region: str
    bank: str
    step: int
    state: str
    reason: str  # Of the state: why a check failed.
    number_key: bytes | None  # The card that came of it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An application that went on, and what that did to cards."""

    application: Application
    issued: Issued | None = None
    changes: tuple[Change, ...] = ()


async def apply(connection: "Connection", tools: DeskTools, subject: int, old: Card | None, wish: Wish) -> Application:
    """Ask for a card. Raises `NoSuchPerson`, `ApplicationOpen`, `HasCard`, `MoveRefused`, `RenewalTooEarly`, `MovedMeanwhile`."""
    person = await proved_by_card(connection, subject)
    if person is None:
        raise NoSuchPerson
    earlier = await making_store.applications_of(connection, subject)
    if earlier and earlier[0].state not in ENDED:
        raise ApplicationOpen(application=earlier[0].application)
    if wish.kind == "first":
        await refuse_second_card(connection, tools, subject, wish.at, "standard")
    else:
        assert old is not None
        refuse_replacement(tools, old, wish.kind, wish.at, damaged=wish.damaged)
    row = making_store.ApplicationRow(
        subject, len(earlier) + 1, wish.at, wish.kind, old.issue_region if old else person[1], wish.bank or tools.rules.bank, wish.reason,
        old.number_key if old and wish.kind != "first" else None, 1, "applied", "", wish.at, None,
    )  # fmt: skip
    if not await making_store.add_application(connection, row, wish.channel):
        raise MovedMeanwhile
    await _add_state(connection, row, 1, "applied", wish.reason, wish.at)
    return _told(row)


async def applications_of(connection: "Connection", subject: int) -> list[Application]:
    """Return what a person asked for, newest first."""
    return [_told(row) for row in await making_store.applications_of(connection, subject)]


async def move_application(connection: "Connection", tools: DeskTools, subject: int, to: str, order: Order) -> Moved:
    """Let a person's newest application go on to the state *to*.

    `tasked` puts one that failed a check into the next batch; delivered, received, returned tell where the card is.
    `issued` puts the card into the holder's hand: it is activated, and the card it replaces ends. `recycled` and `cancelled`
    end the card that was made. Raises `ApplicationUnknown`, `ApplicationMoveRefused`, `MovedMeanwhile`.
    """
    rows = await making_store.applications_of(connection, subject)
    if not rows:
        raise ApplicationUnknown
    row = rows[0]
    refuse_unless_desk_may(row.state, to)
    await _add_state(connection, row, row.step + 1, to, order.reason, order.at)
    moved = _told(row._replace(step=row.step + 1, state=to, state_reason=order.reason, state_at=order.at))
    if row.number_key is None or to not in {"issued", "recycled", "cancelled"}:
        return Moved(application=moved)
    card = await card_by_key(connection, tools, row.number_key, order.at)
    if to == "issued":
        issued = await activate_card(connection, tools, card, replace(order, act="activate"))
        return Moved(application=moved, issued=issued, changes=issued.changes)
    return Moved(application=moved, changes=await retire_card(connection, card, replace(order, act="cancel")))


async def _add_state(
    connection: "Connection", row: making_store.ApplicationRow, step: int, state: str, reason: str, at: datetime
) -> None:
    told = making_store.StateOfApplication(row.subject, row.application, step, state, reason, row.number_key)
    if await making_store.add_states(connection, at, [told]) != 1:
        raise MovedMeanwhile


def _told(row: making_store.ApplicationRow) -> Application:
    return Application(
        subject=row.subject, application=row.application, at=row.at, kind=row.kind, region=row.region, bank=row.bank, step=row.step,
        state=row.state, reason=row.state_reason, number_key=row.number_key,
    )  # fmt: skip
