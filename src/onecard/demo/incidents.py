"""What goes wrong here and there: a late leaver, codes that nobody signed, two cards lost at noon and taken at five past. Pure."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Final

from onecard.demo.chance import Chance
from onecard.demo.clock import DEMO_DAY
from onecard.demo.draft import Device, Draft, Places, within
from onecard.demo.misfortunes import LOST_AT
from onecard.demo.particulars import Particulars
from onecard.demo.pools import Pools
from onecard.values.days import civil

__all__ = ["Incidents"]

_RACE_SECONDS: Final = 12 * 3600 + 5 * 60  # The bus has not heard yet of a loss told at noon.

_CODES_FROM: Final = DEMO_DAY - timedelta(days=60)
_CODES_A_DAY: Final = (0, 3)
_CODE_HOURS: Final = ((480, 1080, 1.0),)


class Incidents:
    """Adds to a day what goes wrong on it."""

    def __init__(self, particulars: Particulars, places: Places, pools: Pools, chance: Chance) -> None:
        self._overstay = particulars.grounds.overstay
        self._fare_fen = particulars.prices_fen["ride"]
        self._places = places
        self._chance = chance
        self._losers = {civil(at).date(): holder for at, holder in zip(LOST_AT, pools.lost_at_noon, strict=False)}

    def on_day(self, day: date, drafts: list[Draft]) -> None:
        """Add the incidents of *day* to its *drafts*."""
        if day == self._overstay.date():
            _let_one_overstay(drafts, self._overstay.time())
        if day in self._losers or day >= _CODES_FROM:
            buses = self._places.live("bus", day)
            drafts += [*self._race(day, buses), *self._bad_codes(day, buses)]

    def _race(self, day: date, buses: Sequence[Device]) -> list[Draft]:
        holder = self._losers.get(day)
        if holder is None:
            return []
        nearby = [bus for bus in buses if bus.site.region == holder.home]
        bus = self._chance.choice(nearby).terminal
        return [Draft(_RACE_SECONDS, bus, "card", holder.card, "ride", self._fare_fen, holder=holder, trouble="hotlist_race")]

    def _bad_codes(self, day: date, buses: Sequence[Device]) -> list[Draft]:
        """Return codes of no issuer: an old screenshot, a code of another app."""
        if day < _CODES_FROM:
            return []
        chance, fare_fen, drafts = self._chance, self._fare_fen, []
        for _ in range(chance.randrange(*_CODES_A_DAY)):
            code = f"DEMO.{chance.getrandbits(96):024x}"
            second, bus = within(_CODE_HOURS, chance), chance.choice(buses).terminal
            drafts.append(Draft(second, bus, "code", code, "ride", fare_fen, trouble="bad_code"))
        return drafts


def _let_one_overstay(drafts: list[Draft], leaves: time) -> None:
    """Let whoever is the last to leave a ground leave after it closed."""
    leaving = [at for at, draft in enumerate(drafts) if draft.service == "exit"]
    if leaving:
        last = max(leaving, key=lambda at: drafts[at].second)
        drafts[last] = drafts[last]._replace(second=leaves.hour * 3600 + leaves.minute * 60 + leaves.second, trouble="overstay")
