"""A credential's life as frozen values, and the one rule that says whether it is good at an instant. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from onecard.values.days import civil
from onecard.values.masked import CardNumber, PersonNumber

__all__ = ["TEMP_LOSS_LASTS", "CardState", "CredentialReason", "NewCard", "NewIdDocument", "StateChange", "state_reason"]

CardState = Literal["active", "sealed", "temp_loss", "formal_loss", "pin_locked", "cancelled"]

CredentialReason = Literal["CARD_SEALED", "CARD_LOST", "CARD_CANCELLED", "CARD_EXPIRED", "PIN_LOCKED"]

TEMP_LOSS_LASTS: Final = timedelta(days=5)
"""A loss told by phone or app lapses by itself after this (Jiaxing: 5 days, FIELD §3.4)."""

_STATE_SAYS: Final[dict[str, CredentialReason]] = {
    "sealed": "CARD_SEALED",
    "temp_loss": "CARD_LOST",
    "formal_loss": "CARD_LOST",
    "cancelled": "CARD_CANCELLED",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """What becomes of a card from an instant on; it concerns its number and its chip alike."""

    since: datetime
    state: CardState


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCard:
    """A card as it comes from the maker: number and chip id in clear, to be hashed and sealed on the way in."""

    subject: int
    number: CardNumber
    chip: CardNumber
    issue_region: str
    issued_on: date
    valid_until: date  # Included.
    states: tuple[StateChange, ...] = ()  # Rising; none: active from the day of issue.
    foreign: bool = False  # Another city's card: only the keys by which it is found are kept.


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIdDocument:
    """An id document that may be shown in place of a card."""

    subject: int
    number: PersonNumber
    valid_from: date
    valid_until: date | None = None


def state_reason(
    states: Sequence[tuple[datetime, str]], valid_from: date, valid_until: date | None, at: datetime
) -> CredentialReason | None:
    """Return why a credential is refused at the instant *at*, or None where it is good.

    *states* are (since, state), rising by `since`; before the first, and without any, it is active. A temporary loss
    lapses after `TEMP_LOSS_LASTS`. A card not yet valid counts as sealed. Where several hold, the first in the order of
    FIELD §3.6 is said: sealed, lost, cancelled, expired, PIN locked.
    """
    since, state = _state_at(states, at)
    if state == "temp_loss" and since is not None and at >= since + TEMP_LOSS_LASTS:
        state = "active"
    if (reason := _STATE_SAYS.get(state)) is not None:
        return reason
    day = civil(at).date()
    if day < valid_from:
        return "CARD_SEALED"
    if valid_until is not None and day > valid_until:
        return "CARD_EXPIRED"
    return "PIN_LOCKED" if state == "pin_locked" else None


def _state_at(states: Sequence[tuple[datetime, str]], at: datetime) -> tuple[datetime | None, str]:
    for since, state in reversed(states):
        if since <= at:
            return since, state
    return None, "active"
