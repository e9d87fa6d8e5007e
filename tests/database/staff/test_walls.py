"""Every route × every role × every region, each cell, by both walls and by either alone; and the database's wall asked by SQL."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import asyncpg
import httpx
import pytest
from fastapi.routing import iter_route_contexts

from onecard.app.opening import Store
from onecard.app.staff_desk import StaffDesk
from onecard.db.walled import walled
from onecard.people.model import DatedFact, NewPerson
from onecard.people.service import register_people
from onecard.staff import store as staff_store
from onecard.staff.model import OWNER_ACTING
from onecard.staff.permissions import decides
from onecard.staff.scope import Scope
from onecard.web.staff_access import CSRF_HEADER, StaffMay, declared
from tests.database.staff.office import (
    CARDS,
    HAINING,
    LONG_AGO,
    LOST,
    NAMES,
    TONGXIANG,
    Office,
    open_office,
    routes_of,
    without_predicate,
)

CITY = "330400"
REGIONS: Final = (CITY, HAINING, TONGXIANG)
HOME: Final = HAINING
"""Where the objects of all requests are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How a route is asked about an object of `HOME`, and the same of what is not there."""

    path: str
    absent: str = ""  # '' where the route is a list.
    body: Mapping[str, Any] | None = None
    permission: str = ""  # Where it is another than the one declared: the object says which.


def samples(approval: Mapping[str, Any]) -> dict[tuple[str, str], Sample]:
    """Return one request for each route."""
    card, reason = f"/v1/cards/{CARDS[LOST]}", {"reason": "for a test"}
    no_card, nobody, no_approval = "/v1/cards/A00000099", "/v1/residents/99", "/v1/approvals/00000000-0000-4000-8000-000000000000"
    correction = {"fact": "care_level", "since": "2024-10-01", "value": "2", "reason": "told anew"}
    decision = {"decision": "approve", "digest": approval["digest"], "reason": ""}
    return {
        ("GET", "/v1/approvals"): Sample(path="/v1/approvals"),
        ("GET", "/v1/approvals/{approval}"): Sample(path=f"/v1/approvals/{approval['approval']}", absent=no_approval),
        ("POST", "/v1/approvals/{approval}"): Sample(
            path=f"/v1/approvals/{approval['approval']}", absent=no_approval, body=decision, permission=decides("loss-release")
        ),
        ("GET", "/v1/residents"): Sample(path=f"/v1/residents?region={HOME}"),
        ("POST", "/v1/residents/search"): Sample(path="/v1/residents/search", body={"by": "name", "text": NAMES[1]}),
        ("GET", "/v1/residents/{resident}"): Sample(path="/v1/residents/1", absent=nobody),
        ("POST", "/v1/residents/{resident}/full-id"): Sample(
            path="/v1/residents/1/full-id", absent=f"{nobody}/full-id", body={"purpose": "for a test"}
        ),
        ("POST", "/v1/residents/{resident}/corrections"): Sample(
            path="/v1/residents/1/corrections", absent=f"{nobody}/corrections", body=correction
        ),
        ("GET", "/v1/cards/{card}"): Sample(path=card, absent=no_card),
        ("POST", "/v1/cards/{card}/loss"): Sample(path=f"{card}/loss", absent=f"{no_card}/loss", body={"kind": "formal", **reason}),
        ("POST", "/v1/cards/{card}/release"): Sample(path=f"{card}/release", absent=f"{no_card}/release", body=reason),
        ("POST", "/v1/cards/{card}/cancel"): Sample(path=f"{card}/cancel", absent=f"{no_card}/cancel", body=reason),
    }


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ("clerk",)) as office:
        yield office


async def sessions(office: Office) -> dict[tuple[str, str], str]:
    """Return a session's token for every role in every region: a person each, who never had to prove himself."""
    tokens = {}
    staff = office.desk.staff
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        for role in staff.roles.by_name:
            for region in REGIONS:
                person = f"{role}-{region}"
                await staff.register.add_person(connection, person, person)
                row = (person, person, "none", "k", b"", "test", office.clock.at)
                await connection.execute(staff_store.SQL.add_account, *row)
                await staff.register.grant(connection, OWNER_ACTING, person, role, Scope(region=region), LONG_AGO)
                account = await staff_store.find_account(connection, person)
                assert account is not None
                tokens[role, region], _ = await staff.sessions.open(connection, account, "test")
    return tokens


