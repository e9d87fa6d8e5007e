"""The keyring of a home: one key for keyed hashes, and named data keys by purpose that seal personal data."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from onecard.settings.keys_change import complete_keys, first_keys
from onecard.settings.keys_ciphers import NONCE_BYTES, decipher, encipher
from onecard.settings.keys_errors import KeyringUnreadable, SealBroken
from onecard.settings.keys_file import HASH_KEY_BYTES, KEYRING_FILE, KeyringFile
from onecard.settings.keys_model import ANY, DataKey, KeySet, Sealed, SealedPlace
from onecard.values.suites import SuiteName

__all__ = [
    "KEYRING_FILE", "NONCE_BYTES", "Keyring", "KeyringUnreadable", "SealBroken", "Sealed", "SealedPlace", "load_keyring", "make_keyring",
    "seal_under",
]  # fmt: skip

_TERMINALS_KEY_BYTES: Final = 32


class Keyring:
    """Keys of one home, as they are now: what another process changed counts from the next seal on. `repr` shows key ids only."""

    __slots__ = ("_file", "_keys", "_stamp")

    def __init__(self, keys: KeySet, file: KeyringFile | None = None, stamp: tuple[int, int] | None = None) -> None:
        """Hold *keys*, read from *file* when it bore *stamp*; without a file they never change."""
        self._keys = keys
        self._file = file
        self._stamp = stamp

    def __repr__(self) -> str:
        return f"Keyring({', '.join(key.id for key in self._keys.keys)})"

    @property
    def keys(self) -> KeySet:
        """All keys, as the file has them now. Raises `KeyringUnreadable`, `KekUnusable`."""
        if self._file is not None and (stamp := self._file.stamp()) not in (self._stamp, None):
            self._keys = self._file.read()
            self._stamp = stamp  # Read before the content: a change in between is seen next time.
        return self._keys

    @property
    def hash_key(self) -> bytes:
        """The 32 bytes of keyed hashes. They never change: docs/decisions/0020."""
        return self._keys.hash_key

    @property
    def terminals_key(self) -> bytes:
        """Return the 32 bytes under which terminals hash what they read (HKDF-SHA256 of the hash key, RFC 5869).

        A stolen terminal gives this one away and not the home's: the store's keys say nothing to its finder.
        """
        return HKDF(algorithm=SHA256(), length=_TERMINALS_KEY_BYTES, salt=None, info=b"terminals").derive(self.hash_key)

    def seal(self, place: SealedPlace, row: object, plain: bytes, nonce: bytes) -> Sealed:
        """Return *plain* sealed under the key that is active for *place*, bound to table, *row* and key.

        *nonce* is `NONCE_BYTES` random bytes, never used twice. Raises what `keys` does.
        """
        key = self.keys.sealing(place.purpose)
        assert key is not None, "loading makes what is lacking"
        return seal_under(key, place, row, plain, nonce)

    def open(self, place: SealedPlace, row: object, key_id: str, sealed: bytes) -> bytes:
        """Return what `seal` was given; raise `SealBroken` where row, table, purpose or key is another."""
        key = self._keys.find(key_id) or self.keys.find(key_id)
        if key is None or key.secret is None or key.purpose not in (place.purpose, ANY):
            raise SealBroken(table=place.table, row=row, key_id=key_id)
        try:
            return decipher(key.suite, key.secret, sealed, bound=_bound_to(place.table, row, key_id))
        except ValueError as error:
            raise SealBroken(table=place.table, row=row, key_id=key_id) from error


def seal_under(key: DataKey, place: SealedPlace, row: object, plain: bytes, nonce: bytes) -> Sealed:
    """Return *plain* sealed under *key*, whether it is active or not; all else as `Keyring.seal`."""
    assert key.secret is not None
    if key.purpose not in (place.purpose, ANY):
        raise ValueError(f"the key {key.id} seals nothing of {place.purpose}")
    bound = _bound_to(place.table, row, key.id)
    return Sealed(key.id, encipher(key.suite, key.secret, plain, nonce=nonce, bound=bound))


def make_keyring(randomness: bytes, key_id: str = "k1") -> Keyring:
    """Return a keyring of one key for anything from 64 bytes of *randomness*, which no file keeps."""
    assert len(randomness) == 2 * HASH_KEY_BYTES
    key = DataKey(id=key_id, purpose=ANY, suite="INTL", state="active", created_at=None, secret=randomness[HASH_KEY_BYTES:])
    return Keyring(KeySet(hash_key=randomness[:HASH_KEY_BYTES], keys=(key,), kek=""))


def load_keyring(folder: Path, *, suite: Callable[[], SuiteName] = lambda: "INTL", kek: str | None = None) -> Keyring:
    """Return the keyring kept in *folder*, making it on first use; of two processes that make one at once, one wins.

    *suite* is asked where keys have to be made; *kek* is where the key-encryption key of this machine is (`open_kek`).
    Raises `KeyringUnreadable`, `KekUnusable`, and `OSError` where the disk refuses.
    """
    file = KeyringFile(folder, kek)
    if not file.path.exists():
        first_keys(file, suite(), datetime.now(UTC), kek)
    stamp = file.stamp()
    keys = file.read()
    if keys.lacking():
        complete_keys(file, suite(), datetime.now(UTC), kek)
        stamp, keys = file.stamp(), file.read()
    return Keyring(keys, file, stamp)


def _bound_to(table: str, row: object, key_id: str) -> bytes:
    """Name the place of sealed bytes without doubt: the table and the key id hold no NUL, so the parts cannot run together."""
    if "\x00" in table + key_id:
        raise ValueError("a table's name and a key's hold no NUL")
    return f"{table}\x00{key_id}\x00{row}".encode()
