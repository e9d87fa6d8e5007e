"""A home with keys of its own beside a test's own database, people sealed in it, and a desk whose clock a test moves."""

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from onecard.app.key_desk import KeyDesk
from onecard.app.key_tables import SEALED_TABLES
from onecard.app.opening import Store
from onecard.cards.codes import CodeTools, ensure_pseudonym
from onecard.cards.desk import DeskTools
from onecard.cards.ecard import CodeRules
from onecard.cards.following import Account, write_account
from onecard.cards.model import NewCard
from onecard.cards.rules import CardRules
from onecard.cards.service import keys_of_cards, register_cards
from onecard.db.pool import Database
from onecard.keys.canary import hold_to_database
from onecard.people.model import Identity, NewPerson
from onecard.people.service import register_people
from onecard.settings.home import Home
from onecard.settings.keys import NONCE_BYTES, load_keyring
from onecard.settings.keys_file import KeyringFile
from onecard.settings.settings import Settings
from onecard.staff.sign_in import TOTP
from onecard.values.masked import CardNumber, PersonName, PersonNumber
from onecard.values.person_number import check_character

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


@dataclass
class OwnHome:
    """The home, and what time it is for its keys."""

    store: Store
    moment: list[datetime] = field(default_factory=lambda: [NOW])

    @property
    def desk(self) -> KeyDesk:
        settings = Settings(home=self.store.home)
        return KeyDesk(settings=settings, store=self.store, file=KeyringFile(self.store.home.keys), clock=lambda: self.moment[0])

    def another_server(self) -> Store:
        """Return the same store as another process sees it."""
        return Store(home=self.store.home, keyring=load_keyring(self.store.home.keys), database=self.store.database)


async def own_home(database: Database, folder: Path, keyring: str | None = None) -> OwnHome:
    """Make a home whose keys nobody shares, and let *database* belong to it; *keyring*: the content of its key file."""
    store = other_home(database, folder, keyring)
    async with database.acquire("migrate") as connection:
        await connection.execute("TRUNCATE keys_canary")
    await hold(store)
    return OwnHome(store=store)


def other_home(database: Database, folder: Path, keyring: str | None = None) -> Store:
    """Make a home that knows nothing of *database* yet."""
    home = Home(folder=folder)
    home.create()
    if keyring is not None:
        (home.keys / "keyring.json").write_text(keyring)
    return Store(home=home, keyring=load_keyring(home.keys), database=database)


async def hold(store: Store) -> None:
    """Hold a store's keyring to its database, as opening does."""
    await hold_to_database(store.database, store.keyring, SEALED_TABLES, NOW, bytes)


def number_of(subject: int) -> str:
    """Return the person number of somebody of no place."""
    first = f"330495{1950 + subject // 1000 % 50}0512{subject % 1000:03d}"
    return first + check_character(first)


async def settle(store: Store, subjects: range) -> None:
    """Register people with a card each; the first three also have an account, a pseudonym and a second factor."""
    chance = _chance(subjects.start)
    people = [
        NewPerson(
            subject=subject, born=date(1960, 1, 1), home_region="330481", salt=subject.to_bytes(16, "big"),
            identity=Identity(name=PersonName(f"王建{chr(0x4E00 + subject % 500)}"), number=PersonNumber(number_of(subject))),
        )
        for subject in subjects
    ]  # fmt: skip
    cards = [
        NewCard(
            subject=subject, number=CardNumber(f"K{subject:08d}"), chip=CardNumber(f"{subject:032x}"), issue_region="330481",
            issued_on=date(2020, 1, 1), valid_until=date(2030, 1, 1),
        )
        for subject in subjects
    ]  # fmt: skip
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, store.keyring, people, NOW)
        await register_cards(connection, store.keyring, cards)
    desk = DeskTools(keyring=store.keyring, rules=CardRules(), chance=chance)
    codes = CodeTools(keyring=store.keyring, rules=CodeRules(), chance=chance)
    async with store.database.acquire("desk") as connection, connection.transaction():
        for subject in subjects[:3]:
            (number_key,) = await keys_of_cards(connection, subject)
            account = Account(bank="icbc", account=CardNumber(f"6222{subject:012d}"))
            await write_account(connection, desk, subject, number_key, account, NOW)
            await ensure_pseudonym(connection, codes, subject, NOW)
    async with store.database.acquire("migrate") as connection:
        for subject in subjects[:3]:
            name = f"clerk-{subject}"
            sealed = store.keyring.seal(TOTP, name, b"SECRET", chance(NONCE_BYTES))
            await connection.execute("INSERT INTO staff_person (person, name) VALUES ($1, $1)", name)
            await connection.execute("INSERT INTO staff_account VALUES ($1, $1, '', $2, $3, '', $4, NULL)", name, *sealed, NOW)


def _chance(seed: int):
    count = itertools.count(1)
    return lambda size: hashlib.sha256(f"{seed}/{next(count)}".encode()).digest()[:size]
