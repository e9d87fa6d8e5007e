"""What stands in the console's navigation: the pages that somebody's role opens, and no other. Pure."""

from dataclasses import dataclass
from typing import Any, Final

from onecard.staff.model import Acting

__all__ = ["PLACES", "Place", "nav_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry. Whoever holds any of *permissions* sees it; with none, everybody who signed in."""

    path: str
    key: str  # Its words: `console.nav.KEY`.
    icon: str  # Its drawing in `console/_icons.html`.
    permissions: tuple[str, ...] = ()


PLACES: Final = (
    Place(path="/console", key="cockpit", icon="gauge"),
    Place(path="/console/desk", key="desk", icon="card", permissions=("residents.find",)),
    Place(path="/console/uses", key="records", icon="list", permissions=("uses.read",)),
    Place(path="/console/sites", key="sites", icon="place", permissions=("sites.read",)),
    Place(path="/console/terminals", key="terminals", icon="device", permissions=("sites.read",)),
    Place(path="/console/bulletin", key="bulletin", icon="chart", permissions=("reports.read",)),
    Place(path="/console/policies", key="policies", icon="rule", permissions=("policy.read",)),
    Place(path="/console/approvals", key="approvals", icon="approve", permissions=("approvals.read",)),
    Place(path="/console/audit", key="audit", icon="eye", permissions=("audit.read",)),
    Place(path="/console/training", key="training", icon="learn"),
    Place(path="/console/me", key="me", icon="person"),
)
"""In the order in which they are shown. A page of the console adds its line here."""


def nav_view(acting: Acting, path: str) -> list[dict[str, Any]]:
    """Return the entries for *acting*, that of *path* marked: the longest one that *path* begins with."""
    shown = [place for place in PLACES if not place.permissions or any(map(acting.may, place.permissions))]
    here = max((place.path for place in shown if _holds(place.path, path)), key=len, default="")
    return [{"path": place.path, "key": place.key, "icon": place.icon, "here": place.path == here} for place in shown]


def _holds(place: str, path: str) -> bool:
    return path == place or path.startswith(f"{place}/")
