"""Open the database: start the embedded server where it is ours, make what is missing, migrate, keep it running."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime

import asyncpg

from onecard.db.door import Door, EmbeddedDoor, UrlDoor
from onecard.db.errors import ServerFailed
from onecard.db.keeper import Keeper
from onecard.db.launcher import bring_up
from onecard.db.migrate import migrate
from onecard.db.place import OWNER, ServerPlace
from onecard.db.pool import Database, unreachable_told
from onecard.db.presence import Presence

__all__ = ["open_by_url", "open_embedded"]


@asynccontextmanager
async def open_embedded(place: ServerPlace, at: datetime, database: str = OWNER) -> AsyncIterator[Database]:
    """Use the embedded server of *place* and lend *database* in it, migrated; *at* is now.

    PostgreSQL is started where none runs, started again where it dies, and stopped when the last user of the home leaves.
    Raises `StoreError`s; a full or read-only disk is a `ServerFailed`.
    """
    with _disk_told(place):
        place.folder.mkdir(mode=0o700, exist_ok=True)
        presence = await Presence.begin(place)
    try:
        with _disk_told(place):
            await bring_up(place)
        async with Keeper(place).watching():
            await _create_missing(place, database)
            async with _migrated(EmbeddedDoor(place=place, database=database), at) as opened:
                yield opened
    finally:
        await presence.end()


@asynccontextmanager
async def open_by_url(url: str, at: datetime) -> AsyncIterator[Database]:
    """Lend the database that *url* names: any PostgreSQL from 15 on, its login able to create roles. Migrated; *at* is now."""
    async with _migrated(UrlDoor(given=url), at) as opened:
        yield opened


@contextmanager
def _disk_told(place: ServerPlace) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServerFailed(folder=place.folder, why=error.strerror or str(error)) from error


@asynccontextmanager
async def _migrated(door: Door, at: datetime) -> AsyncIterator[Database]:
    database = Database(door)
    try:
        async with database.acquire("migrate") as connection:
            await migrate(connection, at)
        yield database
    finally:
        await database.close()


async def _create_missing(place: ServerPlace, database: str) -> None:
    """Create *database* in a new cluster; of two processes that do so at once, the second finds it there."""
    with unreachable_told():
        connection = await EmbeddedDoor(place=place, database="postgres").connect("migrate")
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await connection.execute(f'CREATE DATABASE "{database}"')
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass
    finally:
        await connection.close()
