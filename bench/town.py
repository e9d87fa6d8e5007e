"""A town of elders who ride buses: filled through the rooms' own services, the same for the same size."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from typing import Final

from bench.order import Order
from onecard.app.application import App, city_rules, open_app
from onecard.app.opening import Store, open_store
from onecard.cards.model import NewCard
from onecard.cards.service import register_cards
from onecard.people.model import DatedFact, NewPerson
from onecard.people.service import register_people
from onecard.policy.model import Source
from onecard.releases.service import take_documents
from onecard.settings.city_folder import find_city
from onecard.settings.clock import write_clock
from onecard.settings.home import Home
from onecard.settings.settings import Settings
from onecard.terminals.model import Operator, Site, Terminal
from onecard.terminals.service import allow_tokens, register_sites
from onecard.uses.model import Offline, Tap
from onecard.values.days import CITY_ZONE
from onecard.values.masked import CardNumber

__all__ = ["FARE_FEN", "TERMINALS", "Elder", "Ride", "Town", "open_town"]

FARE_FEN: Final = 200
TERMINALS: Final = 200
_LINES: Final = 20  # Bus lines, each a site; the terminals are spread over them.
_START: Final = datetime(2024, 10, 31, 8, 0, tzinfo=CITY_ZONE)
_LONG_AGO: Final = date(2020, 1, 1)
_VISITORS_FROM: Final = ("341800", "320500", "310100", "330105")  # All of the delta, none of this city.
_PEOPLE_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Elder:
    """Somebody of 60 or more, half of them registered here, half visitors of the delta."""

    subject: int
    born: date
    home_region: str
    card: str
    paid_fen: int  # What a ride costs him: half or nothing.

    @property
    def is_local(self) -> bool:
        """Whether he is registered in this city; a visitor has no facts beside birth date and home."""
        return self.home_region.startswith("3304")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """One tap still to be made, and what it must cost."""

    terminal: str
    seq: int
    elder: Elder

    def tap(self, *, offline: bool = False) -> Tap:
        """Return it as the program takes it; *offline*: the terminal decided alone, and rightly."""
        alone = Offline(outcome="accepted", paid_fen=self.elder.paid_fen) if offline else None
        return Tap(
            terminal=self.terminal, seq=self.seq, kind="card", value=self.elder.card, service="ride", list_price_fen=FARE_FEN,
            occurred_at=_START - timedelta(milliseconds=self.seq * 7 % 60_000), offline=alone,
        )  # fmt: skip


class Town:
    """The town, open: a running installation whose clock stands on a morning of 2024, and rides that never repeat a key."""

    def __init__(self, app: App, elders: tuple[Elder, ...], url: str) -> None:
        self.app = app
        self.elders = elders
        self.url = url  # Of its database, as its owner.
        self._seq: Counter[str] = Counter()
        order = list(elders)
        random.Random(1).shuffle(order)  # Neighbours in a batch are no neighbours in an index.
        self._next = zip(cycle(f"T-{number:03d}" for number in range(TERMINALS)), cycle(order), strict=False)

    def rides(self, many: int) -> list[Ride]:
        """Return the next *many* rides: each terminal counts on, each elder comes once before anyone comes again."""
        return [self._ride(terminal, elder) for terminal, elder in islice(self._next, many)]

    def _ride(self, terminal: str, elder: Elder) -> Ride:
        self._seq[terminal] += 1
        return Ride(terminal=terminal, seq=self._seq[terminal], elder=elder)


@asynccontextmanager
async def open_town(order: Order, rides: int) -> AsyncIterator[Town]:
    """Build the town in the order's home and open it; there are elders enough that *rides* take nobody to his daily limit."""
    settings = Settings(home=Home(folder=order.home), postgres_binaries=order.binaries)
    elders = tuple(_elders(max(order.size.elders, rides // 20)))
    async with open_store(settings) as store:
        await _fill(store, elders)
        write_clock(order.home, _START, datetime.now(UTC))
        async with open_app(settings) as app:
            yield Town(app, elders, store.url())


def _elders(many: int) -> Iterator[Elder]:
    chance = random.Random(2)
    for number in range(1, many + 1):
        born = date(chance.randint(1930, 1963), chance.randint(1, 12), chance.randint(1, 28))
        yield Elder(
            subject=number, born=born, home_region=chance.choice(_VISITORS_FROM) if number % 2 else "330481", card=f"C{number:08d}",
            paid_fen=0 if born <= date(1954, 10, 31) else FARE_FEN // 2,
        )  # fmt: skip


async def _fill(store: Store, elders: tuple[Elder, ...]) -> None:
    folder = find_city("jiaxing")
    documents = [Source(file=name, content=text.encode()) for name, text in folder.texts("policies/*.yaml").items()]
    async with store.database.acquire("desk") as connection, connection.transaction():
        await register_sites(connection, [Operator(operator="op", name_zh="公交", name_en="Buses")], _sites(), _terminals())
        await allow_tokens(connection, [(terminal.terminal, terminal.terminal) for terminal in _terminals()])
    async with store.database.acquire("desk") as connection:
        await take_documents(connection, documents, city_rules(folder).lists, _START)
    people = iter(elders)
    while some := list(islice(people, _PEOPLE_AT_ONCE)):
        async with store.database.acquire("batch") as connection, connection.transaction():
            await register_people(connection, store.keyring, [_person(elder) for elder in some], _START)
            await register_cards(connection, store.keyring, _cards(some))
    async with store.database.acquire("migrate") as connection:
        await connection.execute("VACUUM ANALYZE")


def _person(elder: Elder) -> NewPerson:
    facts = (DatedFact(fact="registered_region", since=_LONG_AGO, value=elder.home_region),) if elder.is_local else ()
    salt = elder.subject.to_bytes(16, "big")
    return NewPerson(subject=elder.subject, born=elder.born, home_region=elder.home_region, salt=salt, facts=facts)


def _cards(elders: Iterable[Elder]) -> list[NewCard]:
    return [
        NewCard(
            subject=elder.subject,
            number=CardNumber(elder.card),
            chip=CardNumber(f"{elder.subject:032x}"),
            issue_region=elder.home_region,
            issued_on=_LONG_AGO,
            valid_until=date(2030, 1, 1),
            foreign=not elder.is_local,
        )
        for elder in elders
    ]


def _sites() -> list[Site]:
    return [
        Site(
            site=f"line-{number}",
            operator="op",
            kind="bus",
            scene="bus",
            region="330400",
            name_zh=f"{number} 路",
            name_en=f"Line {number}",
            services=("ride",),
            states=((_LONG_AGO, "live"),),
        )
        for number in range(_LINES)
    ]


def _terminals() -> list[Terminal]:
    return [Terminal(terminal=f"T-{number:03d}", site=f"line-{number % _LINES}", bound_on=_LONG_AGO) for number in range(TERMINALS)]
