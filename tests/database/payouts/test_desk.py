"""Rosters through the desk and HTTP: planned in one's own place, seen inside one's scope, public only once published."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from onecard.app.application import city_rules
from onecard.app.payout_desk import StaffPayouts
from onecard.app.payout_look import explain_line
from onecard.app.staff_desk import StaffDesk
from onecard.payouts.errors import RosterFileRefused
from onecard.payouts.model import LineKey
from onecard.people.model import DatedFact, FactValue, Identity, NewPerson
from onecard.people.service import register_people
from onecard.policy.model import Source
from onecard.releases.service import load_rule_book, take_documents
from onecard.settings.city_folder import find_city
from onecard.staff.errors import NotAllowed, NotThere
from onecard.values.masked import PersonName, PersonNumber
from onecard.values.person_number import check_character
from onecard.web.api import install_problems
from onecard.web.payouts import payout_routes
from tests.conftest import fresh_store
from tests.database.staff.office import HAINING, TONGXIANG, Office, open_office

FOLDER = find_city("jiaxing")
LISTS = city_rules(FOLDER).lists
ROSTER = f"high-age-allowance.2024-09.{HAINING}"
WANTED = ("high-age-allowance", "farmland-protection")
PEOPLE = {50: (date(1940, 1, 1), HAINING), 51: (date(1930, 1, 1), HAINING), 52: (date(1940, 1, 1), TONGXIANG)}


@pytest.fixture(scope="module")
async def office(server: Any) -> AsyncIterator[Office]:
    """An office with village and street of Haining, the department of Tongxiang, and three old people."""
    async with fresh_store(server) as store, open_office(store, ()) as office:
        await office.hire("village", "village-collector", HAINING)
        await office.hire("street", "street-reviewer", HAINING)
        await office.hire("elsewhere", "department-approver", TONGXIANG)
        texts = FOLDER.texts("policies/*.yaml")
        sources = [Source(file=name, content=text.encode()) for name, text in texts.items() if any(each in name for each in WANTED)]
        async with store.database.acquire("batch") as connection, connection.transaction():
            await register_people(connection, store.keyring, [_person(*each) for each in PEOPLE.items()], office.clock.now())
            await take_documents(connection, sources, LISTS, office.clock.now())
        await payouts_of(office.desk).plan(await office.acting("village"), "high-age-allowance", "2024-09")
        yield office


def payouts_of(desk: StaffDesk) -> StaffPayouts:
    return StaffPayouts(work=desk.work, tools=desk.residents.tools, lists=LISTS)


def number_of(subject: int) -> str:
    first = f"330491{PEOPLE[subject][0]:%Y%m%d}{subject:03d}"
    return first + check_character(first)


def _person(subject: int, told: tuple[date, str]) -> NewPerson:
    born, home = told
    facts: dict[str, FactValue] = {"registered_region": home}
    return NewPerson(
        subject=subject, born=born, home_region=home, salt=bytes(16),
        identity=Identity(name=PersonName(f"王示{subject}"), number=PersonNumber(number_of(subject))),
        facts=tuple(DatedFact(fact=fact, since=date(2020, 1, 1), value=value) for fact, value in facts.items()),
    )  # fmt: skip


async def test_who_plans_plans_his_own_place_and_again_gets_the_same(office: Office) -> None:
    desk, village = payouts_of(office.desk), await office.acting("village")
    told = await desk.plan(village, "high-age-allowance", "2024-09")
    assert (told["roster"], told["state"], told["lines"], told["amount"]) == (ROSTER, "draft", 2, 6000 + 15000)
    assert (await desk.plan(village, "high-age-allowance", "2024-09"))["digest"] == told["digest"]


async def test_a_plan_is_on_record_with_its_digest(office: Office) -> None:
    told = await payouts_of(office.desk).roster(await office.acting("village"), ROSTER)
    async with office.store.database.acquire("audit_ro") as connection:
        contents = await connection.fetch("SELECT content FROM audit_entry WHERE act = 'payouts.plan' AND kind = 'change'")
    assert len(contents) == 1 and told["digest"] in str(contents[0]["content"])


async def test_another_place_or_role_plans_nothing(office: Office) -> None:
    desk = payouts_of(office.desk)
    with pytest.raises(NotAllowed):
        await desk.plan(await office.acting("village"), "high-age-allowance", "2024-08", region=TONGXIANG)
    with pytest.raises(NotAllowed):
        await desk.plan(await office.acting("street"), "high-age-allowance", "2024-08")


async def test_a_roster_of_another_county_does_not_exist(office: Office) -> None:
    desk, elsewhere = payouts_of(office.desk), await office.acting("elsewhere")
    assert await desk.listed(elsewhere) == []
    for look in (desk.roster, desk.lines):
        with pytest.raises(NotThere):
            await look(elsewhere, ROSTER)


async def test_lines_show_masked_names_and_no_account(office: Office) -> None:
    lines = await payouts_of(office.desk).lines(await office.acting("street"), ROSTER)
    assert {line["name"] for line in lines} == {"王**0", "王**1"}
    assert all("*" in line["person_no"] for line in lines) and all(line["state"] == "held" for line in lines)


async def test_a_line_is_explained_and_says_the_same_again(office: Office) -> None:
    store = office.store
    async with store.database.acquire("desk") as connection:
        rules = await load_rule_book(connection, LISTS)
    told = await explain_line(store.database, store.keyring, rules, LineKey(ROSTER, 1))
    assert told is not None and told["replays"] and told["person"].startswith("王")
    assert [condition["held"] for condition in told["conditions"]] == [True, True, True]
    assert await explain_line(store.database, store.keyring, rules, LineKey(ROSTER, 3)) is None


async def test_a_file_is_held_to_the_register(office: Office) -> None:
    desk, village = payouts_of(office.desk), await office.acting("village")
    rows = [
        f"{number_of(50)},王示50,桃园,2.5", f"{number_of(51)},李示51,桃园,1", f"{number_of(52)},王示52,桃园,1",
    ]  # fmt: skip
    file = "\n".join(["person_no,name,village,land", *rows]).encode()
    with pytest.raises(RosterFileRefused) as refused:
        await desk.plan(village, "farmland-protection", "2023", file=file)
    assert [(problem.row, problem.column) for problem in refused.value.problems] == [(3, "name"), (4, "person_no")]
    told = await desk.plan(village, "farmland-protection", "2023", file="\n".join(["person_no,name,village,land", rows[0]]).encode())
    assert (told["lines"], told["amount"]) == (1, 37500)


async def test_http_tells_rosters_and_hides_a_list_until_it_is_published(office: Office) -> None:
    app = FastAPI()
    app.include_router(payout_routes(office.desk, LISTS))
    install_problems(app)
    token, _ = await office.sign_in("street")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://city.test") as browser:
        cookie = {"cookie": f"onecard_session={token}"}
        assert (await browser.get("/v1/payouts")).status_code == 401
        listed = (await browser.get("/v1/payouts?programme=high-age-allowance", headers=cookie)).json()
        assert [each["roster"] for each in listed["rosters"]] == [ROSTER] and listed["after"] is None
        page = (await browser.get(f"/v1/payouts/{ROSTER}/lines?limit=1", headers=cookie)).json()
        assert [line["seq"] for line in page["lines"]] == [1] and page["after"] == 1
        assert (await browser.get(f"/v1/payouts/{ROSTER}/public")).status_code == 404
        async with office.store.database.acquire("batch") as connection:
            await connection.execute("UPDATE payouts_roster SET state = 'publicity' WHERE roster = $1", ROSTER)
        public = (await browser.get(f"/v1/payouts/{ROSTER}/public")).json()
        assert set(public["lines"][0]) == {"seq", "name", "village", "programme", "amount"} and public["lines"][0]["name"] == "王**0"
