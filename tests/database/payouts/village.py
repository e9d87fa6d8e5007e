"""A village for tests of payouts: a dozen people with facts, cards and pay accounts, and Jiaxing's own programmes."""

from datetime import UTC, date, datetime
from pathlib import Path

from onecard.app.application import city_rules
from onecard.app.opening import Store
from onecard.cards.desk import DeskTools
from onecard.cards.following import Account, sealed_account
from onecard.cards.model import NewCard
from onecard.cards.rules import CardRules
from onecard.cards.service import register_cards
from onecard.db.pool import Connection
from onecard.payouts.accounts import register_accounts
from onecard.payouts.model import AccountKind, PayAccount
from onecard.people.model import DatedFact, FactValue, Identity, NewPerson
from onecard.people.service import register_people
from onecard.policy.check import check
from onecard.policy.model import Programme, Source
from onecard.settings.city_folder import find_city
from onecard.values.masked import CardNumber, PersonName, PersonNumber
from onecard.values.person_number import check_character

__all__ = ["AT", "BORN", "chance", "number_of", "programmes", "register", "write_village"]

AT = datetime(2024, 11, 1, 1, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
BORN = {1: date(1940, 5, 1), 2: date(1944, 9, 30), 3: date(1944, 10, 1), 4: date(1930, 1, 1), 5: date(1924, 9, 1), 6: date(1941, 2, 3),
        7: date(1950, 1, 1), 8: date(1980, 1, 1), 9: date(1938, 1, 1)}  # fmt: skip
HOME = {9: "330483"}
FACTS: dict[int, dict[str, FactValue]] = {
    6: {"alive": False}, 7: {"hardship": frozenset({"dibao"})}, 8: {"hardship": frozenset({"dibao", "tekun"})},
}  # fmt: skip


def chance(number: int) -> bytes:
    """Return random bytes as a test may foresee them: equal nonces tell nobody anything here."""
    return bytes(range(number))


def number_of(subject: int) -> str:
    """Return the person number of one of the village."""
    first = f"330491{BORN[subject]:%Y%m%d}{subject:03d}"
    return first + check_character(first)


def programmes() -> list[Programme]:
    """Return every document of Jiaxing."""
    folder = find_city("jiaxing")
    sources = [Source(file=Path(name).name, content=text.encode()) for name, text in folder.texts("policies/*.yaml").items()]
    return list(check(sources, city_rules(folder).lists).programmes)


async def write_village(store: Store) -> None:
    """Register the village: 4 is paid to a passbook, 5 has no account, the others are paid to their cards."""
    people = [_person(subject) for subject in BORN]
    cards = [_card(subject, "A", date(2020, 1, 1)) for subject in BORN]
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, store.keyring, people, AT)
        await register_cards(connection, store.keyring, cards)
        for subject in BORN:
            if subject != 5:
                await register(connection, store, subject, "passbook" if subject == 4 else "card")


async def register(connection: Connection, store: Store, subject: int, kind: AccountKind, programme: str = "high-age-allowance") -> None:
    """Register a person's pay account under a programme; that of a card stands at the card, too."""
    since = datetime(2023, 1, 1, tzinfo=UTC)
    key = await connection.fetchval("SELECT number_key FROM cards_card_v1 WHERE subject = $1", subject) if kind == "card" else None
    number = CardNumber(f"62{subject:017d}")
    if key is not None:
        tools = DeskTools(keyring=store.keyring, rules=CardRules(), chance=chance)
        row = sealed_account(tools, subject, key, Account(bank="B02", account=number), since)
        await connection.execute("INSERT INTO cards_account VALUES ($1, $2, $3, $4, $5, $6)", subject, key, *row)
    account = PayAccount(
        subject=subject, programme=programme, since=since, kind=kind, bank="B02", account=number, holder=PersonName(f"王{subject}"),
        number_key=key,
    )  # fmt: skip
    await register_accounts(connection, store.keyring, [account], chance)


def _person(subject: int) -> NewPerson:
    home = HOME.get(subject, "330481")
    facts = {"registered_region": home, **FACTS.get(subject, {})}
    return NewPerson(
        subject=subject, born=BORN[subject], home_region=home, salt=bytes([subject]) * 16,
        identity=Identity(name=PersonName(f"王{subject}"), number=PersonNumber(number_of(subject))),
        facts=tuple(DatedFact(fact=fact, since=LONG_AGO, value=value) for fact, value in facts.items()),
    )  # fmt: skip


def _card(subject: int, letter: str, issued_on: date) -> NewCard:
    return NewCard(
        subject=subject, number=CardNumber(f"{letter}{subject:08d}"), chip=CardNumber(f"{subject:032x}"), issue_region="330481",
        issued_on=issued_on, valid_until=date(2030, 1, 1),
    )  # fmt: skip
