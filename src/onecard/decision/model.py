"""What a decision is made of and what comes out of it: frozen values.

They are `msgspec.Struct`s and no dataclasses: a tap makes dozens of them, and a frozen dataclass costs ten times as much to make.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

import msgspec

from onecard.policy.facts import blanks
from onecard.policy.model import Facts, Value

__all__ = ["BLANKS", "EVER", "EVERYWHERE", "Count", "Counter", "Decision", "Occasion", "Subject", "Used"]

BLANKS: Final[Mapping[str, Value]] = MappingProxyType(blanks("use"))
"""Every fact of a use or a gate as it stands where nobody told it (POLICY §5)."""

EVER = date(1900, 1, 1)
"""Where a window for life, or "at once", begins. (Not the first day of all: the driver takes that for minus infinity.)"""

EVERYWHERE = "*"
"""In place of a site, for a limit that counts all persons at all sites together."""


class Counter(NamedTuple):
    """One window of one limit."""

    site: str  # '' counts one person's own uses; else all persons at that site, or EVERYWHERE.
    window_start: date
    name: str
    within: str  # Tells slots and sites of one window apart.


Used = Mapping[Counter, int]
"""How much of each counter is used: times, persons or fen. A counter that is absent stands at 0."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a use is about, on the civil day it happens."""

    facts: Facts  # Facts about the person.
    barred: str | None = None  # Why the credential itself opens nothing: CARD_LOST …


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Where, when and for what the card is shown."""

    facts: Facts  # Facts about occasion and site, blanks included.
    day: date
    service: str
    site: str
    site_kind: str
    operator: str
    region: str
    slot: str  # The service at canteens, elsewhere the beginning of the opening interval; '' where there is none.
    list_price_fen: int
    barred: str | None = None  # Why the terminal or its site serves nobody: MERCHANT_SUSPENDED …


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """One limit that was asked: what it stood at, and how much this use counts."""

    programme: str
    unit: str  # times, persons or yuan.
    per: str
    counter: Counter
    cap: int
    used_before: int
    counted: int


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: list price = paid + Σ payers for what is accepted, nothing at all for what is refused."""

    outcome: Literal["accepted", "refused"]
    reason: str
    paid_fen: int
    payers: tuple[tuple[str, int], ...]
    programme: str | None
    version: int | None
    counts: tuple[Count, ...]  # Every limit that was asked and, negative, what leaving gives back.
    asked: tuple[str, ...]  # The facts that the documents could ask: a record keeps these.
    layers: tuple[tuple[str, int, int], ...] = ()  # The pile: each programme with the price before it and after it, in fen.
    blamed: str | None = None  # The fund that bears it where the holder got more than this, offline.

    def __post_init__(self) -> None:
        assert self.outcome == "accepted" or (self.paid_fen == 0 and not self.payers and self.programme is None)
