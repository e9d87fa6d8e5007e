"""A tap as it comes in, and the answer that goes out. Frozen values (as `decision.model`)."""

from datetime import datetime
from typing import Literal

import msgspec

from onecard.terminals.chain import Link
from onecard.values.masked import CardNumber

__all__ = ["Answer", "Offline", "Tap", "UploadVerdict", "use_id", "use_key"]

UploadVerdict = Literal["agreed", "accepted_in_error", "refused", "duplicate", "invalid"]


class Offline(msgspec.Struct, frozen=True, kw_only=True):
    """What the terminal itself answered while the network was away."""

    outcome: Literal["accepted", "refused"]
    paid_fen: int
    hotlist: int | None = None


class Tap(msgspec.Struct, frozen=True, kw_only=True):
    """One use as a terminal tells it. Money in fen, the instant aware."""

    terminal: str
    seq: int
    kind: str
    value: str
    service: str
    list_price_fen: int
    occurred_at: datetime
    way: str = "dine_in"
    ticket: str = "main"
    group: int = 1
    guardian: tuple[str, str] | None = None
    lookup_reason: str = ""
    offline: Offline | None = None
    chain: Link | None = None  # Its place in the device's chain: no part of the content.

    def __repr__(self) -> str:
        return f"Tap({self.terminal}/{self.seq}, {self.kind} {CardNumber(self.value)}, {self.service})"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a terminal is told. A refused use has paid 0, no payers and no programme."""

    use: str
    outcome: str
    reason: str
    list_price_fen: int
    paid_fen: int
    payers: tuple[tuple[str, int], ...]
    programme: str | None
    version: int | None
    duplicate: bool = False
    upload: UploadVerdict | None = None


SEQ_DIGITS_MAX = 16


def use_id(terminal: str, seq: int) -> str:
    """Return the name of the use that *terminal* numbered *seq*."""
    return f"{terminal}.{seq}"


def use_key(use: str) -> tuple[str, int] | None:
    """Return terminal and seq of a use's name, None where it is no such name."""
    terminal, _, seq = use.rpartition(".")
    if not (terminal.isascii() and terminal.isprintable() and seq.isascii() and seq.isdecimal() and len(seq) <= SEQ_DIGITS_MAX):
        return None
    if not terminal or seq != str(int(seq)):
        return None
    return terminal, int(seq)
