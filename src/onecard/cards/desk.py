"""The card desk: look at one card, and move it, both of its functions apart; every move is a record with a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal

from onecard.cards import store
from onecard.cards.credential import credential_key
from onecard.cards.errors import CardUnknown, MovedMeanwhile, ReleaseRefused, StateExists
from onecard.cards.life import BARRED, Act, Function, Standing, Step, next_step, standing_at
from onecard.cards.model import Change, StateRow
from onecard.cards.rules import CardRules
from onecard.cards.service import open_card
from onecard.settings.keys import Keyring
from onecard.values.days import CITY_ZONE
from onecard.values.masked import CardNumber

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "CHANNELS", "Card", "Channel", "DeskTools", "Done", "Order", "card_by_key", "find_card", "hot_changes", "move_card", "write_step",
]  # fmt: skip

Channel = Literal["desk", "phone", "app", "feed", "maker"]

CHANNELS: Final = ("desk", "phone", "app", "feed", "maker")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTools:
    """What the desk works with; chance comes from outside."""

    keyring: Keyring
    rules: CardRules
    chance: Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of one function of a card, by which door and why; *reason* has 1 to 200 characters."""

    act: Act
    reason: str
    at: datetime
    function: Function = "social"
    channel: Channel = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card as the desk sees it; numbers stay masked until revealed."""

    subject: int
    number: CardNumber
    chip: CardNumber
    number_key: bytes
    chip_key: bytes
    issued_on: date
    valid_until: date
    issue_region: str
    kind: str
    replaces: bytes | None
    steps: int
    social: Standing
    bank: Standing

    def standing(self, function: Function) -> Standing:
        """Return how the card stands in one function."""
        return self.social if function == "social" else self.bank


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A move that was written, or was so already; *changes* are for the hotlist, in the same transaction."""

    card: Card
    step: Step
    changes: tuple[Change, ...] = ()


async def find_card(connection: "Connection", tools: DeskTools, kind: str, value: str, at: datetime) -> Card:
    """Return the card with this number or chip id as it stands at the instant *at*; raises `CredentialMalformed`, `CardUnknown`."""
    return await card_by_key(connection, tools, credential_key(tools.keyring.hash_key, kind, value), at)


async def card_by_key(connection: "Connection", tools: DeskTools, key: bytes, at: datetime) -> Card:
    """Return the card that a keyed hash stands for; raises `CardUnknown`.

    Steps are read before states: a move between the two makes our own step fail, and nothing is decided on old news.
    """
    row = await store.find_card(connection, key)
    if row is None:
        raise CardUnknown
    number, chip = open_card(tools.keyring, row.subject, row.number_key, row.key_id, row.sealed)
    social = standing_at("social", await store.states_of(connection, row.number_key), at)
    bank = standing_at("bank", await store.bank_states_of(connection, row.subject, row.number_key), at, _first_at_bank(row.kind))
    return Card(
        subject=row.subject, number=number, chip=chip, number_key=row.number_key, chip_key=row.chip_key, issued_on=row.issued_on,
        valid_until=row.valid_until, issue_region=row.issue_region, kind=row.kind, replaces=row.replaces, steps=row.steps,
        social=social, bank=bank,
    )  # fmt: skip


async def move_card(connection: "Connection", tools: DeskTools, card: Card, order: Order) -> Done:
    """Do to *card* what *order* asks, in the transaction of *connection*; what is so already stays as it is.

    Raises `MoveRefused`, `ReleaseRefused`, `StateExists`, `MovedMeanwhile`.
    """
    standing = card.standing(order.function)
    if order.act == "release" and standing.state == "formal_loss" and not tools.rules.formal_release:
        raise ReleaseRefused
    step = next_step(standing, order.act, order.at, tools.rules.temp_loss_lasts)
    if not step.changed:
        return Done(card=card, step=step)
    await write_step(connection, card, step, order)
    return Done(card=card, step=step, changes=hot_changes(card, step, order.at))


async def write_step(connection: "Connection", card: Card, step: Step, order: Order, *, number: int = 1) -> None:
    """Write one step of a card's life, the *number*-th since *card* was read, and tell it to number and chip at once."""
    last = card.standing(step.function).last
    if last is not None and order.at <= last:
        raise StateExists
    move = store.MoveRow(card.steps + number, order.at, step.function, step.act, step.state, step.until, order.channel, order.reason)
    if not await store.add_move(connection, card.subject, card.number_key, move):
        raise MovedMeanwhile
    row = StateRow(order.at, step.state, step.until)
    if step.function == "social":
        keys = sorted((card.number_key, card.chip_key))
        written = await store.add_states(connection, keys, row) == len(keys)
    else:
        written = await store.add_bank_state(connection, card.subject, card.number_key, row) == 1
    if not written:
        raise StateExists


def hot_changes(card: Card, step: Step, at: datetime) -> tuple[Change, ...]:
    """Return what a step means for the hotlist: nothing for the bank's half, and nothing where no terminal need know.

    A card is struck off also where it was never on the list; the list takes that calmly.
    """
    if step.function == "bank":
        return ()
    barred = step.state in BARRED or step.act == "seal"
    if not barred and step.before not in BARRED and step.before != "sealed":
        return ()
    expires = datetime.combine(card.valid_until + timedelta(days=1), time(), CITY_ZONE)
    until = (step.until or expires) if barred else None
    return (
        Change(kind="card", value=card.number, key=card.number_key, barred=barred, since=at, until=until),
        Change(kind="chip", value=card.chip, key=card.chip_key, barred=barred, since=at, until=until),
    )


def _first_at_bank(kind: str) -> str:
    return "none" if kind == "temporary" else "inactive"
