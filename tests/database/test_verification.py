"""Each invariant above the ledger, broken by the owner of the store, is found by the check that is named for it; unbroken, none is."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from onecard.app.hotlist import HotlistBook, tell_hotlist
from onecard.app.opening import Store
from onecard.app.verification import verify_rooms
from onecard.cards.desk import Card, move_card
from onecard.cards.following import bind
from onecard.cards.issuing import replace_card
from onecard.cards.life import Act
from onecard.db.pool import Connection
from onecard.uses.link_check import check_links
from tests.database.cards.town import HOUR, NOON, card_of, order, settle, tools_of
from tests.database.terminals.devices import Device
from tests.database.town import Town, open_town

LATER = NOON + timedelta(days=40)
HISTORIES, HOTLIST, CLONES, LINKS = "card-histories-hold", "hotlist-equals-cards", "clones-are-named", "links-prove-their-uses"


async def problems(store: Store) -> dict[str, list[str]]:
    """Return what is wrong, by check; checks that hold are left out."""
    async with store.database.acquire("audit_ro") as connection:
        checks = await verify_rooms(connection, store.keyring.hash_key, LATER)
    return {each.name: list(each.problems) for each in checks if not each.ok}


@pytest.fixture
async def cards(store: Store, connection: Connection) -> Connection:
    """Three residents; the first lost her card, told it, and has a new one with all that hung on the old."""
    await settle(connection, store)
    tools = tools_of(store)
    await bind(connection, await card_of(connection, tools, 1, NOON), "library", "JX-1", NOON)
    for hour, (subject, act) in enumerate([(1, "temp_loss"), (1, "formal_loss"), (2, "pin_lock"), (2, "pin_reset"), (3, "temp_loss")]):
        await at_desk(connection, store, await card_of(connection, tools, subject, NOON + hour * HOUR), act, hour)
    async with connection.transaction():
        lost = await card_of(connection, tools, 1, NOON + 9 * HOUR)
        issued = await replace_card(connection, tools, lost, "reissue", order("reissue", NOON + 9 * HOUR))
        await tell_hotlist(connection, store.keyring.terminals_key, issued.changes)
    await HotlistBook(store.database).lapse(NOON + timedelta(days=5, hours=5))  # The third one's.
    return connection


async def at_desk(connection: Connection, store: Store, card: Card, act: Act, hour: int) -> None:
    done = await move_card(connection, tools_of(store), card, order(act, NOON + hour * HOUR))
    await tell_hotlist(connection, store.keyring.terminals_key, done.changes)


@pytest.mark.parametrize(
    ("broken", "check", "said"),
    [
        pytest.param("SELECT 1", None, "", id="nothing"),
        pytest.param("DELETE FROM cards_state WHERE state = 'pin_locked'", HISTORIES, "left no state", id="a lost state"),
        pytest.param(
            "DELETE FROM cards_state WHERE key IN (SELECT chip_key FROM cards_card) AND state = 'cancelled'",
            HISTORIES, "its number and its chip have other states", id="a chip that lives on",
        ),
        pytest.param("DELETE FROM cards_move WHERE step = 1 AND subject = 1", HISTORIES, "not counted", id="a lost step"),
        pytest.param(
            "UPDATE cards_move SET act = 'activate' WHERE act = 'temp_loss' AND subject = 3",
            HISTORIES, "led from active to temp_loss", id="a step that leads elsewhere",
        ),
        pytest.param(
            "INSERT INTO cards_state (key, since, state) SELECT k, '2024-11-03T00:00+08', 'sealed' FROM cards_card, "
            "unnest(ARRAY[number_key, chip_key]) AS k WHERE subject = 2",
            HISTORIES, "no step led to sealed", id="a state past the desk",
        ),
        pytest.param(
            "INSERT INTO cards_card SELECT subject, '2024-10-30', sha256(number_key), sha256(chip_key), issue_region, valid_until, key_id, "
            "sealed, kind FROM cards_card WHERE subject = 2",
            "one-usable-card-a-person", "person 2 has 2 cards that are good", id="a second good card",
        ),
        pytest.param("DELETE FROM cards_binding WHERE since > '2024-10-31T12:00+08'", "bindings-follow", "library", id="one left behind"),
        pytest.param(
            "DELETE FROM terminals_hotlist WHERE key IN (SELECT number_key FROM cards_card WHERE subject = 1)",
            HOTLIST, "is missing from the list", id="a forgotten entry",
        ),
        pytest.param(
            "UPDATE terminals_hotlist SET added = true WHERE NOT added AND version = (SELECT max(version) FROM terminals_hotlist)",
            HOTLIST, "not barred and stands on", id="one who never leaves",
        ),
        pytest.param("UPDATE db_change SET version = 1 WHERE name = 'hotlist'", HOTLIST, "terminals are told 1", id="untold"),
    ],
)  # fmt: skip
async def test_what_is_broken_about_cards_is_named(store: Store, cards: Connection, broken: str, check: str | None, said: str):
    await cards.execute(broken)
    found = await problems(store)
    if check is None:
        assert found == {}
    else:
        assert any(said in each for each in found[check]), found


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Town]:
    """A town with a device that was copied: uses on two chains, one number with two contents, every alarm raised."""
    async with open_town(store) as town:
        device, other = Device(b"a" * 48), Device(b"b" * 48)
        await device.sign_in(town)
        first = [device.use(town, "elder", seq) for seq in (1, 2)]
        copy = device.copied()
        taps = [*first, device.use(town, "elder", 3), copy.use(town, "young", 4), copy.use(town, "young", 3), other.use(town, "young", 9)]
        await town.uses.record(taps, town.moment[0])
        async with store.database.acquire("desk") as connection:
            await check_links(connection, store.keyring.hash_key, town.moment[0])
        yield town


@pytest.mark.parametrize(
    ("broken", "check", "said"),
    [
        pytest.param("SELECT 1", None, "", id="nothing"),
        pytest.param("UPDATE ledger_link SET good = NULL", None, "", id="nobody has looked yet"),
        pytest.param("DELETE FROM terminals_alarm WHERE kind = 'fork'", CLONES, "on one link, and no alarm", id="a fork unsaid"),
        pytest.param("DELETE FROM terminals_alarm WHERE kind = 'clone'", CLONES, "BUS-1.3 came with two", id="a clone unsaid"),
        pytest.param(
            "DELETE FROM terminals_alarm WHERE kind = 'signature'", LINKS, "unknown key", id="a bad signature unsaid",
        ),
        pytest.param("UPDATE ledger_link SET good = false WHERE seq = 1", LINKS, "BUS-1.1: marked as bad", id="a slander"),
        pytest.param("UPDATE ledger_link SET good = true WHERE seq = 9", LINKS, "BUS-1.9: marked as good", id="a whitewash"),
        pytest.param(
            "UPDATE ledger_link SET sealed = (SELECT sealed FROM ledger_link WHERE seq = 2) WHERE seq = 1",
            LINKS, "BUS-1.1: it was altered", id="another's signature",
        ),
        pytest.param(
            "UPDATE ledger_link SET link = substr(sha256(link), 1, 16) WHERE seq = 1",
            LINKS, "BUS-1.1: it was altered", id="another link",
        ),
        pytest.param("UPDATE ledger_link SET seq = 8 WHERE seq = 9", LINKS, "BUS-1.8: it was altered", id="a moved link"),
        pytest.param("UPDATE ledger_use SET digest = sha256(digest) WHERE seq = 1", LINKS, "no content", id="other content"),
        pytest.param("DELETE FROM ledger_conflict", LINKS, "BUS-1.3: no content", id="evidence that is gone"),
    ],
)  # fmt: skip
async def test_what_is_broken_about_chains_is_named(store: Store, town: Town, connection: Connection, broken, check, said):
    await connection.execute(broken)
    found = await problems(store)
    if check is None:
        assert found == {}
    else:
        assert any(said in each for each in found[check]), found
