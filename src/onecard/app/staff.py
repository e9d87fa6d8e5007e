"""The staff's own doors of one home: signing in, sessions, the register, and what waits for a second person."""

import os
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from onecard.app.opening import Store
from onecard.audit.service import note
from onecard.db.pool import Connection, Database
from onecard.db.walled import walled
from onecard.settings.city_folder import CityFolder
from onecard.settings.clock import HomeClock
from onecard.staff.approvals import Approvals, Executor
from onecard.staff.errors import NotSignedIn
from onecard.staff.model import Acting
from onecard.staff.passwords import Passwords
from onecard.staff.register import Register
from onecard.staff.roles import Roles, SignInRules
from onecard.staff.roles_file import roles_from
from onecard.staff.sessions import Session, Sessions, csrf_of
from onecard.staff.sign_in import SignIn

__all__ = ["ROLES_FILE", "Staff", "staff_of"]

ROLES_FILE = "roles.yaml"
READS_AUDIT: Final = "audit.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Everything about those who work here that a door needs."""

    database: Database
    roles: Roles
    sessions: Sessions
    sign_in: SignIn
    register: Register
    approvals: Approvals
    clock: HomeClock
    hash_key: bytes

    def now(self) -> datetime:
        """Return the home's instant."""
        return self.clock.now()

    async def session(self, token: str) -> Session:
        """Return the session of *token*, in use now. Raises `NotSignedIn`."""
        async with self.database.acquire("desk") as connection:
            return await self.sessions.read(connection, token)

    async def sign_out(self, token: str) -> None:
        """End the session of *token*, and put it on record. One that does not hold has ended already."""
        async with self.database.acquire("desk") as connection, connection.transaction():
            try:
                acting = (await self.sessions.read(connection, token)).acting
            except NotSignedIn:
                return
            await self.sessions.end(connection, token)
            thing = f"account {acting.account}"
            await note(connection, acting, act="session.end", object=thing, region="", purpose="", result="ok", at=self.now())

    def csrf(self, token: str) -> str:
        """Return what a write under the session of *token* carries."""
        return csrf_of(self.hash_key, token)

    @asynccontextmanager
    async def behind_wall(self, acting: Acting) -> AsyncIterator[Connection]:
        """Lend a connection in a transaction that sees what lies in *acting*'s regions, and nothing else.

        What the audit holds of no region, only who reads it for the whole city sees.
        """
        async with walled(self.database, acting.prefixes, unplaced=acting.may_unplaced(READS_AUDIT)) as connection:
            yield connection


def staff_of(store: Store, folder: CityFolder, clock: HomeClock, executors: Mapping[str, Executor] | None = None) -> Staff:
    """Return the staff of an opened *store*. Where nobody has a `roles.yaml` there are no roles; a wrong one raises `RolesWrong`."""
    told = folder.text_if_any(ROLES_FILE)
    roles = roles_from(ROLES_FILE, told) if told else Roles(by_name={}, sign_in=SignInRules())
    passwords = Passwords()
    sessions = Sessions(roles=roles, clock=clock.now, chance=os.urandom)
    return Staff(
        database=store.database, roles=roles, sessions=sessions, clock=clock, hash_key=store.keyring.hash_key,
        sign_in=SignIn(
            database=store.database, keyring=store.keyring, roles=roles, sessions=sessions, passwords=passwords, clock=clock.now,
            unix_seconds=time.time,  # A phone knows real time alone, also where a demo's clock stands elsewhere.
        ),
        register=Register(
            keyring=store.keyring, roles=roles, passwords=passwords, clock=clock.now, chance=os.urandom, new_id=uuid.uuid4
        ),
        approvals=Approvals(executors=executors or {}, clock=clock.now, new_id=uuid.uuid4),
    )  # fmt: skip
