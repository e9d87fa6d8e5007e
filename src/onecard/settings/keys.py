"""The keyring of a home: one key for keyed hashes, and named AES-256-GCM keys that seal personal data."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from onecard.settings.secret_file import write_secret_once
from onecard.values.error import OnecardError

__all__ = ["NONCE_BYTES", "Keyring", "KeyringUnreadable", "SealBroken", "load_keyring", "make_keyring"]

NONCE_BYTES: Final = 12  # NIST SP 800-38D: 96 random bits, safe for 2^32 seals a key.
_KEY_BYTES: Final = 32


class SealBroken(OnecardError):
    """Sealed bytes do not open: another row's, another key's, or tampered with."""

    code = "settings.seal_broken"
    zh = "{table} 第 {row} 行的加密内容无法解开：密钥 {key_id} 不在本机密钥环中，或内容被改动、挪到了别的行。"
    en = "Row {row} of {table} does not open: key {key_id} is not in this home's keyring, or the content was altered or moved."
    exit_code = 1
    http_status = 500


class KeyringUnreadable(OnecardError):
    """The keyring file is there, but is no keyring."""

    code = "settings.keyring_unreadable"
    zh = "密钥文件 {path} 无法读取：{why}。请从备份恢复；没有它，已加密的个人信息无法解开。"
    en = "The key file {path} cannot be read: {why}. Restore it from a backup; without it personal data stays sealed for ever."
    exit_code = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Keys of one home. `repr` shows key ids only."""

    hash_key: bytes = field(repr=False)  # 32 bytes, for `values.keyed_hash`.
    data_keys: Mapping[str, bytes] = field(repr=False)  # 32 bytes each, by key id.
    current: str  # The key id that seals from now on; older ones still open.

    @property
    def terminals_key(self) -> bytes:
        """Return the 32 bytes under which terminals hash what they read (HKDF-SHA256 of the hash key, RFC 5869).

        A stolen terminal gives this one away and not the home's: the store's keys say nothing to its finder.
        """
        return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"terminals").derive(self.hash_key)

    def seal(self, table: str, row: object, plain: bytes, nonce: bytes) -> bytes:
        """Return *nonce* + ciphertext + tag of *plain* under the current key, bound to *table*, *row* and the key id.

        *nonce* is `NONCE_BYTES` random bytes, never used twice. Store the result beside `current`.
        """
        assert len(nonce) == NONCE_BYTES
        return nonce + AESGCM(self.data_keys[self.current]).encrypt(nonce, plain, _bound_to(table, row, self.current))

    def open(self, table: str, row: object, key_id: str, sealed: bytes) -> bytes:
        """Return what `seal` was given; raise `SealBroken` where the row, the table or the key is another."""
        key = self.data_keys.get(key_id, b"")
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(table, row, key_id))
        except (InvalidTag, ValueError) as error:
            raise SealBroken(table=table, row=row, key_id=key_id) from error


def make_keyring(randomness: bytes, key_id: str = "k1") -> Keyring:
    """Return a new keyring from 64 bytes of *randomness*."""
    assert len(randomness) == 2 * _KEY_BYTES
    return Keyring(hash_key=randomness[:_KEY_BYTES], data_keys={key_id: randomness[_KEY_BYTES:]}, current=key_id)


def load_keyring(folder: Path) -> Keyring:
    """Return the keyring kept in *folder*, making it on first use; of two processes that make one at once, one wins.

    Raises `KeyringUnreadable`, and `OSError` where the disk refuses.
    """
    path = folder / "keyring.json"
    if not path.exists():
        write_secret_once(path, _to_json(make_keyring(secrets.token_bytes(2 * _KEY_BYTES))))
    try:
        return _from_json(path.read_bytes())
    except (msgspec.MsgspecError, ValueError) as error:
        raise KeyringUnreadable(path=path, why=error) from error


class _KeyringFile(msgspec.Struct, forbid_unknown_fields=True):
    hash: str
    data: dict[str, str]
    current: str


def _to_json(keyring: Keyring) -> bytes:
    data = {key_id: key.hex() for key_id, key in keyring.data_keys.items()}
    return msgspec.json.encode(_KeyringFile(hash=keyring.hash_key.hex(), data=data, current=keyring.current))


def _from_json(content: bytes) -> Keyring:
    file = msgspec.json.decode(content, type=_KeyringFile)
    keyring = Keyring(
        hash_key=bytes.fromhex(file.hash), data_keys={name: bytes.fromhex(key) for name, key in file.data.items()}, current=file.current
    )
    if any(len(key) != _KEY_BYTES for key in (keyring.hash_key, *keyring.data_keys.values())):
        raise ValueError("a key is not 32 bytes long")
    if keyring.current not in keyring.data_keys:
        raise ValueError("the current key is missing")
    return keyring


def _bound_to(table: str, row: object, key_id: str) -> bytes:
    """Name the place of sealed bytes without doubt: the table and the key id hold no NUL, so the parts cannot run together."""
    assert "\x00" not in table + key_id
    return f"{table}\x00{key_id}\x00{row}".encode()
