"""One use as the demo plans it, and the devices and people it is drawn from. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from onecard.demo.chance import Chance
from onecard.demo.sites import CitySites
from onecard.demo.trouble import TroubleKind
from onecard.terminals.model import Site

__all__ = ["Device", "Draft", "Holder", "Places", "places_of", "show", "within"]


class Holder(NamedTuple):
    """A person reduced to what a plan needs: when born, from where, and what can be shown."""

    born: date
    home: str
    registered: str  # Where the household is registered, if in the city; else ''.
    card: str
    chip: str
    document: str | None


class Draft(NamedTuple):
    """A use before it has a number: sorted by its second of the day, then by terminal."""

    second: int
    terminal: str
    kind: str
    value: str
    service: str
    price_fen: int
    way: str = "dine_in"
    guardian: tuple[str, str] | None = None
    holder: Holder | None = None  # Told of rides, for what a bus that is alone would ask.
    trouble: TroubleKind | None = None


class Device(NamedTuple):
    """A terminal with its site."""

    terminal: str
    site: Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The city's devices by scene; a site's devices stand next to one another."""

    by_scene: Mapping[str, Sequence[Device]]

    def working(self, scene: str, day: date) -> list[Device]:
        """Return the devices of *scene* whose sites take uses on *day*."""
        return [device for device in self.by_scene[scene] if device.site.takes_uses_on(day)]

    def live(self, scene: str, day: date) -> list[Device]:
        """Return the devices of *scene* whose sites are live on *day*: what happens there is counted."""
        return [device for device in self.by_scene[scene] if device.site.counts_on(day)]


def places_of(sites: CitySites) -> Places:
    """Return the devices of *sites* by scene."""
    by_name = {site.site: site for site in sites.sites}
    by_scene: defaultdict[str, list[Device]] = defaultdict(list)
    for terminal in sites.terminals:
        site = by_name[terminal.site]
        by_scene[site.scene].append(Device(terminal.terminal, site))
    return Places(by_scene=by_scene)


def show(holder: Holder, chance: Chance) -> tuple[str, str]:
    """Return what the holder taps with (kind, value): mostly the chip, often the number, sometimes the id document."""
    draw = chance.random()
    if draw < 0.55:
        return "chip", holder.chip
    if draw < 0.95 or holder.document is None:
        return "card", holder.card
    return "id", holder.document


def within(spans: Iterable[tuple[int, int, float]], chance: Chance) -> int:
    """Return a second of the day within one of *spans*: (from minute, until minute, weight)."""
    listed = list(spans)
    left = chance.random() * sum(weight for _, _, weight in listed)
    for start, end, weight in listed:
        left -= weight
        if left < 0:
            return chance.randrange(start * 60, end * 60)
    start, end, _ = listed[-1]
    return chance.randrange(start * 60, end * 60)
