"""Whether a keyring belongs to a database, told in one sentence before anything is read or written."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from onecard.keys import store
from onecard.keys.sealed import SealedTable
from onecard.keys.store import NewCanary, StoredCanary
from onecard.settings.keys import NONCE_BYTES, Keyring, SealBroken, SealedPlace, seal_under
from onecard.settings.keys_errors import KeyringForeign
from onecard.settings.keys_model import DataKey, KeyPurpose
from onecard.values.keyed_hash import keyed_hash

if TYPE_CHECKING:
    from onecard.db.pool import Connection, Database

__all__ = ["hold_to_database"]

_TABLE: Final = "keys_canary"
_HASH: Final = "hash"  # The key of keyed hashes, which seals nothing.
_SONG: Final = "onecard"


async def hold_to_database(
    database: "Database", keyring: Keyring, tables: Sequence[SealedTable], now: datetime, chance: Callable[[int], bytes]
) -> None:
    """Raise `KeyringForeign` unless *keyring* opens what *database* holds; leave a canary of each key that is new to it.

    A database that is older than canaries shows a row of each of *tables* instead. *chance(n)*: n random bytes.
    """
    async with database.acquire("desk") as connection:
        known = await store.canaries(connection)
        _hear(keyring, known)
        new = [key for key in keyring.keys.keys if key.state != "retired" and key.id not in {canary.key_id for canary in known}]
        if not known:
            await _taste(connection, keyring, tables)
    if new or not known:
        async with database.acquire("batch") as connection:
            await store.add_canaries(connection, [_hash_canary(keyring), *(_canary(key, chance) for key in new)], now)
            _hear(keyring, await store.canaries(connection))  # Another keyring may have been first.


def _hear(keyring: Keyring, known: Sequence[StoredCanary]) -> None:
    for canary in known:
        if not _sings(keyring, canary):
            raise KeyringForeign(key_id=canary.key_id)


def _sings(keyring: Keyring, canary: StoredCanary) -> bool:
    if canary.retired:
        key = keyring.keys.find(canary.key_id)
        return key is None or key.state != "active"  # A keyring from before the retirement would go on sealing with it.
    if canary.key_id == _HASH:
        return canary.sealed == _hash_canary(keyring).sealed
    return _opens(keyring, canary)


async def _taste(connection: "Connection", keyring: Keyring, tables: Sequence[SealedTable]) -> None:
    for table in tables:
        for row in await table.rows_after(connection, table.before_all, 1):
            try:
                keyring.open(table.place, row.name, *row.sealed)
            except SealBroken as error:
                raise KeyringForeign(key_id=row.sealed.key_id) from error


def _opens(keyring: Keyring, canary: StoredCanary) -> bool:
    place = SealedPlace(table=_TABLE, purpose=cast(KeyPurpose, canary.purpose))
    try:
        return keyring.open(place, canary.key_id, canary.key_id, canary.sealed) == _SONG.encode()
    except SealBroken:
        return False


def _canary(key: DataKey, chance: Callable[[int], bytes]) -> NewCanary:
    sealed = seal_under(key, SealedPlace(table=_TABLE, purpose=key.purpose), key.id, _SONG.encode(), chance(NONCE_BYTES))
    return NewCanary(key.id, key.purpose, key.suite, sealed.content)


def _hash_canary(keyring: Keyring) -> NewCanary:
    return NewCanary(_HASH, _HASH, "INTL", keyed_hash(keyring.hash_key, "canary", _SONG))
