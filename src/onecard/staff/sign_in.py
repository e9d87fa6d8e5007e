"""Sign in by name, password and one-time code: counted before it is looked at, and no answer tells which of them was wrong."""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from onecard.audit.service import note
from onecard.db.pool import Connection, Database
from onecard.settings.keys import Keyring, SealedPlace
from onecard.staff import store
from onecard.staff.errors import Locked, NotSignedIn, SignInWrong
from onecard.staff.model import Acting
from onecard.staff.passwords import Passwords, refuse_weak
from onecard.staff.roles import Roles
from onecard.staff.sessions import Session, Sessions
from onecard.staff.totp import step_of_code
from onecard.values.keyed_hash import keyed_hash

__all__ = ["TOTP", "Proof", "SignIn"]

TOTP: Final = SealedPlace(table="staff_account", purpose="totp")

_ACCOUNT_WINDOW: Final = timedelta(days=1)
_NOBODYS_SECRET: Final = base64.b32encode(b"nobody's twenty byte").decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What somebody shows who wants to sign in. `repr` tells the name alone."""

    account: str
    password: str
    code: str
    as_person: str = ""

    def __repr__(self) -> str:
        return f"Proof({self.account!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The door of the staff. *clock* is the home's; *unix_seconds* is real time, by which phones make one-time codes."""

    database: Database
    keyring: Keyring
    roles: Roles
    sessions: Sessions
    passwords: Passwords
    clock: Callable[[], datetime]
    unix_seconds: Callable[[], float]

    async def sign_in(self, proof: Proof, address: str, earlier_token: str = "") -> tuple[str, Session]:
        """Return a new token and its session; the session of *earlier_token* ends. Raises `SignInWrong`, `Locked`, `TooManySignIns`.

        A failed try leaves its mark before anything slow is done, so that any number at once are counted one by one.
        """
        async with self.database.acquire("desk") as connection:
            await self.count(connection, proof.account, address)
            account = await store.find_account(connection, proof.account)
        async with self.failure_noted(account, address):
            return await self._proved(proof, account, address, earlier_token)

    @asynccontextmanager
    async def failure_noted(self, account: store.AccountRow | None, address: str) -> AsyncIterator[None]:
        """Put on record whose sign-in failed, where the block raises `SignInWrong`."""
        try:
            yield
        except SignInWrong as wrong:
            async with self.database.acquire("desk") as connection:
                await self.noted(connection, _nobody(account), "session.open", address, result=wrong.code)
            raise

    async def _proved(
        self, proof: Proof, account: store.AccountRow | None, address: str, earlier_token: str
    ) -> tuple[str, Session]:
        right = await self.passwords.is_right(proof.password, account and account.password_hash)
        step = step_of_code(self._secret(account), proof.code, self.unix_seconds())
        if account is None or not right or step is None or account.closed_at is not None:
            raise SignInWrong
        async with self.database.acquire("desk") as connection, connection.transaction():
            if await connection.fetchval(store.SQL.use_step, account.account, step) is None:
                raise SignInWrong
            return await self.open(connection, account, address, earlier_token, proof.as_person)

    async def change_password(self, acting: Acting, old: str, new: str, address: str) -> None:
        """Give the account of *acting* a new password; every session of his is over. Raises `PasswordWeak`, `SignInWrong`, `Locked`.

        The old one is asked again, and a wrong one counts like a wrong sign-in: a session that was left open gives nothing away.
        """
        refuse_weak(acting.account, old, new)
        async with self.database.acquire("desk") as connection:
            await self.count(connection, acting.account, address)
            account = await store.find_account(connection, acting.account)
        if account is None or not await self.passwords.is_right(old, account.password_hash):
            raise SignInWrong
        kept = await self.passwords.hashed(new)
        async with self.database.acquire("desk") as connection, connection.transaction():
            if await connection.fetchval(store.SQL.change_password, account.account, account.password_hash, kept) is None:
                raise SignInWrong
            await connection.execute(store.SQL.forgive, "account", self._key("account", account.account), self.clock())
            await connection.execute(store.SQL.move_rights, account.person)
            await self.noted(connection, acting, "session.password", address)

    async def by_proof(self, kind: str, reference: str, address: str, earlier_token: str = "") -> tuple[str, Session]:
        """Return a session for whoever proved elsewhere to be *reference*, if an account here is tied to it. Raises `SignInWrong`."""
        async with self.database.acquire("desk") as connection:
            proof = await connection.fetchrow(store.SQL.find_proof, kind, reference)
            account = None if proof is None else await store.find_account(connection, proof["account"])
        async with self.failure_noted(account, address), self.database.acquire("desk") as connection, connection.transaction():
            if account is None or account.closed_at is not None:
                raise SignInWrong
            return await self.open(connection, account, address, earlier_token)

    async def open(
        self, connection: Connection, account: store.AccountRow, address: str, earlier_token: str = "", as_person: str = ""
    ) -> tuple[str, Session]:
        """Open a session for who has proved to be *account*, by whatever means, in the transaction of *connection*."""
        at = self.clock()
        await connection.execute(store.SQL.forgive, "account", self._key("account", account.account), at)
        await connection.execute(store.SQL.give_back, "address", self._key("address", address))
        if earlier_token:
            await self.sessions.end(connection, earlier_token)
        try:
            token, session = await self.sessions.open(connection, account, address, as_person)
        except NotSignedIn as nobody_lets_him:
            raise SignInWrong from nobody_lets_him
        await self.noted(connection, session.acting, "session.open", address)
        return token, session

    async def noted(self, connection: Connection, acting: Acting, act: str, address: str, result: str = "ok") -> None:
        """Put on record what *acting* did at the door, in the transaction of *connection*."""
        await note(
            connection, acting, act=act, object=f"account {acting.account or '?'}", region="", purpose="", result=result, at=self.clock(),
            content={"address": address},
        )  # fmt: skip

    async def count(self, connection: Connection, account: str, address: str) -> None:
        """Count one more try of this name ('': nobody's) and from this address; raises `Locked`.

        A locked address is refused before it touches a name, and a locked name before it counts against the address: neither
        can be used to lock the other.
        """
        rules, at = self.roles.sign_in, self.clock()
        locked = await connection.fetchrow(store.SQL.find_throttle, "address", self._key("address", address))
        if locked is not None and locked["locked_until"] is not None and locked["locked_until"] > at:
            raise _locked(locked["locked_until"], at)
        lock = timedelta(minutes=rules.lock_minutes)
        tries = (("account", account, rules.failures, _ACCOUNT_WINDOW), ("address", address, rules.address_failures, lock))
        for kind, name, most, window in tries if account else tries[1:]:
            until = await store.take_attempt(connection, kind, self._key(kind, name), most, at, window, lock)
            if until is not None:
                raise _locked(until, at)

    def _secret(self, account: store.AccountRow | None) -> str:
        if account is None:
            return _NOBODYS_SECRET
        return self.keyring.open(TOTP, account.account, account.totp_key_id, account.totp_sealed).decode()

    def _key(self, kind: str, name: str) -> bytes:
        return keyed_hash(self.keyring.hash_key, f"throttle-{kind}", name)


def _locked(until: datetime, at: datetime) -> Locked:
    return Locked(retry_after=max(1, int((until - at).total_seconds()) + 1))


def _nobody(account: store.AccountRow | None) -> Acting:
    """Return who failed, as the record names him: what was typed for a name may be a password, and is not kept."""
    if account is None:
        return Acting(person="", account="", name="", rights=())
    return Acting(person=account.person, account=account.account, name=account.name, rights=())
