"""What all tests share: one embedded PostgreSQL for the run, and a fresh migrated database for each test that asks."""

import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import hypothesis
import pytest

from onecard.app.opening import Store, open_store
from onecard.db.binaries import find_binaries
from onecard.db.door import EmbeddedDoor
from onecard.db.place import OWNER, ServerPlace
from onecard.db.pool import Connection, Database
from onecard.settings.home import Home
from onecard.settings.settings import Settings
from tests.printed import pytest_collection_modifyitems, pytest_make_parametrize_id, pytest_runtest_makereport
from tests.scratch import use_memory

# Hooks of every test: no output holds a person number.
__all__ = ["pytest_collection_modifyitems", "pytest_make_parametrize_id", "pytest_runtest_makereport"]

hypothesis.settings.register_profile("onecard", deadline=None)  # How long an example takes tells of the machine, not of us.
hypothesis.settings.load_profile("onecard")

use_memory()

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """The settings of this run's own home."""
    folder = Path(tempfile.mkdtemp(prefix="onecard-test-"))
    yield Settings(home=Home(folder=folder))
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def server(settings: Settings) -> AsyncIterator[Store]:
    """This run's server. Its own database is the template of all others: migrated, and nobody writes to it."""
    async with open_store(settings) as store:
        yield store


@pytest.fixture
async def store(server: Store) -> AsyncIterator[Store]:
    """A store whose database is this test's own: migrated, empty, gone afterwards."""
    async with fresh_store(server) as store:
        yield store


@asynccontextmanager
async def fresh_store(server: Store) -> AsyncIterator[Store]:
    """Lend a store with a database of its own on this run's server."""
    await server.database.close()  # A template is copied only while nobody is connected to it.
    place = ServerPlace(home=server.home.folder, binaries=find_binaries())
    name = f"test_{next(_numbers)}"
    maker = await EmbeddedDoor(place=place, database="postgres").connect("migrate")
    await maker.execute(f'CREATE DATABASE "{name}" TEMPLATE "{OWNER}"')
    database = Database(EmbeddedDoor(place=place, database=name))
    try:
        yield Store(home=server.home, keyring=server.keyring, database=database)
    finally:
        await database.close()
        await maker.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await maker.close()


@pytest.fixture
def database(store: Store) -> Database:
    """The pools of this test's own database."""
    return store.database


@pytest.fixture
async def connection(store: Store) -> AsyncIterator[Connection]:
    """A connection as the owner of this test's own database."""
    async with store.database.acquire("migrate") as connection:
        yield connection
