"""The uses that the elder pass grants on the demo's 670 days: so many rides, purchases and entries as the city tells, exactly. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from onecard.demo.chance import Chance
from onecard.demo.city import DemoCity
from onecard.demo.clock import DEMO_DAY, DEMO_FIRST_DAY
from onecard.demo.draft import Device, Draft, Holder, Places, show, within
from onecard.demo.pools import Pools
from onecard.demo.quota import spread
from onecard.terminals.calendar import DayKind, day_kind

__all__ = ["PassUses"]

_RAMP: Final = 3.0  # The last day sees three times the first.
_BUS_HOURS: Final = ((390, 510, 3.0), (510, 960, 4.0), (960, 1110, 2.0))
_SHOP_HOURS: Final = ((510, 690, 3.0), (690, 990, 3.0), (990, 1170, 2.0))
_SIGHT_HOURS: Final = ((500, 690, 3.0), (690, 960, 2.0))
_RIDES_A_DAY: Final = 4  # Of one visitor; the pass allows thirty.
_VISITORS_OF_TEN: Final = 7  # At shops and sights; the others are locals.


class PassUses:
    """Draws a day's pass uses; the quota of every day is fixed at the start."""

    def __init__(self, city: DemoCity, places: Places, pools: Pools, chance: Chance) -> None:
        told = city.particulars
        self._pools = pools
        self._prices_fen = told.prices_fen
        self._chance = chance
        days = [DEMO_FIRST_DAY + timedelta(days=at) for at in range((DEMO_DAY - DEMO_FIRST_DAY).days + 1)]
        self._quotas = {
            scene: dict(zip(days, spread(total, _weights(days, scene, city.festivals, city.day_kinds, chance)), strict=True))
            for scene, total in told.pass_totals.items()
        }
        self._devices = {
            "bus": _Opening(places.by_scene["bus"]),
            "merchant": _Opening([device for device in places.by_scene["merchant"] if device.site.agreed_percent == told.merchant_takes]),
            "scenic": _Opening(places.by_scene["scenic"]),
        }

    def of_day(self, day: date) -> list[Draft]:
        """Return what the pass grants on *day*."""
        return [*self._rides(day), *self._visits(day, "merchant"), *self._visits(day, "scenic")]

    def _rides(self, day: date) -> list[Draft]:
        drafts: list[Draft] = []
        left = self._quotas["bus"][day]
        buses, fare_fen = self._devices["bus"].live_on(day), self._prices_fen["ride"]
        for visitor in self._chance.sample(self._pools.delta_elders, min(left, len(self._pools.delta_elders))):
            rides = min(left, self._chance.randrange(1, _RIDES_A_DAY + 1))
            for _ in range(rides):
                second = within(_BUS_HOURS, self._chance)
                bus = self._chance.choice(buses).terminal
                drafts.append(Draft(second, bus, *show(visitor, self._chance), "ride", fare_fen, holder=visitor))
            left -= rides
            if left == 0:
                break
        assert left == 0, "more rides than visitors to make them"
        return drafts

    def _visits(self, day: date, scene: str) -> list[Draft]:
        """Return purchases or entries: one a person and day."""
        count = self._quotas[scene][day]
        devices = self._devices[scene].live_on(day)
        visitors = count * _VISITORS_OF_TEN // 10
        holders = self._draw(self._pools.delta_elders, visitors) + self._draw(self._pools.local_elders, count - visitors)
        if scene == "merchant":
            return [self._visit(holder, devices, "purchase", _price(self._chance), _SHOP_HOURS) for holder in holders]
        return [self._visit(holder, devices, "entry", self._prices_fen["entry"], _SIGHT_HOURS) for holder in holders]

    def _visit(
        self, holder: Holder, devices: Sequence[Device], service: str, price_fen: int, hours: tuple[tuple[int, int, float], ...]
    ) -> Draft:
        second = within(hours, self._chance)
        return Draft(second, self._chance.choice(devices).terminal, *show(holder, self._chance), service, price_fen)

    def _draw(self, pool: list[Holder], count: int) -> list[Holder]:
        if count <= len(pool):
            return self._chance.sample(pool, count)
        return [self._chance.choice(pool) for _ in range(count)]  # A very small city: some come twice.


class _Opening:
    """Devices in the order in which their sites went live, so that a day's are a slice."""

    def __init__(self, devices: Sequence[Device]) -> None:
        dated = sorted((next(day for day, state in device.site.states if state == "live"), at) for at, device in enumerate(devices))
        self._live = [day for day, _ in dated]
        self._devices = [devices[at] for _, at in dated]

    def live_on(self, day: date) -> Sequence[Device]:
        return self._devices[: bisect_right(self._live, day)]


def _weights(
    days: Sequence[date], scene: str, festivals: frozenset[date], overrides: Mapping[date, DayKind], chance: Chance
) -> list[float]:
    free_day = 2.2 if scene == "scenic" else 1.0
    weights = []
    for at, day in enumerate(days):
        weight = (1 + (_RAMP - 1) * at / (len(days) - 1)) * (0.92 + 0.16 * chance.random())
        if day.weekday() == 6:
            weight *= 1.35
        if day_kind(day, overrides) != "workday":
            weight *= free_day
        weights.append(weight * 3.2 if day in festivals else weight)
    return weights


def _price(chance: Chance) -> int:
    """Return what a purchase costs: around ¥100, in tenths of a yuan."""
    return int(3000 + 14_000 * (chance.random() + chance.random()) / 2) // 10 * 10
