"""The keys with which a home signs the heads of its audit log: made on first use, replaced by rotation, all kept by public half.

The log's name is made with its first key and stays: heads of another log are never mistaken for this one's. Secrets stand in
their file sealed under the keyring. Those of an older home, in clear, are read once and written anew.
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
from onecard.settings.sealed_secret import KeptSecret, counted, in_clear, open_secret, reseal_file, seal_secret
from onecard.settings.secret_file import alone_in, replace_secret, write_secret_once
from onecard.settings.suites import SUITES
from onecard.values.signed_head import Head, SignedHead, key_hash, sign_head, signed_by
from onecard.values.suites import Suite, SuiteName

__all__ = [
    "LOG_KEYS_FILE", "LogKey", "LogKeys", "begin_log", "count_log_seals", "load_log_keys", "reseal_log_keys", "rotate_log_key",
]  # fmt: skip

LOG_KEYS_FILE: Final = "log.json"

_LOG_NAME_BYTES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKey:
    """One key. A replaced one has lost its secret half; its public half still proves the heads that it signed."""

    valid_from: datetime
    public: bytes
    secret: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKeys:
    """Who signs one log: its name, its suite for life, and its keys, old ones first."""

    log: str
    suite_name: SuiteName
    keys: Sequence[LogKey]

    @property
    def origin(self) -> str:
        """The log's name as heads bear it (SURFACES §6)."""
        return f"onecard/{self.log}/sm3" if self.suite_name == "SM" else f"onecard/{self.log}"

    @property
    def suite(self) -> Suite:
        """The ciphers of the log."""
        return SUITES[self.suite_name]

    def sign(self, size: int, root: bytes, at: datetime) -> SignedHead:
        """Return the head of the log's first *size* leaves, signed with the newest key; *at* in whole seconds."""
        key = self.keys[-1]
        assert key.secret is not None, "only replaced keys have lost it"
        head = Head(origin=self.origin, size=size, root=root, at=at.replace(microsecond=0))
        return sign_head(head, self.suite_name, key.public, self.suite.signer(key.secret))

    def told(self) -> list[dict[str, str]]:
        """Return what anyone may know of the keys, old ones first: `hash` as heads name it, `from`, `public` in base64."""
        return [
            {
                "hash": key_hash(self.origin, self.suite_name, key.public).hex(),
                "from": key.valid_from.isoformat(),
                "public": base64.b64encode(key.public).decode(),
            }
            for key in self.keys
        ]

    def signed(self, head: SignedHead) -> bool:
        """Tell whether any key of this log signed *head*, of this log and no other."""
        ours = head.head.origin == self.origin
        return ours and any(signed_by(head, self.suite_name, key.public, self.suite.verifier(key.public)) for key in self.keys)


def load_log_keys(folder: Path, keyring: Keyring, suite: SuiteName, now: datetime) -> LogKeys:
    """Return the log's keys kept in *folder*, beginning a log of *suite* on first use.

    A log keeps the suite that it began with. Raises `KeyringUnreadable`, `SealBroken` where another keyring sealed them, and
    `OSError` where the disk refuses.
    """
    path = folder / LOG_KEYS_FILE
    if not path.exists():
        write_secret_once(path, _to_json(keyring, _begun(suite, now)))
    written = _written(path)
    if any(in_clear(key.secret) for key in written.keys):
        reseal_log_keys(folder, keyring)
        written = _written(path)
    return _opened(keyring, written)


def begin_log(folder: Path, keyring: Keyring, suite: SuiteName, now: datetime) -> LogKeys:
    """Begin another log with another name in place of the one that is there: for a store that was emptied, as a demo's is."""
    log = _begun(suite, now)
    replace_secret(folder / LOG_KEYS_FILE, _to_json(keyring, log))
    return log


def rotate_log_key(folder: Path, keyring: Keyring, now: datetime) -> LogKeys:
    """Begin a new key of the log in *folder*; the others lose their secret halves. Raises as loading does."""
    path = folder / LOG_KEYS_FILE
    with alone_in(folder):
        old = _opened(keyring, _written(path))
        kept = [LogKey(valid_from=key.valid_from, public=key.public, secret=None) for key in old.keys]
        fresh = LogKeys(log=old.log, suite_name=old.suite_name, keys=(*kept, _key(old.suite, now)))
        replace_secret(path, _to_json(keyring, fresh))
    return fresh


def reseal_log_keys(folder: Path, keyring: Keyring) -> int:
    """Seal the secret anew where another than the active key sealed it, or none; return how many. Raises as loading does."""
    path = folder / LOG_KEYS_FILE
    return reseal_file(
        path, keyring, lambda: [key.secret for key in _written(path).keys], lambda: _to_json(keyring, _opened(keyring, _written(path)))
    )


def count_log_seals(folder: Path) -> dict[str, int]:
    """Return how many secrets each data key has sealed. Raises `KeyringUnreadable`."""
    path = folder / LOG_KEYS_FILE
    return counted(key.secret for key in _written(path).keys) if path.exists() else {}


class _KeyWritten(msgspec.Struct, forbid_unknown_fields=True):
    valid_from: datetime
    public: bytes
    secret: KeptSecret


class _LogWritten(msgspec.Struct, forbid_unknown_fields=True):
    log: str
    suite: SuiteName
    keys: list[_KeyWritten]


def _begun(suite: SuiteName, now: datetime) -> LogKeys:
    return LogKeys(log=secrets.token_hex(_LOG_NAME_BYTES), suite_name=suite, keys=(_key(SUITES[suite], now),))


def _key(suite: Suite, now: datetime) -> LogKey:
    secret = suite.private_key(secrets.token_bytes(48))
    return LogKey(valid_from=now.replace(microsecond=0), public=suite.public_key(secret), secret=secret)


def _written(path: Path) -> _LogWritten:
    try:
        written = msgspec.json.decode(path.read_bytes(), type=_LogWritten)
    except msgspec.MsgspecError as error:
        raise KeyringUnreadable(path=path, why=error) from error
    if not written.keys or written.keys[-1].secret is None:
        raise KeyringUnreadable(path=path, why="no key signs")
    return written


def _opened(keyring: Keyring, written: _LogWritten) -> LogKeys:
    keys = tuple(
        LogKey(valid_from=key.valid_from, public=key.public, secret=open_secret(keyring, LOG_KEYS_FILE, key.public.hex(), key.secret))
        for key in written.keys
    )
    return LogKeys(log=written.log, suite_name=written.suite, keys=keys)


def _to_json(keyring: Keyring, log: LogKeys) -> bytes:
    keys = [
        _KeyWritten(key.valid_from, key.public, seal_secret(keyring, LOG_KEYS_FILE, key.public.hex(), key.secret)) for key in log.keys
    ]
    return msgspec.json.encode(_LogWritten(log.log, log.suite_name, keys))
