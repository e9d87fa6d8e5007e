"""Every page and form of the console × every role × every region, each cell, by both walls and by either alone."""

import hashlib
import secrets
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from onecard.app.application import App, city_rules
from onecard.app.code_keys import CodeKeys, code_rules
from onecard.app.log_keeper import LogKeeper
from onecard.app.masters import Masters
from onecard.app.opening import Store
from onecard.app.staff_desk import StaffDesk
from onecard.cards.credential import credential_key
from onecard.db.change import move_on
from onecard.policy.model import Source
from onecard.releases.service import take_documents
from onecard.settings.city_folder import find_city
from onecard.settings.settings import Settings
from onecard.staff.model import Waiting
from onecard.terminals.alarm import raise_alarm
from onecard.terminals.model import Operator
from onecard.terminals.service import register_sites
from onecard.uses.model import Tap
from onecard.uses.service import Uses, UsesContext
from onecard.web.console import console_routes
from tests.database.staff.console_samples import NO_CELLS, PageSample, page_samples
from tests.database.staff.office import CARDS, HAINING, LOST, NOON, TONGXIANG, Office, open_office, without_predicate
from tests.database.staff.test_sites import sites, terminals
from tests.database.staff.test_walls import CITY, sessions, told

USE = "T-museum-1.1"


