"""Opening hours as the store and the city's files write them, and back. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from onecard.terminals.model import ALWAYS_OPEN, Opening

__all__ = ["opening_from", "opening_to"]


def opening_from(written: Mapping[str, Any]) -> Opening:
    """Return the opening that *written* (JSON of `terminals_site.opening`) describes; `{}` is around the clock."""
    if not written:
        return ALWAYS_OPEN
    weekly = written.get("weekly")
    return Opening(
        weekly=None if weekly is None else {kind: tuple((start, end) for start, end in rows) for kind, rows in weekly.items()},
        closed_weekdays=frozenset(written.get("closed_weekdays", ())),
        closed=frozenset(date.fromisoformat(day) for day in written.get("closed", ())),
    )


def opening_to(opening: Opening) -> dict[str, Any]:
    """Return *opening* as the JSON that `opening_from` reads; what says nothing is left out."""
    written: dict[str, Any] = {}
    if opening.weekly is not None:
        written["weekly"] = {kind: [list(interval) for interval in rows] for kind, rows in opening.weekly.items()}
    if opening.closed_weekdays:
        written["closed_weekdays"] = sorted(opening.closed_weekdays)
    if opening.closed:
        written["closed"] = sorted(day.isoformat() for day in opening.closed)
    return written
