"""Sort people into those who ride, eat, read and play, so that a day's uses are drawn without asking anyone. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from onecard.demo.clock import DEMO_DAY, DEMO_FIRST_DAY
from onecard.demo.draft import Holder
from onecard.demo.people import Resident
from onecard.values.days import age_on, birthday_cut_off
from onecard.values.regions import inside

__all__ = ["Pools"]

_SIXTY_WHEN_COUNTING_BEGAN: Final = birthday_cut_off(DEMO_FIRST_DAY, 60)


@dataclass(slots=True)
class Pools:
    """Who takes part in what. A person may stand in several; the cast stands in none."""

    city: str  # Its region.
    grounds: frozenset[str]  # The areas in which school grounds are tried out.
    delta_elders: list[Holder] = field(default_factory=list)  # Visitors who were 60 when the pass began to be counted.
    delta_younger: list[Holder] = field(default_factory=list)
    elsewhere: list[Holder] = field(default_factory=list)
    local_elders: list[Holder] = field(default_factory=list)  # 60 when counting began, nothing but age deciding.
    riders: list[Holder] = field(default_factory=list)  # Any local from 7.
    younger: list[Holder] = field(default_factory=list)  # Locals of 14 to 59 on the demo's day: never the pass's.
    eaters: defaultdict[str, list[Holder]] = field(default_factory=lambda: defaultdict(list))  # 60 and over, by area.
    players: list[Holder] = field(default_factory=list)  # May enter a school ground alone.
    children: list[Holder] = field(default_factory=list)  # May do so with a guardian.
    strangers: list[Holder] = field(default_factory=list)  # Live beside the ground, are registered elsewhere.
    barred: list[Holder] = field(default_factory=list)  # Locals whose card is lost, sealed, cancelled or expired now.
    unreported: dict[str, Holder] = field(default_factory=dict)  # Dead, the card still good: one in every area.
    lost_at_noon: list[Holder] = field(default_factory=list)  # In the order of `misfortunes.LOST_AT`.

    def add_resident(self, resident: Resident) -> None:
        """Let a local take part."""
        holder = self._holder(resident)
        if holder is None:
            return
        if resident.fate != "valid":
            self._add_fated(resident.fate, holder)
            return
        age = age_on(holder.born, DEMO_DAY)
        if age >= 7:
            self.riders.append(holder)
        if 14 <= age < 60:
            self.younger.append(holder)
        if age >= 60:
            self.eaters[holder.home].append(holder)
        if resident.plain and holder.born <= _SIXTY_WHEN_COUNTING_BEGAN:
            self.local_elders.append(holder)
        if holder.home in self.grounds and 8 <= age < 76:
            self._add_player(holder, age)

    def add_visitor(self, visitor: Resident, delta: bool) -> None:
        """Let a visitor take part; *delta*: from one of the delta's cities."""
        holder = self._holder(visitor)
        assert holder is not None
        if not delta:
            self.elsewhere.append(holder)
        elif holder.born <= _SIXTY_WHEN_COUNTING_BEGAN:
            self.delta_elders.append(holder)
        else:
            assert age_on(holder.born, DEMO_DAY) < 60, "a visitor who turns 60 while the pass is counted would be counted by chance"
            self.delta_younger.append(holder)

    def _add_fated(self, fate: str, holder: Holder) -> None:
        if fate == "unreported":
            self.unreported[holder.home] = holder
        elif fate == "lost_at_noon":
            self.lost_at_noon.append(holder)
        else:
            self.barred.append(holder)

    def _add_player(self, holder: Holder, age: int) -> None:
        if not holder.registered:
            self.strangers.append(holder)
        elif age >= 15:  # 14 already when the tests of the grounds began.
            self.players.append(holder)
        elif age < 14:
            self.children.append(holder)

    def _holder(self, resident: Resident) -> Holder | None:
        if not resident.cards:
            return None
        newest = resident.cards[-1]
        document = None if resident.document is None else resident.document.number.reveal()
        person = resident.person
        return Holder(
            person.born, person.home_region, self._registered(resident), newest.number.reveal(), newest.chip.reveal(), document
        )

    def _registered(self, resident: Resident) -> str:
        region = next((fact.value for fact in resident.person.facts if fact.fact == "registered_region"), "")
        assert isinstance(region, str)
        return region if inside(region, self.city) else ""
