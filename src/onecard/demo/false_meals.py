"""Meals that nobody ate: what three canteens, one in each county, put on record to draw the subsidy (FIELD §4.4, 套补). Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from onecard.demo.chance import Chance
from onecard.demo.clock import DEMO_DAY
from onecard.demo.draft import Device, Draft, Holder, Places
from onecard.demo.meals import Meals
from onecard.demo.particulars import Particulars
from onecard.demo.pools import Pools
from onecard.demo.trouble import TroubleKind

__all__ = ["FalseMeals"]

_FIRST_DAY: Final = DEMO_DAY - timedelta(days=60)
_NTH: Final = 2  # The third canteen of its county: no terminal of the cast, and live since spring.

_CARDS: Final = 10
_BETWEEN_CARDS_SECONDS: Final = (3, 6)  # All within a minute.
_SWIPING_DAY: Final = 3

_DEAD_COME: Final = 0.5  # Of working days.

_TWO_SITES_DAYS: Final = frozenset({date(2024, 9, 11), date(2024, 9, 25), date(2024, 10, 16), date(2024, 10, 30)})
_APART_SECONDS: Final = (150, 236)

_LUNCH_SECONDS: Final = (11 * 3600 + 900, 12 * 3600)


class FalseMeals:
    """Draws the false meals of a day; whose cards are misused stays the same."""

    def __init__(self, particulars: Particulars, places: Places, pools: Pools, meals: Meals, chance: Chance) -> None:
        self._chance = chance
        self._at = at = particulars.false_meals
        self._lunch_fen = particulars.prices_fen["lunch"]
        self._canteens = {region: _canteen(places, region) for region in (at.batch_swipe, at.dead_holder, *at.two_sites)}
        self._drawer = _misused(pools, meals, at.batch_swipe, _CARDS)
        self._dead = pools.unreported.get(at.dead_holder)
        self._hasty = _misused(pools, meals, at.two_sites[0], 1)

    def of_day(self, day: date) -> list[Draft]:
        """Return the false meals of *day*."""
        if day < _FIRST_DAY:
            return []
        drafts: list[Draft] = []
        if day.weekday() == _SWIPING_DAY:
            drafts += self._swiped()
        if self._dead and day.weekday() < 5 and self._chance.random() < _DEAD_COME:
            drafts.append(self._meal(self._canteens[self._at.dead_holder], self._dead, self._lunch_time(), "dead_holder"))
        if day in _TWO_SITES_DAYS:
            drafts += self._at_two_sites()
        return drafts

    def _swiped(self) -> list[Draft]:
        second = self._lunch_time()
        drafts = []
        for holder in self._drawer:
            drafts.append(self._meal(self._canteens[self._at.batch_swipe], holder, second, "batch_swipe"))
            second += self._chance.randrange(*_BETWEEN_CARDS_SECONDS)
        return drafts

    def _at_two_sites(self) -> list[Draft]:
        first = self._lunch_time()
        second = first + self._chance.randrange(*_APART_SECONDS)
        return [
            self._meal(self._canteens[region], holder, at, "two_sites")
            for holder in self._hasty
            for region, at in zip(self._at.two_sites, (first, second), strict=True)
        ]

    def _lunch_time(self) -> int:
        return self._chance.randrange(*_LUNCH_SECONDS)

    def _meal(self, canteen: Device, holder: Holder, second: int, trouble: TroubleKind) -> Draft:
        return Draft(second, canteen.terminal, "chip", holder.chip, "lunch", self._lunch_fen, trouble=trouble)


def _canteen(places: Places, region: str) -> Device:
    return [device for device in places.by_scene["canteen"] if device.site.region == region][_NTH]


def _misused(pools: Pools, meals: Meals, region: str, count: int) -> Sequence[Holder]:
    """Return the cards of *count* registered elders of *region* who eat at no canteen; of any others where there are too few."""
    candidates = dict.fromkeys((*meals.idle(region), *pools.eaters[region]))
    return [holder for holder in candidates if holder.registered][:count]
