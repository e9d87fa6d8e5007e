"""One small city, drawn once for all tests of the demo's plan."""

from dataclasses import dataclass

import pytest

from onecard.demo.city import DemoCity
from onecard.demo.draft import Places, places_of
from onecard.demo.people import Resident
from onecard.demo.plan import DayOfTaps, days_of_taps
from onecard.demo.pools import Pools
from onecard.demo.source import SEED, DemoSource, chance_by, read_source
from onecard.demo.world import World, draw_world
from onecard.settings.city_folder import find_city

SCALE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCity:
    """A city at 1:1000 with all its people in memory, and its days."""

    city: DemoCity
    world: World
    people: list[Resident]
    places: Places
    pools: Pools
    days: list[DayOfTaps]


@pytest.fixture(scope="session")
def source() -> DemoSource:
    """Jiaxing's own files."""
    return read_source(find_city("jiaxing"))


@pytest.fixture(scope="session")
def drawn(source: DemoSource) -> DrawnCity:
    """The demo at 1:1000."""
    chance_of = chance_by(SEED)
    world = draw_world(source.city, SCALE, chance_of)
    people = list(world.people)
    pools = Pools(city=source.city.region, grounds=source.city.grounds())
    for resident in people:
        pools.add_resident(resident)
    for visitor in world.visitors:
        pools.add_visitor(visitor, delta=visitor.person.home_region[:2] in {"31", "32", "33", "34"})
    places = places_of(world.sites)
    days = list(days_of_taps(source.city, places, pools, SCALE, chance_of))
    return DrawnCity(city=source.city, world=world, people=people, places=places, pools=pools, days=days)
