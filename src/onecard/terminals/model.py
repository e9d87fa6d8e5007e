"""Sites, terminals and the frozen directory in which a tap finds them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

__all__ = ["ALWAYS_OPEN", "SITE_STATES", "Directory", "Interval", "Opening", "Operator", "Place", "Site", "SiteState", "Terminal"]

SiteState = Literal["in_talks", "planned", "contracted", "wiring", "testing", "trial", "live", "suspended"]

SITE_STATES: Final[tuple[SiteState, ...]] = ("in_talks", "planned", "contracted", "wiring", "testing", "trial", "live", "suspended")
"""A site's way, in order (DESIGN §2)."""

_WORKING: Final = frozenset({"testing", "trial", "live"})

Interval = tuple[int, int]
"""Minutes of the day: from, until; the end is not included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """When a site lets people in."""

    weekly: Mapping[str, tuple[Interval, ...]] | None = None  # By workday, weekend, holiday. None: around the clock.
    closed_weekdays: frozenset[int] = frozenset()  # 0 is Monday, as in `date.weekday`.
    closed: frozenset[date] = frozenset()  # Single days: exams, repairs.


ALWAYS_OPEN: Final = Opening()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who is paid for what a site grants."""

    operator: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where a card is shown, with what was agreed with its operator."""

    site: str
    operator: str
    kind: str  # One of the city's site kinds.
    scene: str  # What the bulletin and the cast call it: hospital and pharmacy are both of kind clinic.
    region: str
    name_zh: str
    name_en: str
    services: tuple[str, ...]
    capacity: int = 0  # Persons at once; 0 where nobody counts.
    agreed_percent: int | None = None  # What the person pays, 1/10,000.
    agreed_price_fen: int | None = None
    agreed_share: int = 0  # What the operator bears of the reduction, 1/10,000.
    opening: Opening = ALWAYS_OPEN
    planned_for: date | None = None  # When it is meant to be live.
    states: tuple[tuple[date, SiteState], ...] = ()  # Rising by day.

    def state_on(self, day: date) -> SiteState | None:
        """Return the state in force on *day*, None before the first."""
        found: SiteState | None = None
        for since, state in self.states:
            if since > day:
                break
            found = state
        return found

    def takes_uses_on(self, day: date) -> bool:
        """Tell whether uses are decided here on *day*: in testing, trial and live (DESIGN §2)."""
        return self.state_on(day) in _WORKING

    def counts_on(self, day: date) -> bool:
        """Tell whether a use on *day* enters the bulletin's counts: live alone."""
        return self.state_on(day) == "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """A device bound to a site."""

    terminal: str
    site: str
    bound_on: date
    unbound_on: date | None = None  # The first day on which it is bound no more.
    model: str = ""

    def bound_at(self, day: date) -> bool:
        """Tell whether the device stands at its site on *day*."""
        return self.bound_on <= day and (self.unbound_on is None or day < self.unbound_on)


@dataclass(frozen=True, slots=True)
class Place:
    """A terminal together with its site: what a tap asks for."""

    terminal: Terminal
    site: Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Every site and terminal as of one state of the master data, read whole and never changed."""

    version: int  # `db_change` 'sites' when it was read.
    sites: Mapping[str, Site]
    terminals: Mapping[str, Place]
    tokens: Mapping[bytes, frozenset[str]] = field(repr=False)  # SHA-256 of a bearer token → its terminals.

    def place(self, terminal: str) -> Place | None:
        """Return a terminal with its site, None where there is none of that name."""
        return self.terminals.get(terminal)

    def site_of(self, terminal: str) -> Site | None:
        """Return the site at which a terminal stands, None where there is no such terminal."""
        place = self.terminals.get(terminal)
        return None if place is None else place.site

    def spoken_for(self, token_hash: bytes) -> frozenset[str] | None:
        """Return the terminals a token speaks for, None where the token is unknown."""
        return self.tokens.get(token_hash)
