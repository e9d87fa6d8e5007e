"""Build the demo city in a home: people, cards, sites and policies through their rooms' services, then its days."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from onecard.app.application import city_rules, open_app
from onecard.app.opening import Store, open_store
from onecard.cards.service import register_cards
from onecard.db.change import move_on
from onecard.db.empty import empty
from onecard.demo.cast import cast_json
from onecard.demo.clock import DEMO_DAY, DEMO_START
from onecard.demo.draft import places_of
from onecard.demo.marker import Marker, Standing, read_marker, standing, write_marker
from onecard.demo.people import Resident
from onecard.demo.plan import days_of_taps
from onecard.demo.pools import Pools
from onecard.demo.replay import Replayed, replay
from onecard.demo.source import SEED, DemoSource, chance_by, read_source
from onecard.demo.world import World, draw_world
from onecard.people.service import register_people
from onecard.policy.model import Source
from onecard.releases.service import take_documents
from onecard.settings.city_folder import CityFolder, find_city
from onecard.settings.clock import write_clock
from onecard.settings.settings import Settings
from onecard.terminals.service import allow_tokens, register_sites
from onecard.values.regions import inside_any

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Progress", "build_demo", "demo_standing"]

_PEOPLE_AT_ONCE = 5_000

Progress = Callable[[str, int, int], None]
"""Told (step, done, of how many); steps are `city`, `people` and `days`, each ending with done = of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Building:
    settings: Settings
    source: DemoSource
    scale: int
    progress: Progress


def demo_standing(settings: Settings, scale: int) -> Standing:
    """Return what stands in the home, compared with a demo of 1:*scale* built from the city's files as they are now."""
    source = read_source(find_city(settings.city, settings.cities))
    return standing(read_marker(settings.home.folder), scale, SEED, source.digest)


async def build_demo(settings: Settings, scale: int, progress: Progress) -> Replayed:
    """Build the demo anew in the home of *settings*, whatever stands there; return what its days came to.

    Deterministic by seed, but for tokens and keys, which are this installation's own. Interrupted, it leaves a home
    that says so.
    """
    assert scale >= 1
    folder = find_city(settings.city, settings.cities)
    source = read_source(folder)
    building = _Building(settings=settings, source=source, scale=scale, progress=progress)
    settings.home.create()
    begun = Marker(scale=scale, seed=SEED, digest=source.digest, complete=False, bulletin_day=DEMO_DAY.isoformat())
    write_marker(settings.home.folder, begun)
    chance_of = chance_by(SEED)
    world = draw_world(source.city, scale, chance_of)
    tokens = {terminal.terminal: secrets.token_urlsafe(32) for terminal in world.cast.terminals}
    async with open_store(settings) as store:
        await _write_city(store, building, folder, world, tokens)
        pools = await _write_people(store, building, world)
        async with open_app(settings) as app:
            days = days_of_taps(source.city, places_of(world.sites), pools, scale, chance_of("days"))
            replayed = await replay(app.uses, days, progress)
    write_clock(settings.home.folder, DEMO_START, datetime.now(UTC))
    write_marker(settings.home.folder, msgspec.structs.replace(begun, complete=True, cast=cast_json(world.cast, tokens)))
    return replayed


async def _write_city(store: Store, building: _Building, folder: CityFolder, world: World, tokens: dict[str, str]) -> None:
    """Empty the store, then write sites with their devices and tokens, and take the policies into force."""
    building.progress("city", 0, 1)
    async with store.database.acquire("migrate") as connection, connection.transaction():
        await empty(connection)
        await move_on(connection, "rules")
        await move_on(connection, "sites")
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_sites(connection, world.sites.operators, world.sites.sites, world.sites.terminals)
        await allow_tokens(connection, [(token, terminal) for terminal, token in tokens.items()])
        documents = [Source(file=name, content=text.encode()) for name, text in building.source.policies.items()]
        await take_documents(connection, documents, city_rules(folder).lists, DEMO_START)
    building.progress("city", 1, 1)


async def _write_people(store: Store, building: _Building, world: World) -> Pools:
    """Register the cast, visitors and residents; return who will take part in the city's days."""
    pools = Pools()
    expected = sum(round(area.residents / building.scale) for area in building.source.city.areas)
    done = 0
    async with store.database.acquire("batch") as connection:
        await _register(connection, store, [person.resident for person in world.cast.people])
        await _register(connection, store, world.visitors)
        for visitor in world.visitors:
            pools.add_visitor(visitor, delta=inside_any(visitor.person.home_region, ("310000", "320000", "330000", "340000")))
        for chunk in _chunks(world.people, _PEOPLE_AT_ONCE):
            building.progress("people", done, expected)
            await _register(connection, store, chunk)
            for resident in chunk:
                pools.add_resident(resident)
            done += len(chunk)
    building.progress("people", expected, expected)
    return pools


async def _register(connection: "Connection", store: Store, people: Iterable[Resident]) -> None:
    listed = list(people)
    async with connection.transaction():
        await register_people(connection, store.keyring, [resident.person for resident in listed])
        cards = [card for resident in listed for card in resident.cards]
        documents = [resident.document for resident in listed if resident.document is not None]
        await register_cards(connection, store.keyring, cards, documents)


def _chunks(people: Iterator[Resident], size: int) -> Iterator[list[Resident]]:
    while chunk := list(islice(people, size)):
        yield chunk
