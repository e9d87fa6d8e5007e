"""What goes wrong here and there: a late leaver, codes that nobody signed, two cards lost at noon and taken at five past. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from onecard.demo.chance import Chance
from onecard.demo.clock import DEMO_DAY
from onecard.demo.draft import Device, Draft, Places, within
from onecard.demo.misfortunes import LOST_AT
from onecard.demo.pools import Pools
from onecard.values.days import civil

__all__ = ["Incidents"]

_RACE_SECONDS: Final = 12 * 3600 + 5 * 60  # The bus has not heard yet of a loss told at noon.

_OVERSTAY_DAY: Final = date(2024, 10, 23)  # A Wednesday: school grounds close at half past eight …
_OVERSTAY_SECONDS: Final = 20 * 3600 + 47 * 60 + 12  # … and somebody leaves at 20:47.

_CODES_FROM: Final = DEMO_DAY - timedelta(days=60)
_CODES_A_DAY: Final = (0, 3)
_CODE_HOURS: Final = ((480, 1080, 1.0),)


class Incidents:
    """Adds to a day what goes wrong on it."""

    def __init__(self, places: Places, pools: Pools, chance: Chance) -> None:
        self._places = places
        self._chance = chance
        self._losers = {civil(at).date(): holder for at, holder in zip(LOST_AT, pools.lost_at_noon, strict=False)}

    def on_day(self, day: date, drafts: list[Draft]) -> None:
        """Add the incidents of *day* to its *drafts*."""
        if day == _OVERSTAY_DAY:
            _let_one_overstay(drafts)
        if day in self._losers or day >= _CODES_FROM:
            buses = self._places.live("bus", day)
            drafts += [*self._race(day, buses), *self._bad_codes(day, buses)]

    def _race(self, day: date, buses: Sequence[Device]) -> list[Draft]:
        holder = self._losers.get(day)
        if holder is None:
            return []
        nearby = [bus for bus in buses if bus.site.region == holder.home]
        bus = self._chance.choice(nearby).terminal
        return [Draft(_RACE_SECONDS, bus, "card", holder.card, "ride", 200, holder=holder, trouble="hotlist_race")]

    def _bad_codes(self, day: date, buses: Sequence[Device]) -> list[Draft]:
        """Return codes of no issuer: an old screenshot, a code of another app."""
        if day < _CODES_FROM:
            return []
        chance, drafts = self._chance, []
        for _ in range(chance.randrange(*_CODES_A_DAY)):
            code = f"DEMO.{chance.getrandbits(96):024x}"
            drafts.append(Draft(within(_CODE_HOURS, chance), chance.choice(buses).terminal, "code", code, "ride", 200, trouble="bad_code"))
        return drafts


def _let_one_overstay(drafts: list[Draft]) -> None:
    """Let whoever is the last to leave a ground leave after it closed."""
    leaving = [at for at, draft in enumerate(drafts) if draft.service == "exit"]
    if leaving:
        last = max(leaving, key=lambda at: drafts[at].second)
        drafts[last] = drafts[last]._replace(second=_OVERSTAY_SECONDS, trouble="overstay")
