"""A credential's life as frozen values, and the one rule that says whether it is good at an instant. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple

from onecard.values.days import civil
from onecard.values.masked import CardNumber, PersonNumber

__all__ = [
    "TEMP_LOSS_LASTS", "CardKind", "CardState", "Change", "CredentialReason", "NewCard", "NewIdDocument", "StateChange", "StateRow",
    "state_reason", "with_lapses",
]  # fmt: skip

CardState = Literal["active", "sealed", "temp_loss", "formal_loss", "pin_locked", "cancelled"]

CardKind = Literal["standard", "temporary"]

CredentialReason = Literal["CARD_SEALED", "CARD_LOST", "CARD_CANCELLED", "CARD_EXPIRED", "PIN_LOCKED"]

TEMP_LOSS_LASTS: Final = timedelta(days=5)
"""A loss told by phone or app lapses after this where its record does not say when (Jiaxing: 5 days, FIELD §3.4)."""

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
    until: datetime | None = None  # When a temporary loss lapses.


class StateRow(NamedTuple):
    """One record of what became of a card."""

    since: datetime
    state: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A credential that terminals must refuse from now on, or need refuse no longer: what becomes a row of the hotlist."""

    kind: Literal["card", "chip"]
    value: CardNumber
    key: bytes  # Under the home's own key.
    barred: bool
    since: datetime
    until: datetime | None = None  # Barred no longer than that: a loss lapses, a cancelled card expires anyway.


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
    kind: CardKind = "standard"
    replaces: bytes | None = None  # The key of the number of the card that this one stands in for.


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIdDocument:
    """An id document that may be shown in place of a card."""

    subject: int
    number: PersonNumber
    valid_from: date
    valid_until: date | None = None


def with_lapses(rows: Iterable[StateRow], first: str = "active") -> list[tuple[datetime, str]]:
    """Return (since, state), rising, of *rows* that rise by `since`: where a temporary loss lapses, the state before it returns.

    *first* is the state before the first row.
    """
    timeline: list[tuple[datetime, str]] = []
    before, lapse = first, None
    for row in rows:
        if lapse is not None and lapse < row.since:
            timeline.append((lapse, before))
        timeline.append((row.since, row.state))
        if row.state == "temp_loss":
            lapse = row.until or row.since + TEMP_LOSS_LASTS
        else:
            lapse = None
            before = before if row.state == "formal_loss" else row.state
    if lapse is not None:
        timeline.append((lapse, before))
    return timeline


def state_reason(
    states: Sequence[tuple[datetime, str]], valid_from: date, valid_until: date | None, at: datetime
) -> CredentialReason | None:
    """Return why a credential is refused at the instant *at*, or None where it is good.

    *states* are (since, state), rising by `since`, as `with_lapses` makes them; before the first, and without any, it is
    active. A card not yet valid counts as sealed. Where several hold, the first in the order of FIELD §3.6 is said:
    sealed, lost, cancelled, expired, PIN locked.
    """
    state = next((state for since, state in reversed(states) if since <= at), "active")
    if (reason := _STATE_SAYS.get(state)) is not None:
        return reason
    day = civil(at).date()
    if day < valid_from:
        return "CARD_SEALED"
    if valid_until is not None and day > valid_until:
        return "CARD_EXPIRED"
    return "PIN_LOCKED" if state == "pin_locked" else None
