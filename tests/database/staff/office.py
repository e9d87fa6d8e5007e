"""An office for tests: residents of two counties with cards, staff with accounts and grants, and a phone that shows codes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pyotp
from fastapi import FastAPI

from onecard.app.opening import Store
from onecard.app.staff_desk import StaffDesk, staff_desk_of
from onecard.cards.model import NewCard, StateChange
from onecard.cards.service import register_cards
from onecard.people.model import DatedFact, Identity, NewPerson
from onecard.people.service import register_people
from onecard.settings.city_folder import find_city
from onecard.settings.clock import HomeClock
from onecard.staff.model import OWNER_ACTING, Acting
from onecard.staff.register import NewAccount
from onecard.staff.scope import Scope
from onecard.staff.sign_in import Proof
from onecard.values.days import CITY_ZONE
from onecard.values.masked import CardNumber, PersonName, PersonNumber
from onecard.values.person_number import check_character
from onecard.web.api import install_problems
from onecard.web.approvals import approval_routes
from onecard.web.session import session_routes
from onecard.web.staff_cards import card_routes
from onecard.web.staff_residents import resident_routes

NOON = datetime(2024, 10, 31, 12, 0, tzinfo=CITY_ZONE)
LONG_AGO = date(2020, 1, 1)
HAINING, TONGXIANG = "330481", "330483"
RESIDENTS = {1: HAINING, 2: HAINING, 3: TONGXIANG}
CARDS = {1: "A00000001", 2: "A00000002", 3: "A00000003"}
NAMES = {1: "王建国", 2: "<img src=x onerror=alert(1)>", 3: "李%_秀"}
IDS = {subject: (first := f"33049519{50 + subject}0512041") + check_character(first) for subject in RESIDENTS}
LOST = 2
"""Whose card is formally lost."""

STAFF = {
    "clerk": ("card-clerk", "330400"), "clerk-haining": ("card-clerk", HAINING), "clerk-tongxiang": ("card-clerk", TONGXIANG),
    "boss": ("card-supervisor", "330400"), "boss-haining": ("card-supervisor", HAINING),
    "boss-tongxiang": ("card-supervisor", TONGXIANG), "viewer": ("viewer", "330400"), "auditor": ("auditor", "330400"),
    "admin-system": ("admin-system", ""), "admin-security": ("admin-security", ""), "admin-audit": ("admin-audit", ""),
}  # fmt: skip


class Moment(HomeClock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        """Return it."""
        return self.at


@dataclass
class Office:
    """The desk, who works at it, and what time it is."""

    store: Store
    desk: StaffDesk
    clock: Moment
    accounts: dict[str, NewAccount] = field(default_factory=dict)
    unix: list[float] = field(default_factory=lambda: [1_700_000_000.0])

    def code(self, who: str) -> str:
        """Return the code that the phone of *who* shows, half a minute after the last one was read."""
        self.unix[0] += 30
        return self.shown(who)

    def shown(self, who: str) -> str:
        """Return the code that the phone of *who* shows now."""
        return pyotp.TOTP(self.accounts[who].totp).at(int(self.unix[0]))

    async def sign_in(self, who: str, as_person: str = "") -> tuple[str, Acting]:
        """Return token and rights of *who*."""
        account = self.accounts[who]
        proof = Proof(account=account.account, password=account.password, code=self.code(who), as_person=as_person)
        token, session = await self.desk.staff.sign_in.sign_in(proof, "127.0.0.1")
        return token, session.acting

    async def acting(self, who: str, as_person: str = "") -> Acting:
        """Return who acts once *who* has signed in."""
        return (await self.sign_in(who, as_person))[1]

    async def hire(self, who: str, role: str, region: str, *, account: str = "", person: str = "") -> NewAccount:
        """Register somebody with an account and a role; *person*: of somebody who works here already."""
        register = self.desk.staff.register
        async with self.store.database.acquire("desk") as connection, connection.transaction():
            if not person:
                await register.add_person(connection, who, who.title())
            made = await register.add_account(connection, OWNER_ACTING, account or who, person or who)
            if role:
                await register.grant(connection, OWNER_ACTING, person or who, role, Scope(region=region), LONG_AGO)
        self.accounts[account or who] = made
        return made

    def later(self, **more: float) -> None:
        """Let time pass."""
        self.clock.at += timedelta(**more)


@asynccontextmanager
async def open_office(store: Store, hired: tuple[str, ...] = tuple(STAFF)) -> AsyncIterator[Office]:
    """Build the office in an empty store."""
    clock = Moment()
    made = staff_desk_of(store, find_city("jiaxing"), clock)
    office = Office(store=store, desk=made, clock=clock)
    phone: Callable[[], float] = lambda: office.unix[0]  # noqa: E731
    staff = replace(made.staff, sign_in=replace(made.staff.sign_in, unix_seconds=phone))
    work = replace(made.work, staff=staff)
    office.desk = StaffDesk(
        staff=staff, work=work, residents=replace(made.residents, work=work), cards=replace(made.cards, work=work),
        approvals=replace(made.approvals, work=work),
    )  # fmt: skip
    await _settle(store)
    for who in hired:
        await office.hire(who, *STAFF[who])
    yield office


def without_predicate(office: Office) -> StaffDesk:
    """Return the desk with its queries' own predicate taken down: the database's wall alone is left."""
    desk = office.desk
    work = replace(desk.work, prefixes=lambda acting, permission="": ("",), unplaced=lambda acting, permission: True)
    return replace(
        desk, work=work, residents=replace(desk.residents, work=work), cards=replace(desk.cards, work=work),
        approvals=replace(desk.approvals, work=work),
    )  # fmt: skip


def routes_of(desk: StaffDesk) -> FastAPI:
    """Return the staff's HTTP doors."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for routes in (session_routes, approval_routes, resident_routes, card_routes):
        app.include_router(routes(desk))
    install_problems(app)
    return app


