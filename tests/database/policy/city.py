"""The demo city at 1:10000 in a store, with the uses of its last days: whom and what the statements are asked about."""

import secrets
import uuid
from datetime import timedelta

from onecard.app.application import city_rules
from onecard.app.masters import Masters
from onecard.app.opening import Store
from onecard.demo.clock import DEMO_DAY, DEMO_START
from onecard.demo.draft import places_of
from onecard.demo.plan import days_of_taps
from onecard.demo.replay import replay
from onecard.demo.source import SEED, chance_by, read_source
from onecard.demo.world import draw_world
from onecard.demo.writing import write_city, write_people
from onecard.settings.city_folder import find_city
from onecard.uses.service import Uses, UsesContext

__all__ = ["SCALE", "write_demo"]

SCALE = 10_000
_DAYS = 3


async def write_demo(store: Store) -> None:
    """Write people, sites and documents, and let the engine decide three days."""
    folder = find_city("jiaxing")
    source, rules = read_source(folder), city_rules(folder)
    world = draw_world(source.city, SCALE, chance_by(SEED))
    tokens = {terminal.terminal: f"token-{terminal.key}" for terminal in world.cast.terminals}
    await write_city(store, world, tokens, source.policies, rules.lists)
    pools = await write_people(store, world, source.city, rules.lists, SCALE, lambda *_: None)
    masters = await Masters.read(store.database, rules.lists)
    uses = Uses(
        UsesContext(
            database=store.database, master=masters, city=rules, hash_key=store.keyring.hash_key, clock=lambda: DEMO_START,
            new_id=uuid.uuid4, chance=secrets.token_bytes, server="test",
        )
    )  # fmt: skip
    days = days_of_taps(source.city, places_of(world.sites), pools, SCALE, chance_by(SEED))
    await replay(uses, (day for day in days if day.day > DEMO_DAY - timedelta(days=_DAYS)), lambda *_: None)
