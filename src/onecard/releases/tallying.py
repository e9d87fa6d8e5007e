"""Persons before and after, added up as they come: gain, lose, same, fund by fund, and those whom it moves most. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from heapq import heappush, heappushpop

from onecard.releases.simulated import MOST_AFFECTED, RegionSum, SimulatedRow, age_band
from onecard.values.days import age_on

__all__ = ["NOBODY", "Moved", "Tally"]

NOBODY = ""
"""In place of a fund, for persons of whom no fund bears anything before or after: a gate, or the full price."""

Pair = tuple[int, int]
"""Fen before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One of those whom a draft moves most."""

    subject: int
    region: str
    old_fen: int
    new_fen: int


@dataclass(slots=True)
class _Sum:
    """Persons and fen."""

    gain: int = 0
    lose: int = 0
    same: int = 0
    old_fen: int = 0
    new_fen: int = 0

    def add(self, old_fen: int, new_fen: int, better: int) -> None:
        self.old_fen += old_fen
        self.new_fen += new_fen
        step = new_fen - old_fen or better
        if step > 0:
            self.gain += 1
        elif step < 0:
            self.lose += 1
        else:
            self.same += 1


@dataclass(slots=True)
class Tally:
    """What all persons so far come to on *day*, when ages are read. Of a person nothing stays but what the sums need."""

    day: date
    whole: _Sum = field(default_factory=_Sum)
    _regions: dict[str, _Sum] = field(default_factory=dict)
    _rows: dict[tuple[str, str, str], _Sum] = field(default_factory=dict)
    _most: list[tuple[int, int, str, int, int]] = field(default_factory=list)  # A heap: (change, −subject, region, old, new).

    def add(self, subject: int, born: date, region: str, funds: Mapping[str, Pair], better: int = 0) -> None:
        """Add one person: what each fund bears of him, and where that is the same, how many more uses are let in than before."""
        assert all(old >= 0 and new >= 0 for old, new in funds.values())
        old_fen, new_fen = sum(old for old, _ in funds.values()), sum(new for _, new in funds.values())
        self.whole.add(old_fen, new_fen, better)
        self._regions.setdefault(region, _Sum()).add(old_fen, new_fen, better)
        band = age_band(age_on(born, self.day))
        for fund, (old, new) in (funds or {NOBODY: (0, 0)}).items():
            self._rows.setdefault((fund, region, band), _Sum()).add(old, new, better if fund == NOBODY else 0)
        if old_fen != new_fen:
            self._keep((abs(new_fen - old_fen), -subject, region, old_fen, new_fen))

    def regions(self) -> tuple[RegionSum, ...]:
        """Return the sums by region, in order."""
        return tuple(RegionSum(region=region, **asdict(each)) for region, each in sorted(self._regions.items()))

    def rows(self) -> tuple[SimulatedRow, ...]:
        """Return the sums by fund, region and age band, in that order."""
        rows = sorted(self._rows.items())
        return tuple(SimulatedRow(fund=fund, region=region, age_band=band, **asdict(each)) for (fund, region, band), each in rows)

    def most(self) -> list[Moved]:
        """Return those whom it moves most, the largest change first; of equal ones the lower subject."""
        return [Moved(subject=-minus, region=region, old_fen=old, new_fen=new) for _, minus, region, old, new in sorted(self._most)[::-1]]

    def _keep(self, entry: tuple[int, int, str, int, int]) -> None:
        if len(self._most) < MOST_AFFECTED:
            heappush(self._most, entry)
        else:
            heappushpop(self._most, entry)