@asynccontextmanager
async def doors(desk: StaffDesk) -> AsyncIterator[Callable[[], httpx.AsyncClient]]:
    """Lend a maker of browsers for the staff's HTTP doors."""
    app = routes_of(desk)
    opened: list[httpx.AsyncClient] = []

    def browser() -> httpx.AsyncClient:
        opened.append(httpx.AsyncClient(transport=httpx.ASGITransport(app=app, client=("10.0.0.7", 4711)), base_url="http://city.test"))
        return opened[-1]

    yield browser
    for client in opened:
        await client.aclose()


async def enter(office: Office, browser: httpx.AsyncClient, who: str) -> dict[str, Any]:
    """Sign *who* in by HTTP; the browser carries cookie and token from then on."""
    account = office.accounts[who]
    answer = await browser.post("/v1/session", json={"user": account.account, "password": account.password, "totp": office.code(who)})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    browser.headers["X-CSRF-Token"] = told["csrf"]
    return told


async def _settle(store: Store) -> None:
    people = [
        NewPerson(
            subject=subject, born=date(1950 + subject, 5, 12), home_region=region, salt=bytes([subject]) * 16,
            identity=Identity(name=PersonName(NAMES[subject]), number=PersonNumber(IDS[subject])),
            facts=(DatedFact(fact="registered_region", since=LONG_AGO, value=region),),
        )
        for subject, region in RESIDENTS.items()
    ]  # fmt: skip
    lost = (StateChange(since=NOON - timedelta(days=9), state="formal_loss"),)
    cards = [
        NewCard(
            subject=subject, number=CardNumber(number), chip=CardNumber(f"330481d156000005{subject:016x}"), issue_region="330481",
            issued_on=LONG_AGO, valid_until=date(2029, 12, 31), states=lost if subject == LOST else (),
        )
        for subject, number in CARDS.items()
    ]  # fmt: skip
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, store.keyring, people, NOON)
        await register_cards(connection, store.keyring, cards)


