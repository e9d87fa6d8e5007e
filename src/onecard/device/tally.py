"""What a simulated fleet saw: how often, how fast, how often not, and how soon a change of the hotlist was everywhere."""

import time
from collections import Counter, defaultdict
from math import ceil
from time import perf_counter
from typing import Any, Final

__all__ = ["Tally", "percentile"]

_WHYS_MAX: Final = 20


class Tally:
    """Gathers figures while a simulation runs."""

    def __init__(self) -> None:
        self.signed_in_seconds = 0.0
        self.listening = 0  # Streams that are open now.
        self.listening_seconds = 0.0  # Until all were.
        self.listened_max = 0
        self.streams_lost = 0
        self._seconds: defaultdict[str, list[float]] = defaultdict(list)
        self._failed: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._whys: Counter[str] = Counter()
        self._heard: defaultdict[int, list[float]] = defaultdict(list)

    @staticmethod
    def wall_ms() -> int:
        """Return this machine's time."""
        return time.time_ns() // 1_000_000

    def opened(self) -> None:
        """Count a stream that tells something."""
        self.listening += 1
        self.listened_max = max(self.listened_max, self.listening)

    def closed(self, was_open: bool) -> None:
        """Count a stream that ended."""
        self.listening -= was_open

    def answered(self, what: str, status: int, seconds: float) -> None:
        """Count an answer to a *what*."""
        self._seconds[what].append(seconds)
        if status != 200:
            self.failed(what, f"answered {status}")

    def failed(self, what: str, why: str) -> None:
        """Count a failure."""
        self._failed[what] += 1
        self.why(f"{what}: {why}")

    def why(self, why: str) -> None:
        """Remember what was said of a failure, the first few kinds of it."""
        if why in self._whys or len(self._whys) < _WHYS_MAX:
            self._whys[why] += 1

    def outcome(self, outcome: str, reason: str) -> None:
        """Count an outcome."""
        self._outcomes[f"{outcome} {reason}"] += 1

    def heard(self, version: int) -> None:
        """Note that one more terminal holds a *version* of the hotlist."""
        self._heard[version].append(perf_counter())

    def told(self, terminals: int) -> dict[str, Any]:
        """Return all of it as one document; times in milliseconds where the name says so."""
        return {
            "terminals": terminals,
            "sign_in_seconds": round(self.signed_in_seconds, 3),
            "listening": {"open": self.listened_max, "seconds_until_all": round(self.listening_seconds, 3), "lost": self.streams_lost},
            **{what: self._row(what) for what in ("sign_in", "heartbeat", "hotlist", "tap")},
            "outcomes": dict(self._outcomes.most_common()),
            "hotlist_changes": [
                {"version": version, "terminals": len(at), "seconds_first_to_last": round(max(at) - min(at), 3)}
                for version, at in sorted(self._heard.items())
            ],
            "whys": dict(self._whys),
        }

    def _row(self, what: str) -> dict[str, Any]:
        taken = sorted(self._seconds[what])
        return {
            "answered": len(taken), "failed": self._failed[what], "p50_ms": percentile(taken, 50), "p99_ms": percentile(taken, 99),
            "max_ms": percentile(taken, 100),
        }  # fmt: skip


def percentile(rising: list[float], percent: int) -> float | None:
    """Return the value (seconds, *rising*) below which *percent* of all lie, in milliseconds; None of none."""
    return round(1000 * rising[max(0, ceil(len(rising) * percent / 100) - 1)], 2) if rising else None
