"""Number sites and terminals as they come, and give the many small places their names. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from onecard.demo.chance import Chance
from onecard.demo.city import DemoCity
from onecard.terminals.model import Operator, Site, SiteState, Terminal

__all__ = ["DEMO_MODEL", "SiteMaker", "way_to_live"]

DEMO_MODEL: Final = "demo-"
"""With this the model of every device of a demo begins: a store that holds another device is nobody's to empty."""

_STEPS: Final[tuple[tuple[SiteState, int], ...]] = (  # State, days before it is live.
    ("planned", 150), ("contracted", 90), ("wiring", 40), ("testing", 21), ("trial", 7), ("live", 0),
)  # fmt: skip


def way_to_live(live: date) -> tuple[tuple[date, SiteState], ...]:
    """Return the usual way of a site that went live on *live*: each state with the day it began."""
    return tuple((live - timedelta(days=days), state) for state, days in _STEPS)


class SiteMaker:
    """Collects operators, sites and terminals; numbers within a region are given once."""

    def __init__(self, city: DemoCity, chance: Chance) -> None:
        self.city = city
        self.chance = chance
        self.operators: dict[str, Operator] = {}
        self.sites: list[Site] = []
        self.terminals: list[Terminal] = []
        self._sites_of: Counter[tuple[str, str]] = Counter()
        self._terminals_of: Counter[str] = Counter()
        self._named: set[str] = set()

    def operator(self, operator: str, name_zh: str, name_en: str) -> str:
        """Return *operator*, known from now on."""
        self.operators.setdefault(operator, Operator(operator=operator, name_zh=name_zh, name_en=name_en))
        return operator

    def site(self, scene: str, region: str, *, devices: int, bound_on: date | None = None, **told: Any) -> Site:
        """Add one site of *scene* with so many *devices*, bound on *bound_on* or on its first day of testing."""
        self._sites_of[scene, region] += 1
        kind = told.pop("kind", scene)
        told.setdefault("opening", self.city.opening(kind))
        site = Site(site=f"{scene}-{region}-{self._sites_of[scene, region]:03d}", scene=scene, kind=kind, region=region, **told)
        self.sites.append(site)
        if devices:
            since = bound_on or next(day for day, state in site.states if state == "testing")
            self.terminals += [self._terminal(site, since) for _ in range(devices)]
        return site

    def small_name(self, region: str, kinds: Sequence[tuple[str, str]]) -> tuple[str, str]:
        """Return a name (zh, en) nobody in the city bears yet, made of two words and one of *kinds*."""
        words = [word.split(" ", 1) for word in self.city.places["words"]]
        while True:
            zh, en = self.chance.choice(words)
            kind_zh, kind_en = self.chance.choice(kinds)
            if len(self._named) > len(words):
                more_zh, more_en = self.chance.choice([word for word in words if word[0] != zh])
                zh, en = zh + more_zh, f"{en} {more_en}"
            area_zh, area_en = self.city.area_names[region]
            name_zh = f"{area_zh}{zh}{kind_zh}"
            if name_zh not in self._named:
                self._named.add(name_zh)
                return name_zh, f"{en} {kind_en}, {area_en}"

    def _terminal(self, site: Site, bound_on: date) -> Terminal:
        self._terminals_of[site.region] += 1
        return Terminal(
            terminal=f"T{site.region}-{self._terminals_of[site.region]:04d}",
            site=site.site,
            bound_on=bound_on,
            model=f"{DEMO_MODEL}{site.scene}",
        )
