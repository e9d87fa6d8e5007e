"""The school grounds in testing: people come, play and leave; a few are turned away. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from onecard.demo.chance import Chance
from onecard.demo.draft import Draft, Holder, Places, show, within
from onecard.demo.particulars import GroundHours
from onecard.demo.pools import Pools
from onecard.terminals.calendar import DayKind, day_kind

__all__ = ["Campus"]

_VISITS: Final = (15, 31)  # A day and ground, at every scale (FIELD §9).
_STAY_SECONDS: Final = (1200, 5400)
_LEAVE_EARLY_SECONDS: Final = 120


class Campus:
    """Draws a day of all grounds; nobody is at two at once."""

    def __init__(self, hours: GroundHours, places: Places, pools: Pools, overrides: Mapping[date, DayKind], chance: Chance) -> None:
        self._hours = hours
        self._pools = pools
        self._overrides = overrides
        self._chance = chance
        devices = places.by_scene["campus"]
        self._gates = [(way_in, way_out.terminal) for way_in, way_out in zip(devices[::2], devices[1::2], strict=True)]
        assert all(devices[at].site is devices[at + 1].site for at in range(0, len(devices), 2))

    def of_day(self, day: date) -> list[Draft]:
        """Return all entries and exits of *day*; whoever entered leaves before the ground closes."""
        if day < self._hours.first_day:
            return []
        kind = day_kind(day, self._overrides)
        chance = self._chance
        counts = [chance.randrange(*_VISITS) for _ in self._gates]
        players = chance.sample(self._pools.players, min(sum(counts), len(self._pools.players)))
        drafts: list[Draft] = []
        for (way_in, way_out), count in zip(self._gates, counts, strict=True):
            for holder in players[:count]:
                drafts += self._visit(holder, way_in.terminal, way_out, kind)
            del players[:count]
            drafts += self._with_guardian(way_in.terminal, way_out, kind)
            drafts += self._turned_away(way_in.terminal, kind)
        return drafts

    def _visit(
        self, holder: Holder, way_in: str, way_out: str, kind: DayKind, guardian: tuple[str, str] | None = None
    ) -> list[Draft]:
        chance = self._chance
        shown = show(holder, chance)
        come = within(self._hours.come[kind], chance)
        leave = min(come + chance.randrange(*_STAY_SECONDS), self._hours.closes[kind] * 60 - chance.randrange(1, _LEAVE_EARLY_SECONDS))
        return [Draft(come, way_in, *shown, "entry", 0, "dine_in", guardian), Draft(leave, way_out, *shown, "exit", 0)]

    def _with_guardian(self, way_in: str, way_out: str, kind: DayKind) -> list[Draft]:
        if self._chance.random() > 0.3 or not self._pools.children:
            return []
        child, grown_up = self._chance.choice(self._pools.children), self._chance.choice(self._pools.younger)
        return self._visit(child, way_in, way_out, kind, show(grown_up, self._chance))

    def _turned_away(self, way_in: str, kind: DayKind) -> list[Draft]:
        """Return who stood at a closed door: a child alone, somebody registered elsewhere, somebody before the hours."""
        chance, drafts = self._chance, []
        if chance.random() < 0.1 and self._pools.children:
            drafts.append(self._knock(chance.choice(self._pools.children), way_in, within(self._hours.come[kind], chance)))
        if chance.random() < 0.1 and self._pools.strangers:
            drafts.append(self._knock(chance.choice(self._pools.strangers), way_in, within(self._hours.come[kind], chance)))
        if chance.random() < 0.1:
            drafts.append(self._knock(chance.choice(self._pools.players), way_in, within(((390, 470, 1.0),), chance)))
        return drafts

    def _knock(self, holder: Holder, way_in: str, second: int) -> Draft:
        return Draft(second, way_in, *show(holder, self._chance), "entry", 0)
