"""What is usually asked at a scene, where nobody says a price and none was agreed (SURFACES §4). Pure."""

from collections.abc import Mapping
from typing import Final

from onecard.terminals.calendar import DayKind
from onecard.terminals.model import Site

__all__ = ["usual_price_fen", "usual_service"]

_PRICES_FEN: Final[Mapping[str, int]] = {"ride": 200, "purchase": 10_000, "breakfast": 600, "lunch": 1500, "dinner": 1500}
_ENTRY_FEN: Final[Mapping[str, int]] = {"scenic": 5000}


def usual_price_fen(scene: str, service: str) -> int:
    """Return the list price in fen that a scene usually has."""
    return _ENTRY_FEN.get(scene, 0) if service == "entry" else _PRICES_FEN.get(service, 0)


def usual_service(site: Site, services: tuple[str, ...], kind: DayKind, minute: int) -> str:
    """Return which of *services* (not empty) is meant at a *minute* of a day of that *kind*.

    Where a site opens once for each of them, as a canteen does for its meals, it is the one whose time it is or comes next;
    elsewhere the first.
    """
    intervals = (site.opening.weekly or {}).get(kind, ())
    if len(intervals) != len(services):
        return services[0]
    return next((service for service, (_, until) in zip(services, intervals, strict=True) if minute < until), services[-1])