async def ask(browser: httpx.AsyncClient, desk: StaffDesk, token: str, method: str, path: str, body: Any) -> httpx.Response:
    headers = {CSRF_HEADER: desk.staff.csrf(token), "cookie": f"onecard_session={token}"}
    return await browser.request(method, path, json=body, headers=headers)


def told(answer: httpx.Response) -> tuple[Any, ...]:
    """Return all of an answer that may tell anything."""
    return answer.status_code, answer.content, sorted(answer.headers.items())


async def every_cell(office: Office, desk: StaffDesk) -> list[str]:
    """Ask every route as every role in every region; return the cells that are not as they should be."""
    waiting = await office.desk.cards.release(await office.acting("clerk"), CARDS[LOST], "social", "found at home")
    asked, tokens = samples(waiting), await sessions(office)
    app = routes_of(desk)
    routes = {(method, str(route.path)): route for route in iter_route_contexts(app.routes) for method in route.methods or ()}
    staffed = {key: may for key, route in routes.items() for may in declared(route) if isinstance(may, StaffMay)}
    assert staffed.keys() == asked.keys(), "every route of the staff has a sample here"
    wrong: list[str] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://city.test") as browser:
        for (method, path), sample in asked.items():
            permission = sample.permission or staffed[method, path].permission
            for (role, region), token in tokens.items():
                may, seen = permission in desk.staff.roles.by_name[role].permissions, region in (CITY, HOME)
                office.later(milliseconds=1)  # Two moves of one card are never of one instant.
                answer = await ask(browser, desk, token, method, sample.path, sample.body)
                if not sample.absent:
                    right = answer.status_code == (200 if may else 403) and (not may or bool(_rows(answer)) == seen)
                elif not seen:
                    absent = await ask(browser, desk, token, method, sample.absent, sample.body)
                    right = answer.status_code == 404 and told(answer) == told(absent)
                else:
                    right = answer.status_code == (200 if may else 403)
                if not right:
                    wrong.append(f"{method} {path} {role} {region}: {answer.status_code} {answer.text[:90]}")
    return wrong


def _rows(answer: httpx.Response) -> list[Any]:
    content: dict[str, Any] = answer.json()
    rows: list[Any] = next(value for value in content.values() if isinstance(value, list))
    return rows


async def test_each_cell_by_both_walls(office: Office):
    assert await every_cell(office, office.desk) == []


async def test_each_cell_by_the_database_alone(office: Office):
    assert await every_cell(office, without_predicate(office)) == []


async def test_each_cell_by_the_queries_alone(office: Office):
    async with office.store.database.acquire("migrate") as connection:
        for row in await connection.fetch("SELECT relname FROM pg_class WHERE relrowsecurity"):
            await connection.execute(f'ALTER TABLE "{row["relname"]}" DISABLE ROW LEVEL SECURITY')
    assert await every_cell(office, office.desk) == []


async def test_without_either_wall_the_matrix_fails(office: Office):
    """The two tests above lean on what they say they do."""
    async with office.store.database.acquire("migrate") as connection:
        for row in await connection.fetch("SELECT relname FROM pg_class WHERE relrowsecurity"):
            await connection.execute(f'ALTER TABLE "{row["relname"]}" DISABLE ROW LEVEL SECURITY')
    assert await every_cell(office, without_predicate(office)) != []


OF_PEOPLE: Final = {
    "people_scope": "subject", "people_subject": "subject", "people_fact": "subject", "people_identity": "subject",
    "people_number": "subject", "cards_credential": "subject", "cards_card": "subject",
}  # fmt: skip


async def test_by_sql_the_console_sees_its_regions_alone(office: Office):
    both = {1, 2, 3}
    for prefixes, seen in (((), set()), (("3304",), both), ((HAINING,), {1, 2}), ((TONGXIANG,), {3}), ((HAINING, TONGXIANG), both)):
        async with walled(office.store.database, prefixes) as connection:
            for table, column in OF_PEOPLE.items():
                rows = await connection.fetch(f"SELECT DISTINCT {column} FROM {table}")
                assert {row[0] for row in rows} == seen, (table, prefixes)
            states = await connection.fetchval("SELECT count(*) FROM cards_state_v1")
            assert states == (2 if LOST in seen else 0)


