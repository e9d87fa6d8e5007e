"""Using a home: as long as anyone does, its PostgreSQL runs; the last to leave sees it stop."""

import asyncio
import os
from typing import Final, Self

from onecard.db.flock import is_free, open_lock, try_exclusive, try_shared, unlock
from onecard.db.place import ServerPlace

__all__ = ["Presence"]

_LOOK_SECONDS: Final = 0.02
_WARDEN_SECONDS_MAX: Final = 3.0


class Presence:
    """One user of a home: a shared file lock, which the kernel lets go also when this process is killed."""

    def __init__(self, place: ServerPlace, lock: int) -> None:
        self._place = place
        self._lock = lock

    @classmethod
    async def begin(cls, place: ServerPlace) -> Self:
        """Use *place* from now on. Waits while its last users' server is being stopped."""
        lock = open_lock(place.users_lock)
        while not try_shared(lock):  # noqa: ASYNC110 another process lets it go; there is no event to wait for.
            await asyncio.sleep(_LOOK_SECONDS)
        return cls(place, lock)

    async def end(self) -> None:
        """Use it no more. Where nobody else does, return after PostgreSQL has stopped, so that the home may be copied."""
        last = try_exclusive(self._lock)
        unlock(self._lock)
        try:
            await self._until_stopped(_WARDEN_SECONDS_MAX if last else 0.0)
        finally:
            os.close(self._lock)

    async def _until_stopped(self, patience_seconds: float) -> None:
        """Wait for the warden, who stops the server once it holds the users' lock alone; someone new may use the home first."""
        clock = asyncio.get_running_loop().time
        latest = clock() + patience_seconds
        while not is_free(self._place.server_lock):
            if is_free(self._place.users_lock) and clock() >= latest:
                return
            await asyncio.sleep(_LOOK_SECONDS)
