"""Open one installation's store: its home, its keys, its database."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from onecard.app.code_keys import code_rules
from onecard.app.key_tables import SEALED_TABLES
from onecard.db.binaries import find_binaries
from onecard.db.door import Role
from onecard.db.opening import open_by_url, open_embedded
from onecard.db.place import OWNER, ServerPlace
from onecard.db.pool import Database
from onecard.keys.canary import hold_to_database
from onecard.settings.city_folder import find_city
from onecard.settings.home import Home
from onecard.settings.keys import Keyring, load_keyring
from onecard.settings.settings import Settings

__all__ = ["Store", "open_store"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What an installation keeps, opened."""

    home: Home
    keyring: Keyring
    database: Database

    def url(self, role: Role = "migrate") -> str:
        """Return a URL by which this OS user reaches the database; without a role as its owner (`onecard db url`)."""
        return self.database.url(role)


@asynccontextmanager
async def open_store(settings: Settings, *, database: str = OWNER) -> AsyncIterator[Store]:
    """Lend the store that *settings* name, migrated to this version; *database* names one in an embedded server.

    Raises `StoreError`, `HomeUnusable`, `KeyringUnreadable`, `KekUnusable` or `KeyringForeign`, each with exit code 3.
    """
    home = settings.home
    home.create()
    with home.usable():
        keyring = load_keyring(home.keys, suite=lambda: code_rules(find_city(settings.city, settings.cities)).suite, kek=settings.kek)
    if settings.database_url is not None:
        opening = open_by_url(settings.database_url, datetime.now(UTC))
    else:
        place = ServerPlace(home=home.folder, binaries=find_binaries(settings.postgres_binaries))
        opening = open_embedded(place, datetime.now(UTC), database)
    async with opening as opened:
        await hold_to_database(opened, keyring, SEALED_TABLES, datetime.now(UTC), os.urandom)
        yield Store(home=home, keyring=keyring, database=opened)