async def test_a_connection_that_goes_back_takes_nothing_along(office: Office):
    async with walled(office.store.database, ("3304",)) as connection:
        assert await connection.fetchval("SELECT count(*) FROM people_scope") == 3
    async with office.store.database.acquire("console") as connection:
        assert await connection.fetchval("SELECT count(*) FROM people_scope") == 0


NOT_THE_CONSOLES: Final = ("staff_account", "staff_throttle", "terminals_token", "cards_pseudonym", "audit_canary")


async def test_by_sql_the_console_writes_in_its_regions_alone(office: Office):
    write = "INSERT INTO people_fact (subject, fact, since, value) VALUES ($1, 'care_level', '2024-10-01', '2')"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with walled(office.store.database, (HAINING,)) as connection:
            await connection.execute(write, 3)
    async with walled(office.store.database, (HAINING,)) as connection:
        await connection.execute(write, 1)
    for forbidden in (*(f"SELECT * FROM {table}" for table in NOT_THE_CONSOLES), "DELETE FROM people_fact"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with walled(office.store.database, ("3304",)) as connection:
                await connection.execute(forbidden)


async def test_every_table_with_a_region_or_a_person_that_the_console_reads_is_walled(office: Office):
    async with office.store.database.acquire("migrate") as connection:
        rows = await connection.fetch("""
            SELECT DISTINCT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
            WHERE c.relkind = 'r' AND a.attname IN ('region', 'subject') AND NOT c.relrowsecurity
                AND has_any_column_privilege('onecard_console', c.oid, 'SELECT')
        """)
        views = await connection.fetch("""
            SELECT c.relname FROM pg_class AS c WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace
                AND has_table_privilege('onecard_console', c.oid, 'SELECT')
                AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)
        """)
    assert [row["relname"] for row in rows] == []
    assert {row["relname"] for row in views} <= {"staff_person_v1", "audit_log_v1", "audit_head_v1", "ledger_leaf_v1"}


async def test_lanes_and_desks_are_spared_the_question(office: Office):
    for role in ("lane", "desk", "batch", "audit_ro"):
        async with office.store.database.acquire(role) as connection:
            assert not await connection.fetchval("SELECT row_security_active('ledger_use')"), role
    async with office.store.database.acquire("console") as connection:
        assert await connection.fetchval("SELECT row_security_active('ledger_use')")


async def test_where_no_role_may_bypass_a_policy_says_the_same(office: Office):
    """A database whose owner may not exempt them: everyone but the console still sees and writes all rows."""
    person = NewPerson(
        subject=9, born=date(1960, 1, 1), home_region=HAINING, salt=bytes(16),
        facts=(DatedFact(fact="registered_region", since=LONG_AGO, value=HAINING),),
    )  # fmt: skip
    async with office.store.database.acquire("migrate") as connection:
        change = connection.transaction()
        await change.start()
        try:
            await connection.execute("ALTER ROLE onecard_batch NOBYPASSRLS")
            await connection.execute("SET LOCAL ROLE onecard_batch")
            assert await connection.fetchval("SELECT row_security_active('people_fact')")
            await register_people(connection, office.store.keyring, [person], office.clock.at)
            assert await connection.fetchval("SELECT count(*) FROM people_fact") == 4
        finally:
            await change.rollback()


async def test_absent_and_out_of_scope_ask_the_store_the_same_questions(office: Office, monkeypatch: pytest.MonkeyPatch):
    await office.hire("clerk-haining", "card-clerk", HAINING)
    token, _ = await office.sign_in("clerk-haining")
    asked: list[str] = []
    for name in ("fetch", "fetchrow", "fetchval", "execute"):
        plain = getattr(asyncpg.Connection, name)

        def counting(connection: Any, query: str, *arguments: Any, _plain: Any = plain, **more: Any) -> Any:
            asked.append(query)
            return _plain(connection, query, *arguments, **more)

        monkeypatch.setattr(asyncpg.Connection, name, counting)
    told: list[list[str]] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=routes_of(office.desk)), base_url="http://city.test") as browser:
        for path in ("/v1/residents/3", "/v1/residents/99", f"/v1/cards/{CARDS[3]}", "/v1/cards/A00000099"):
            asked.clear()
            assert (await ask(browser, office.desk, token, "GET", path, None)).status_code == 404
            told.append(list(asked))
    assert told[0] == told[1]
    assert told[2] == told[3]
    assert len(told[0]) > 5
