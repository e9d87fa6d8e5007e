"""Write a drawn city into an empty store, through the services of its rooms."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from onecard.app.changes import note_documents
from onecard.app.opening import Store
from onecard.audit.canary import watch_residents
from onecard.cards.credential import credential_key
from onecard.cards.model import TEMP_LOSS_LASTS
from onecard.cards.service import register_cards
from onecard.db.change import move_on
from onecard.db.empty import empty
from onecard.demo.city import DemoCity
from onecard.demo.clock import DEMO_START
from onecard.demo.hanging import hang_on_cards
from onecard.demo.people import Resident
from onecard.demo.pools import Pools
from onecard.demo.site_maker import DEMO_MODEL
from onecard.demo.world import World
from onecard.people.service import anyone_registered, register_people
from onecard.policy.model import CityLists, Source
from onecard.releases.service import take_documents
from onecard.terminals.barred import strays, write_found
from onecard.terminals.expected import expect_cards
from onecard.terminals.service import allow_tokens, device_models, register_sites
from onecard.values.error import OnecardError
from onecard.values.regions import inside_any

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["NotADemo", "Progress", "Seen", "refuse_unless_demo", "write_city", "write_people"]

_PEOPLE_AT_ONCE: Final = 5_000

Progress = Callable[[str, int, int], None]
"""Told (step, done, of how many); steps are `city`, `people` and `days`, each ending with done = of how many."""

Seen = Callable[[Resident], None]
"""Told of a resident who was registered."""


class NotADemo(OnecardError):
    """The store holds a city that no demo wrote: it is never emptied."""

    code = "demo.not_a_demo"
    zh = "这个数据库中已有非演示的数据，不会覆盖。请用 ONECARD_HOME 另设目录，或用 ONECARD_DATABASE_URL 指定一个空数据库。"
    en = "This store holds data of no demo, and it stays. Name another ONECARD_HOME, or an empty database in ONECARD_DATABASE_URL."


async def refuse_unless_demo(store: Store) -> None:
    """Raise `NotADemo` where the store holds people or a device that no demo wrote."""
    async with store.database.acquire("batch") as connection:
        models = await device_models(connection)
        strange = any(not model.startswith(DEMO_MODEL) for model in models)
        if strange or (not models and await anyone_registered(connection)):
            raise NotADemo


async def write_city(store: Store, world: World, tokens: Mapping[str, str], policies: Mapping[str, str], lists: CityLists) -> None:
    """Empty the store of an earlier demo, write sites with devices and *tokens* (by terminal), take *policies* into force.

    Raises `DocumentRefused`. Ask `refuse_unless_demo` first.
    """
    async with store.database.acquire("migrate") as connection, connection.transaction():
        await empty(connection)
        await move_on(connection, "rules")
        await move_on(connection, "sites")
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_sites(connection, world.sites.operators, world.sites.sites, world.sites.terminals)
        await allow_tokens(connection, [(token, terminal) for terminal, token in tokens.items()])
        documents = [Source(file=name, content=text.encode()) for name, text in policies.items()]
        taken = await take_documents(connection, documents, lists, DEMO_START)
        await note_documents(connection, taken, DEMO_START)


async def write_people(
    store: Store, world: World, city: DemoCity, lists: CityLists, scale: int, progress: Progress, seen: Seen = lambda _: None
) -> Pools:  # fmt: skip
    """Register cast, visitors and the residents of *city* at 1:*scale*; return who takes part in the city's days.

    *seen* is told of everybody but visitors, once he is registered.
    """
    pools = Pools(city=city.region, grounds=city.grounds())
    regions, expected = lists.regions[city.particulars.pass_regions], city.residents_at(scale)
    done = 0
    async with store.database.acquire("batch") as connection:
        await _register(connection, store, [person.resident for person in world.cast.people])
        await _expect_cast(connection, store, world)
        for person in world.cast.people:
            seen(person.resident)
        async with connection.transaction():
            await hang_on_cards(connection, store, city.card_rules, [person.resident for person in world.cast.people], os.urandom)
        await _register(connection, store, world.visitors)
        for visitor in world.visitors:
            pools.add_visitor(visitor, delta=inside_any(visitor.person.home_region, regions))
        for chunk in _chunks(world.people, _PEOPLE_AT_ONCE):
            progress("people", done, expected)
            await _register(connection, store, chunk)
            await _watch_one(connection, store, chunk)
            for resident in chunk:
                pools.add_resident(resident)
                seen(resident)
            done += len(chunk)
    await _list_barred(store)
    progress("people", expected, expected)
    return pools


async def _list_barred(store: Store) -> None:
    """Let the hotlist begin with everybody who came barred: the card desk may tell of a loss before any server ran."""
    async with store.database.acquire("desk") as connection:
        await write_found(connection, lambda: strays(connection, DEMO_START, TEMP_LOSS_LASTS), DEMO_START)


async def _expect_cast(connection: "Connection", store: Store, world: World) -> None:
    """Put the cast into the register of the cast's sites: nobody of it was ever seen there, and a terminal alone must know them."""
    hash_key = store.keyring.hash_key
    keys = [credential_key(hash_key, kind, value) for person in world.cast.people for kind, value in person.credentials()]
    for site in {terminal.site.site for terminal in world.cast.terminals}:
        await expect_cards(connection, site, keys, DEMO_START)


async def _register(connection: "Connection", store: Store, people: Iterable[Resident]) -> None:
    listed = list(people)
    async with connection.transaction():
        await register_people(connection, store.keyring, [resident.person for resident in listed], DEMO_START)
        cards = [card for resident in listed for card in resident.cards]
        documents = [resident.document for resident in listed if resident.document is not None]
        await register_cards(connection, store.keyring, cards, documents)


async def _watch_one(connection: "Connection", store: Store, residents: Sequence[Resident]) -> None:
    """Watch one of *residents*, whom nobody has a reason to look at; which one, this installation alone could tell."""
    chosen = residents[int.from_bytes(os.urandom(8)) % len(residents)]
    await watch_residents(connection, store.keyring.hash_key, [chosen.person.subject], DEMO_START)


def _chunks(people: Iterator[Resident], size: int) -> Iterator[list[Resident]]:
    while chunk := list(islice(people, size)):
        yield chunk
