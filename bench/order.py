"""What a question is asked with: how many rounds, how large, on whose disk."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["FULL", "TOY", "Order", "Size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much one run does."""

    elders: int  # Persons with a card in the bench's town.
    uses: int  # Taps of one run of each contender in `tap`.
    uploaded: int  # Uses of one run of `batch`: what buses hand in after a day offline.
    waiting: int  # Taps, or connections, that wait at any time.
    lone: int  # Single taps, one after the other.
    subjects: int  # Different persons in `decide`.
    asked: int  # Decisions of one run of a fast contender in `decide`; slow ones take fewer.
    residents: int  # People in `simulate`.
    rides: int  # Recorded uses in `simulate`.
    roster: int  # Lines of a roster in `payout`.
    pgbench_scale: int


FULL: Final = Size(
    elders=20_000, uses=8_000, uploaded=50_000, waiting=64, lone=300, subjects=2_000, asked=200_000, residents=1_000_000, rides=300_000,
    roster=1_370_000, pgbench_scale=10,
)  # fmt: skip
TOY: Final = Size(
    elders=40, uses=64, uploaded=200, waiting=8, lone=4, subjects=50, asked=200, residents=3_000, rides=500, roster=300, pgbench_scale=1
)  # fmt: skip
"""So small that a test can run every question: its figures mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One run of a question."""

    rounds: int
    size: Size
    home: Path  # Where a question may make an installation of its own; on the disk whose speed counts.
    binaries: Path | None  # Of PostgreSQL; None: those that came with the package.
    told: Callable[[int, int], None]  # Hears (runs done, of how many).
