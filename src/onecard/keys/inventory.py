"""Which keys there are, and how many rows of which table each has sealed. Never a key itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onecard.keys.sealed import SealedTable
from onecard.settings.keys import Keyring
from onecard.settings.keys_model import DataKey
from onecard.settings.keys_wrapping import provider_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Inventory", "KeyTold", "take_inventory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTold:
    """One key and the rows that need it, by table."""

    key: DataKey
    provider: str  # Of the key-encryption key that wraps it: file, pkcs11; none in the old form.
    rows: Mapping[str, int]  # Of a key that seals secrets of keys that sign: by file.

    def to_json(self) -> dict[str, Any]:
        """Return what may be known of the key."""
        key = self.key
        dates = {name: at and at.isoformat() for name, at in (("created_at", key.created_at), ("ended_at", key.ended_at))}
        told = {"id": key.id, "purpose": key.purpose, "suite": key.suite, "provider": self.provider, "state": key.state}
        return {**told, **dates, "rows": dict(self.rows)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """All keys of a home, oldest first."""

    kek: str  # Where the key-encryption key is; empty in the old form.
    keys: Sequence[KeyTold]
    missing: Mapping[str, Mapping[str, int]]  # Rows by table that name a key which this home does not have, by its id.

    def rows_of(self, key_id: str) -> Mapping[str, int]:
        """Return the rows that a key has sealed, by table; tables without any are left out."""
        return next((told.rows for told in self.keys if told.key.id == key_id), {})

    def to_json(self) -> dict[str, Any]:
        """Return it for `onecard keys list --json`."""
        kek = {"provider": provider_of(self.kek), "uri": self.kek}
        missing = {key_id: dict(rows) for key_id, rows in self.missing.items()}
        return {"kek": kek, "keys": [told.to_json() for told in self.keys], "missing": missing}


async def take_inventory(
    connection: "Connection", keyring: Keyring, tables: Sequence[SealedTable], files: Mapping[str, Mapping[str, int]]
) -> Inventory:
    """Count every sealed row of *tables*; *files*: how many secrets each key has sealed, by file."""
    rows: dict[str, dict[str, int]] = {}
    found = {table.place.table: await table.counted(connection) for table in tables}
    for place, counts in {**found, **files}.items():
        for key_id, count in counts.items():
            rows.setdefault(key_id, {})[place] = count
    keys = keyring.keys
    provider = provider_of(keys.kek)
    told = [KeyTold(key=key, provider=provider, rows=rows.pop(key.id, {})) for key in keys.keys]
    return Inventory(kek=keys.kek, keys=told, missing=rows)
