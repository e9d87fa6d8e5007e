"""Connections by role: a pool each, made when first asked for; a lost database is one error of ours."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from onecard.db.door import Door, Role
from onecard.db.errors import StoreUnreachable

__all__ = ["Connection", "Database", "Record", "unreachable_told"]

Record: TypeAlias = asyncpg.Record
if TYPE_CHECKING:  # The driver's classes are generic in its stubs only.
    Connection: TypeAlias = PoolConnectionProxy[Record] | asyncpg.Connection[Record]
else:
    Connection = PoolConnectionProxy

# Connections each role may hold in one process.
_SIZE_MAX: Final[dict[Role, int]] = {"lane": 6, "desk": 10, "batch": 4, "console": 6, "audit_ro": 4, "migrate": 2}
_ACQUIRE_SECONDS: Final = 10.0
_CLOSE_SECONDS_MAX: Final = 2.0
_QUERIES_A_CONNECTION_MAX: Final = 10_000_000

_CANNOT_CONNECT = (
    OSError,  # TimeoutError is one of them.
    OverflowError,  # A port beyond 65535.
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.ClientConfigurationError,
)
_CONNECTION_BROKE = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,  # A server that is killed says goodbye out of turn, which confuses the driver.
)


class _PlainConnection(asyncpg.Connection):
    """A connection that is not scrubbed after use: nothing here changes a session (`SET LOCAL`, transaction locks only)."""

    def get_reset_query(self) -> str:
        return ""


class Database:
    """One database and its pools. `acquire` gives a connection whose json and jsonb are text, times UTC."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._pools: dict[Role, asyncpg.Pool[asyncpg.Record]] = {}
        self._making = asyncio.Lock()

    @asynccontextmanager
    async def acquire(self, role: Role) -> AsyncIterator[Connection]:
        """Lend a connection as *role*. Raises `StoreUnreachable` where none can be had or it breaks in the block.

        After a break a commit under way is unknown: replay it by key. Any other error of the block passes through.
        """
        with unreachable_told(_CANNOT_CONNECT):
            pool = await self._pool(role)
            connection = await pool.acquire(timeout=_ACQUIRE_SECONDS)
        try:
            with unreachable_told(_CONNECTION_BROKE, connection):
                yield connection
        except StoreUnreachable:
            with suppress(asyncpg.InterfaceError):  # The pool may have noticed before us and taken it back.
                connection.terminate()
            raise
        finally:
            with suppress(*_CONNECTION_BROKE, asyncpg.InterfaceError):  # The pool throws a broken one away itself.
                await pool.release(connection)

    def url(self, role: Role = "migrate") -> str:
        """Return a URL by which this OS user reaches the database as *role* (`onecard db url`)."""
        return self._door.url(role)

    def beside(self, name: str) -> "Database":
        """Return the database *name* of the same server, with pools of its own."""
        return Database(self._door.beside(name))

    async def password_opens(self, role: Role, password: str) -> bool:
        """Return whether a new connection as *role* is let in with *password* in place of the right one."""
        try:
            connection = await self._door.connect(role, password=password)
        except asyncpg.InvalidAuthorizationSpecificationError:
            return False
        await connection.close()
        return True

    async def close(self) -> None:
        """Close all pools. Whoever still holds a connection after two seconds loses it."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            try:
                await asyncio.wait_for(pool.close(), _CLOSE_SECONDS_MAX)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
                pool.terminate()

    async def _pool(self, role: Role) -> "asyncpg.Pool[asyncpg.Record]":
        async with self._making:
            if role not in self._pools:
                self._pools[role] = await self._make_pool(role)
            return self._pools[role]

    async def _make_pool(self, role: Role) -> "asyncpg.Pool[asyncpg.Record]":
        async def connect(*_: Any, **more: Any) -> Any:
            return await self._door.connect(role, **more)

        return await asyncpg.create_pool(
            connect=connect,
            min_size=0,
            max_size=_SIZE_MAX[role],
            max_queries=_QUERIES_A_CONNECTION_MAX,
            connection_class=_PlainConnection,
        )


@contextmanager
def unreachable_told(errors: tuple[type[Exception], ...] = _CANNOT_CONNECT, connection: Connection | None = None) -> Iterator[None]:
    """Turn *errors* of the block, and any misuse of a *connection* that is closed by then, into `StoreUnreachable`."""
    try:
        yield
    except errors as error:
        raise StoreUnreachable(why=str(error) or type(error).__name__) from error
    except asyncpg.InterfaceError as error:
        if connection is None or _is_gone(connection):
            raise StoreUnreachable(why=str(error)) from error
        raise


def _is_gone(connection: Connection) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # A pool's connection that closes goes back to it at once, and answers nothing more.
        return True
