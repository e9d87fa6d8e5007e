"""Visits to hospitals, community clinics and pharmacies by card: elders most of all, nearly always near home. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import chain
from typing import Final

from onecard.demo.chance import Chance, weighted
from onecard.demo.draft import Device, Draft, Places, show, within
from onecard.demo.pools import Pools
from onecard.terminals.calendar import DayKind, day_kind

__all__ = ["Visits"]

_SCENES: Final = (("clinic", 42.0), ("hospital", 30.0), ("pharmacy", 28.0))
_HOURS: Final = {  # Eight to ten is the busiest time (FIELD §9: 15 % an hour).
    "hospital": ((450, 480, 4.0), (480, 600, 32.0), (600, 690, 18.0), (690, 810, 8.0), (810, 960, 26.0), (960, 1200, 12.0)),
    "clinic": ((450, 480, 5.0), (480, 600, 32.0), (600, 690, 18.0), (690, 810, 6.0), (810, 960, 28.0), (960, 1050, 11.0)),
    "pharmacy": ((480, 600, 26.0), (600, 720, 20.0), (720, 1020, 32.0), (1020, 1230, 22.0)),
}
_ELDERS: Final = 0.45  # So many are drawn from the elders, the others from anyone: elders make 56 % of all visits.
_ELSEWHERE: Final = 0.12  # Go to another area than their own: to the city's hospitals, say.
_BUSY: Final[Mapping[str, float]] = {"workday": 1.0, "weekend": 0.75, "holiday": 0.6}


class Visits:
    """Draws a day's visits. No money moves yet: the bill is a claim, and claims come with their own capability."""

    def __init__(self, places: Places, pools: Pools, overrides: Mapping[date, DayKind], a_day: float, chance: Chance) -> None:
        """*a_day*: how many on a workday."""
        self._chance = chance
        self._overrides = overrides
        self._a_day = a_day
        self._anyone = pools.riders
        self._elders = list(chain.from_iterable(pools.eaters.values()))
        self._everywhere = {scene: places.by_scene[scene] for scene, _ in _SCENES}
        self._in_area: defaultdict[tuple[str, str], list[Device]] = defaultdict(list)
        for scene, devices in self._everywhere.items():
            for device in devices:
                self._in_area[scene, device.site.region].append(device)

    def of_day(self, day: date) -> list[Draft]:
        """Return the visits of *day*."""
        return [self._visit() for _ in range(int(self._a_day * _BUSY[day_kind(day, self._overrides)]))]

    def _visit(self) -> Draft:
        chance = self._chance
        holder = chance.choice(self._elders if chance.random() < _ELDERS else self._anyone)
        scene = weighted(chance, _SCENES)
        devices = self._everywhere[scene] if chance.random() < _ELSEWHERE else self._in_area[scene, holder.home]
        return Draft(within(_HOURS[scene], chance), chance.choice(devices).terminal, *show(holder, chance), "visit", 0)
