"""What a simulation is asked, and what it found: whom a draft helps, whom it hurts, what it costs each fund. Frozen values."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from onecard.policy.model import Source

__all__ = ["AGE_BANDS", "MOST_AFFECTED", "USES_DAYS", "Affected", "Question", "RegionSum", "Simulated", "SimulatedRow", "Told", "age_band"]

AGE_BANDS: Final = ("0-59", "60-69", "70-79", "80-89", "90+")
"""SURFACES §6."""

MOST_AFFECTED: Final = 20
"""So many persons are named, masked (POLICY: the twenty most affected)."""

USES_DAYS: Final = 30

Told = Callable[[int, int], None]
"""Is told how much is done, of how much."""

_BAND_STARTS: Final = (60, 70, 80, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which drafts are simulated, and against what."""

    drafts: tuple[Source, ...]  # The first is asked about; the others would be released with it, as one package.
    day: date  # A payout: the period that holds this day. A use or gate: recorded uses of the days before it.
    uses: tuple[date, date] | None = None  # Other days of uses, both included.

    @property
    def days_of_uses(self) -> tuple[date, date]:
        """The days whose recorded uses are decided again, both included: the 30 before `day`, if none were asked for."""
        return self.uses or (self.day - timedelta(days=USES_DAYS), self.day - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedRow:
    """One fund's part, in one region and age band. A person whom several funds pay stands in several rows."""

    fund: str
    region: str  # Where the person belongs: registered, else at home.
    age_band: str
    gain: int  # Persons.
    lose: int
    same: int
    old_fen: int  # What the fund bears in the period.
    new_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSum:
    """Everybody of one region, each once, and what all funds bear of them."""

    region: str
    gain: int
    lose: int
    same: int
    old_fen: int
    new_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """One of those whom the draft moves most; `name` is masked, '' for visitors."""

    name: str
    region: str
    old_fen: int
    new_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What a draft would have changed from `first` to `last`. gain, lose, same: persons, each once; old, new: fen that funds bear."""

    programme: str
    title_zh: str
    title_en: str
    version: int  # What the draft would be released as.
    against: int | None  # The version that holds; None for a new programme.
    digest: str  # SHA-256 of the draft, hex.
    together: tuple[str, ...]  # Programmes of the same package.
    source: Literal["population", "uses"]
    first: date
    last: date
    examined: int  # Residents, or uses.
    unknown: int  # Uses left out: the draft asks what their records did not keep.
    missing: tuple[str, ...]  # Which facts and limits those are.
    gain: int
    lose: int
    same: int
    old_fen: int
    new_fen: int
    regions: tuple[RegionSum, ...]  # By region.
    rows: tuple[SimulatedRow, ...]  # By fund, region and age band.
    most_affected: tuple[Affected, ...]  # The largest change first.

    @property
    def funds(self) -> list[tuple[str, tuple[int, int]]]:
        """What each fund bears before and after, in fen; the largest change first, those that bear nothing left out."""
        sums: dict[str, tuple[int, int]] = {}
        for row in self.rows:
            old, new = sums.get(row.fund, (0, 0))
            sums[row.fund] = old + row.old_fen, new + row.new_fen
        borne = [(fund, pair) for fund, pair in sums.items() if any(pair)]
        return sorted(borne, key=lambda each: (-abs(each[1][1] - each[1][0]), each[0]))


def age_band(age: int) -> str:
    """Return the band in which an *age* in full years lies."""
    return AGE_BANDS[bisect_right(_BAND_STARTS, age)]
