"""The keyring's file: every key wrapped under the key-encryption key, and beside it what may be known of it."""

import secrets
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from onecard.settings.keys_ciphers import KEY_BYTES, NONCE_BYTES
from onecard.settings.keys_errors import KekUnusable, KeyringUnreadable
from onecard.settings.keys_model import ANY, DataKey, KeyPurpose, KeySet, KeyState
from onecard.settings.keys_wrapping import KeyEncryptionKey, open_kek
from onecard.settings.secret_file import alone_in, replace_secret, write_secret_once
from onecard.values.suites import SuiteName

__all__ = ["HASH_KEY_BYTES", "KEYRING_FILE", "KeyringFile"]

KEYRING_FILE: Final = "keyring.json"
HASH_KEY_BYTES: Final = 32
_HASH: Final = b"onecard keyring\x00hash"


class KeyringFile:
    """One home's `keyring.json`. What was unwrapped once is not asked of the key-encryption key again."""

    def __init__(self, folder: Path, kek: str | None = None) -> None:
        """Keep *folder*; *kek* is where this machine finds the key-encryption key, where that is not as the file says."""
        self.folder = folder
        self._kek = kek
        self._unwrapped: dict[tuple[bytes, bytes], bytes] = {}

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.folder / KEYRING_FILE

    def stamp(self) -> tuple[int, int] | None:
        """Return what changes whenever the file does; None where there is none."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns  # A replaced file is another one.

    def read(self) -> KeySet:
        """Return the keys, unwrapped. Raises `KeyringUnreadable`, `KekUnusable`, and `OSError` where the disk refuses."""
        stamp = self.stamp()
        try:
            return self._read()
        except KekUnusable:
            if self.stamp() == stamp:
                raise
            return self.read()  # All was wrapped anew between the file and its key.

    def _read(self) -> KeySet:
        content = self.path.read_bytes()
        try:
            match msgspec.json.decode(content, type=_AnyForm).form:
                case 1:
                    return _from_old_form(content)
                case 2:
                    return self._from_form(msgspec.json.decode(content, type=_Written))
                case newer:
                    raise ValueError(f"a newer version wrote it in form {newer}")
        except (msgspec.MsgspecError, ValueError) as error:
            raise KeyringUnreadable(path=self.path, why=error) from error

    def names_kek(self, uri: str) -> bool:
        """Whether the file says that its keys are wrapped at *uri*."""
        return msgspec.json.decode(self.path.read_bytes(), type=_AnyForm).kek == uri

    def write_first(self, keys: KeySet) -> None:
        """Write *keys* unless a keyring is there: of two processes at once one wins."""
        write_secret_once(self.path, self._to_form(keys))

    def replace(self, keys: KeySet) -> None:
        """Write *keys* in place of what is there; the caller holds `alone`."""
        replace_secret(self.path, self._to_form(keys))

    def alone(self) -> AbstractContextManager[None]:
        """Let one process at a time change keys."""
        return alone_in(self.folder)

    def _from_form(self, file: "_Written") -> KeySet:
        kek = open_kek(self._kek or file.kek, self.folder)
        keys = [
            DataKey(
                id=key.id, purpose=key.purpose, suite=key.suite, state=key.state, created_at=key.created_at, ended_at=key.ended_at,
                secret=None if key.wrapped is None else self._unwrap(kek, file.kek, _bound_to(key), key.wrapped),
            )
            for key in file.keys
        ]  # fmt: skip
        if len({key.id for key in keys}) != len(keys) or any((key.secret is None) != (key.state == "retired") for key in keys):
            raise ValueError("a key is there twice, or without its secret")
        return _of_right_length(KeySet(hash_key=self._unwrap(kek, file.kek, _HASH, file.hash), keys=tuple(keys), kek=file.kek))

    def _unwrap(self, kek: KeyEncryptionKey, uri: str, bound: bytes, wrapped: bytes) -> bytes:
        known = self._unwrapped.get((bound, wrapped))
        if known is None:
            try:
                known = self._unwrapped[bound, wrapped] = kek.unwrap(wrapped, bound)
            except ValueError as error:
                why_zh = "它不是包裹本密钥环的那一把，或密钥环被改动过"
                why_en = "it is not the one that wrapped this keyring, or the keyring was altered"
                raise KekUnusable(uri=self._kek or uri, why_zh=why_zh, why_en=why_en) from error
        return known

    def _to_form(self, keys: KeySet) -> bytes:
        kek = open_kek(self._kek or keys.kek, self.folder)
        written = [
            _KeyWritten(
                key.id, key.purpose, key.suite, key.state, key.created_at, key.ended_at,
                None if key.secret is None else kek.wrap(key.secret, secrets.token_bytes(NONCE_BYTES), _bound_to(key)),
            )
            for key in keys.keys
        ]  # fmt: skip
        hashing = kek.wrap(keys.hash_key, secrets.token_bytes(NONCE_BYTES), _HASH)
        return msgspec.json.encode(_Written(form=2, kek=keys.kek, hash=hashing, keys=written))


class _AnyForm(msgspec.Struct):
    form: int = 1
    kek: str = ""


class _KeyWritten(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    purpose: KeyPurpose
    suite: SuiteName
    state: KeyState
    created_at: datetime | None
    ended_at: datetime | None
    wrapped: bytes | None


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    form: int
    kek: str
    hash: bytes
    keys: list[_KeyWritten]


class _OldForm(msgspec.Struct, forbid_unknown_fields=True):
    """Keys in clear, each for anything; read for ever, never written."""

    hash: str
    data: dict[str, str]
    current: str


def _from_old_form(content: bytes) -> KeySet:
    file = msgspec.json.decode(content, type=_OldForm)
    if file.current not in file.data:
        raise ValueError("the current key is missing")
    keys = [
        DataKey(
            id=name, purpose=ANY, suite="INTL", state="active" if name == file.current else "decrypt-only", created_at=None,
            secret=bytes.fromhex(key),
        )
        for name, key in file.data.items()
    ]  # fmt: skip
    return _of_right_length(KeySet(hash_key=bytes.fromhex(file.hash), keys=tuple(keys), kek=""))


def _of_right_length(keys: KeySet) -> KeySet:
    for name, key, size in [("hash", keys.hash_key, HASH_KEY_BYTES), *((key.id, key.secret, KEY_BYTES[key.suite]) for key in keys.keys)]:
        if key is not None and len(key) != size:
            raise ValueError(f"key {name} is not {size} bytes long")
    return keys


def _bound_to(key: "DataKey | _KeyWritten") -> bytes:
    """Return what a wrapped key is bound to: under another name, for another purpose or suite it does not unwrap."""
    if "\x00" in key.id:
        raise ValueError("a key's name holds no NUL")
    return f"onecard keyring\x00{key.id}\x00{key.purpose}\x00{key.suite}".encode()
