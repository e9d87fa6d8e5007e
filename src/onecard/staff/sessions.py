"""Sessions: opened once somebody proved who he is, read at each request, ended; only the token's hash is kept."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from onecard.staff import store
from onecard.staff.errors import NotSignedIn
from onecard.staff.model import Acting
from onecard.staff.roles import Roles
from onecard.values.days import civil
from onecard.values.keyed_hash import keyed_hash

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["TOKEN_BYTES", "OpenSession", "Session", "Sessions", "csrf_of", "session_hash"]

TOKEN_BYTES: Final = 32
_TOUCH_AFTER: Final = timedelta(seconds=30)  # A session's last use is written this often, not at each request.
_TOKEN_LENGTH_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in: who, with which rights, and until when at the latest."""

    acting: Acting
    until: datetime
    expires_at: datetime  # Sooner, where nothing is asked: the end by idleness.


class OpenSession(NamedTuple):
    """Where somebody is signed in, as he himself may see it."""

    session_hash: bytes
    account: str
    as_person: str
    opened_at: datetime
    seen_at: datetime
    until: datetime
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Opens, reads and ends sessions; the clock and chance are arguments."""

    roles: Roles
    clock: Callable[[], datetime]
    chance: Callable[[int], bytes]

    async def open(self, connection: "Connection", account: store.AccountRow, address: str, as_person: str = "") -> tuple[str, Session]:
        """Return a new token, told this once, and the session it opens, in the transaction of *connection*.

        Raises `NotSignedIn` where nobody lets him act as *as_person*.
        """
        at = self.clock()
        as_rights = 0
        if as_person:
            as_rights = await connection.fetchval(store.SQL.find_delegation, as_person, account.person, civil(at).date())
            if as_rights is None:
                raise NotSignedIn
        token = self.chance(TOKEN_BYTES).hex()
        key = session_hash(token)
        await store.add_session(connection, key, account, as_person, as_rights, at, at + self.roles.sign_in.session_lasts, address)
        return token, await self.read(connection, token)

    async def read(self, connection: "Connection", token: str) -> Session:
        """Return the session of *token* and note that it is in use. Raises `NotSignedIn` where it does not hold (any more)."""
        at, key = self.clock(), session_hash(token)
        row = await store.find_session(connection, key, at, civil(at).date()) if len(token) <= _TOKEN_LENGTH_MAX else None
        if row is None:
            raise NotSignedIn
        acting = await self._acting(connection, row, key, at)
        idle = self.roles.idle(acting.roles)
        if at - row.seen_at >= idle:
            await connection.execute(store.SQL.end_session, key, at)
            raise NotSignedIn
        if at - row.seen_at >= _TOUCH_AFTER:
            await connection.execute(store.SQL.touch_session, key, at)
        return Session(acting=acting, until=row.until, expires_at=min(at + idle, row.until))

    async def end(self, connection: "Connection", token: str) -> None:
        """End the session of *token*; one that has ended stays so."""
        await connection.execute(store.SQL.end_session, session_hash(token), self.clock())

    async def of(self, connection: "Connection", acting: Acting) -> list[OpenSession]:
        """Return where *acting* is signed in at this moment, himself or in another's place, newest first."""
        at, idle = self.clock(), self.roles.idle(acting.roles)
        rows = await connection.fetch(store.SQL.sessions_of, acting.person, at)
        return [OpenSession(*row) for row in rows if at - row["seen_at"] < idle]

    async def end_own(self, connection: "Connection", acting: Acting, session: bytes) -> bool:
        """End a session of *acting*'s own; return whether there was one."""
        return await connection.fetchval(store.SQL.end_session_of, acting.person, session, self.clock()) is not None

    async def _acting(self, connection: "Connection", row: store.SessionRow, key: bytes, at: datetime) -> Acting:
        """Return who acts. In another's place he has the other's rights, an administrator's left out: those are never lent."""
        grants = await store.grants_of(connection, row.as_person or row.person, civil(at).date())
        rights = tuple(self.roles.right(grant) for grant in grants if not (row.as_person and grant.role.startswith("admin-")))
        return Acting(
            person=row.person, account=row.account, name=row.name, rights=rights, session=key, as_person=row.as_person
        )  # fmt: skip


def session_hash(token: str) -> bytes:
    """Return what is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def csrf_of(hash_key: bytes, token: str) -> str:
    """Return the session's own token for writes: derived, so that a page can be given it again and nothing more is kept."""
    return keyed_hash(hash_key, "csrf", token).hex()
