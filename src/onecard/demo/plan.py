"""The demo's days as taps: everything that happens from 2023-01-01 to the evening of 2024-10-31, day by day, in order. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from onecard.demo.campus import Campus
from onecard.demo.city import DemoCity
from onecard.demo.clock import DEMO_DAY, DEMO_FIRST_DAY, DEMO_START
from onecard.demo.daily_life import DailyLife
from onecard.demo.draft import Draft, Places
from onecard.demo.false_meals import FalseMeals
from onecard.demo.incidents import Incidents
from onecard.demo.meals import Meals
from onecard.demo.pass_uses import PassUses
from onecard.demo.pools import Pools
from onecard.demo.trouble import Trouble
from onecard.demo.uploads import Uploads
from onecard.demo.visits import Visits
from onecard.demo.world import ChanceOf
from onecard.uses.model import Tap
from onecard.values.days import CITY_ZONE

__all__ = ["FULL_DAYS", "DayOfTaps", "days_of_taps"]

FULL_DAYS: Final = 90
"""So many last days hold every scene; those before them only the pass and who was turned away."""

_UPLOADS_ARRIVE: Final = time(5)  # Before the first bus.


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfTaps:
    """What reaches the office on one day."""

    day: date
    uploads: list[Tap]  # First, at `uploads_at`: bus records of earlier days, late or sent a second time.
    taps: list[Tap]  # Then the day's own, in order of time.
    trouble: list[Trouble]  # What is wrong with uses that happened on this day.

    @property
    def uploads_at(self) -> datetime:
        """The instant at which the morning's upload arrives."""
        return datetime.combine(self.day, _UPLOADS_ARRIVE, CITY_ZONE)


def days_of_taps(city: DemoCity, places: Places, pools: Pools, scale: int, chance_of: ChanceOf) -> Iterator[DayOfTaps]:
    """Yield every day in order. A terminal's numbers rise by one with each of its taps; they stay far below a million."""
    scenes = _Scenes(city, places, pools, scale, chance_of)
    numbers: Counter[str] = Counter()
    uploads = Uploads(city.particulars, chance_of("uploads"), numbers)
    for at in range((DEMO_DAY - DEMO_FIRST_DAY).days + 1):
        day = DEMO_FIRST_DAY + timedelta(days=at)
        arriving = uploads.of_morning(day)
        troubles: list[Trouble] = []
        taps = uploads.sort(day, _numbered(day, scenes.of_day(day), numbers), troubles)
        yield DayOfTaps(day=day, uploads=arriving, taps=taps, trouble=troubles)


class _Scenes:
    """Everything that is drawn for a day."""

    def __init__(self, city: DemoCity, places: Places, pools: Pools, scale: int, chance_of: ChanceOf) -> None:
        chance, trouble, a_day = chance_of("days"), chance_of("trouble"), city.a_day_at(scale)
        self._pass_uses = PassUses(city, places, pools, chance)
        prices_fen = city.particulars.prices_fen
        self._life = DailyLife(
            places=places, pools=pools, overrides=city.day_kinds, a_day=a_day, prices_fen=prices_fen, chance=chance
        )
        self._meals = Meals(places, pools, scale, prices_fen, chance)
        self._campus = Campus(city.particulars.grounds, places, pools, city.day_kinds, chance)
        self._visits = Visits(places, pools, city.day_kinds, a_day["medical_visits"], chance_of("visits"))
        self._false_meals = FalseMeals(city.particulars, places, pools, self._meals, trouble)
        self._incidents = Incidents(city.particulars, places, pools, trouble)

    def of_day(self, day: date) -> list[Draft]:
        """Return the drafts of *day*, in no order."""
        drafts = self._pass_uses.of_day(day) + self._life.strangers_of_day(day)
        if day > DEMO_DAY - timedelta(days=FULL_DAYS):
            drafts += self._life.of_day(day) + self._meals.of_day(day) + self._campus.of_day(day) + self._visits.of_day(day)
        drafts += self._false_meals.of_day(day)
        self._incidents.on_day(day, drafts)
        return drafts


def _numbered(day: date, drafts: list[Draft], numbers: Counter[str]) -> list[tuple[Draft, Tap]]:
    midnight = datetime.combine(day, time(), CITY_ZONE)
    last_second = int((DEMO_START - midnight).total_seconds()) - 1  # The clock stands at 20:00: nothing lies in its future.
    numbered = []
    for draft in sorted(drafts, key=_by_time):
        if draft.second > last_second and draft.service != "exit":
            continue
        numbers[draft.terminal] += 1
        tap = Tap(
            terminal=draft.terminal, seq=numbers[draft.terminal], kind=draft.kind, value=draft.value, service=draft.service,
            list_price_fen=draft.price_fen, occurred_at=midnight + timedelta(seconds=min(draft.second, last_second)), way=draft.way,
            guardian=draft.guardian,
        )  # fmt: skip
        numbered.append((draft, tap))
    return numbered


def _by_time(draft: Draft) -> tuple[int, str]:
    return draft.second, draft.terminal
