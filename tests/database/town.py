"""A very small town for tests: three persons, four sites, Jiaxing's own documents."""

import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from onecard.app.application import city_rules
from onecard.app.masters import Masters
from onecard.app.opening import Store
from onecard.cards.code import Issuers
from onecard.cards.model import NewCard, StateChange
from onecard.cards.service import register_cards
from onecard.db.change import move_on
from onecard.people.model import DatedFact, NewPerson
from onecard.people.service import register_people
from onecard.policy.model import Source
from onecard.releases.service import take_documents
from onecard.settings.city_folder import find_city
from onecard.terminals.model import Opening, Operator, Site, Terminal
from onecard.terminals.service import allow_tokens, register_sites
from onecard.uses.model import Tap
from onecard.uses.service import ForeignReader, Uses, UsesContext
from onecard.values.days import CITY_ZONE
from onecard.values.masked import CardNumber

NOON = datetime(2024, 10, 31, 12, 0, tzinfo=CITY_ZONE)
LONG_AGO = date(2020, 1, 1)
TOKEN = "a-token-for-tests"

CARDS = {"visitor": "A00000001", "elder": "A00000002", "young": "A00000003", "lost": "A00000004"}


@dataclass
class Town:
    """The town, open: its service, and a clock that a test may move."""

    store: Store
    uses: Uses
    masters: Masters
    moment: list[datetime] = field(default_factory=lambda: [NOON])

    def tap(self, who: str, terminal: str, seq: int, **more: object) -> Tap:
        """Return a tap of one of the town's persons, at the town's present moment."""
        service, price = {"BUS-1": ("ride", 200), "BUS-2": ("ride", 200), "CANTEEN-1": ("lunch", 1500), "CAMPUS-1": ("entry", 0)}[terminal]
        told = {"service": service, "list_price_fen": price, "occurred_at": self.moment[0], **more}
        return Tap(terminal=terminal, seq=seq, kind="card", value=CARDS.get(who, who), **told)  # type: ignore[arg-type]


@asynccontextmanager
async def open_town(
    store: Store, *, build: bool = True, server: str = "test", issuers: Callable[[], Issuers] = dict,
    foreign: ForeignReader | None = None,
) -> AsyncIterator[Town]:  # fmt: skip
    """Build the town in an empty store (unless it stands there) and open its uses.

    *issuers* are those whose codes it believes, *foreign* is asked about other codes.
    """
    folder = find_city("jiaxing")
    city = city_rules(folder)
    if build:
        await _build(store)
        sources = [Source(file=name, content=text.encode()) for name, text in folder.texts("policies/*.yaml").items()]
        async with store.database.acquire("desk") as connection:
            await take_documents(connection, sources, city.lists, NOON)
    masters = await Masters.read(store.database, city.lists)
    moment = [NOON]
    clock: Callable[[], datetime] = lambda: moment[0]  # noqa: E731
    uses = Uses(
        UsesContext(
            database=store.database,
            master=masters,
            city=city,
            hash_key=store.keyring.hash_key,
            clock=clock,
            new_id=uuid.uuid4,
            chance=secrets.token_bytes,
            server=server,
            issuers=issuers,
            foreign=foreign,
        )
    )
    uses.lanes.start()
    try:
        yield Town(store=store, uses=uses, masters=masters, moment=moment)
    finally:
        await uses.lanes.stop()


async def _build(store: Store) -> None:
    lost = (StateChange(since=NOON - timedelta(days=60), state="formal_loss"),)
    people = [
        NewPerson(subject=1, born=date(1959, 5, 1), home_region="341800", salt=b"1" * 16),
        NewPerson(subject=2, born=date(1950, 5, 1), home_region="330481", salt=b"2" * 16, facts=_local()),
        NewPerson(subject=3, born=date(1990, 5, 1), home_region="330481", salt=b"3" * 16, facts=_local()),
        NewPerson(subject=4, born=date(1955, 5, 1), home_region="330481", salt=b"4" * 16, facts=_local()),
    ]
    cards = [
        NewCard(
            subject=person.subject,
            number=CardNumber(number),
            chip=CardNumber(f"{person.subject:032x}"),
            issue_region=person.home_region,
            issued_on=LONG_AGO,
            valid_until=date(2030, 1, 1),
            states=lost if name == "lost" else (),
        )
        for person, (name, number) in zip(people, CARDS.items(), strict=True)
    ]
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, store.keyring, people, NOON - timedelta(hours=1))
        await register_cards(connection, store.keyring, cards)
    async with store.database.acquire("desk") as connection, connection.transaction():
        await register_sites(connection, [Operator(operator="op", name_zh="公司", name_en="Company")], _sites(), _terminals())
        await allow_tokens(connection, [(TOKEN, terminal.terminal) for terminal in _terminals()])
        await move_on(connection, "sites")


def _local() -> tuple[DatedFact, ...]:
    return (DatedFact(fact="registered_region", since=LONG_AGO, value="330481"),)


def _sites() -> list[Site]:
    live = ((LONG_AGO, "live"),)
    always = Opening(weekly=None)
    make = {"operator": "op", "states": live, "opening": always}
    return [
        Site(site="bus", kind="bus", scene="bus", region="330400", name_zh="一路", name_en="Line 1", services=("ride",), **make),  # type: ignore[arg-type]
        Site(
            site="canteen",
            kind="canteen",
            scene="canteen",
            region="330481",
            name_zh="食堂",
            name_en="Canteen",
            services=("breakfast", "lunch", "dinner"),
            **make,
        ),
        Site(
            site="campus",
            kind="campus",
            scene="campus",
            region="330481",
            name_zh="操场",
            name_en="Ground",
            services=("entry", "exit"),
            capacity=3,
            **make,
        ),
    ]


def _terminals() -> list[Terminal]:
    return [
        Terminal(terminal="BUS-1", site="bus", bound_on=LONG_AGO),
        Terminal(terminal="BUS-2", site="bus", bound_on=LONG_AGO),
        Terminal(terminal="CANTEEN-1", site="canteen", bound_on=LONG_AGO),
        Terminal(terminal="CAMPUS-1", site="campus", bound_on=LONG_AGO),
    ]
