"""What can go wrong between a lane and the store, in three kinds: decide again, split the batch, or find out what happened."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from onecard.db.pool import Connection

__all__ = ["Conflict", "DataRefused", "StoreLost", "translated"]


class Conflict(Exception):
    """Somebody else was first: a limit, a key or a lock. Nothing was written; read and decide again."""


class DataRefused(Exception):
    """The store takes one of these rows for wrong. Nothing was written; split the batch until the bad one stands alone."""


class StoreLost(Exception):
    """The connection went. Whether the write is on disk is unknown: ask by key."""


_AGAIN = (
    asyncpg.exceptions.UniqueViolationError,
    asyncpg.exceptions.DeadlockDetectedError,
    asyncpg.exceptions.SerializationError,
    asyncpg.exceptions.LockNotAvailableError,
)
_BAD = (asyncpg.exceptions.DataError, asyncpg.exceptions.IntegrityConstraintViolationError)
_LOST = (
    asyncpg.exceptions.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    OSError,  # TimeoutError is one of them.
)

LIMIT_PASSED = "OC001"
"""What `db_must` raises where fewer rows came back than were sent."""


@contextmanager
def translated(connection: Connection) -> Iterator[None]:
    """Turn what the driver raises on *connection* into `Conflict`, `DataRefused` or `StoreLost`; the rest is a mistake of ours."""
    try:
        yield
    except _AGAIN as mistake:
        raise Conflict(str(mistake)) from mistake
    except _BAD as mistake:
        raise DataRefused(type(mistake).__name__) from mistake
    except _LOST as mistake:
        raise StoreLost(type(mistake).__name__) from mistake
    except (asyncpg.exceptions.InterfaceError, asyncpg.exceptions.InternalClientError) as mistake:
        if isinstance(mistake, ValueError):  # A value that the driver cannot put into the parameter's type.
            raise DataRefused(type(mistake).__name__) from mistake
        if connection.is_closed():
            raise StoreLost(type(mistake).__name__) from mistake
        raise
    except asyncpg.exceptions.PostgresError as mistake:
        if mistake.sqlstate == LIMIT_PASSED:
            raise Conflict("a limit was passed by another batch") from mistake
        raise
