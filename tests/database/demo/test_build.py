"""A tiny demo city in a real store: written through the rooms, two days decided by the real engine from the real policies."""

import secrets
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from onecard.app.application import city_rules
from onecard.app.masters import Masters
from onecard.app.opening import Store
from onecard.cards.credential import credential_key
from onecard.cards.following import bindings_of
from onecard.cards.model import TEMP_LOSS_LASTS
from onecard.db.change import change_number
from onecard.db.pool import Connection
from onecard.demo.clock import DEMO_DAY, DEMO_START
from onecard.demo.draft import places_of
from onecard.demo.plan import DayOfTaps, days_of_taps
from onecard.demo.pools import Pools
from onecard.demo.replay import replay
from onecard.demo.source import SEED, chance_by, read_source
from onecard.demo.trouble import trouble_table
from onecard.demo.world import World, draw_world
from onecard.demo.writing import NotADemo, refuse_unless_demo, write_city, write_people
from onecard.settings.city_folder import find_city
from onecard.terminals.barred import hotlist_told, strays
from onecard.uses.model import Answer, Tap
from onecard.uses.occasion import CityRules
from onecard.uses.service import Uses, UsesContext

SCALE = 2_000
FOLDER = find_city("jiaxing")
SOURCE = read_source(FOLDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written, and who may take part."""

    world: World
    pools: Pools
    rules: CityRules


async def written(store: Store) -> Written:
    rules = city_rules(FOLDER)
    world = draw_world(SOURCE.city, SCALE, chance_by(SEED))
    tokens = {terminal.terminal: f"token-{terminal.key}" for terminal in world.cast.terminals}
    await refuse_unless_demo(store)
    await write_city(store, world, tokens, SOURCE.policies, rules.lists)
    pools = await write_people(store, world, SOURCE.city, rules.lists, SCALE, lambda *_: None)
    return Written(world=world, pools=pools, rules=rules)


async def uses_of(store: Store, rules: CityRules) -> Uses:
    masters = await Masters.read(store.database, rules.lists)
    return Uses(
        UsesContext(
            database=store.database, master=masters, city=rules, hash_key=store.keyring.hash_key, clock=lambda: DEMO_START,
            new_id=uuid.uuid4, chance=secrets.token_bytes, server="test",
        )
    )  # fmt: skip


def last_days(city: Written, number: int) -> Iterator[DayOfTaps]:
    days = days_of_taps(SOURCE.city, places_of(city.world.sites), city.pools, SCALE, chance_by(SEED))
    return (day for day in days if day.day > DEMO_DAY - timedelta(days=number))


async def test_the_last_days_are_decided_and_balance(store: Store, connection: Connection):
    city = await written(store)
    uses = await uses_of(store, city.rules)
    came_to = await replay(uses, last_days(city, 2), lambda *_: None)
    assert came_to.uses > 500
    assert {"elder-pass-bus", "elder-pass-merchant", "meal-subsidy", "local-elder-fare"} <= set(came_to.granted)
    assert await connection.fetchval("SELECT count(*) FROM ledger_use") == came_to.uses
    assert await connection.fetchval("SELECT count(*) FROM ledger_use WHERE outcome = 'refused'") == came_to.refused
    assert await connection.fetchval("SELECT count(*) FROM ledger_use WHERE reason = 'CARD_UNKNOWN'") == 0
    at_grounds = "SELECT count(*) FROM ledger_use WHERE site_kind = 'campus'"
    assert await connection.fetchval(at_grounds) > 100
    assert await connection.fetchval(f"{at_grounds} AND counted") == 0
    still_inside = "SELECT coalesce(sum(used), 0) FROM ledger_place WHERE name = 'ground-places'"
    assert await connection.fetchval(still_inside) == 0


async def came_out(connection: Connection, keys: list[tuple[str, int]]) -> Counter[tuple[object, ...]]:
    """Return (outcome, reason, programme, upload, funds) of the uses under *keys*, all of which are on record."""
    rows = await connection.fetch(
        "SELECT u.outcome, u.reason, u.programme, u.upload, u.funds::text FROM ledger_use AS u"
        " JOIN unnest($1::text[], $2::bigint[]) AS t (terminal, seq) USING (terminal, seq)",
        [terminal for terminal, _ in keys], [seq for _, seq in keys],
    )  # fmt: skip
    assert len(rows) == len(keys) > 0
    return Counter(tuple(row) for row in rows)


async def test_injected_trouble_comes_out_as_the_table_says(store: Store, connection: Connection):
    city = await written(store)
    came_to = await replay(await uses_of(store, city.rules), last_days(city, 17), lambda *_: None)
    table = trouble_table(came_to.trouble)
    got = {kind: await came_out(connection, table[kind]) for kind in table}
    assert got["hotlist_race"] == {("accepted", "CARD_LOST", None, "accepted_in_error", "{operator}"): 2}
    assert {(row[0], row[3]) for row in got["late"]} == {("accepted", "agreed")}
    assert {row[3] for row in got["duplicate"]} == {None}
    assert {row[:2] for row in got["bad_code"]} == {("refused", "CODE_BAD_SIGN")}
    assert {row[:2] for row in got["overstay"]} == {("accepted", "OK")}
    assert {row[1:3] for row in got["dead_holder"]} == {("OK_DISCOUNT", "meal-subsidy")}
    swiped = Counter(row[1] for row in got["batch_swipe"].elements())
    assert swiped.keys() <= {"OK_DISCOUNT", "LIMIT_SLOT"}  # In so small a city some whose cards lie in the drawer eat that day too.
    assert swiped["OK_DISCOUNT"] > swiped["LIMIT_SLOT"]
    assert Counter(row[1] for row in got["two_sites"].elements()) == {"OK_DISCOUNT": 2, "LIMIT_SLOT": 2}
    assert came_to.duplicates == len(table["duplicate"])


async def test_every_local_has_a_household_and_no_record_speaks_of_it(store: Store, connection: Connection):
    city = await written(store)
    locals_only = SOURCE.city.residents_at(SCALE) + sum(person.member.local for person in city.world.cast.people)
    assert await connection.fetchval("SELECT count(*) FROM people_fact WHERE fact = 'household'") == locals_only
    await replay(await uses_of(store, city.rules), last_days(city, 1), lambda *_: None)
    assert await connection.fetchval("SELECT count(*) FROM ledger_use WHERE facts::text LIKE '%household%'") == 0


async def test_people_and_sites_are_there_and_building_again_leaves_one_city(store: Store, connection: Connection):
    cast = (await written(store)).world.cast.people
    count = "SELECT (SELECT count(*) FROM people_subject), (SELECT count(*) FROM cards_credential), (SELECT count(*) FROM terminals_site)"
    once = await connection.fetchrow(count)
    assert once is not None
    assert (once[0], once[2]) == (SOURCE.city.residents_at(SCALE) + 4_600 + len(cast), 2_548)
    await written(store)
    assert await connection.fetchrow(count) == once


async def test_a_store_that_is_no_demo_is_left_alone(store: Store, connection: Connection):
    await connection.execute("INSERT INTO people_subject VALUES (1, '1960-01-01', '330481', decode(repeat('00', 16), 'hex'))")
    with pytest.raises(NotADemo):
        await written(store)
    assert await connection.fetchval("SELECT count(*) FROM people_subject") == 1


CAST_GETS = [  # Person, which credential, terminal, service, list price → outcome, reason, paid, programme.
    ("xuancheng-65", 0, "bus", "ride", 200, ("accepted", "OK_DISCOUNT", 100, "elder-pass-bus")),
    ("local-65", 0, "bus", "ride", 200, ("accepted", "OK_DISCOUNT", 100, "local-elder-fare")),
    ("beijing-72", 1, "bus", "ride", 200, ("accepted", "OK_FREE", 0, "free-ride")),
    ("beijing-72", 0, "scenic", "entry", 5000, ("accepted", "NOT_ELIGIBLE_REGION", 5000, None)),
    ("wujiang-65", 2, "scenic", "entry", 5000, ("accepted", "OK_DISCOUNT", 2500, "elder-pass-scenic")),
    ("xuancheng-65", 0, "merchant", "purchase", 10_000, ("accepted", "OK_DISCOUNT", 8000, "elder-pass-merchant")),
    ("local-65", 0, "canteen-haining", "lunch", 1500, ("accepted", "OK_DISCOUNT", 1300, "meal-subsidy")),
    ("tekun-81", 0, "canteen-haining", "lunch", 1500, ("accepted", "OK_DISCOUNT", 700, "meal-subsidy")),
    ("disabled-66", 0, "scenic", "entry", 5000, ("accepted", "OK_FREE", 0, "sight-identity-prices")),
    ("lost-card", 0, "bus", "ride", 200, ("refused", "CARD_LOST", 0, None)),
    ("reissued-70", 0, "bus", "ride", 200, ("refused", "CARD_CANCELLED", 0, None)),
    ("reissued-70", 1, "bus", "ride", 200, ("accepted", "OK_FREE", 0, "local-elder-fare")),
    ("turns-60-on-2024-10-31", 0, "bus", "ride", 200, ("accepted", "OK_DISCOUNT", 100, "local-elder-fare")),
    ("campus-blocked", 0, "campus-in", "entry", 0, ("refused", "BLOCKED", 0, None)),
    ("child-13", 0, "campus-in", "entry", 0, ("refused", "GUARDIAN_NEEDED", 0, None)),
    ("local-65", 0, "museum", "entry", 0, ("accepted", "OK", 0, None)),
    ("local-65", 0, "clinic", "visit", 0, ("accepted", "OK", 0, None)),
]


async def test_the_cast_gets_what_its_stories_say(store: Store):
    city = await written(store)
    people = {each.member.key: each.credentials() for each in city.world.cast.people}
    devices = {each.key: each.terminal for each in city.world.cast.terminals}
    taps = [
        Tap(
            terminal=devices[terminal], seq=1_000_000 + number, kind=people[person][which][0], value=people[person][which][1],
            service=service, list_price_fen=price_fen, occurred_at=DEMO_START,
        )
        for number, (person, which, terminal, service, price_fen, _) in enumerate(CAST_GETS)
    ]  # fmt: skip
    answers = await (await uses_of(store, city.rules)).record(taps, DEMO_START)
    got = [(each.outcome, each.reason, each.paid_fen, each.programme) for each in answers if isinstance(each, Answer)]
    assert got == [row[-1] for row in CAST_GETS]


async def test_the_hotlist_knows_everybody_who_came_barred_before_any_server_ran(store: Store, connection: Connection):
    barred = {person.member.key for person in (await written(store)).world.cast.people if person.member.state is not None}
    assert "lost-card" in barred
    assert await strays(connection, DEMO_START, TEMP_LOSS_LASTS) == []
    told = await hotlist_told(connection, await change_number(connection, "hotlist"))
    assert told.entries >= 2 * (len(barred) - 1), "number and chip of each, but not those of a card that is sealed"


async def test_what_hangs_on_the_old_card_of_the_cast_followed_to_the_new_one(store: Store, connection: Connection):
    world = (await written(store)).world
    reissued = next(person.resident for person in world.cast.people if person.member.key == "reissued-70")
    old, new = (credential_key(store.keyring.hash_key, "card", card.number.reveal()) for card in reissued.cards)
    bindings = await bindings_of(connection, reissued.person.subject)
    assert sorted(binding.kind for binding in bindings) == ["library", "meal", "subsidy", "transit"]
    assert {binding.number_key for binding in bindings} == {new}
    assert await connection.fetchval("SELECT count(*) FROM cards_binding WHERE number_key = $1", old) == 4
