"""The keys' desk: what there is, new keys, what was sealed sealed anew, and the end of keys that nothing needs."""

import os
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from onecard.app.code_keys import code_rules
from onecard.app.key_signing import reseal_files, sealed_in_files
from onecard.app.key_tables import SEALED_TABLES
from onecard.app.opening import Store, open_store
from onecard.audit.rows import rows_written
from onecard.audit.service import note_change
from onecard.db.pool import Connection
from onecard.keys.canary import hold_to_database
from onecard.keys.inventory import Inventory, take_inventory
from onecard.keys.resealing import RATE, Resealed, reseal_table
from onecard.keys.service import forget_key
from onecard.settings.city_folder import find_city
from onecard.settings.clock import read_clock
from onecard.settings.hsm import make_hsm_key
from onecard.settings.keys_change import may_retire, retire_key, rotate_keys, wrap_keys
from onecard.settings.keys_errors import KeyBusy
from onecard.settings.keys_file import KeyringFile
from onecard.settings.keys_model import PURPOSES, DataKey, Purpose
from onecard.settings.settings import Settings
from onecard.staff.model import OWNER_ACTING
from onecard.values.suites import SuiteName

__all__ = ["KeyDesk", "open_key_desk", "wrap_home"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDesk:
    """Everything about the keys of one installation. No method returns or shows a key."""

    settings: Settings
    store: Store
    file: KeyringFile
    clock: Callable[[], datetime]

    async def inventory(self) -> Inventory:
        """Count what each key has sealed, in the database and in files of the home."""
        files = sealed_in_files(self.store)
        async with self.store.database.acquire("batch") as connection:
            return await take_inventory(connection, self.store.keyring, SEALED_TABLES, files)

    async def rotate(self, purposes: Collection[Purpose] = PURPOSES, suite: SuiteName | None = None, *, waiting: bool = False) -> list[str]:
        """Begin a new key for each of *purposes*, of the city's suite unless told, and return their ids.

        Servers of this home seal with them from their next seal on. Keys that are *waiting* do not seal yet.
        """
        suite = suite or code_rules(find_city(self.settings.city, self.settings.cities)).suite
        begun = self._begun(suite, purposes, waiting)
        await hold_to_database(self.store.database, self.store.keyring, SEALED_TABLES, self.clock(), os.urandom)
        ids = [key.id for key in begun]
        async with self.store.database.acquire("batch") as connection, connection.transaction():
            await self._note(connection, "keys.rotate", ids, {"waiting": waiting})
        return ids

    async def reseal(self, rate: int = RATE, told: Callable[[Resealed], None] = lambda done: None) -> list[Resealed]:
        """Seal anew what older keys sealed; whoever is killed begins again and finds what is left."""
        done = [
            await reseal_table(self.store.database, self.store.keyring, table, os.urandom, rate=rate, told=told) for table in SEALED_TABLES
        ]
        done += reseal_files(self.store)
        async with self.store.database.acquire("batch") as connection, connection.transaction():
            await self._note(connection, "keys.reseal", [], {"tables": {table.table: table.rows for table in done}})
        return done

    async def retire(self, key_id: str) -> None:
        """Destroy the secret of a key. Raises `KeyUnknown`, and `KeyBusy` while anything is sealed by it."""
        now = self.clock()
        may_retire(self.store.keyring.keys, key_id, now)
        rows = (await self.inventory()).rows_of(key_id)
        if rows:
            said = ", ".join(f"{table} {count}" for table, count in sorted(rows.items()))
            raise KeyBusy(
                key_id=key_id, why_zh=f"仍有数据由它加密（{said}），请先 reseal", why_en=f"rows are sealed by it ({said}); reseal first"
            )
        async with self.store.database.acquire("batch") as connection, connection.transaction():
            await forget_key(connection, key_id, now)
            await self._note(connection, "keys.retire", [key_id], {})
        # The database first: a keyring without a key that is still asked for would be foreign.
        with self.store.home.usable():
            retire_key(self.file, key_id, now)

    async def _note(self, connection: Connection, act: str, key_ids: Sequence[str], more: Mapping[str, Any]) -> None:
        """Put on record what the home's owner did: who may run these commands holds the keys, so no account could hold him."""
        rows = [row for key_id in key_ids for row in await rows_written(connection, "keys_canary", {"key_id": key_id})]
        await note_change(
            connection, OWNER_ACTING, act=act, object=" ".join(key_ids), region="", purpose="", rows=rows, more=more,
            at=read_clock(self.settings.home.folder).now(),
        )  # fmt: skip

    def _begun(self, suite: SuiteName, purposes: Collection[Purpose], waiting: bool) -> Sequence[DataKey]:
        with self.store.home.usable():
            return rotate_keys(self.file, suite, self.clock(), purposes, kek=self.settings.kek, waiting=waiting)


@asynccontextmanager
async def open_key_desk(settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> AsyncIterator[KeyDesk]:
    """Open the desk. Keys live by the world's clock, whatever a demo's stands at. Raises as `open_store`."""
    async with open_store(settings) as store:
        yield KeyDesk(settings=settings, store=store, file=KeyringFile(settings.home.keys, settings.kek), clock=clock)


def wrap_home(settings: Settings, kek: str | None, *, make: bool = False) -> str:
    """Wrap a home's keys anew at *kek*, else under a new key file of its own, and return where. The database is not asked.

    *make*: make the key in its hardware module first. Raises `KekUnusable`, `KeyringUnreadable`, `HomeUnusable`.
    """
    with settings.home.usable():
        if kek is not None and make:
            make_hsm_key(kek)
        return wrap_keys(KeyringFile(settings.home.keys), kek)
