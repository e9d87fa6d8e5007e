"""Passwords by Argon2id: a few at a time, each in a thread, and as long for a name that nobody has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from onecard.staff.errors import PasswordWeak, TooManySignIns

__all__ = ["PASSWORD_LENGTH_MAX", "PASSWORD_LENGTH_MIN", "Passwords", "refuse_weak"]

PASSWORD_LENGTH_MAX: Final = 256
"""Longer ones are wrong without being looked at."""

PASSWORD_LENGTH_MIN: Final = 12
"""Of those that people choose themselves; what is made here has 120 random bits."""

# OWASP's second choice for Argon2id: 19 MiB, two passes, one lane; some 30 ms here.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE_MAX: Final = 2  # 38 MiB, and a core left for everyone else.
_WAITING_MAX: Final = 64


class Passwords:
    """Hashes and checks passwords without holding up the loop."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(_AT_ONCE_MAX)
        self._waiting = 0
        self._nobodys: str | None = None
        self.evaluated = 0  # How many were really computed: a metric.

    async def hashed(self, password: str) -> str:
        """Return what is kept of *password*: salt and parameters are in it."""
        async with self._turn():
            return await asyncio.to_thread(_HASHER.hash, password)

    async def is_right(self, password: str, kept: str | None) -> bool:
        """Tell whether *password* is what *kept* was made of; None, a name that nobody has, takes as long and is never right.

        Raises `TooManySignIns` where too many wait for their turn.
        """
        async with self._turn():
            if self._nobodys is None:
                self._nobodys = await asyncio.to_thread(_HASHER.hash, "nobody's")
            self.evaluated += 1
            right = await asyncio.to_thread(_verified, kept or self._nobodys, password[:PASSWORD_LENGTH_MAX])
        return right and kept is not None and len(password) <= PASSWORD_LENGTH_MAX

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= _WAITING_MAX:
            raise TooManySignIns(retry_after=2)
        self._waiting += 1
        try:
            async with self._room:
                yield
        finally:
            self._waiting -= 1


def refuse_weak(account: str, old: str, new: str) -> None:
    """Raise `PasswordWeak` where *new* should not be the password of *account* after *old*."""
    if not PASSWORD_LENGTH_MIN <= len(new) <= PASSWORD_LENGTH_MAX or new == old or account.casefold() in new.casefold():
        raise PasswordWeak(least=PASSWORD_LENGTH_MIN, most=PASSWORD_LENGTH_MAX)


def _verified(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
