"""The demo's days as taps: everything that happens from 2023-01-01 to the evening of 2024-10-31, day by day, in order. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from onecard.demo.campus import Campus
from onecard.demo.chance import Chance
from onecard.demo.city import DemoCity
from onecard.demo.clock import DEMO_DAY, DEMO_FIRST_DAY, DEMO_START
from onecard.demo.daily_life import DailyLife
from onecard.demo.draft import Draft, Places
from onecard.demo.meals import Meals
from onecard.demo.pass_uses import PassUses
from onecard.demo.pools import Pools
from onecard.uses.model import Tap
from onecard.values.days import CITY_ZONE

__all__ = ["FULL_DAYS", "DayOfTaps", "days_of_taps"]

FULL_DAYS: Final = 90
"""So many last days hold every scene; those before them only the pass and who was turned away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfTaps:
    """One day's taps, in order of time."""

    day: date
    taps: list[Tap]


def days_of_taps(city: DemoCity, places: Places, pools: Pools, scale: int, chance: Chance) -> Iterator[DayOfTaps]:
    """Yield every day in order. A terminal's numbers rise by one with each of its taps; they stay far below a million."""
    pass_uses = PassUses(places, pools, city.festivals, city.day_kinds, chance)
    life = DailyLife(places=places, pools=pools, overrides=city.day_kinds, scale=scale, chance=chance)
    meals = Meals(places, pools, scale, chance)
    campus = Campus(places, pools, city.day_kinds, chance)
    numbers: Counter[str] = Counter()
    for at in range((DEMO_DAY - DEMO_FIRST_DAY).days + 1):
        day = DEMO_FIRST_DAY + timedelta(days=at)
        drafts = pass_uses.of_day(day) + life.strangers_of_day(day)
        if day > DEMO_DAY - timedelta(days=FULL_DAYS):
            drafts += life.of_day(day) + meals.of_day(day) + campus.of_day(day)
        yield DayOfTaps(day=day, taps=_numbered(day, drafts, numbers))


def _numbered(day: date, drafts: list[Draft], numbers: Counter[str]) -> list[Tap]:
    midnight = datetime.combine(day, time(), CITY_ZONE)
    last_second = int((DEMO_START - midnight).total_seconds()) - 1  # The clock stands at 20:00: nothing lies in its future.
    taps = []
    for draft in sorted(drafts, key=_by_time):
        if draft.second > last_second and draft.service != "exit":
            continue
        numbers[draft.terminal] += 1
        taps.append(
            Tap(
                terminal=draft.terminal, seq=numbers[draft.terminal], kind=draft.kind, value=draft.value, service=draft.service,
                list_price_fen=draft.price_fen, occurred_at=midnight + timedelta(seconds=min(draft.second, last_second)), way=draft.way,
                guardian=draft.guardian,
            )
        )  # fmt: skip
    return taps


def _by_time(draft: Draft) -> tuple[int, str]:
    return draft.second, draft.terminal
