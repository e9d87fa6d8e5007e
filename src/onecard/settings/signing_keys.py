"""The keys with which a home issues codes: made on first use, replaced by rotation, each with the time it may sign in.

Secrets stand in their file sealed under the keyring. Those of an older home, in clear, are read once and written anew.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from onecard.settings.keys import Keyring, KeyringUnreadable
from onecard.settings.sealed_secret import KeptSecret, counted, in_clear, open_secret, reseal_file, seal_secret
from onecard.settings.secret_file import alone_in, replace_secret, write_secret_once
from onecard.settings.suites import SUITES
from onecard.values.suites import MAC_KEY_BYTES, SuiteName

__all__ = [
    "HANDOVER", "SIGNING_KEYS_FILE", "SigningKey", "count_signing_seals", "current_key", "load_signing_keys", "read_signing_keys",
    "reseal_signing_keys", "rotate_signing_keys",
]  # fmt: skip

SIGNING_KEYS_FILE: Final = "issuers.json"

HANDOVER: Final = timedelta(seconds=60)
"""How long a replaced key may still have signed: a server that was just issuing is not made a liar."""

_KID_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_KID_LENGTH: Final = 4  # 1.7 million: no two cities of a province are likely to share one.


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One key. A replaced signing key has lost its secret half; a MAC key keeps it, for nothing else can check its codes."""

    kid: str
    suite: SuiteName
    shared: bool  # A MAC key, which only this house may hold; else a signing key whose public half terminals get.
    valid_from: datetime
    valid_until: datetime | None
    secret: bytes | None = field(repr=False)
    public: bytes  # Empty where shared.


def load_signing_keys(folder: Path, keyring: Keyring, suite: SuiteName, now: datetime) -> tuple[SigningKey, ...]:
    """Return the keys kept in *folder*, making those of *suite* on first use; *now* (aware) is when they begin.

    Raises `KeyringUnreadable`, `SealBroken` where another keyring sealed them, and `OSError` where the disk refuses.
    """
    path = folder / SIGNING_KEYS_FILE
    if not path.exists():
        write_secret_once(path, _to_json(keyring, _fresh(suite, now, ())))
    keys = read_signing_keys(folder, keyring)
    signing = [current_key(keys, suite, shared=shared) for shared in (False, True)]
    if any(key is None or key.valid_from > now for key in signing):  # Another suite; or a clock that was set back, as a demo's is.
        return rotate_signing_keys(folder, keyring, suite, now)
    return keys


def read_signing_keys(folder: Path, keyring: Keyring) -> tuple[SigningKey, ...]:
    """Return the keys kept in *folder*, none where none were made. Raises as loading does."""
    written = _written(folder)
    if any(in_clear(key.secret) for key in written):
        reseal_signing_keys(folder, keyring)
        written = _written(folder)
    return _opened(keyring, written)


def rotate_signing_keys(folder: Path, keyring: Keyring, suite: SuiteName, now: datetime) -> tuple[SigningKey, ...]:
    """Begin new keys of *suite* and end the others, `HANDOVER` from *now*; return all, old ones first. Raises as loading does."""
    with alone_in(folder):
        old = [_ended(key, _second(now) + HANDOVER) for key in _opened(keyring, _written(folder))]
        keys = (*old, *_fresh(suite, now, old))
        replace_secret(folder / SIGNING_KEYS_FILE, _to_json(keyring, keys))
    return keys


def reseal_signing_keys(folder: Path, keyring: Keyring) -> int:
    """Seal the secrets anew where another than the active key sealed one, or none; return how many. Raises as loading does."""
    path = folder / SIGNING_KEYS_FILE
    return reseal_file(
        path, keyring, lambda: [key.secret for key in _written(folder)], lambda: _to_json(keyring, _opened(keyring, _written(folder)))
    )


def count_signing_seals(folder: Path) -> dict[str, int]:
    """Return how many secrets each data key has sealed. Raises `KeyringUnreadable`."""
    return counted(key.secret for key in _written(folder))


def current_key(keys: Sequence[SigningKey], suite: SuiteName, *, shared: bool) -> SigningKey | None:
    """Return the key of *suite* that signs now: the newest that has no end."""
    return next((key for key in reversed(keys) if key.suite == suite and key.shared == shared and key.valid_until is None), None)


class _KeyWritten(msgspec.Struct, forbid_unknown_fields=True):
    kid: str
    suite: SuiteName
    shared: bool
    valid_from: datetime
    valid_until: datetime | None
    secret: KeptSecret
    public: bytes


def _fresh(suite: SuiteName, now: datetime, others: Sequence[SigningKey]) -> list[SigningKey]:
    taken = {key.kid for key in others}
    signing = SUITES[suite].private_key(secrets.token_bytes(48))
    made = []
    for shared, secret in ((False, signing), (True, secrets.token_bytes(MAC_KEY_BYTES))):
        while (kid := "".join(secrets.choice(_KID_ALPHABET) for _ in range(_KID_LENGTH))) in taken:
            pass
        taken.add(kid)
        public = b"" if shared else SUITES[suite].public_key(secret)
        made.append(
            SigningKey(kid=kid, suite=suite, shared=shared, valid_from=_second(now), valid_until=None, secret=secret, public=public)
        )
    return made


def _ended(key: SigningKey, until: datetime) -> SigningKey:
    if key.valid_until is not None:
        return key
    return SigningKey(
        kid=key.kid, suite=key.suite, shared=key.shared, valid_from=key.valid_from, valid_until=until,
        secret=key.secret if key.shared else None, public=key.public,
    )  # fmt: skip


def _second(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)  # Codes tell whole seconds.


def _written(folder: Path) -> list[_KeyWritten]:
    path = folder / SIGNING_KEYS_FILE
    if not path.exists():
        return []
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[_KeyWritten])
    except msgspec.MsgspecError as error:
        raise KeyringUnreadable(path=path, why=error) from error


def _opened(keyring: Keyring, written: Sequence[_KeyWritten]) -> tuple[SigningKey, ...]:
    return tuple(
        SigningKey(
            kid=key.kid, suite=key.suite, shared=key.shared, valid_from=key.valid_from, valid_until=key.valid_until,
            secret=open_secret(keyring, SIGNING_KEYS_FILE, key.kid, key.secret), public=key.public,
        )
        for key in written
    )  # fmt: skip


def _to_json(keyring: Keyring, keys: Sequence[SigningKey]) -> bytes:
    return msgspec.json.encode([
        _KeyWritten(
            key.kid, key.suite, key.shared, key.valid_from, key.valid_until,
            seal_secret(keyring, SIGNING_KEYS_FILE, key.kid, key.secret), key.public,
        )
        for key in keys
    ])  # fmt: skip
