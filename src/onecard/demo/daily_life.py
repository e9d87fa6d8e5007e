"""The other uses of a day, none of which the pass grants: locals ride, eat, read, look and play; some are turned away. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from onecard.demo.chance import Chance
from onecard.demo.draft import Device, Draft, Holder, Places, show, within
from onecard.demo.pools import Pools
from onecard.terminals.calendar import DayKind, day_kind, is_open

__all__ = ["DailyLife"]

_BUS_HOURS: Final = ((360, 390, 0.6), (390, 510, 4.0), (510, 990, 4.0), (990, 1110, 3.0), (1110, 1290, 1.0))
_DAY_HOURS: Final = ((550, 690, 3.0), (690, 780, 1.0), (780, 990, 3.0))
_LIBRARY_HOURS: Final = ((550, 690, 3.0), (780, 1020, 3.0), (1080, 1260, 2.0))

_LEAST: Final = {"museum_entries": 20, "sight_entries": 8, "library_entries": 12, "library_loans": 12}
"""However small the city, so many a day, so that no place stands empty."""

_TURNED_AWAY_A_DAY: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLife:
    """Draws a day of everything but the pass."""

    places: Places
    pools: Pools
    overrides: Mapping[date, DayKind]
    a_day: Mapping[str, float]  # How many of a kind on a usual day.
    prices_fen: Mapping[str, int]  # By service.
    chance: Chance

    def strangers_of_day(self, day: date) -> list[Draft]:
        """Return who asked for the pass and did not get it: too young, from elsewhere, or with a card that is no good."""
        chance, pools = self.chance, self.pools
        buses, shops, sights = (self.places.live(scene, day) for scene in ("bus", "merchant", "scenic"))
        drafts = []
        for _ in range(chance.randrange(3, _TURNED_AWAY_A_DAY)):
            pool = chance.choice((pools.delta_younger, pools.elsewhere, pools.elsewhere, pools.barred))
            if pool:
                drafts.append(self._draft(chance.choice(pool), buses, "ride", self.prices_fen["ride"], _BUS_HOURS))
        for _ in range(chance.randrange(1, 4)):
            drafts.append(self._draft(chance.choice(pools.delta_younger), shops, "purchase", self.prices_fen["purchase"], _DAY_HOURS))
            drafts.append(self._draft(chance.choice(pools.elsewhere), sights, "entry", self.prices_fen["entry"], _DAY_HOURS))
        return drafts

    def of_day(self, day: date) -> list[Draft]:
        """Return rides, museums, sights and libraries of *day*."""
        return [*self._rides(day), *self._museums(day), *self._sights(day), *self._libraries(day)]

    def _rides(self, day: date) -> list[Draft]:
        busy = 1.0 if day_kind(day, self.overrides) == "workday" else 0.8
        buses, riders = self.places.live("bus", day), self.pools.riders
        return [
            self._draft(rider, buses, "ride", self.prices_fen["ride"], _BUS_HOURS)._replace(holder=rider)
            for rider in (self.chance.choice(riders) for _ in range(self._count("bus_rides", busy)))
        ]

    def _museums(self, day: date) -> list[Draft]:
        kind = day_kind(day, self.overrides)
        museums = [device for device in self.places.live("museum", day) if is_open(device.site.opening, day, kind, 720)]
        if not museums:
            return []
        drafts = []
        for _ in range(self._count("museum_entries", 1.0 if kind == "workday" else 2.2)):
            pool = self.pools.delta_elders if self.chance.random() < 0.1 else self.pools.younger
            drafts.append(self._draft(self.chance.choice(pool), museums, "entry", 0, _DAY_HOURS))
        return drafts

    def _sights(self, day: date) -> list[Draft]:
        """Return entries of people under 60 or from outside the delta: what the pass never grants."""
        kind = day_kind(day, self.overrides)
        busy = {"workday": 0.7, "weekend": 1.6, "holiday": 4.0}[kind]
        sights = self.places.live("scenic", day)
        drafts = []
        for _ in range(self._count("sight_entries", busy)):
            draw = self.chance.random()
            pool = self.pools.younger if draw < 0.8 else self.pools.delta_younger if draw < 0.95 else self.pools.elsewhere
            drafts.append(self._draft(self.chance.choice(pool), sights, "entry", self.prices_fen["entry"], _DAY_HOURS))
        return drafts

    def _libraries(self, day: date) -> list[Draft]:
        libraries = self.places.live("library", day)
        drafts = []
        for service, counted in (("entry", "library_entries"), ("loan", "library_loans")):
            for _ in range(self._count(counted, 1.0)):
                drafts.append(self._draft(self.chance.choice(self.pools.younger), libraries, service, 0, _LIBRARY_HOURS))
        return drafts

    def _count(self, counted: str, busy: float) -> int:
        return int(max(_LEAST.get(counted, 0), self.a_day[counted]) * busy)

    def _draft(
        self, holder: Holder, devices: Sequence[Device], service: str, price_fen: int, hours: tuple[tuple[int, int, float], ...]
    ) -> Draft:
        second = within(hours, self.chance)
        return Draft(second, self.chance.choice(devices).terminal, *show(holder, self.chance), service, price_fen)
