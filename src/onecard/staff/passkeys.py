"""Passkeys (WebAuthn): an optional extra; a key in the hand or in the phone, unlocked by its owner, answers a challenge once."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from onecard.settings.origin import Origin
from onecard.staff import store
from onecard.staff.errors import SignInWrong
from onecard.staff.model import Acting
from onecard.staff.register import Register
from onecard.staff.sessions import Session
from onecard.staff.sign_in import SignIn

if TYPE_CHECKING:
    from onecard.db.pool import Connection, Record

__all__ = ["CHALLENGE_BYTES", "Passkeys"]

CHALLENGE_BYTES: Final = 32

_NAME: Final = "Onecard 一卡通"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkeys:
    """Registers passkeys of accounts and signs in by them. The key's owner is always asked to unlock it: it is both factors.

    *origin* is where the browser is, as this installation knows itself: a passkey made for one host answers no other.
    """

    sign_in: SignIn
    register: Register
    clock: Callable[[], datetime]

    def asked_to_register(self, acting: Acting, origin: Origin, challenge: bytes) -> dict[str, Any]:
        """Return what `navigator.credentials.create` is asked."""
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement, UserVerificationRequirement

        options = generate_registration_options(
            rp_id=origin.host, rp_name=_NAME, user_name=acting.account, user_display_name=acting.name, user_id=acting.account.encode(),
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )  # fmt: skip
        told: dict[str, Any] = json.loads(options_to_json(options))
        return told

    def asked_to_sign_in(self, origin: Origin, challenge: bytes) -> dict[str, Any]:
        """Return what `navigator.credentials.get` is asked; the passkey itself knows whose it is."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import UserVerificationRequirement

        options = generate_authentication_options(
            rp_id=origin.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
        told: dict[str, Any] = json.loads(options_to_json(options))
        return told

    async def add(self, acting: Acting, origin: Origin, challenge: bytes, answer: Mapping[str, Any], address: str) -> str:
        """Tie the passkey that *answer* shows to the account of *acting*; return its name. Raises `SignInWrong`, `AccountExists`."""
        from webauthn import verify_registration_response
        from webauthn.helpers import bytes_to_base64url

        database = self.sign_in.database
        async with database.acquire("desk") as connection:
            fresh = await self._use_up(connection, challenge)
        with _wrong_told(fresh=fresh):
            made = verify_registration_response(
                credential=dict(answer), expected_challenge=challenge, expected_rp_id=origin.host, expected_origin=str(origin),
                require_user_verification=True,
            )  # fmt: skip
        name = bytes_to_base64url(made.credential_id)
        async with database.acquire("desk") as connection, connection.transaction():
            await self.register.link(connection, acting.account, "passkey", name, made.credential_public_key)
            await self.sign_in.noted(connection, acting, "session.passkey", address)
        return name

    async def enter(
        self, origin: Origin, challenge: bytes, answer: Mapping[str, Any], address: str, earlier_token: str
    ) -> tuple[str, Session]:
        """Return a new token and its session for whoever's passkey answered. Raises `SignInWrong`, `Locked`.

        Counted before it is looked at, and on record, as every sign-in is. An empty *challenge* is one that this browser was
        not asked; the first answer uses a challenge up, good or bad.
        """
        name = answer.get("id")
        async with self.sign_in.database.acquire("desk") as connection:
            fresh = await self._use_up(connection, challenge)
            proof = await connection.fetchrow(store.SQL.find_proof, "passkey", name) if isinstance(name, str) else None
            account = None if proof is None else await store.find_account(connection, proof["account"])
            await self.sign_in.count(connection, "" if account is None else account.account, address)
        async with self.sign_in.failure_noted(account, address):
            if proof is None or account is None or account.closed_at is not None:
                raise SignInWrong
            with _wrong_told(fresh=fresh):
                signed = _signed(origin, challenge, answer, proof)
            async with self.sign_in.database.acquire("desk") as connection, connection.transaction():
                if await connection.fetchval(store.SQL.count_proof, "passkey", name, proof["sign_count"], signed) is None:
                    raise SignInWrong
                return await self.sign_in.open(connection, account, address, earlier_token)

    async def _use_up(self, connection: "Connection", challenge: bytes) -> bool:
        """Return whether *challenge* was one, and not answered before; from now on it was."""
        if len(challenge) != CHALLENGE_BYTES:
            return False
        return await connection.fetchval(store.SQL.use_challenge, challenge, self.clock()) is not None


def _signed(origin: Origin, challenge: bytes, answer: Mapping[str, Any], proof: "Record") -> int:
    """Return how often the passkey of *proof* has signed by now, itself included. Raises what the library raises."""
    from webauthn import verify_authentication_response

    return verify_authentication_response(
        credential=dict(answer), expected_challenge=challenge, expected_rp_id=origin.host, expected_origin=str(origin),
        credential_public_key=proof["public_key"], credential_current_sign_count=proof["sign_count"], require_user_verification=True,
    ).new_sign_count  # fmt: skip


@contextmanager
def _wrong_told(*, fresh: bool) -> Iterator[None]:
    """Turn whatever the library finds wrong, and a challenge that is not *fresh*, into one answer, which tells nobody what it was."""
    from webauthn.helpers.exceptions import WebAuthnException

    if not fresh:
        raise SignInWrong
    try:
        yield
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise SignInWrong from wrong
