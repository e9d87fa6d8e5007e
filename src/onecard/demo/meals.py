"""Meals at the card canteens: regulars of the neighbourhood, lunch most of all. Pure."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Final

from onecard.demo.chance import Chance, weighted
from onecard.demo.clock import DEMO_DAY
from onecard.demo.draft import Device, Draft, Holder, Places, show, within
from onecard.demo.pools import Pools
from onecard.values.days import age_on

__all__ = ["Meals"]

_SLOTS: Final = (("lunch", 62.0), ("dinner", 26.0), ("breakfast", 12.0))

_HOURS: Final = {
    "breakfast": ((380, 440, 2.0), (440, 520, 1.0)),
    "lunch": ((635, 660, 1.0), (660, 720, 4.5), (720, 800, 2.0)),
    "dinner": ((995, 1050, 3.0), (1050, 1135, 1.0)),
}
_MEALS_AT_1_100: Final = (6, 13)  # A day at one canteen, so that charts look alive (FIELD §9); about 110 at 1:1.
_GROWTH: Final = 0.55  # With which power of the city's size a canteen's meals grow.
_REGULARS: Final = 5  # Times a day's meals.


class Meals:
    """Draws a day's meals; every canteen has its own regulars, who eat there and nowhere else."""

    def __init__(self, places: Places, pools: Pools, scale: int, prices_fen: Mapping[str, int], chance: Chance) -> None:
        """*prices_fen*: what a set meal costs everywhere, by service."""
        self._chance = chance
        self._prices_fen = prices_fen
        self._younger = pools.younger
        size = (100 / scale) ** _GROWTH
        self._fewest, self._most = max(1, round(_MEALS_AT_1_100[0] * size)), max(2, round(_MEALS_AT_1_100[1] * size))
        canteens = sorted(places.by_scene["canteen"], key=lambda device: device.site.region)
        self._regulars: list[tuple[Device, list[Holder]]] = []
        self._idle: dict[str, list[Holder]] = {}
        for region, of_area in groupby(canteens, key=lambda device: device.site.region):
            devices = list(of_area)
            elders = list(pools.eaters[region])
            chance.shuffle(elders)
            each = min(len(elders) // len(devices), self._most * _REGULARS)
            self._regulars += [(device, elders[at * each : (at + 1) * each]) for at, device in enumerate(devices)]
            self._idle[region] = elders[len(devices) * each :]

    def idle(self, region: str) -> list[Holder]:
        """Return the elders of *region* who eat at no canteen."""
        return self._idle[region]

    def of_day(self, day: date) -> list[Draft]:
        """Return all meals of *day*, at canteens that take uses by then."""
        drafts: list[Draft] = []
        for device, regulars in self._regulars:
            if device.site.takes_uses_on(day) and regulars:
                drafts += self._at_canteen(device, regulars)
        return drafts

    def _at_canteen(self, device: Device, regulars: list[Holder]) -> list[Draft]:
        chance = self._chance
        meals = chance.randrange(self._fewest, self._most)
        slots = [weighted(chance, _SLOTS) for _ in range(meals)]
        drafts = []
        for slot in sorted(set(slots)):
            eating = chance.sample(regulars, min(slots.count(slot), len(regulars)))
            drafts += [self._meal(device, holder, slot) for holder in eating]
            if chance.random() < 0.02:  # Somebody comes a second time and pays in full.
                drafts.append(self._meal(device, eating[0], slot))
        if chance.random() < 0.2:  # A younger guest pays in full.
            drafts.append(self._meal(device, chance.choice(self._younger), "lunch"))
        return drafts

    def _meal(self, device: Device, holder: Holder, slot: str) -> Draft:
        chance = self._chance
        delivered = age_on(holder.born, DEMO_DAY) >= 80 and chance.random() < 0.15
        way = "delivery" if delivered else "take_away" if chance.random() < 0.08 else "dine_in"
        return Draft(within(_HOURS[slot], chance), device.terminal, *show(holder, chance), slot, self._prices_fen[slot], way)
