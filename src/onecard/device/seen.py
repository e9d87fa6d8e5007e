"""What a terminal remembers of one card: what it granted, when it was last here, and how much it risked today. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import msgspec

from onecard.decision.limits import windows_of
from onecard.decision.model import Count, Counter
from onecard.values.days import civil, epoch_milliseconds

__all__ = ["EVERYBODY", "Seen", "seen_from", "seen_json"]

EVERYBODY = b""
"""Stands for an alias where all persons are counted together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One card at this terminal. `uses` and `fen` are those of `day` which nobody but this terminal decided."""

    used: Mapping[Counter, int] = field(default_factory=dict)
    last_ms: Mapping[str, int] = field(default_factory=dict)  # Service → the city's time, in ms since 1970.
    day: date = date.min
    uses: int = 0
    fen: int = 0  # The reductions given.

    def risked_on(self, day: date) -> tuple[int, int]:
        """Return uses and fen that were risked on *day*."""
        return (self.uses, self.fen) if self.day == day else (0, 0)

    def counted(self, counts: Iterable[Count], day: date) -> "Seen":
        """Return this with *counts* added; windows that are over on *day* and the day before go."""
        used = dict(self.used)
        for count in counts:
            if count.counted:
                used[count.counter] = used.get(count.counter, 0) + count.counted
        open_windows = {*windows_of(day), *windows_of(day - timedelta(days=1))}
        return replace(self, used={counter: number for counter, number in used.items() if counter.window_start in open_windows})

    def here(self, service: str, at: datetime) -> "Seen":
        """Return this with a use of *service* at the instant *at*."""
        return replace(self, last_ms={**self.last_ms, service: epoch_milliseconds(at)})

    def risking_as(self, other: "Seen") -> "Seen":
        """Return this with what *other* risked: the server decided, nothing was risked here."""
        return replace(self, day=other.day, uses=other.uses, fen=other.fen)

    def risking(self, fen: int, at: datetime) -> "Seen":
        """Return this with one more use decided alone, which gave *fen*."""
        day = civil(at).date()
        uses, before = self.risked_on(day)
        return replace(self, day=day, uses=uses + 1, fen=before + fen)


def seen_json(seen: Seen) -> str:
    """Return *seen* as the log keeps it."""
    rows = [(*counter, number) for counter, number in seen.used.items()]
    return msgspec.json.encode([rows, seen.last_ms, seen.day, seen.uses, seen.fen]).decode()


_decode = msgspec.json.Decoder(tuple[list[tuple[str, date, str, str, int]], dict[str, int], date, int, int]).decode


def seen_from(text: str) -> Seen:
    """Return what `seen_json` wrote."""
    rows, last_ms, day, uses, fen = _decode(text)
    used = {Counter(site, start, name, within): number for site, start, name, within, number in rows}
    return Seen(used=used, last_ms=last_ms, day=day, uses=uses, fen=fen)
