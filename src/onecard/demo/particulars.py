"""What the demo alone takes from a city beside its places: `demo.yaml`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onecard.terminals.calendar import DayKind
from onecard.values.days import CITY_ZONE

__all__ = ["FalseMealsAt", "GroundHours", "NumberAreas", "Particulars", "particulars_from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAreas:
    """Area codes, of no real place, with which person numbers begin whose holders are not ordinary residents."""

    cast: str
    cast_visitors: str
    visitors: str
    newborns: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundHours:
    """When people come to school grounds, and when the grounds close by the city's policy."""

    first_day: date
    come: Mapping[DayKind, tuple[tuple[int, int, float], ...]]  # (from minute, until minute, weight) by kind of day.
    closes: Mapping[DayKind, int]  # Minute of the day.
    overstay: datetime  # When somebody leaves a ground that has closed.


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseMealsAt:
    """In which areas canteens put meals on record that nobody ate."""

    batch_swipe: str
    dead_holder: str
    two_sites: tuple[str, str]  # Where somebody eats, and where he eats again minutes later.


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """One city's `demo.yaml`."""

    pass_regions: str  # The list of regions whose visitors the pass is for.
    pass_totals: Mapping[str, int]  # Uses of the pass by scene, exact at every scale.
    merchant_takes: int  # Of the price at a merchant who joined the pass, in 1/10,000.
    prices_fen: Mapping[str, int]  # The usual list price by service.
    fare_alone: Mapping[int, int]  # Per cent that a bus alone asks, by the age from which it holds.
    numbers: NumberAreas
    newcomers_from: tuple[str, ...]  # Where residents are registered who are not registered here.
    grounds: GroundHours
    false_meals: FalseMealsAt

    def fare_alone_fen(self, age: int, list_price_fen: int) -> int:
        """Return what a bus without a server asks of somebody of *age*; half a fen goes up."""
        percent = next(percent for start, percent in sorted(self.fare_alone.items(), reverse=True) if age >= start)
        return (list_price_fen * percent + 50) // 100


def particulars_from(told: Mapping[str, Any]) -> Particulars:
    """Return what `demo.yaml` tells; a missing key is a KeyError: city data is our own."""
    of_pass, false_meals = told["pass"], told["false_meals"]
    here, again = false_meals["two_sites"]
    return Particulars(
        pass_regions=of_pass["regions"],
        pass_totals=dict(of_pass["totals"]),
        merchant_takes=of_pass["merchant_takes"] * 100,
        prices_fen=dict(told["prices"]),
        fare_alone=dict(told["fare_alone"]),
        numbers=NumberAreas(**told["numbers"]),
        newcomers_from=tuple(told["newcomers_from"]),
        grounds=_grounds(told["grounds"]),
        false_meals=FalseMealsAt(
            batch_swipe=false_meals["batch_swipe"], dead_holder=false_meals["dead_holder"], two_sites=(here, again)
        ),
    )


def _grounds(told: Mapping[str, Any]) -> GroundHours:
    return GroundHours(
        first_day=date.fromisoformat(told["first_day"]),
        come={kind: tuple((start, end, weight) for start, end, weight in spans) for kind, spans in told["come"].items()},
        closes=dict(told["closes"]),
        overstay=datetime.fromisoformat(told["overstay"]).replace(tzinfo=CITY_ZONE),
    )
