"""What the card desk prints: a card, a new card, and what followed; as JSON and as lines."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from onecard.cards.desk import Card
from onecard.cards.following import Account, Binding
from onecard.cards.history import history_of
from onecard.cards.issuing import Issued
from onecard.cards.life import ACTS, STATES, Function, Standing
from onecard.cli.output import say
from onecard.values.days import civil

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["card_json", "issued_json", "say_card", "say_issued", "standing_json"]


def standing_json(function: Function, state: str, until: datetime | None) -> dict[str, Any]:
    """Return one function's state with its words."""
    zh, en = STATES[function][state]
    return {"function": function, "state": state, "say": {"zh": zh, "en": en}, "until": _time(until)}


async def card_json(connection: "Connection", card: Card, bindings: Sequence[Binding]) -> dict[str, Any]:
    """Return one card as it stands, with its history; numbers masked."""
    moves = await history_of(connection, card.subject, card.number_key)
    return {
        "card": str(card.number), "kind": card.kind, "issue_region": card.issue_region, "issued_on": card.issued_on.isoformat(),
        "valid_until": card.valid_until.isoformat(), "social": _standing(card.social), "bank": _standing(card.bank),
        "bindings": [_binding(each) for each in bindings],
        "history": [
            {"at": _time(move.at), "function": move.function, "act": move.act, "state": move.state, "until": _time(move.until),
             "channel": move.channel, "reason": move.reason}
            for move in moves
        ],
    }  # fmt: skip


def issued_json(issued: Issued, *, reveal: bool) -> dict[str, Any]:
    """Return a new card with what followed; its number whole where *reveal* asks for it."""
    card = issued.card
    return {
        "card": card.number.reveal() if reveal else str(card.number), "kind": card.kind, "issued_on": card.issued_on.isoformat(),
        "valid_until": card.valid_until.isoformat(), "replaces": None if issued.old is None else str(issued.old.number),
        "followed": {
            "entitlements": issued.old is not None, "bindings": [_binding(each) for each in issued.followed.bindings],
            "account": _account(issued.followed.account),
        },
    }  # fmt: skip


def say_card(told: dict[str, Any]) -> None:
    """Print a card."""
    say(f"{told['card']}  {told['kind']}  {told['issued_on']} – {told['valid_until']}")
    for function in ("social", "bank"):
        words = told[function]["say"]
        until = f"  → {told[function]['until']}" if told[function]["until"] else ""
        say(f"  {function:<6}  {words['zh']}  |  {words['en']}{until}")
    for binding in told["bindings"]:
        say(f"  {binding['kind']:<12}{binding['reference']}")
    for move in told["history"]:
        act = ACTS[move["act"]]
        say(f"  {move['at']}  {move['function']}  {act.zh} | {act.en}  ({move['channel']}: {move['reason']})")


def say_issued(issued: Issued, *, reveal: bool) -> None:
    """Print a new card and what followed."""
    number = issued.card.number.reveal() if reveal else str(issued.card.number)
    say(f"{number}  {issued.card.issued_on} – {issued.card.valid_until}")
    if issued.old is not None:
        say(f"  旧卡 {issued.old.number} 已注销；待遇随人走，无须另办  |  the old card is cancelled; benefits stay with the person")
    for binding in issued.followed.bindings:
        say(f"  {binding.kind} {binding.reference} 已转到新卡  |  follows")
    if issued.followed.account is not None:
        say(f"  金融账户 {issued.followed.account.account} 已转到新卡，到银行激活后可用  |  the account follows; activate it at the bank")


def _standing(standing: Standing) -> dict[str, Any]:
    told = standing_json(standing.function, standing.state, standing.until)
    return {**told, "since": _time(standing.since)}


def _binding(binding: Binding) -> dict[str, str]:
    return {"kind": binding.kind, "reference": str(binding.reference)}


def _account(account: Account | None) -> dict[str, str] | None:
    return None if account is None else {"bank": account.bank, "account": str(account.account)}


def _time(instant: datetime | None) -> str | None:
    return None if instant is None else civil(instant).isoformat(timespec="seconds")
