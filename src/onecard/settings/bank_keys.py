"""The keys with which a home signs files for banks: made on first use, replaced by rotation, all kept by public half.

A bank is told the public halves; the signature beside a file names its key. Secrets stand sealed under the keyring.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from onecard.settings.keys import Keyring, KeyringUnreadable
from onecard.settings.sealed_secret import KeptSecret, counted, open_secret, reseal_file, seal_secret
from onecard.settings.secret_file import alone_in, replace_secret, write_secret_once
from onecard.settings.suites import SUITES
from onecard.values.suites import Signer, SuiteName

__all__ = ["BANK_KEYS_FILE", "BankKey", "BankKeys", "count_bank_seals", "load_bank_keys", "reseal_bank_keys", "rotate_bank_key"]

BANK_KEYS_FILE: Final = "bank.json"

_KID_BYTES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BankKey:
    """One key. A replaced one has lost its secret half; its public half still proves the files that it signed."""

    kid: str
    suite: SuiteName
    valid_from: datetime
    public: bytes
    secret: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankKeys:
    """Who signs what goes to banks, old keys first."""

    keys: Sequence[BankKey]

    @property
    def current(self) -> BankKey:
        """The key that signs now."""
        return self.keys[-1]

    def signer(self) -> Signer:
        """Return who signs with `current`."""
        assert self.current.secret is not None, "only replaced keys have lost it"
        return SUITES[self.current.suite].signer(self.current.secret)

    def told(self) -> list[dict[str, str]]:
        """Return what banks are told of the keys, old ones first: `kid`, `suite`, `from`, `public` in base64."""
        return [
            {"kid": key.kid, "suite": key.suite, "from": key.valid_from.isoformat(), "public": base64.b64encode(key.public).decode()}
            for key in self.keys
        ]


def load_bank_keys(folder: Path, keyring: Keyring, suite: SuiteName, now: datetime) -> BankKeys:
    """Return the keys kept in *folder*, making the first of *suite* where there is none.

    Raises `KeyringUnreadable`, `SealBroken` where another keyring sealed them, and `OSError` where the disk refuses.
    """
    path = folder / BANK_KEYS_FILE
    if not path.exists():
        write_secret_once(path, _to_json(keyring, [_fresh(suite, now)]))
    return BankKeys(keys=_opened(keyring, _written(path)))


def rotate_bank_key(folder: Path, keyring: Keyring, suite: SuiteName, now: datetime) -> BankKeys:
    """Begin a new key of *suite*; the others lose their secret halves. Raises as loading does."""
    path = folder / BANK_KEYS_FILE
    with alone_in(folder):
        old = _opened(keyring, _written(path)) if path.exists() else ()
        kept = [BankKey(kid=key.kid, suite=key.suite, valid_from=key.valid_from, public=key.public, secret=None) for key in old]
        keys = (*kept, _fresh(suite, now))
        replace_secret(path, _to_json(keyring, keys))
    return BankKeys(keys=keys)


def reseal_bank_keys(folder: Path, keyring: Keyring) -> int:
    """Seal the secret anew where another than the active key sealed it; return how many. Raises as loading does."""
    path = folder / BANK_KEYS_FILE
    return reseal_file(
        path, keyring, lambda: [key.secret for key in _written(path)], lambda: _to_json(keyring, _opened(keyring, _written(path)))
    )


def count_bank_seals(folder: Path) -> dict[str, int]:
    """Return how many secrets each data key has sealed. Raises `KeyringUnreadable`."""
    path = folder / BANK_KEYS_FILE
    return counted(key.secret for key in _written(path)) if path.exists() else {}


class _KeyWritten(msgspec.Struct, forbid_unknown_fields=True):
    kid: str
    suite: SuiteName
    valid_from: datetime
    public: bytes
    secret: KeptSecret


def _fresh(suite: SuiteName, now: datetime) -> BankKey:
    secret = SUITES[suite].private_key(secrets.token_bytes(48))
    return BankKey(
        kid=f"bank-{secrets.token_hex(_KID_BYTES)}", suite=suite, valid_from=now.replace(microsecond=0),
        public=SUITES[suite].public_key(secret), secret=secret,
    )  # fmt: skip


def _written(path: Path) -> list[_KeyWritten]:
    try:
        written = msgspec.json.decode(path.read_bytes(), type=list[_KeyWritten])
    except msgspec.MsgspecError as error:
        raise KeyringUnreadable(path=path, why=error) from error
    if not written or written[-1].secret is None:
        raise KeyringUnreadable(path=path, why="no key signs")
    return written


def _opened(keyring: Keyring, written: Sequence[_KeyWritten]) -> tuple[BankKey, ...]:
    return tuple(
        BankKey(
            kid=key.kid, suite=key.suite, valid_from=key.valid_from, public=key.public,
            secret=open_secret(keyring, BANK_KEYS_FILE, key.kid, key.secret),
        )
        for key in written
    )  # fmt: skip


def _to_json(keyring: Keyring, keys: Sequence[BankKey]) -> bytes:
    return msgspec.json.encode([
        _KeyWritten(key.kid, key.suite, key.valid_from, key.public, seal_secret(keyring, BANK_KEYS_FILE, key.kid, key.secret))
        for key in keys
    ])  # fmt: skip
