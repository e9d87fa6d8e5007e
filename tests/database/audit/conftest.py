"""A town with two days on record and a head of each, built once; every test gets a copy to spoil."""

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from onecard.app.audit import OutsideHead, verify_audit
from onecard.app.opening import Store
from onecard.audit.rows import rows_written
from onecard.audit.service import note, note_change
from onecard.db.binaries import find_binaries
from onecard.db.catalogue import Thing, catalogue_of
from onecard.db.door import EmbeddedDoor
from onecard.db.place import ServerPlace
from onecard.db.pool import Connection, Database
from onecard.ledger.verify import Check
from onecard.settings.log_keys import LogKeys
from onecard.values.signed_head import SignedHead
from tests.database.audit.acting import AUDITOR, Someone, keys_in, take_all
from tests.database.town import NOON, Town, open_town

_numbers = itertools.count(1)
_MADE = "audited_town"


@dataclass(frozen=True)
class Audited:
    """A copy of the town: *yesterday* was signed after its first day, *today* after its second."""

    store: Store
    keys: LogKeys
    yesterday: SignedHead
    today: SignedHead
    catalogue: Mapping[Thing, str]

    async def sql(self, statement: str, *arguments: object) -> None:
        """Do something as superuser, as an insider would."""
        async with self.store.database.acquire("migrate") as connection:
            await connection.execute(statement, *arguments)

    async def checks(self, head: SignedHead | None) -> dict[str, Check]:
        """Return what verify finds with *head*, by name."""
        found = await verify_audit(self.store, self.keys, OutsideHead(head=head) if head else None, self.catalogue)
        return {check.name: check for check in found}

    async def problems(self, head: SignedHead | None) -> dict[str, list[str]]:
        """Return the problems that verify finds with *head*, by check."""
        return {name: list(check.problems) for name, check in (await self.checks(head)).items() if check.problems}


@dataclass(frozen=True)
class Made:
    place: ServerPlace
    keys: LogKeys
    yesterday: SignedHead
    today: SignedHead
    catalogue: Mapping[Thing, str]


@pytest.fixture(scope="session")
async def made(server: Store, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Made]:
    await server.database.close()
    place = ServerPlace(home=server.home.folder, binaries=find_binaries())
    await _maker(place, f'CREATE DATABASE "{_MADE}" TEMPLATE onecard')
    database = Database(EmbeddedDoor(place=place, database=_MADE))
    store = Store(home=server.home, keyring=server.keyring, database=database)
    keys = keys_in(tmp_path_factory.mktemp("log"))
    async with open_town(store) as town:
        await _day(town, 0)
        yesterday = await take_all(store, keys, NOON + timedelta(hours=1))
        await _day(town, 1)
        today = await take_all(store, keys, NOON + timedelta(days=1, hours=1))
        async with database.acquire("migrate") as connection:
            catalogue = await catalogue_of(connection)
    await database.close()
    assert yesterday and today
    yield Made(place=place, keys=keys, yesterday=yesterday, today=today, catalogue=catalogue)
    await _maker(place, f'DROP DATABASE "{_MADE}" WITH (FORCE)')


@pytest.fixture
async def audited(server: Store, made: Made) -> AsyncIterator[Audited]:
    """A copy of the town for one test."""
    name = f"audited_{next(_numbers)}"
    await _maker(made.place, f'CREATE DATABASE "{name}" TEMPLATE "{_MADE}"')
    database = Database(EmbeddedDoor(place=made.place, database=name))
    store = Store(home=server.home, keyring=server.keyring, database=database)
    try:
        yield Audited(store=store, keys=made.keys, yesterday=made.yesterday, today=made.today, catalogue=made.catalogue)
    finally:
        await database.close()
        await _maker(made.place, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _day(town: Town, day: int) -> None:
    """Let a day pass: rides and meals, one taken back, looks, and a change."""
    town.moment[0] = NOON + timedelta(days=day)
    for seq in range(1, 4):
        await town.uses.record([town.tap("elder", "BUS-1", seq + day * 10), town.tap("visitor", "BUS-2", seq + day * 10)], town.moment[0])
    await town.uses.record([town.tap("young", "CANTEEN-1", 1 + day * 10), town.tap("Z99999999", "BUS-1", 9 + day * 10)], town.moment[0])
    await town.uses.reverse(f"BUS-1.{1 + day * 10}", "wrong fare")
    async with town.store.database.acquire("desk") as connection, connection.transaction():
        for number in range(3):
            told = {"act": "residents.read", "object": f"subject {number + 1}", "region": "330481", "purpose": "a call", "result": "ok"}
            await note(connection, Someone(), at=town.moment[0] + timedelta(minutes=number), subject=number + 1, **told)
        await _change(connection, day, town)


async def _change(connection: Connection, day: int, town: Town) -> None:
    on = (NOON + timedelta(days=day)).date()
    await connection.execute("INSERT INTO terminals_site_state (site, since, state) VALUES ('campus', $1, 'suspended')", on)
    rows = await rows_written(connection, "terminals_site_state", {"site": "campus", "since": on})
    await note_change(
        connection, AUDITOR, act="sites.move", object="campus", region="330481", purpose="works", at=town.moment[0], rows=rows
    )


async def _maker(place: ServerPlace, statement: str) -> None:
    maker = await EmbeddedDoor(place=place, database="postgres").connect("migrate")
    try:
        await maker.execute(statement)
    finally:
        await maker.close()


def in_folder(folder: Path, *heads: SignedHead) -> Path:
    """Put heads into a folder as the witness does; return it."""
    for head in heads:
        (folder / f"{head.head.size}.head").write_bytes(head.note)
    return folder
