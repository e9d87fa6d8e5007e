"""The few people on whose misfortune injected trouble rests: who died with his card in a drawer, who lost it at noon. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from onecard.cards.model import StateChange
from onecard.demo.clock import DEMO_DAY
from onecard.demo.people import Resident
from onecard.people.model import DatedFact
from onecard.values.days import CITY_ZONE, age_on
from onecard.values.regions import inside

__all__ = ["LOST_AT", "with_misfortunes"]

LOST_AT: Final = (datetime(2024, 10, 15, 12, tzinfo=CITY_ZONE), datetime(2024, 10, 22, 12, tzinfo=CITY_ZONE))
"""When the two holders whose fate is `lost_at_noon` reported their loss, in the order in which they are drawn."""

_DIED_ON: Final = date(2024, 7, 14)  # Before the days that hold meals.
_AGES_OF_THE_DEAD: Final = range(75, 100)
_AGES_OF_LOSERS: Final = range(25, 60)


def with_misfortunes(people: Iterable[Resident]) -> Iterator[Resident]:
    """Pass *people* on and let a few meet their fate, at every scale; nobody else changes.

    In every area one elder died and his card was never handed in (fate `unreported`): the fact is known, the card still
    opens everything. In the whole city two adults lost their card at noon (fate `lost_at_noon`), at `LOST_AT`.
    """
    mourning: set[str] = set()
    losses = list(reversed(LOST_AT))
    for resident in people:
        age = age_on(resident.person.born, DEMO_DAY)
        region = resident.person.home_region
        if age in _AGES_OF_THE_DEAD and region not in mourning and _ordinary(resident):
            mourning.add(region)
            yield _dead(resident)
        elif age in _AGES_OF_LOSERS and losses and _ordinary(resident):
            yield _without_card(resident, losses.pop())
        else:
            yield resident


def _ordinary(resident: Resident) -> bool:
    registered = next((fact.value for fact in resident.person.facts if fact.fact == "registered_region"), "")
    return resident.fate == "valid" and len(resident.cards) == 1 and resident.plain and inside(str(registered), resident.person.home_region)


def _dead(resident: Resident) -> Resident:
    died = DatedFact(fact="alive", since=_DIED_ON, value=False)
    return replace(resident, fate="unreported", person=replace(resident.person, facts=(*resident.person.facts, died)))


def _without_card(resident: Resident, at: datetime) -> Resident:
    lost = replace(resident.cards[0], states=(StateChange(since=at, state="formal_loss"),))
    return replace(resident, fate="lost_at_noon", cards=(lost,))
