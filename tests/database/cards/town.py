"""Three residents with cards, a desk with chance that repeats, and what hangs on their cards."""

import hashlib
import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta

from onecard.app.opening import Store
from onecard.cards.desk import Card, DeskTools, Order, find_card
from onecard.cards.life import Act, Function
from onecard.cards.model import NewCard
from onecard.cards.rules import CardRules
from onecard.cards.service import register_cards
from onecard.db.pool import Connection
from onecard.people.model import DatedFact, Identity, NewPerson
from onecard.people.service import register_people
from onecard.values.days import CITY_ZONE
from onecard.values.masked import CardNumber, PersonName, PersonNumber
from onecard.values.person_number import check_character

NOON = datetime(2024, 10, 31, 12, 0, tzinfo=CITY_ZONE)
HOUR = timedelta(hours=1)
NUMBERS = {1: "A00000001", 2: "A00000002", 3: "A00000003"}
NAMES = {1: "王建国", 2: "王·买买提", 3: "㐂𠮷昞"}


def person_number(first_17: str) -> str:
    """Return a person number with its check character."""
    return first_17 + check_character(first_17)


IDS = {subject: person_number(f"33049519{50 + subject}0512041") for subject in NUMBERS}


def tools_of(store: Store, **rules: object) -> DeskTools:
    """Return a desk whose chance repeats from test to test."""
    count = itertools.count(1)
    chance: Callable[[int], bytes] = lambda size: hashlib.sha256(bytes([next(count)])).digest()[:size]  # noqa: E731
    return DeskTools(keyring=store.keyring, rules=CardRules(letters={"330481": "KE"}, **rules), chance=chance)  # type: ignore[arg-type]


def order(act: Act, at: datetime, function: Function = "social", reason: str = "for a test") -> Order:
    """Return an order of the desk."""
    return Order(act=act, reason=reason, at=at, function=function)


async def settle(connection: Connection, store: Store) -> None:
    """Register the three, each with a card of ten years."""
    people = [
        NewPerson(
            subject=subject, born=date(1950 + subject, 5, 12), home_region="330481", salt=bytes([subject]) * 16,
            identity=Identity(name=PersonName(NAMES[subject]), number=PersonNumber(IDS[subject])),
            facts=(DatedFact(fact="registered_region", since=date(2020, 1, 1), value="330481"),),
        )
        for subject in NUMBERS
    ]  # fmt: skip
    cards = [
        NewCard(
            subject=subject, number=CardNumber(number), chip=CardNumber(f"330481d156000005{subject:016x}"), issue_region="330481",
            issued_on=date(2020, 1, 1), valid_until=date(2029, 12, 31),
        )
        for subject, number in NUMBERS.items()
    ]  # fmt: skip
    await register_people(connection, store.keyring, people, NOON)
    await register_cards(connection, store.keyring, cards)


async def card_of(connection: Connection, tools: DeskTools, subject: int, at: datetime) -> Card:
    """Return the first card of one of the three."""
    return await find_card(connection, tools, "card", NUMBERS[subject], at)
