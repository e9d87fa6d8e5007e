"""Build the demo city in a home, whatever stands there: the city, its people, its days; and tell what stands there."""

import secrets
from datetime import UTC, datetime

import msgspec

from onecard.app.application import city_rules, open_app
from onecard.app.code_keys import code_rules
from onecard.app.opening import open_store
from onecard.demo.cast import cast_json
from onecard.demo.clock import DEMO_DAY, DEMO_START
from onecard.demo.draft import places_of
from onecard.demo.logins import LOGINS_FILE, read_logins, write_logins
from onecard.demo.marker import Marker, Standing, read_marker, standing, write_marker
from onecard.demo.payouts import Candidates, pay_city
from onecard.demo.plan import days_of_taps
from onecard.demo.replay import Replayed, replay
from onecard.demo.source import SEED, chance_by, read_source
from onecard.demo.trouble import trouble_table
from onecard.demo.world import draw_world
from onecard.demo.writing import Progress, refuse_unless_demo, write_city, write_people
from onecard.settings.city_folder import find_city
from onecard.settings.clock import write_clock
from onecard.settings.home_city import write_home_city
from onecard.settings.log_keys import begin_log
from onecard.settings.settings import Settings

__all__ = ["Progress", "build_demo", "demo_standing"]


def demo_standing(settings: Settings, scale: int) -> Standing:
    """Return what stands in the home, compared with a demo of 1:*scale* built from the city's files as they are now."""
    source = read_source(find_city(settings.city, settings.cities))
    return standing(read_marker(settings.home.folder), settings.city, scale, SEED, source.digest)


async def build_demo(settings: Settings, scale: int, progress: Progress) -> Replayed:
    """Build the demo anew at 1:*scale* in the home of *settings*; return what its days came to.

    The same seed gives the same city, but for tokens and keys, which are this installation's own. Interrupted, it
    leaves a home that says so. Raises `NotADemo` where the store holds anything else, `DocumentRefused`, `CityMissing`.
    """
    assert scale >= 1
    folder = find_city(settings.city, settings.cities)
    source = read_source(folder)
    lists = city_rules(folder).lists
    chance_of = chance_by(SEED)
    world = draw_world(source.city, scale, chance_of)
    tokens = {terminal.terminal: secrets.token_urlsafe(32) for terminal in world.cast.terminals}
    begun = Marker(
        city=folder.name, scale=scale, seed=SEED, digest=source.digest, complete=False, bulletin_day=DEMO_DAY.isoformat()
    )
    async with open_store(settings) as store:
        await refuse_unless_demo(store)
        write_marker(settings.home.folder, begun)  # Before anything is emptied: what is interrupted says so.
        write_home_city(settings.home.folder, folder.name)
        # Another city: heads of the one before are not this one's.
        begin_log(settings.home.keys, store.keyring, code_rules(folder).suite, DEMO_START)
        progress("city", 0, 1)
        await write_city(store, world, tokens, source.policies, lists)
        progress("city", 1, 1)
        candidates = Candidates(source.city.region)
        pools = await write_people(store, world, source.city, lists, scale, progress, candidates.add)
        await pay_city(store, source, candidates, scale, chance_of("payees"), secrets.token_bytes)
        async with open_app(settings) as app:
            logins = await write_logins(app.desk.staff, read_logins(folder.text(LOGINS_FILE)))
            days = days_of_taps(source.city, places_of(world.sites), pools, scale, chance_of)
            replayed = await replay(app.uses, days, progress)
    write_clock(settings.home.folder, DEMO_START, datetime.now(UTC))
    cast = cast_json(world.cast, tokens, logins)
    whole = msgspec.structs.replace(begun, complete=True, trouble=trouble_table(replayed.trouble), cast=cast)
    write_marker(settings.home.folder, whole)
    return replayed
