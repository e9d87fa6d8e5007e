"""Sites and devices of some regions and scenes, as whoever looks after them asks: on their way, and how they do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from onecard.terminals import store
from onecard.terminals.model import Site, SiteState, Terminal
from onecard.terminals.service import site_from, terminal_from
from onecard.terminals.sign_in import CLOCK_OFF_MS_MAX

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "NEEDS", "QUIET_FOR", "Among", "Health", "Need", "devices_of", "health_counts", "health_of", "late_sites", "site_counts",
    "sites_among",
]  # fmt: skip

Need = Literal["", "alarm", "silent", "waiting", "behind", "clock"]
NEEDS: Final[tuple[Need, ...]] = ("alarm", "silent", "waiting", "behind", "clock")
"""What somebody must look after, the most urgent first: see `Health`."""

QUIET_FOR: Final = timedelta(days=30)
"""Who neither told nor took anything for so long is silent; the bulletin leaves such canteens out (SURFACES §5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """Which sites are meant: those in one of *rights*, of a kind, inside a region."""

    rights: Sequence[tuple[str, str]]  # (what a region begins with, a scene or '*').
    kind: str = ""  # '' for any.
    inside: str = ""  # What the region begins with; '' for all that is in *rights*.

    @property
    def row(self) -> tuple[list[str], list[str], str]:
        """Return it as the statements take it, *inside* apart."""
        return [prefix for prefix, _ in self.rights], [scene for _, scene in self.rights], self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one device does; None where it never said."""

    terminal: str
    site: str
    region: str
    kind: str
    scene: str
    name: Mapping[str, str] = field(default_factory=dict)
    model: str
    signed_in_at: datetime | None
    seen_at: datetime | None
    clock_offset_ms: int | None
    waiting: int | None
    hotlist: int | None
    storage_ok: bool | None
    program: str | None
    used_at: datetime | None
    alarms: int

    def needs(self, now: datetime, hotlist: int) -> tuple[Need, ...]:
        """Return what somebody must look after, with *hotlist* the version that it should hold."""
        told = {
            "alarm": self.alarms > 0,
            "silent": max((at for at in (self.seen_at, self.used_at) if at), default=now - 2 * QUIET_FOR) < now - QUIET_FOR,
            "waiting": (self.waiting or 0) > 0,
            "behind": self.hotlist is not None and self.hotlist < hotlist,
            "clock": abs(self.clock_offset_ms or 0) > CLOCK_OFF_MS_MAX,
        }
        return tuple(need for need in NEEDS if told[need])


async def site_counts(connection: "Connection", among: Among, day: date) -> dict[str, dict[SiteState, int]]:
    """Return how many sites stand where on *day*, by region; a site without a state yet is not counted."""
    counted: defaultdict[str, dict[SiteState, int]] = defaultdict(dict)
    for row in await store.site_counts(connection, among.row, day):
        if row["state"]:
            counted[row["region"]][row["state"]] = row["sites"]
    return dict(counted)


async def sites_among(
    connection: "Connection", among: Among, day: date, *, states: Sequence[SiteState] = (), sites: Sequence[str] = (), after: str = "",
    most: int,
) -> list[Site]:  # fmt: skip
    """Return the next *most* sites after one of them, by name; in *states* on *day* (none: any), or *sites* alone (none: any)."""
    rows = await store.sites_within(connection, among.row, (list(states), among.inside, list(sites), day, after, most))
    return [site_from(row) for row in rows]


async def late_sites(connection: "Connection", among: Among, day: date) -> list[str]:
    """Return the sites that were to be live by *day* and were not, by name."""
    return await store.late_sites(connection, among.row, among.inside, day)


async def devices_of(connection: "Connection", sites: Sequence[str]) -> dict[str, list[Terminal]]:
    """Return the devices of *sites*, by site."""
    found: dict[str, list[Terminal]] = {site: [] for site in sites}
    for row in await store.terminals_at(connection, sites):
        found[row["site"]].append(terminal_from(row))
    return found


async def health_of(
    connection: "Connection", among: Among, now: datetime, day: date, hotlist: int, *, need: Need = "", terminals: Sequence[str] = (),
    after: str = "", most: int,
) -> list[Health]:  # fmt: skip
    """Return how the next *most* devices do, by name; those that *need* one thing, or *terminals* alone (none: any)."""
    asked = (among.inside, need, now - QUIET_FOR, hotlist, CLOCK_OFF_MS_MAX, day, list(terminals), after, most)
    return [_health(row) for row in await store.health(connection, among.row, asked)]


async def health_counts(connection: "Connection", among: Among, now: datetime, day: date, hotlist: int) -> dict[str, int]:
    """Return how many devices there are (`terminals`), how many need each of `NEEDS`, and how many uses wait (`uses_waiting`)."""
    row = await store.health_counts(connection, among.row, (among.inside, now - QUIET_FOR, hotlist, CLOCK_OFF_MS_MAX, day))
    return dict(row)


def _health(row: Any) -> Health:
    told = dict(row)
    return Health(name={"zh": told.pop("name_zh"), "en": told.pop("name_en")}, **told)
