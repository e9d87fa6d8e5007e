"""What a terminal answers while it stands alone, as a table: ours in Python and the page's in JavaScript both satisfy it.

A story is one card or several at one site, tap after tap; each step says what is answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from onecard.terminals.bundle import site_json
from onecard.terminals.hotlist import entry_of
from onecard.terminals.model import Opening, Site
from onecard.values.days import CITY_ZONE
from tests.browser.fake_terminals import alias, bundle

__all__ = ["CARDS", "LOST", "NOON", "STORIES", "Step", "Story", "bundle_of", "hotlist_entries", "instant"]

NOON = datetime(2024, 10, 31, 12, 0, tzinfo=CITY_ZONE)
LOST = "B00000003"
CARDS = {
    "local-66": ("B00000001", "1958-05-01", "330481", "330481"),
    "lost": (LOST, "1950-01-01", "330481", "330481"),
    "hangzhou-57": ("B00000004", "1966-11-01", "330100", ""),
    "local-72": ("B00000006", "1952-01-01", "330481", "330481"),
    "seventy-tomorrow": ("B00000007", "1954-11-01", "330481", "330481"),
    "stranger": ("B00000099", "", "", ""),
}
"""Card number, birth date, home region, registered region; the stranger is nobody's that the site expects."""


@dataclass(frozen=True, slots=True)
class Step:
    """One tap, so many minutes after noon, and what it is answered: outcome, reason, paid."""

    who: str
    minutes: int
    answer: tuple[str, str, int]
    service: str = "ride"
    price: int = 200


@dataclass(frozen=True, slots=True)
class Story:
    """Steps at one site whose hotlist was the newest at noon."""

    name: str
    steps: Sequence[Step]
    site: dict[str, Any] = field(default_factory=dict)
    params: dict[str, int] = field(default_factory=dict)
    device: dict[str, Any] = field(default_factory=dict)


_HALF = ("accepted", "OK_DISCOUNT", 100)
_FREE = ("accepted", "OK_FREE", 0)
_DOUBTFUL = ("accepted", "OFFLINE_DOUBTFUL", 200)
_LATE = 24 * 60
_MUSEUM = {"kind": "museum", "scene": "museum", "services": ("entry",)}
_CAMPUS = {"kind": "campus", "scene": "campus", "services": ("entry", "exit"), "capacity": 2}
_SHUT = {"opening": Opening(closed=frozenset({date(2024, 10, 31)}))}

_TWICE = (Step("local-66", 0, _HALF), Step("local-66", 1, _HALF), Step("local-66", 2, _DOUBTFUL))
_SUSPENDED = {"states": ((date(2024, 1, 1), "suspended"),)}

STORIES = (
    Story("what the documents say", [Step("local-66", 0, _HALF), Step("local-72", 1, _FREE)]),
    Story("too young, and from elsewhere", [Step("hangzhou-57", 0, ("accepted", "NOT_ELIGIBLE_REGION", 200))]),
    Story("on the hotlist", [Step("lost", 0, ("refused", "HOTLIST_HIT", 0))]),
    Story("unknown here is never called invalid", [Step("stranger", 0, _DOUBTFUL)]),
    Story("a closed place lets no stranger in", [Step("stranger", 0, ("refused", "SITE_CLOSED", 0))], site=_SHUT),
    Story("a birthday at midnight", [Step("seventy-tomorrow", 719, _HALF), Step("seventy-tomorrow", 720, _FREE)]),
    Story("six hours without a network", [Step("local-66", 6 * 60, _HALF), Step("local-72", 6 * 60, _FREE)]),
    Story("a hotlist that is just not too old", [Step("local-66", _LATE, _HALF)]),
    Story("a hotlist that is too old", [Step("local-66", _LATE + 1, _DOUBTFUL), Step("lost", _LATE + 2, ("refused", "HOTLIST_HIT", 0))]),
    Story(
        "uses per card and day", [*_TWICE, Step("local-72", 3, _FREE), Step("local-66", 13 * 60, _HALF)], params={"uses_per_card_day": 2}
    ),
    Story(
        "fen per card and day", [Step("local-72", 0, _FREE), Step("local-72", 1, _DOUBTFUL), Step("local-66", 2, _HALF)],
        params={"fen_per_card_day": 300},
    ),
    Story(
        "a terminal that is bound no more", [Step("local-66", 0, ("refused", "TERMINAL_UNBOUND", 0))], device={"unbound_on": "2024-10-31"}
    ),
    Story("a site that is suspended", [Step("stranger", 0, ("refused", "MERCHANT_SUSPENDED", 0))], site=_SUSPENDED),
    Story("a closed museum", [Step("local-66", 0, ("refused", "SITE_CLOSED", 0), "entry", 0)], site={**_MUSEUM, **_SHUT}),
    Story("a stranger leaves", [Step("stranger", 0, ("accepted", "OK", 0), "exit", 0)], site=_CAMPUS),
    Story("a lost card leaves", [Step("lost", 0, ("accepted", "OK", 0), "exit", 0)], site=_CAMPUS),
    Story("a stranger leaves a closed place", [Step("stranger", 0, ("accepted", "OK", 0), "exit", 0)], site={**_CAMPUS, **_SHUT}),
)  # fmt: skip


def bundle_of(story: Story) -> dict[str, Any]:
    """Return what a terminal at the story's site holds, as it is sent."""
    plain: dict[str, Any] = {
        "site": "bus-1", "operator": "bus-company", "kind": "bus", "scene": "bus", "region": "330481", "name_zh": "8 路",
        "name_en": "Line 8", "services": ("ride",), "states": ((date(2023, 1, 1), "live"),),
    }  # fmt: skip
    told = bundle("T330481-0000", [])
    known = {who: row for who, row in CARDS.items() if who != "stranger"}
    return {
        **told, "site": site_json(Site(**{**plain, **story.site})), "params": {**told["params"], **story.params},
        "device": {**told["device"], **story.device}, "cards": [[alias(number).hex(), *facts] for number, *facts in known.values()],
    }  # fmt: skip


def hotlist_entries() -> list[int]:
    """Return the entries of the hotlist."""
    return [entry_of(alias(LOST))]


def instant(step: Step) -> datetime:
    """Return when a step happens."""
    return NOON + timedelta(minutes=step.minutes)
