"""Passkeys (WebAuthn): an optional extra; a key in the hand or in the phone, unlocked by its owner, answers a challenge once."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from onecard.staff import store
from onecard.staff.errors import SignInWrong
from onecard.staff.model import Acting
from onecard.staff.register import Register
from onecard.staff.sessions import Session
from onecard.staff.sign_in import SignIn

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["CHALLENGE_BYTES", "Passkeys", "Place"]

CHALLENGE_BYTES: Final = 32

_NAME: Final = "Onecard 一卡通"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a browser is: a passkey made for one host answers no other."""

    host: str
    origin: str  # Scheme, host and port.


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkeys:
    """Registers passkeys of accounts and signs in by them. The key's owner is always asked to unlock it: it is both factors."""

    sign_in: SignIn
    register: Register
    clock: Callable[[], datetime]

    def asked_to_register(self, acting: Acting, place: Place, challenge: bytes) -> dict[str, Any]:
        """Return what `navigator.credentials.create` is asked."""
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement, UserVerificationRequirement

        options = generate_registration_options(
            rp_id=place.host, rp_name=_NAME, user_name=acting.account, user_display_name=acting.name, user_id=acting.account.encode(),
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )  # fmt: skip
        told: dict[str, Any] = json.loads(options_to_json(options))
        return told

    def asked_to_sign_in(self, place: Place, challenge: bytes) -> dict[str, Any]:
        """Return what `navigator.credentials.get` is asked; the passkey itself knows whose it is."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import UserVerificationRequirement

        options = generate_authentication_options(
            rp_id=place.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
        told: dict[str, Any] = json.loads(options_to_json(options))
        return told

    async def add(self, connection: "Connection", acting: Acting, place: Place, challenge: bytes, answer: Mapping[str, Any]) -> str:
        """Tie the passkey that *answer* shows to the account of *acting*; return its name. Raises `SignInWrong`, `AccountExists`."""
        from webauthn import verify_registration_response
        from webauthn.helpers import bytes_to_base64url

        await self._use(connection, challenge)
        with _wrong_told():
            made = verify_registration_response(
                credential=dict(answer), expected_challenge=challenge, expected_rp_id=place.host, expected_origin=place.origin,
                require_user_verification=True,
            )  # fmt: skip
        name = bytes_to_base64url(made.credential_id)
        await self.register.link(connection, acting.account, "passkey", name, made.credential_public_key)
        return name

    async def enter(
        self, connection: "Connection", place: Place, challenge: bytes, answer: Mapping[str, Any], address: str, earlier_token: str
    ) -> tuple[str, Session]:
        """Return a new token and its session for whoever's passkey answered, in the transaction of *connection*. Raises `SignInWrong`."""
        from webauthn import verify_authentication_response

        await self._use(connection, challenge)
        name = answer.get("id")
        proof = await connection.fetchrow(store.SQL.find_proof, "passkey", name) if isinstance(name, str) else None
        account = None if proof is None else await store.find_account(connection, proof["account"])
        if proof is None or account is None or account.closed_at is not None:
            raise SignInWrong
        with _wrong_told():
            shown = verify_authentication_response(
                credential=dict(answer), expected_challenge=challenge, expected_rp_id=place.host, expected_origin=place.origin,
                credential_public_key=proof["public_key"], credential_current_sign_count=proof["sign_count"],
                require_user_verification=True,
            )  # fmt: skip
        counted = await connection.fetchval(store.SQL.count_proof, "passkey", name, proof["sign_count"], shown.new_sign_count)
        if counted is None:
            raise SignInWrong
        return await self.sign_in.open(connection, account, address, earlier_token)

    async def _use(self, connection: "Connection", challenge: bytes) -> None:
        if await connection.fetchval(store.SQL.use_challenge, challenge, self.clock()) is None:
            raise SignInWrong


@contextmanager
def _wrong_told() -> Iterator[None]:
    """Turn whatever the library finds wrong into one answer, which tells nobody what it was."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        yield
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise SignInWrong from wrong
