"""The whole demo city in memory, before anything is written: sites, cast, then people as they are drawn. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from onecard.demo.cast import Cast, build_cast
from onecard.demo.cast_people import cast_members, cast_people
from onecard.demo.chance import Chance
from onecard.demo.city import DemoCity
from onecard.demo.misfortunes import with_misfortunes
from onecard.demo.numbers import Numbers
from onecard.demo.people import Resident, residents
from onecard.demo.sites import CitySites, city_sites
from onecard.demo.visitors import visitors

__all__ = ["ChanceOf", "World", "crowd_of", "draw_world"]

ChanceOf = Callable[[str], Chance]
"""Gives the chance of one subject (`people`, `sites`, `days` …), the same for the same seed: adding to one changes no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What was drawn. `people` is drawn as it is read, once."""

    sites: CitySites
    cast: Cast
    visitors: tuple[Resident, ...]
    people: Iterator[Resident]


def draw_world(city: DemoCity, scale: int, chance_of: ChanceOf) -> World:
    """Return the city at 1:*scale*; the cast comes first, so that its numbers are the same at every scale."""
    sites = city_sites(city, chance_of("sites"))
    numbers = Numbers(chance_of("numbers"))
    cast = build_cast(city.cast, cast_people(cast_members(city), city, numbers, chance_of("cast")), sites)
    guests = tuple(visitors(city, numbers, chance_of("visitors")))
    people = with_misfortunes(residents(city, scale, numbers, chance_of("people")))
    return World(sites=sites, cast=cast, visitors=guests, people=people)


def crowd_of(city: DemoCity, scale: int, number: int, chance_of: ChanceOf) -> list[Resident]:
    """Return the first *number* ordinary residents with a good card, fewer in a city that has fewer."""
    found: list[Resident] = []
    for resident in draw_world(city, scale, chance_of).people:
        if len(found) == number:
            break
        if resident.fate == "valid" and resident.cards:
            found.append(resident)
    return found
