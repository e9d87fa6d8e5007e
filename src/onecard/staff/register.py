"""The staff themselves: persons, accounts, grants and delegations. Whoever's rights change signs in again."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from onecard.db.pool import Connection
from onecard.settings.keys import NONCE_BYTES, Keyring
from onecard.staff import store
from onecard.staff.errors import AccountExists, AdminsDisjoint, SelfGrant, StaffUnknown
from onecard.staff.model import Acting, Grant
from onecard.staff.passwords import Passwords
from onecard.staff.roles import Roles
from onecard.staff.scope import Scope
from onecard.staff.sign_in import TOTP

__all__ = ["NewAccount", "Register"]

_SECRET_BYTES: Final = 20  # RFC 4226: 160 bits.
_PASSWORD_BYTES: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account as it is handed over, once. `repr` tells the name alone."""

    account: str
    password: str
    totp: str  # Base32, as authenticators take it.

    def __repr__(self) -> str:
        return f"NewAccount({self.account!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Who works here. Every change is made by somebody: *acting* comes first."""

    keyring: Keyring
    roles: Roles
    passwords: Passwords
    clock: Callable[[], datetime]
    chance: Callable[[int], bytes]
    new_id: Callable[[], UUID]

    async def add_person(self, connection: Connection, person: str, name: str) -> None:
        """Register a human being; raises `AccountExists` where that key is taken."""
        if await connection.fetchval(store.SQL.add_person, person, name) is None:
            raise AccountExists(name=person)

    async def add_account(self, connection: Connection, acting: Acting, account: str, person: str) -> NewAccount:
        """Make an account with secrets of its own. Raises `StaffUnknown`, `AccountExists`."""
        await self._known(connection, person)
        password = base64.urlsafe_b64encode(self.chance(_PASSWORD_BYTES)).decode()
        totp = base64.b32encode(self.chance(_SECRET_BYTES)).decode()
        sealed = self.keyring.seal(TOTP, account, totp.encode(), self.chance(NONCE_BYTES))
        row = (account, person, await self.passwords.hashed(password), *sealed, acting.person, self.clock())
        if await connection.fetchval(store.SQL.add_account, *row) is None:
            raise AccountExists(name=account)
        return NewAccount(account=account, password=password, totp=totp)

    async def link(self, connection: Connection, account: str, kind: str, reference: str, public_key: bytes | None = None) -> None:
        """Tie a subject at an identity provider, or a passkey, to an account. Raises `StaffUnknown`, `AccountExists`."""
        if await store.find_account(connection, account) is None:
            raise StaffUnknown(what_zh="账户", what_en="account", name=account)
        if await connection.fetchval(store.SQL.add_proof, kind, reference, account, public_key, self.clock()) is None:
            raise AccountExists(name=reference)

    async def close_account(self, connection: Connection, account: str) -> str:
        """Close an account for good and end its person's sessions; return the person. Raises `StaffUnknown`."""
        person: str | None = await connection.fetchval(store.SQL.close_account, account, self.clock())
        if person is None:
            raise StaffUnknown(what_zh="账户", what_en="open account", name=account)
        await connection.execute(store.SQL.move_rights, person)
        return person

    async def grant(
        self, connection: Connection, acting: Acting, person: str, role: str, scope: Scope, from_day: date, until_day: date | None = None
    ) -> Grant:
        """Give *person* a role somewhere. Raises `StaffUnknown`, `SelfGrant`, `AdminsDisjoint`."""
        known = self.roles.by_name.get(role)
        if known is None:
            raise StaffUnknown(what_zh="角色", what_en="role", name=role)
        await self._known(connection, person)
        if person in acting.humans:
            raise SelfGrant
        if known.admin is not None:
            await connection.fetchval(store.SQL.add_admin, person, known.admin)
            if await connection.fetchval(store.SQL.find_admin, person) != known.admin:
                raise AdminsDisjoint
        grant = Grant(grant=self.new_id(), person=person, role=role, scope=scope, from_day=from_day, until_day=until_day)
        await connection.execute(
            store.SQL.add_grant, grant.grant, person, role, known.admin, scope.region, scope.scene, scope.programme, from_day,
            until_day, acting.person, self.clock(),
        )  # fmt: skip
        await connection.execute(store.SQL.move_rights, person)
        return grant

    async def end_grant(self, connection: Connection, acting: Acting, grant: UUID) -> str:
        """Take a role back; return whose it was. Raises `StaffUnknown`."""
        person: str | None = await connection.fetchval(store.SQL.end_grant, grant, acting.person, self.clock())
        if person is None:
            raise StaffUnknown(what_zh="有效授权", what_en="grant in force", name=grant)
        await connection.execute(store.SQL.move_rights, person)
        return person

    async def delegate(self, connection: Connection, acting: Acting, person: str, delegate: str, from_day: date, until_day: date) -> None:
        """Let *delegate* act in the place of *person* for some days, the last included.

        Raises `StaffUnknown`, `SelfGrant`, and `AccountExists` where one from that day is there.
        """
        await self._known(connection, person)
        await self._known(connection, delegate)
        if delegate in acting.humans or delegate == person:
            raise SelfGrant
        row = (person, delegate, from_day, until_day, acting.person, self.clock())
        if await connection.fetchval(store.SQL.add_delegation, *row) is None:
            raise AccountExists(name=f"{delegate} → {person}")

    async def end_delegation(self, connection: Connection, person: str, delegate: str) -> None:
        """Let *delegate* act in the place of *person* no longer; his sessions there are over. Raises `StaffUnknown`."""
        if await connection.fetchval(store.SQL.end_delegations, person, delegate, self.clock()) is None:
            raise StaffUnknown(what_zh="有效代理", what_en="delegation in force", name=f"{person} → {delegate}")

    async def has_had(self, connection: Connection, role: str) -> bool:
        """Tell whether anyone was ever granted *role*: until somebody was, the home's owner gives it."""
        held: bool = await connection.fetchval(store.SQL.any_grant, role)
        return held

    async def listed(self, connection: Connection) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return all accounts and all grants, as rows for whoever may see them."""
        accounts = [dict(row) for row in await connection.fetch(store.SQL.list_accounts)]
        return accounts, [dict(row) for row in await connection.fetch(store.SQL.list_grants)]

    async def _known(self, connection: Connection, person: str) -> None:
        if await connection.fetchrow(store.SQL.find_person, person) is None:
            raise StaffUnknown(what_zh="人员", what_en="person", name=person)
