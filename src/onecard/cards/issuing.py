"""A card made at the desk while its holder waits: the first one, one in place of a lost or an old one, a temporary one."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from onecard.cards import store
from onecard.cards.credential import credential_key
from onecard.cards.desk import Card, DeskTools, Order, card_by_key, hot_changes, move_card, write_step
from onecard.cards.errors import MoveRefused, RenewalTooEarly
from onecard.cards.following import Followed, follow
from onecard.cards.life import next_step
from onecard.cards.model import CardKind, Change, NewCard
from onecard.cards.service import register_made
from onecard.values.days import civil
from onecard.values.error import OnecardError
from onecard.values.masked import CardNumber

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "HasCard", "Issued", "Why", "activate_card", "in_the_way", "issue_card", "refuse_replacement", "refuse_second_card", "replace_card",
    "retire_card",
]  # fmt: skip

_DRAWS_MAX: Final = 8
_CHIP_HEAD: Final = "d156000005"  # The ministry's registered id, behind six digits of region (FIELD §3.2).

Why = Literal["reissue", "renew"]


class HasCard(OnecardError):
    """The person holds a card that is not cancelled; one person has one card."""

    code = "cards.has_card"
    http_status = 409
    exit_code = 1
    zh = "此人已有一张未注销的卡（{number}）。遗失请先挂失再补卡，损坏或到期请换卡。"
    en = "This person has a card that is not cancelled ({number}). Lost: report and re-issue it. Damaged or expiring: renew it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new card, and what came along with it."""

    card: Card
    old: Card | None = None
    followed: Followed = field(default_factory=Followed)
    changes: tuple[Change, ...] = ()


async def issue_card(
    connection: "Connection", tools: DeskTools, subject: int, region: str, at: datetime, kind: CardKind = "standard"
) -> Issued:
    """Make a card for a person who has none, good at once; a temporary one for who waits for his own. Raises `HasCard`."""
    await refuse_second_card(connection, tools, subject, at, kind)
    new = await _new_card(connection, tools, subject, region, at, kind)
    return Issued(card=await card_by_key(connection, tools, new, at))


async def replace_card(
    connection: "Connection", tools: DeskTools, old: Card, why: Why, order: Order, *, damaged: bool = False
) -> Issued:
    """Give the holder of *old* a new card at once: the old one is cancelled, and all that hangs on it follows.

    A lost card is re-issued once its loss is formal; a sound one is renewed from some weeks before its last day, a damaged
    one at any time. Raises `MoveRefused`, `RenewalTooEarly`, `MovedMeanwhile`.
    """
    refuse_replacement(tools, old, why, order.at, damaged=damaged)
    new = await _new_card(connection, tools, old.subject, old.issue_region, order.at, "standard", replaces=old.number_key)
    followed = await follow(connection, tools, old.subject, old.number_key, new, order.at)
    changes = await retire_card(connection, old, order)
    return Issued(card=await card_by_key(connection, tools, new, order.at), old=old, followed=followed, changes=changes)


async def activate_card(connection: "Connection", tools: DeskTools, card: Card, order: Order) -> Issued:
    """Let a sealed card be good from now on; where it comes in another's place, that one ends and all that hangs on it follows.

    Raises `MoveRefused`, `MovedMeanwhile`.
    """
    done = await move_card(connection, tools, card, order)
    if card.replaces is None or not done.step.changed:
        return Issued(card=card, changes=done.changes)
    old = await card_by_key(connection, tools, card.replaces, order.at)
    ended = await retire_card(connection, old, replace(order, act="cancel"))
    followed = await follow(connection, tools, card.subject, old.number_key, card.number_key, order.at)
    return Issued(card=card, old=old, followed=followed, changes=done.changes + ended)


async def refuse_second_card(connection: "Connection", tools: DeskTools, subject: int, at: datetime, kind: CardKind) -> None:
    """Raise `HasCard` where a person holds a card already; who cannot use his own may have a temporary one beside it."""
    for sealed in await store.cards_of(connection, subject):
        held = await card_by_key(connection, tools, sealed.number_key, at)
        if in_the_way(held, kind, at):
            raise HasCard(number=str(held.number))


def in_the_way(held: Card, kind: CardKind, at: datetime) -> bool:
    """Tell whether who holds *held* gets no card of *kind* at the instant *at*."""
    waits = kind == "temporary" and held.kind == "standard" and held.social.state in {"temp_loss", "formal_loss", "sealed"}
    over = held.social.state == "cancelled" or held.valid_until < civil(at).date()
    return not (over or waits or (kind == "standard" and held.kind == "temporary"))


def refuse_replacement(tools: DeskTools, old: Card, why: Why, at: datetime, *, damaged: bool) -> None:
    """Raise `MoveRefused` or `RenewalTooEarly` where *old* cannot be replaced for that reason at the instant *at*."""
    if old.kind == "temporary":
        raise MoveRefused(
            state_zh="是临时卡", state_en="temporary", act_zh="补换", act_en="replace", may_zh="即时制卡", may_en="issue a card of his own"
        )
    next_step(old.social, why, at)
    renewable = tools.rules.renewable_from(old.valid_until)
    if why == "renew" and not damaged and civil(at).date() < renewable:
        raise RenewalTooEarly(valid_until=old.valid_until, from_day=renewable)


async def retire_card(connection: "Connection", card: Card, order: Order) -> tuple[Change, ...]:
    """Cancel a card for good as *order* says (re-issue, renewal, cancellation), its bank's half too.

    Returns what terminals must know; nothing where it was cancelled already.
    """
    step = next_step(card.social, order.act, order.at)
    if not step.changed:
        return ()
    await write_step(connection, card, step, order)
    at_bank = next_step(card.bank, "cancel", order.at)
    if at_bank.changed:
        await write_step(connection, card, at_bank, order, number=2)
    return hot_changes(card, step, order.at)


async def _new_card(
    connection: "Connection", tools: DeskTools, subject: int, region: str, at: datetime, kind: CardKind, replaces: bytes | None = None
) -> bytes:
    """Register a card under numbers that nobody has; return the key of its number."""
    today = civil(at).date()
    for _ in range(_DRAWS_MAX):
        number, chip = _drawn_numbers(tools, region)
        card = NewCard(
            subject=subject, number=number, chip=chip, issue_region=region, issued_on=today, kind=kind, replaces=replaces,
            valid_until=tools.rules.last_day(today, temporary=kind == "temporary"),
        )  # fmt: skip
        if await register_made(connection, tools.keyring, card):
            return credential_key(tools.keyring.hash_key, "card", number.reveal())
    raise AssertionError("hardly a free card number is left under these letters: give the region new ones in cards.yaml")


def _drawn_numbers(tools: DeskTools, region: str) -> tuple[CardNumber, CardNumber]:
    drawn = tools.chance(12)
    number = f"{tools.rules.letters_of(region)}{int.from_bytes(drawn[:4]) % 10_000_000:07d}"
    return CardNumber(number), CardNumber(f"{region[:4]}00{_CHIP_HEAD}{drawn[4:].hex()}")  # The chip names the city alone.
