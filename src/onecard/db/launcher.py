"""Start the embedded PostgreSQL where none runs, and wait until it answers."""

import asyncio
import os
from typing import Final

import asyncpg

from onecard.db.cluster import prepare_cluster
from onecard.db.errors import ServerFailed
from onecard.db.flock import is_free, open_lock, try_exclusive
from onecard.db.place import OWNER, ServerPlace

__all__ = ["bring_up", "start_if_down"]

_STARTS_MAX: Final = 3  # A port may be taken between the look and the start; more failures than that are no accident.
_LOOK_SECONDS: Final = 0.05
_ANSWER_SECONDS: Final = 5.0
_LOG_TAIL_BYTES: Final = 4_000


def start_if_down(place: ServerPlace) -> bool:
    """Start PostgreSQL in *place* unless one runs, starts or still stops there; return whether this call started it.

    The caller uses the home (`presence.Presence`): without any user the server stops at once. Blocks for about two
    seconds on a new home. Raises `ServerFailed`, `OutOfReach`, and `OSError` where the disk refuses.
    """
    lock = open_lock(place.server_lock)
    try:
        if not try_exclusive(lock):
            return False
        runner, endpoint = prepare_cluster(place, lock)
        place.remember(endpoint)
        runner.guard(place, endpoint, lock)
        return True
    finally:
        os.close(lock)  # The server and its warden inherited it, and hold it until their last process ends.


async def bring_up(place: ServerPlace) -> None:
    """Return once PostgreSQL in *place* answers, starting it where needed. Crash recovery may take its time: no limit.

    Raises `ServerFailed` with the server's own last words when it will not stay up.
    """
    starts = 0
    while True:
        if starts == _STARTS_MAX and is_free(place.server_lock):
            raise ServerFailed(folder=place.folder, why=_last_words(place))
        if starts < _STARTS_MAX and await asyncio.to_thread(start_if_down, place):
            starts += 1
        if await _answers(place):
            return
        await asyncio.sleep(_LOOK_SECONDS)


async def _answers(place: ServerPlace) -> bool:
    endpoint = place.endpoint()
    if endpoint is None:
        return False
    try:
        connection = await asyncpg.connect(
            host=endpoint.socket_folder, port=endpoint.port, user=OWNER, database="postgres", timeout=_ANSWER_SECONDS
        )
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    await connection.close()
    return True


def _last_words(place: ServerPlace) -> str:
    try:
        tail = place.log.read_bytes()[-_LOG_TAIL_BYTES:].decode("utf-8", "replace").splitlines()
    except OSError:
        tail = []
    telling = [line for line in tail if "FATAL" in line or "PANIC" in line or "Error" in line]
    return (telling or tail or ["it left no word"])[-1]
