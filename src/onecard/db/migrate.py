"""Bring a database to this program's version: numbered plain SQL files, each applied whole and once, in order."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Final, Literal

import asyncpg

from onecard.db.errors import MigrationFailed, StoreNewer
from onecard.db.pool import Connection

__all__ = ["Kind", "Migration", "applied_migrations", "migrate", "migrations"]

Kind = Literal["pre", "post"]  # Before the new code runs, or after the last of the old is gone.

_FILE: Final = re.compile(r"(?P<number>\d{4})_(?P<title>[a-z0-9_]+)\.(?P<kind>pre|post)\.sql")
_ADVISORY_KEY: Final = 0x4F4E4543  # "ONEC"; one migration at a time in a database.
_LOCK_SECONDS_MAX: Final = 10
# A query, not to_regclass(): that one answers from a cache which may not know yet what another process just made.
_THERE: Final = "SELECT true FROM pg_class WHERE relname = 'db_migration' AND relnamespace = current_schema()::regnamespace"
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS db_migration (
    number integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pre', 'post')),
    name text NOT NULL,
    applied_at timestamptz NOT NULL,
    PRIMARY KEY (number, kind)
)"""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Migration:
    """One file of `db/migrations`."""

    number: int
    kind: Kind
    name: str  # The file's name without `.sql`.
    sql: str


def migrations() -> list[Migration]:
    """Return all migrations of this program, in order."""
    found = []
    for file in (resources.files(__package__) / "migrations").iterdir():
        if file.name.endswith(".sql"):
            parts = _FILE.fullmatch(file.name)
            assert parts is not None, f"{file.name} is not named like 0001_house.pre.sql"
            kind: Kind = "pre" if parts["kind"] == "pre" else "post"
            name = file.name.removesuffix(".sql")
            found.append(Migration(number=int(parts["number"]), kind=kind, name=name, sql=file.read_text(encoding="utf-8")))
    assert len({(migration.number, migration.kind) for migration in found}) == len(found), "two migrations share a number"
    return sorted(found, key=lambda each: (each.number, each.kind == "post"))  # Of one number, what the new code needs comes first.


async def applied_migrations(connection: Connection) -> set[tuple[int, str]]:
    """Return (number, kind) of what *connection*'s database has had. Raises `StoreNewer` where this program knows less.

    In an empty database that is nothing.
    """
    if not await connection.fetchval(_THERE):
        return set()
    rows = await connection.fetch("SELECT number, kind, name FROM db_migration ORDER BY number")
    known = migrations()
    unknown = [row["name"] for row in rows if row["number"] > known[-1].number]
    if unknown:
        raise StoreNewer(found=unknown[-1], known=known[-1].name)
    return {(row["number"], row["kind"]) for row in rows}


async def migrate(connection: Connection, at: datetime, kinds: Collection[Kind] = ("pre", "post")) -> list[str]:
    """Apply what is missing of *kinds* and return the names; *connection* is the owner's, *at* the instant to write down.

    Any number of processes may call it at once. Raises `StoreNewer`, and `MigrationFailed` with the database as it was
    before the failing file; also where somebody holds a table for longer than ten seconds.
    """
    done = []
    applied = await applied_migrations(connection)
    for migration in migrations():
        missing = migration.kind in kinds and (migration.number, migration.kind) not in applied
        if missing and await _apply(connection, migration, at):
            done.append(migration.name)
    return done


async def _apply(connection: Connection, migration: Migration, at: datetime) -> bool:
    """Apply one migration unless somebody else just did."""
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _ADVISORY_KEY)
            await connection.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS_MAX}s'")
            if (migration.number, migration.kind) in await applied_migrations(connection):
                return False
            await connection.execute(_TABLE)
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO db_migration (number, kind, name, applied_at) VALUES ($1, $2, $3, $4)",
                migration.number, migration.kind, migration.name, at,
            )  # fmt: skip
    except asyncpg.PostgresError as error:
        raise MigrationFailed(name=migration.name, why=str(error)) from error
    return True
