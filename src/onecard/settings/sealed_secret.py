"""The secret half of a key that signs, as its file holds it: sealed under the keyring, and so under the key-encryption key."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

import msgspec

from onecard.settings.keys import NONCE_BYTES, Keyring, SealedPlace
from onecard.settings.secret_file import alone_in, replace_secret

__all__ = ["KeptSecret", "SealedSecret", "counted", "in_clear", "open_secret", "reseal_file", "seal_secret"]


class SealedSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A secret under the data key *key_id*, bound to its file and to the name of the key that it belongs to."""

    key_id: str
    sealed: bytes


KeptSecret: TypeAlias = SealedSecret | bytes | None
"""As a file may hold it: sealed; in clear, as homes wrote it that are older than this; gone."""


def seal_secret(keyring: Keyring, file: str, name: str, secret: bytes | None) -> SealedSecret | None:
    """Return *secret* sealed for the key *name* of *file*; None where it has none. Raises what `Keyring.keys` does."""
    if secret is None:
        return None
    return SealedSecret(*keyring.seal(_place(file), name, secret, secrets.token_bytes(NONCE_BYTES)))


def open_secret(keyring: Keyring, file: str, name: str, kept: KeptSecret) -> bytes | None:
    """Return what was sealed. Raises `SealBroken` where it belongs to another key or file, or was altered."""
    if isinstance(kept, SealedSecret):
        return keyring.open(_place(file), name, kept.key_id, kept.sealed)
    return kept


def in_clear(kept: KeptSecret) -> bool:
    """Tell whether whoever reads the file has the secret."""
    return isinstance(kept, bytes)


def reseal_file(path: Path, keyring: Keyring, kept: Callable[[], Iterable[KeptSecret]], anew: Callable[[], bytes]) -> int:
    """Write the file at *path* as *anew* gives it if another than the active key sealed a secret of it, or none did.

    *kept* reads its secrets, with nobody else at the folder. Returns how many were sealed anew; 0 where there is no file.
    """
    if not path.exists():
        return 0
    with alone_in(path.parent):
        stale = sum(_is_stale(keyring, each) for each in kept())
        if stale:
            replace_secret(path, anew())
    return stale


def counted(kept: Iterable[KeptSecret]) -> dict[str, int]:
    """Return how many secrets each data key has sealed."""
    return dict(Counter(each.key_id for each in kept if isinstance(each, SealedSecret)))


def _is_stale(keyring: Keyring, kept: KeptSecret) -> bool:
    active = keyring.keys.sealing("signing")
    assert active is not None, "loading makes what is lacking"
    return in_clear(kept) or (isinstance(kept, SealedSecret) and kept.key_id != active.id)


def _place(file: str) -> SealedPlace:
    return SealedPlace(table=file, purpose="signing")
