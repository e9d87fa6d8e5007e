"""Migrations, roles, bulk writes and production checks on a real server."""

from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from onecard.app.opening import Store, open_store
from onecard.db.binaries import find_binaries
from onecard.db.copy import copy_rows
from onecard.db.door import UrlDoor, role_name
from onecard.db.dump import SCHEMA_FILE, dump_schema
from onecard.db.errors import MigrationFailed, NotForProduction, StoreUnreachable
from onecard.db.migrate import applied_migrations, migrate, migrations
from onecard.db.pool import Connection, Database
from onecard.db.production import production_findings, refuse_unfit
from onecard.settings.home import Home
from onecard.settings.settings import Settings

AT = datetime(2024, 10, 31, 12, tzinfo=UTC)


async def test_a_database_is_migrated_once_and_for_all(connection: Connection) -> None:
    assert await applied_migrations(connection) == {(migration.number, migration.kind) for migration in migrations()}
    assert await migrate(connection, AT) == []


async def test_the_dumped_schema_is_what_the_migrations_make(store: Store) -> None:
    assert dump_schema(find_binaries(), store.url()) == SCHEMA_FILE.read_text(encoding="utf-8"), "run python -m onecard.db.dump"


async def test_a_failing_migration_leaves_the_database_as_it_was(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    from onecard.db import migrate as module

    bad = module.Migration(number=9000, kind="pre", name="9000_bad.pre", sql="CREATE TABLE half_done (a int); SELECT 1 / 0;")
    monkeypatch.setattr(module, "migrations", lambda: [*migrations(), bad])
    with pytest.raises(MigrationFailed, match=r"9000_bad\.pre could not be applied: division by zero"):
        await migrate(connection, AT)
    assert await connection.fetchval("SELECT to_regclass('half_done')") is None
    assert (9000, "pre") not in await applied_migrations(connection)


async def test_a_migration_does_not_wait_for_a_table_for_ever(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from onecard.db import migrate as module

    slow = module.Migration(number=9001, kind="pre", name="9001_slow.pre", sql="ALTER TABLE db_change ADD COLUMN more text")
    monkeypatch.setattr(module, "migrations", lambda: [*migrations(), slow])
    monkeypatch.setattr(module, "_LOCK_SECONDS_MAX", 1)
    async with store.database.acquire("desk") as busy, busy.transaction():
        await busy.fetch("SELECT * FROM db_change")
        async with store.database.acquire("migrate") as connection:
            with pytest.raises(MigrationFailed, match="lock timeout"):
                await migrate(connection, AT)


@pytest.mark.parametrize("role", ["lane", "desk", "batch", "console", "audit_ro"])
async def test_a_role_is_nobody_special_and_owns_nothing(database: Database, role: str) -> None:
    async with database.acquire(role) as connection:  # type: ignore[arg-type]
        assert await connection.fetchval("SELECT current_user") == role_name(role)  # type: ignore[arg-type]
        assert not await connection.fetchval("SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert await connection.fetchval("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (a int)")


@pytest.mark.parametrize(("role", "sql"), [
    ("lane", "UPDATE ledger_use SET reason = ''"),
    ("lane", "DELETE FROM ledger_use"),
    ("lane", "SELECT * FROM people_identity"),
    ("audit_ro", "SELECT * FROM people_number"),
    ("audit_ro", "UPDATE db_change SET version = 1"),
    ("desk", "UPDATE ledger_use SET reason = ''"),
    ("batch", "TRUNCATE ledger_use"),
])
async def test_no_role_changes_records_or_reads_what_is_not_its_business(database: Database, role: str, sql: str) -> None:
    async with database.acquire(role) as connection:  # type: ignore[arg-type]
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(sql)


async def test_a_write_that_must_be_whole_fails_with_its_own_code(connection: Connection) -> None:
    assert await connection.fetchval("SELECT db_must(3, 3)") is True
    with pytest.raises(asyncpg.PostgresError, match="wrote 2 of 3 rows") as caught:
        await connection.fetchval("SELECT db_must(2, 3)")
    assert caught.value.sqlstate == "OC001"


async def test_a_given_url_serves_each_role_by_set_role(store: Store) -> None:
    database = Database(UrlDoor(given=store.url()))
    try:
        for role in ("lane", "desk", "batch", "console", "audit_ro"):
            async with database.acquire(role) as connection:  # type: ignore[arg-type]
                assert await connection.fetchval("SELECT current_user || ' ' || session_user") == f"onecard_{role} onecard"
        lane = await asyncpg.connect(database.url("lane"))
        assert await lane.fetchval("SELECT current_user") == "onecard_lane"
        await lane.close()
        findings = await production_findings(database)
        assert findings == [f"{role} logs in as superuser onecard" for role in ("lane", "desk", "batch", "console", "audit_ro")]
    finally:
        await database.close()


async def test_an_embedded_store_is_fit_for_production(database: Database) -> None:
    assert await production_findings(database) == []


async def test_production_refuses_trust_and_a_server_that_may_lose_data(tmp_path: Path) -> None:
    home = Home(folder=tmp_path / "home")
    home.create()
    local = home.folder / "postgres/local.conf"
    local.parent.mkdir()
    hba = home.folder / "postgres/trusting.conf"
    hba.write_text("local all all trust\n")
    for path in (hba, local):
        path.touch()
        path.chmod(0o644)
    local.write_text(f"fsync = off\nfull_page_writes = off\nhba_file = '{hba}'\n")
    async with open_store(Settings(home=home)) as store:
        with pytest.raises(NotForProduction) as caught:
            await refuse_unfit(store.database)
    assert caught.value.exit_code == 3
    for finding in ("fsync is off", "full_page_writes is off", "trusts whoever connects"):
        assert finding in str(caught.value)


async def test_a_server_that_is_not_there_is_one_sentence_and_exit_3() -> None:
    database = Database(UrlDoor(given="postgresql://nobody@127.0.0.1:1/nothing"))
    with pytest.raises(StoreUnreachable, match="The store cannot be reached") as caught:
        async with database.acquire("lane"):
            pass
    assert (caught.value.exit_code, caught.value.http_status) == (3, 503)
    await database.close()


async def test_an_error_of_the_block_passes_through_and_the_connection_serves_on(database: Database) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with database.acquire("lane") as connection, connection.transaction():
            await connection.fetchval("SELECT 1 / 0")
    with pytest.raises(asyncpg.InterfaceError):
        async with database.acquire("lane") as connection:
            await connection.fetchval("SELECT $1::int")
    async with database.acquire("lane") as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_connection_that_is_cut_in_the_block_is_told_and_replaced(store: Store) -> None:
    with pytest.raises(StoreUnreachable):
        async with store.database.acquire("lane") as connection:
            victim = await connection.fetchval("SELECT pg_backend_pid()")
            async with store.database.acquire("migrate") as owner:
                await owner.execute("SELECT pg_terminate_backend($1, 1000)", victim)
            await connection.fetchval("SELECT 1")
    async with store.database.acquire("lane") as connection:
        assert await connection.fetchval("SELECT pg_backend_pid()") != victim


async def test_rows_go_in_by_copy_as_they_are(connection: Connection) -> None:
    rows = [(1, "一", ['a"b', "c\\d", "e,f"]), (2, "", ["{}", "NULL", " "]), (3, None, [])]
    await connection.execute("CREATE TEMP TABLE target (key bigint, word text, funds text[])")
    assert await copy_rows(connection, "target", ["key", "word", "funds"], rows) == 3
    assert [tuple(row) for row in await connection.fetch("SELECT * FROM target ORDER BY key")] == rows
    await connection.execute("DROP TABLE target")
