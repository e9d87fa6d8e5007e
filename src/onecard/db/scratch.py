"""A database of nothing but this program's migrations, made for a moment beside the one in use, to see how things should be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import asyncpg

from onecard.db.errors import StoreError
from onecard.db.migrate import migrate
from onecard.db.pool import Connection, Database

__all__ = ["ScratchRefused", "scratch"]


class ScratchRefused(StoreError):
    """The login may not make a database: whether the catalogue is as the migrations make it cannot be told."""

    code = "db.scratch_refused"
    exit_code = 3
    zh = "当前登录无权新建数据库（{why}），无法比对结构。请授予 CREATEDB，或用有此权限的登录运行核验。"
    en = "This login may not make a database ({why}), so the catalogue cannot be compared. Grant CREATEDB, or use another login."


@asynccontextmanager
async def scratch(database: Database, name: str, at: datetime) -> AsyncIterator[Connection]:
    """Lend a connection as the owner of a new database *name*, migrated *at* now; it is gone afterwards. Raises `ScratchRefused`.

    It is made from the server's untouched template, so nothing that was done to *database* is in it.
    """
    async with database.acquire("migrate") as owner:
        try:
            await owner.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        except asyncpg.InsufficientPrivilegeError as refused:
            raise ScratchRefused(why=str(refused)) from refused
    beside = database.beside(name)
    try:
        async with beside.acquire("migrate") as connection:
            await migrate(connection, at)
            yield connection
    finally:
        await beside.close()
        async with database.acquire("migrate") as owner:
            with suppress(asyncpg.InvalidCatalogNameError):
                await owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
