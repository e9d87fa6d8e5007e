"""What a stand-in bank does wrong on purpose, and by what chance payments fail. Values alone: reading them loads nothing."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["BankFault", "Chance"]

BankFault = Literal["none", "partial", "short", "amount", "twice", "late", "encoding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """By what chance payments fail: the same seed and batch give the same answers, also after a restart."""

    seed: int = 1
    failed: float = 0.014  # Source: FIELD §9, lines that fail at first.
    refunded: float = 0.0  # Of those paid, in a return of its own.
    succeeded: float = 0.0  # Of those failed, paid after all, in the same later return.
