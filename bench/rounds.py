"""Interleaved rounds: every contender runs once a round, in turns; medians are told, and ratios only of one round's own runs."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

__all__ = ["Compared", "Contender", "Progress", "Row", "Samples", "compare", "interleave"]

Contender = Callable[[], Awaitable[Mapping[str, float]]]
"""One run: its measures by name, such as `{"rate": 9100.0, "p99": 12.5}`."""

Samples = Mapping[str, Mapping[str, Sequence[float]]]
"""What was measured: contender → measure → one value a round, in the order of rounds."""

Progress = Callable[[str, int, int], None]
"""Told (what runs, done, of how many)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One row of the table before it is filled: whose measure stands beside whose."""

    row: str
    unit: str
    ours: str
    peer: str
    measure: str = "rate"
    better: Literal["higher", "lower"] = "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table. Ratios say how many times better than the peer: higher is always better."""

    name: str
    value: float  # The median of the rounds, like `peer_value`.
    unit: str
    peer: str
    peer_value: float
    ratio: float  # Of the medians.
    rounds: int
    ratio_min: float  # Of single rounds.
    ratio_max: float


async def interleave(contenders: Mapping[str, Contender], rounds: int, told: Callable[[int, int], None]) -> Samples:
    """Run each of *contenders* once to warm up, then once in each of *rounds*, each round beginning with another one.

    *told* hears after every run (runs done, of how many).
    """
    assert rounds >= 1
    names = list(contenders)
    runs = (rounds + 1) * len(names)
    samples: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in names}
    for number in range(rounds + 1):
        first = number % len(names)
        for place, name in enumerate((*names[first:], *names[:first]), 1):
            measured = await contenders[name]()
            if number:
                for measure, value in measured.items():
                    samples[name][measure].append(value)
            told(number * len(names) + place, runs)
    return samples


def compare(samples: Samples, wanted: Sequence[Compared]) -> list[Row]:
    """Return a row for each of *wanted*."""
    return [_row(each, samples[each.ours][each.measure], samples[each.peer][each.measure]) for each in wanted]


def _row(wanted: Compared, ours: Sequence[float], peers: Sequence[float]) -> Row:
    ratios = [_ratio(wanted, our, peer) for our, peer in zip(ours, peers, strict=True)]
    value, peer_value = median(ours), median(peers)
    return Row(
        name=wanted.row, value=value, unit=wanted.unit, peer=wanted.peer, peer_value=peer_value,
        ratio=_ratio(wanted, value, peer_value), rounds=len(ratios), ratio_min=min(ratios), ratio_max=max(ratios),
    )  # fmt: skip


def _ratio(wanted: Compared, ours: float, peer: float) -> float:
    return ours / peer if wanted.better == "higher" else peer / ours
