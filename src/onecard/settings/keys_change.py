"""Change a home's keys: make the first ones, begin new ones, retire old ones, wrap them all anew."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from onecard.settings.keys_ciphers import KEY_BYTES
from onecard.settings.keys_errors import KeyBusy, KeyUnknown
from onecard.settings.keys_file import HASH_KEY_BYTES, KeyringFile
from onecard.settings.keys_model import ANY, PURPOSES, DataKey, KeySet, Purpose
from onecard.settings.keys_wrapping import forget_file_kek, make_file_kek
from onecard.values.suites import SuiteName

__all__ = ["RETIRE_AFTER", "complete_keys", "first_keys", "may_retire", "retire_key", "rotate_keys", "wrap_keys"]

RETIRE_AFTER: Final = timedelta(minutes=10)
"""How long a key must have ceased to seal: a transaction that began before may still write what it sealed."""

_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_LENGTH: Final = 5  # 60 million: two machines that rotate apart do not give one name to two keys.


def first_keys(file: KeyringFile, suite: SuiteName, now: datetime, kek: str | None) -> None:
    """Make the keys of a new home, wrapped at *kek* or under a key file of its own; of two processes at once one wins."""
    own = None if kek else make_file_kek(file.folder)
    keys = tuple(_fresh(purpose, suite, now, ()) for purpose in PURPOSES)
    file.write_first(KeySet(hash_key=secrets.token_bytes(HASH_KEY_BYTES), keys=keys, kek=kek or own or ""))
    if own is not None and not file.names_kek(own):
        forget_file_kek(own, file.folder)  # Another process was first.


def rotate_keys(
    file: KeyringFile, suite: SuiteName, now: datetime, purposes: Collection[Purpose] = PURPOSES, *, kek: str | None = None,
    waiting: bool = False,
) -> Sequence[DataKey]:  # fmt: skip
    """Begin a new key for each of *purposes* and return them; what sealed before only opens from now on.

    *waiting* keys do not seal yet: where several machines serve, each gets the file first, and a second rotation lets them
    begin. A file in the old form is written in the new one, wrapped at *kek* or under a key file of the home's own.
    """
    with file.alone():
        return _rotate(file, file.read(), purposes, suite, now, kek, waiting=waiting)


def complete_keys(file: KeyringFile, suite: SuiteName, now: datetime, kek: str | None) -> None:
    """Make keys for purposes that this home has none for, because a newer version brought them."""
    with file.alone():
        old = file.read()
        _rotate(file, old, old.lacking(), suite, now, kek)


def retire_key(file: KeyringFile, key_id: str, now: datetime) -> DataKey:
    """Destroy the secret of a key that nothing needs any more; the caller counted. Raises `KeyUnknown`, `KeyBusy`."""
    with file.alone():
        old = file.read()
        key = may_retire(old, key_id, now)
        retired = replace(key, state="retired", secret=None)
        file.replace(replace(old, keys=tuple(retired if each.id == key_id else each for each in old.keys)))
    return retired


def may_retire(keys: KeySet, key_id: str, now: datetime) -> DataKey:
    """Return the key where its state allows to retire it. Raises `KeyUnknown`, `KeyBusy`."""
    key = keys.find(key_id)
    if key is None:
        raise KeyUnknown(key_id=key_id)
    if key.state == "active":
        raise KeyBusy(key_id=key_id, why_zh="它正在用于加密，请先轮换", why_en="it seals; rotate first")
    if key.state == "decrypt-only" and key.ended_at is not None and now - key.ended_at < RETIRE_AFTER:
        left = f"{key.ended_at + RETIRE_AFTER:%H:%M:%S} UTC"
        raise KeyBusy(key_id=key_id, why_zh=f"刚刚轮换，请在 {left} 之后再试", why_en=f"it was replaced just now; try after {left}")
    return key


def wrap_keys(file: KeyringFile, kek: str | None) -> str:
    """Wrap all keys anew at *kek*, or under a new key file of the home's own, and return where; the old file is deleted."""
    with file.alone():
        old = file.read()
        new = kek or make_file_kek(file.folder)
        file.replace(replace(old, kek=new))
        if old.kek != new:
            forget_file_kek(old.kek, file.folder)
    return new


def _rotate(
    file: KeyringFile, old: KeySet, purposes: Collection[Purpose], suite: SuiteName, now: datetime, kek: str | None, *,
    waiting: bool = False,
) -> Sequence[DataKey]:  # fmt: skip
    begun = [_begin(old, purpose, suite, now, waiting=waiting) for purpose in PURPOSES if purpose in purposes]
    file.replace(replace(old, keys=_succeeded(old, begun, now), kek=old.kek or kek or make_file_kek(file.folder)))
    return begun


def _begin(old: KeySet, purpose: Purpose, suite: SuiteName, now: datetime, *, waiting: bool) -> DataKey:
    """Return the key that is next: one that waits already, else a new one."""
    ready = next((key for key in old.keys if key.purpose == purpose and key.state == "waiting"), None)
    if ready is not None:
        return ready if waiting else replace(ready, state="active")
    fresh = _fresh(purpose, suite, now, old.keys)
    return replace(fresh, state="waiting") if waiting else fresh


def _succeeded(old: KeySet, begun: Sequence[DataKey], now: datetime) -> tuple[DataKey, ...]:
    new = {key.id for key in begun}
    active = {key.purpose for key in begun if key.state == "active"}
    kept = [_ended(key, now) if key.purpose in active else key for key in old.keys if key.id not in new]
    keys = (*kept, *begun)
    owned = {key.purpose for key in keys if key.state == "active"}
    if owned >= set(PURPOSES):  # The key for anything has nothing left to seal.
        keys = tuple(_ended(key, now) if key.purpose == ANY else key for key in keys)
    return keys


def _ended(key: DataKey, now: datetime) -> DataKey:
    return replace(key, state="decrypt-only", ended_at=now.replace(microsecond=0)) if key.state == "active" else key


def _fresh(purpose: Purpose, suite: SuiteName, now: datetime, others: Sequence[DataKey]) -> DataKey:
    taken = {key.id for key in others}
    while (key_id := f"{purpose}-{''.join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))}") in taken:
        pass
    secret = secrets.token_bytes(KEY_BYTES[suite])
    return DataKey(id=key_id, purpose=purpose, suite=suite, state="active", created_at=now.replace(microsecond=0), secret=secret)
