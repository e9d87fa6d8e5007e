"""Keys are replaced in a real store: counted, sealed anew, retired; a foreign keyring and swapped values are found."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from onecard.app.key_check import verify_seals
from onecard.app.key_tables import SEALED_TABLES
from onecard.app.opening import Store
from onecard.audit.held import check_changes
from onecard.audit.rows import rows_written
from onecard.audit.service import note_change
from onecard.cards.service import card_numbers
from onecard.keys.resealing import ROWS_A_PAGE, reseal_table
from onecard.people.service import find_by_number, open_identities
from onecard.settings.keys_errors import KeyBusy, KeyringForeign
from onecard.settings.keys_model import PURPOSES
from onecard.settings.log_keys import LOG_KEYS_FILE, load_log_keys
from onecard.settings.signing_keys import SIGNING_KEYS_FILE, load_signing_keys
from onecard.staff.model import OWNER_ACTING
from onecard.values.masked import PersonNumber
from tests.database.keys.homes import NOW, OwnHome, hold, number_of, other_home, own_home, settle

PEOPLE = range(1000, 1010)
OLD_FORM = json.dumps({"hash": bytes(range(32)).hex(), "data": {"k1": bytes(range(32, 64)).hex()}, "current": "k1"})
# A sealed column that no key of the keyring sealed, and why.
NOT_THE_KEYRINGS = {
    "ledger_link": "sealed under a key of the terminal's own, which follows from the hash key",
    "keys_canary": "sealed to show which key it was",
}


@pytest.fixture
async def home(store: Store, tmp_path: Path) -> OwnHome:
    home = await own_home(store.database, tmp_path / "home")
    await settle(home.store, PEOPLE)
    return home


async def all_open(store: Store) -> bool:
    check = await verify_seals(store)
    return check.ok and check.examined == 2 * len(PEOPLE) + 9


async def test_every_table_of_sealed_values_is_listed(store: Store) -> None:
    async with store.database.acquire("migrate") as connection:
        found = await connection.fetch(
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name LIKE '%sealed' AND data_type = 'bytea'"
        )
    assert {row["table_name"] for row in found} - NOT_THE_KEYRINGS.keys() == {table.place.table for table in SEALED_TABLES}
    assert {table.place.purpose for table in SEALED_TABLES} | {"signing"} == set(PURPOSES), "keys that sign stand in files"


async def test_a_key_goes_its_way_from_sealing_to_retirement(home: OwnHome) -> None:
    desk, ring = home.desk, home.store.keyring
    folder = home.store.home.keys
    signing, log = load_signing_keys(folder, ring, "SM", NOW), load_log_keys(folder, ring, "SM", NOW)
    tables = {table.place.purpose: table.place.table for table in SEALED_TABLES}
    counts = {"identity": 10, "card": 10, "account": 3, "pseudonym": 3, "totp": 3}
    rows = {**{each: {tables[each]: count} for each, count in counts.items()}, "signing": {SIGNING_KEYS_FILE: 2, LOG_KEYS_FILE: 1}}
    before = await desk.inventory()
    assert [(told.key.purpose, told.rows) for told in before.keys] == [(each, rows[each]) for each in PURPOSES]
    begun = await desk.rotate(suite="SM")
    assert [ring.keys.find(key_id).suite for key_id in begun] == ["SM"] * len(PURPOSES)  # type: ignore[union-attr]
    old = before.keys[0].key.id
    with pytest.raises(KeyBusy, match="replaced just now"):
        await desk.retire(old)
    home.moment[0] += timedelta(hours=1)
    for told, why in ((before.keys[0], "people_identity 10"), (before.keys[-1], "issuers.json 2, log.json 1")):
        with pytest.raises(KeyBusy, match=why):
            await desk.retire(told.key.id)
    done = await desk.reseal()
    sealed = {place: count for each in rows.values() for place, count in each.items()}
    assert {table.table: table.rows for table in done if table.rows} == sealed
    assert {table.rows for table in await desk.reseal()} == {0}
    assert await all_open(home.store)
    for told in before.keys:
        await desk.retire(told.key.id)
    after = await desk.inventory()
    many = len(PURPOSES)
    assert [(told.key.state, dict(told.rows)) for told in after.keys[:many]] == [("retired", {})] * many
    assert [(told.key.id, told.rows) for told in after.keys[many:]] == [
        (key, told.rows) for key, told in zip(begun, before.keys, strict=True)
    ]
    serving = home.another_server().keyring
    assert (load_signing_keys(folder, serving, "SM", NOW), load_log_keys(folder, serving, "SM", NOW)) == (signing, log)
    assert await all_open(home.another_server())
    await hold(home.another_server())


async def test_what_was_done_to_keys_is_on_record_and_no_key_is(home: OwnHome) -> None:
    secrets = [key.secret for key in home.store.keyring.keys.keys]
    (begun,) = await home.desk.rotate(["identity"])
    await home.desk.reseal()
    async with home.store.database.acquire("audit_ro") as connection:
        entries = await connection.fetch("SELECT act, object, person, content::text FROM audit_entry ORDER BY at")
    assert [(row["act"], row["object"]) for row in entries] == [("keys.rotate", begun), ("keys.reseal", "")]
    assert {row["person"] for row in entries} == {"home-owner"}
    assert json.loads(entries[0]["content"])["rows"][0]["key"] == {"key_id": begun}
    told = json.dumps((await home.desk.inventory()).to_json()) + "".join(row["content"] for row in entries)
    assert not any(secret.hex()[:12] in told for secret in secrets if secret)


async def test_rows_that_changes_put_on_record_are_still_theirs_when_sealed_anew(home: OwnHome, store: Store) -> None:
    keys = [("people_identity", {"subject": 1000}), ("cards_card", {"subject": 1000}), ("staff_account", {"account": "clerk-1000"})]
    async with store.database.acquire("batch") as connection, connection.transaction():
        rows = [row for table, key in keys for row in await rows_written(connection, table, key)]
        await note_change(connection, OWNER_ACTING, act="test", object="rows", region="", purpose="", at=NOW, rows=rows)
    await home.desk.rotate()
    await home.desk.reseal()
    async with store.database.acquire("migrate") as connection:
        check = await check_changes(connection, ())
        assert (check.problems, check.examined) == ([], 3 + len(PURPOSES))
        await connection.execute("UPDATE staff_account SET made_by = 'somebody else'")
        assert len((await check_changes(connection, ())).problems) == 1


async def test_values_of_a_home_of_the_old_form_are_sealed_anew(store: Store, tmp_path: Path) -> None:
    home = await own_home(store.database, tmp_path / "home", OLD_FORM)
    await settle(home.store, PEOPLE)
    assert (await home.desk.inventory()).rows_of("k1")["people_identity"] == 10
    await home.desk.rotate()
    await home.desk.reseal()
    assert (await home.desk.inventory()).rows_of("k1") == {}
    home.moment[0] += timedelta(hours=1)
    await home.desk.retire("k1")
    assert await all_open(home.another_server())
    async with store.database.acquire("desk") as connection:
        assert await find_by_number(connection, home.store.keyring, PersonNumber(number_of(1001))) == 1001


async def test_a_keyring_of_another_home_is_told_before_anything_is_read(home: OwnHome, store: Store, tmp_path: Path) -> None:
    with pytest.raises(KeyringForeign, match="is missing or another one"):
        await hold(other_home(store.database, tmp_path / "other"))


async def test_a_database_older_than_canaries_shows_its_rows_instead(home: OwnHome, store: Store, tmp_path: Path) -> None:
    with pytest.raises(KeyringForeign):
        await own_home(store.database, tmp_path / "other")
    await hold(home.store)
    async with store.database.acquire("desk") as connection:
        assert await connection.fetchval("SELECT count(*) FROM keys_canary") == 1 + len(PURPOSES)


async def test_a_keyring_that_lost_its_newest_key_is_foreign(home: OwnHome) -> None:
    path = home.store.home.keys / "keyring.json"
    before = path.read_bytes()
    (begun,) = await home.desk.rotate(["identity"])
    path.write_bytes(before)
    with pytest.raises(KeyringForeign, match=begun):
        await hold(home.another_server())


async def test_a_keyring_that_would_seal_with_a_retired_key_is_foreign(home: OwnHome) -> None:
    path = home.store.home.keys / "keyring.json"
    before, old = path.read_bytes(), home.store.keyring.keys.keys[0].id
    begun = await home.desk.rotate(waiting=True)
    waiting = path.read_bytes()
    assert await home.desk.rotate() == begun
    await home.desk.reseal()
    home.moment[0] += timedelta(hours=1)
    await home.desk.retire(old)
    await hold(home.another_server())
    path.write_bytes(waiting)
    with pytest.raises(KeyringForeign, match=old):
        await hold(home.another_server())
    path.write_bytes(before)
    with pytest.raises(KeyringForeign):
        await hold(home.another_server())


async def test_a_keyring_with_another_hash_key_is_foreign(store: Store, tmp_path: Path) -> None:
    """Nobody would be found by his number, and nothing would say why."""
    await own_home(store.database, tmp_path / "home", OLD_FORM)
    with pytest.raises(KeyringForeign, match="key hash"):
        await hold(other_home(store.database, tmp_path / "other", OLD_FORM.replace("00", "ff", 1)))


async def test_swapped_and_altered_values_are_named_by_table_and_row_and_left_alone(home: OwnHome, store: Store) -> None:
    async with store.database.acquire("migrate") as connection:
        await connection.execute(
            "UPDATE people_identity AS a SET sealed = b.sealed FROM people_identity AS b"
            " WHERE (a.subject, b.subject) IN ((1000, 1001), (1001, 1000))"
        )
        await connection.execute("UPDATE cards_pseudonym SET sealed = sealed || '\\x00' WHERE subject = 1002")
        await connection.execute("UPDATE staff_account SET totp_key_id = 'totp-other' WHERE account = 'clerk-1000'")
    found = ["people_identity 1000", "people_identity 1001", "cards_pseudonym 1002", "staff_account clerk-1000"]
    assert list((await verify_seals(home.store)).problems) == found
    await home.desk.rotate()
    done = await home.desk.reseal()
    assert [(table.table, row) for table in done for row in table.broken] == [tuple(one.split(" ")) for one in found]
    assert list((await verify_seals(home.store)).problems) == found
    assert (await home.desk.inventory()).missing == {"totp-other": {"staff_account": 1}}


async def test_two_jobs_at_once_and_a_row_that_changes_meanwhile_do_no_harm(home: OwnHome, store: Store) -> None:
    await settle(home.store, range(2000, 2000 + 2 * ROWS_A_PAGE + 7))
    await home.desk.rotate(["card"])
    cards = next(table for table in SEALED_TABLES if table.place.purpose == "card")
    jobs = [reseal_table(store.database, home.another_server().keyring, cards, bytes, rate=100_000) for _ in range(2)]
    done = await asyncio.gather(*jobs)
    assert sum(job.unopened for job in done) == 0
    assert (await verify_seals(home.store)).ok
    async with store.database.acquire("batch") as connection:
        assert len(await cards.counted(connection)) == 1
        row = (await cards.rows_after(connection, cards.before_all, 1))[0]
        stale = row._replace(sealed=row.sealed._replace(content=b"what stood here before"))
        await cards.seal_anew(connection, {stale: row.sealed._replace(key_id="another")})
        assert len(await cards.counted(connection)) == 1


async def test_desks_read_on_while_keys_rotate_and_values_are_sealed_anew(home: OwnHome, store: Store) -> None:
    await settle(home.store, range(3000, 3400))
    serving, ended, reads = home.another_server(), asyncio.Event(), 0

    async def read() -> None:
        nonlocal reads
        while not ended.is_set():
            async with store.database.acquire("desk") as connection:
                people = await open_identities(connection, serving.keyring, list(range(3000, 3400)))
                assert len(people) == 400
                assert len(await card_numbers(connection, serving.keyring, 3000 + reads % 400)) == 1
            reads += 1

    async def write() -> None:
        first = 10_000
        while not ended.is_set():
            await settle(serving, range(first, first + 5))
            first += 5

    async def change() -> None:
        for suite in ("SM", "INTL", "SM"):
            await home.desk.rotate(suite=suite)
            await home.desk.reseal(100_000)
        ended.set()

    await asyncio.gather(read(), write(), change())
    assert reads > 3
    assert (await verify_seals(home.another_server())).ok
    await home.desk.reseal()
    home.moment[0] = NOW + timedelta(days=1)
    for told in (await home.desk.inventory()).keys:
        if told.key.state == "decrypt-only":
            await home.desk.retire(told.key.id)
    assert (await verify_seals(home.another_server())).ok
