"""Some people with names, phones and cards to be looked for, in two counties."""

from datetime import date, datetime

from onecard.app.opening import Store
from onecard.cards.model import NewCard
from onecard.cards.service import register_cards
from onecard.people.model import DatedFact, Identity, NewPerson
from onecard.people.service import register_people
from onecard.values.days import CITY_ZONE
from onecard.values.masked import CardNumber, PersonName, PersonNumber, Phone

HAINING, TONGXIANG = "330481", "330483"
CITY, LONG_AGO = ("3304",), date(2020, 1, 1)
NOON = datetime(2024, 10, 31, 12, 0, tzinfo=CITY_ZONE)

PEOPLE = (
    # subject, name, born, phone, registered ('': nowhere), card
    (1, "王建国", 1951, "10011111234", HAINING, "A00001234"),
    (2, "王建国", 1952, "10022221234", TONGXIANG, "A00005678"),
    (3, "王佳桂", 1952, "10033335678", HAINING + "001002", "AB0005678"),
    (4, "<img src=x onerror=alert(1)>", 1960, None, HAINING, "A00000004"),
    (5, "李%_秀", 1961, "10055550005", TONGXIANG, "A00000005"),
    (6, "王建国", 1951, "10066661234", "", "A00000006"),
    (7, "=1+1", 1970, None, HAINING, "A00000007"),
)


async def settle(store: Store) -> None:
    """Register them all."""
    people = [
        NewPerson(
            subject=subject, born=date(born, 5, 12), home_region=HAINING, salt=bytes([subject]) * 16,
            identity=Identity(name=PersonName(name), number=PersonNumber(f"33049500000000{subject:04d}"), phone=phone and Phone(phone)),
            facts=(DatedFact(fact="registered_region", since=LONG_AGO, value=region),) if region else (),
        )
        for subject, name, born, phone, region, _ in PEOPLE
    ]  # fmt: skip
    cards = [
        NewCard(
            subject=subject, number=CardNumber(number), chip=CardNumber(f"330481d156000005{subject:016x}"), issue_region=HAINING,
            issued_on=LONG_AGO, valid_until=date(2029, 12, 31),
        )
        for subject, *_, number in PEOPLE
    ]  # fmt: skip
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, store.keyring, people, NOON)
        await register_cards(connection, store.keyring, cards)