@dataclass
class Desks:
    """The console of one town, with somebody of each role in each region signed in."""

    office: Office
    app: App
    tokens: Mapping[tuple[str, str], str]
    samples: Mapping[tuple[str, str], PageSample]

    def roles(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield one role of those that may the same, as far as the console asks: it asks for permissions, never for a role's name."""
        asked = {name for sample in self.samples.values() for name in (*sample.opens, *sample.shows)}
        known: set[frozenset[str]] = set()
        for name, role in self.office.desk.staff.roles.by_name.items():
            may = frozenset(role.permissions & asked)
            if may not in known:
                known.add(may)
                yield name, may

    def letting_in(self, sample: PageSample) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield one role that sees all of *sample*; none where it says nothing of any county."""
        if sample.absent or sample.marker:
            yield next((role, may) for role, may in self.roles() if may >= {*sample.opens, *sample.shows})


@pytest.fixture
async def desks(store: Store) -> AsyncIterator[Desks]:
    folder = find_city("jiaxing")
    city = city_rules(folder)
    async with open_office(store, ("clerk",)) as office:
        async with store.database.acquire("desk") as connection, connection.transaction():
            await register_sites(connection, [Operator(operator="op", name_zh="公司", name_en="Company")], sites(), terminals())
            sources = [Source(file=name, content=text.encode()) for name, text in folder.texts("policies/elder-pass*.yaml").items()]
            await take_documents(connection, sources, city.lists, NOON)
            await move_on(connection, "sites")
        masters = await Masters.read(store.database, city.lists)
        code_keys = CodeKeys(store.home, store.keyring, code_rules(folder).suite, office.clock)
        uses = Uses(UsesContext(
            database=store.database, master=masters, city=city, hash_key=store.keyring.hash_key, clock=office.clock.now,
            new_id=uuid.uuid4, chance=secrets.token_bytes, server="test", issuers=dict, foreign=None,
        ))  # fmt: skip
        app = App(
            settings=Settings(home=store.home), database=store.database, keyring=store.keyring, folder=folder, city=city,
            clock=office.clock, masters=masters, uses=uses, fleet=cast(Any, None), code_keys=code_keys, desk=office.desk,
            log=LogKeeper(store, code_rules(folder).suite, office.clock.now),
        )  # fmt: skip
        uses.lanes.start()
        try:
            tap = Tap(terminal="T-museum-1", seq=1, kind="card", value=CARDS[1], service="entry", list_price_fen=0, occurred_at=NOON)
            await uses.tap(tap)
            waiting = await office.desk.cards.release(await office.acting("clerk"), CARDS[LOST], "social", "found at home")
            release = await _prepared(office, sources[0])
            card = credential_key(store.keyring.hash_key, "card", CARDS[1]).hex()
            yield Desks(office, app, await sessions(office), page_samples(str(waiting["approval"]), release, USE, card))
        finally:
            await uses.lanes.stop()


async def _prepared(office: Office, source: Source) -> str:
    """Let a release wait, as if it were one county's affair; return its name."""
    payload = {
        "programme": "elder-pass-bus", "version": 1, "kind": "use", "from": "2024-12-01", "until": None, "file": source.file,
        "source": source.content.decode(), "sha256": hashlib.sha256(source.content).hexdigest(), "simulation": None,
    }  # fmt: skip
    acting = await office.acting("clerk")
    waiting = Waiting(kind="policy-release", object="policy elder-pass-bus 1", region=HAINING, payload=payload, reason="for a test")
    async with office.desk.staff.behind_wall(acting) as connection:
        return str((await office.desk.staff.approvals.prepare(connection, acting, waiting)).approval)


def routes_of(app: App) -> FastAPI:
    made = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    made.include_router(console_routes(app))
    return made


async def ask(browser: httpx.AsyncClient, desk: StaffDesk, token: str, method: str, path: str, form: Any) -> httpx.Response:
    data = None if form is None else {**form, "csrf": desk.staff.csrf(token)}
    return await browser.request(method, path, data=data, headers={"cookie": f"onecard_session={token}"})


async def wrong_cells(desks: Desks, desk: StaffDesk, *, lets_in: bool = False) -> AsyncIterator[str]:
    """Ask every page as every kind of role in every region; yield the cells that are not as they should be.

    Where a page says nothing of any county, one region stands for all. *lets_in*: of the roles take one that lets in, for whom a
    role keeps out comes to no wall.
    """
    app = routes_of(replace(desks.app, desk=desk))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://city.test") as browser:
        for (method, route), sample in desks.samples.items():
            placed = bool(sample.absent or sample.marker)
            for role, may in desks.letting_in(sample) if lets_in else desks.roles():
                for region in (CITY, HAINING, TONGXIANG) if placed else (HAINING,):
                    token, seen = desks.tokens[role, region], region != TONGXIANG
                    answer = await ask(browser, desk, token, method, sample.path, sample.form)
                    absent = await ask(browser, desk, token, method, sample.absent, sample.form) if sample.absent and not seen else None
                    if not _right(sample, may, seen, answer, absent):
                        yield f"{method} {route} {role} {region}: {answer.status_code}"


def _right(sample: PageSample, may: frozenset[str], seen: bool, answer: httpx.Response, absent: httpx.Response | None) -> bool:
    if absent is not None:
        return answer.status_code == 404 and told(answer) == told(absent)
    if not may >= set(sample.opens):
        return answer.status_code == 403
    if sample.nothing:
        return answer.status_code == 404
    shown = sample.marker in answer.text + answer.headers.get("location", "")
    return answer.status_code in (200, 303, 409, 422) and (not sample.marker or shown == (seen and may >= set(sample.shows)))


async def _an_alarm(desks: Desks) -> None:
    """Let an alarm wait at the device whose form does not settle it."""
    async with desks.office.store.database.acquire("desk") as connection:
        await raise_alarm(connection, "T-campus-1", "clone", desks.office.clock.at, {"bound": "a", "shown": "b", "door": "sign-in"})


async def _without_the_databases_wall(desks: Desks) -> None:
    async with desks.office.store.database.acquire("migrate") as connection:
        for row in await connection.fetch("SELECT relname FROM pg_class WHERE relrowsecurity"):
            await connection.execute(f'ALTER TABLE "{row["relname"]}" DISABLE ROW LEVEL SECURITY')


async def test_each_page_and_form_has_a_sample(desks: Desks):
    routes = {
        (method, str(route.path)) for route in iter_route_contexts(routes_of(desks.app).routes) for method in route.methods or ()
    }
    assert routes == desks.samples.keys() | NO_CELLS.keys()


async def test_each_cell_of_the_console_by_both_walls_and_by_either_alone(desks: Desks):
    await _an_alarm(desks)
    both, database_alone = desks.office.desk, without_predicate(desks.office)
    assert not (wrong := [cell async for cell in wrong_cells(desks, both)]), "\n".join(wrong)
    assert not (wrong := [cell async for cell in wrong_cells(desks, database_alone, lets_in=True)]), "\n".join(wrong)
    await _without_the_databases_wall(desks)
    assert not (wrong := [cell async for cell in wrong_cells(desks, both, lets_in=True)]), "\n".join(wrong)
    async for _ in wrong_cells(desks, database_alone, lets_in=True):
        return
    pytest.fail("without either wall all is still right: the lines above lean on nothing")
