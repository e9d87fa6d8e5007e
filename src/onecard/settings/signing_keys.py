"""The keys with which a home issues codes: made on first use, replaced by rotation, each with the time it may sign in."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from onecard.settings.keys import KeyringUnreadable
from onecard.settings.secret_file import replace_secret, write_secret_once
from onecard.settings.suites import SUITES
from onecard.values.suites import MAC_KEY_BYTES, SuiteName

__all__ = ["HANDOVER", "SIGNING_KEYS_FILE", "SigningKey", "current_key", "load_signing_keys", "read_signing_keys", "rotate_signing_keys"]

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


def load_signing_keys(folder: Path, suite: SuiteName, now: datetime) -> tuple[SigningKey, ...]:
    """Return the keys kept in *folder*, making those of *suite* on first use; *now* (aware) is when they begin.

    Raises `KeyringUnreadable`, and `OSError` where the disk refuses.
    """
    path = folder / SIGNING_KEYS_FILE
    if not path.exists():
        write_secret_once(path, _to_json(_fresh(suite, now, ())))
    keys = _read(path)
    signing = [current_key(keys, suite, shared=shared) for shared in (False, True)]
    if any(key is None or key.valid_from > now for key in signing):  # Another suite; or a clock that was set back, as a demo's is.
        return rotate_signing_keys(folder, suite, now)
    return keys


def read_signing_keys(folder: Path) -> tuple[SigningKey, ...]:
    """Return the keys kept in *folder* as they are, none where none were made. Raises as loading does."""
    path = folder / SIGNING_KEYS_FILE
    return _read(path) if path.exists() else ()


def rotate_signing_keys(folder: Path, suite: SuiteName, now: datetime) -> tuple[SigningKey, ...]:
    """Begin new keys of *suite* and end the others, `HANDOVER` from *now*; return all, old ones first. Raises as loading does."""
    path = folder / SIGNING_KEYS_FILE
    with _alone(folder):
        old = [_ended(key, _second(now) + HANDOVER) for key in read_signing_keys(folder)]
        replace_secret(path, _to_json([*old, *_fresh(suite, now, old)]))
    return _read(path)


def current_key(keys: Sequence[SigningKey], suite: SuiteName, *, shared: bool) -> SigningKey | None:
    """Return the key of *suite* that signs now: the newest that has no end."""
    return next((key for key in reversed(keys) if key.suite == suite and key.shared == shared and key.valid_until is None), None)


class _KeyWritten(msgspec.Struct, forbid_unknown_fields=True):
    kid: str
    suite: SuiteName
    shared: bool
    valid_from: datetime
    valid_until: datetime | None
    secret: bytes | None
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


def _read(path: Path) -> tuple[SigningKey, ...]:
    try:
        written = msgspec.json.decode(path.read_bytes(), type=list[_KeyWritten])
    except msgspec.MsgspecError as error:
        raise KeyringUnreadable(path=path, why=error) from error
    return tuple(
        SigningKey(
            kid=key.kid, suite=key.suite, shared=key.shared, valid_from=key.valid_from, valid_until=key.valid_until, secret=key.secret,
            public=key.public,
        )
        for key in written
    )  # fmt: skip


def _to_json(keys: Sequence[SigningKey]) -> bytes:
    return msgspec.json.encode([
        _KeyWritten(key.kid, key.suite, key.shared, key.valid_from, key.valid_until, key.secret, key.public) for key in keys
    ])  # fmt: skip


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time change keys: two rotations at once would lose one of them."""
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
