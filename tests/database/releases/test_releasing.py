"""A release by two persons at the desk: what is refused when it is prepared, and what again when it is approved."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from onecard.app.masters import Masters
from onecard.app.opening import Store
from onecard.app.release_desk import StaffReleases
from onecard.audit.held import check_changes
from onecard.policy.model import Source
from onecard.releases.errors import AlreadyReleased, CasesFail, NamesUnknown, SimulationForeign, SimulationUnreadable, VersionTaken
from onecard.releases.service import DocumentRefused, take_documents
from onecard.staff.errors import DigestChanged, NotAllowed, NotThere, OwnWork
from onecard.staff.model import Acting
from tests.database.releases.town_policies import CITY, FOLDER, PASS, TEXT, changed
from tests.database.staff.office import NOON, Office, open_office

QUARTER = changed(("list_price * 50%", "list_price * 25%"), day="2025-01-01")


@dataclass
class House:
    """An office with policies in force, an author and two approvers."""

    office: Office
    releases: StaffReleases
    people: dict[str, Acting]

    async def prepared(self, text: str, who: str = "author", simulation: bytes | None = None) -> dict[str, Any]:
        return await self.releases.prepare(self.people[who], Source(file="drafts/draft.yaml", content=text.encode()), "why", simulation)

    async def approved(self, waiting: dict[str, Any], who: str = "approver") -> dict[str, Any]:
        digest = bytes.fromhex(waiting["digest"])
        return await self.office.desk.approvals.decide(self.people[who], uuid.UUID(waiting["approval"]), digest, "approve", "read")

    async def versions(self, programme: str = PASS) -> list[tuple[int, str]]:
        told = await self.releases.history(self.people["author"], programme)
        return [(each["version"], each["state"]) for each in told["history"]]


@pytest.fixture
async def house(store: Store) -> AsyncIterator[House]:
    async with open_office(store, ("viewer",)) as office:
        async with store.database.acquire("desk") as connection:
            await take_documents(connection, [Source(file="pass.yaml", content=TEXT.encode())], CITY.lists, NOON)
        for who in ("author", "approver", "other"):
            await office.hire(who, "policy-author" if who == "author" else "policy-approver", "330400")
        people = {who: await office.acting(who) for who in ("author", "approver", "other", "viewer")}
        yield House(office=office, releases=StaffReleases(work=office.desk.work, lists=CITY.lists), people=people)


async def test_in_force_from_its_day_in_every_rule_book_and_the_history_says_by_whom(house: House, store: Store):
    simulation = json.dumps({"programme": PASS, "gain": 7, "lose": 0, "same": 2, "old": 100, "new": 150}).encode()
    waiting = await house.prepared(QUARTER, simulation=simulation)
    assert (waiting["version"], waiting["state"]) == (2, "waiting")
    assert await house.versions() == [(1, "in_force")]
    before = await Masters.read(store.database, CITY.lists)
    assert (await house.approved(waiting))["state"] == "approved"
    masters = await Masters.read(store.database, CITY.lists)
    assert masters.rules.number == before.rules.number + 1
    assert [(each.name, each.version) for each in masters.rules.in_force(NOON.date())] == [(PASS, 1)]
    house.office.later(days=70)
    assert await house.versions() == [(2, "in_force"), (1, "past")]
    newest = (await house.releases.history(house.people["approver"], PASS))["history"][0]["released"]
    assert (newest["prepared_by"], newest["approved_by"], newest["reason"]) == ("author", "approver", "why")
    assert newest["simulation"] == waiting["simulation"]
    assert newest["figures"]["gain"] == 7
    document = await house.releases.document(house.people["author"], PASS, 2)
    assert document["source"] == QUARTER


async def test_neither_the_author_nor_one_without_the_right_is_the_second(house: House):
    waiting = await house.prepared(QUARTER)
    with pytest.raises(OwnWork):
        await house.approved(waiting, "author")
    with pytest.raises(NotAllowed):
        await house.approved(waiting, "viewer")
    with pytest.raises(NotAllowed):
        await house.prepared(QUARTER, "approver")
    assert await house.versions() == [(1, "in_force")]


async def test_of_two_who_approve_at_once_one_releases(house: House, store: Store):
    waiting = await house.prepared(QUARTER)
    told = await asyncio.gather(house.approved(waiting), house.approved(waiting, "other"))
    assert [each["state"] for each in told] == ["approved", "approved"]
    assert len({each["decision"]["decided_by"] for each in told}) == 1
    assert [version for version, _ in await house.versions()] == [2, 1]


async def test_of_two_drafts_of_one_version_the_second_is_refused_and_stays_undecided(house: House):
    first, second = await house.prepared(QUARTER), await house.prepared(QUARTER.replace("25%", "30%"))
    assert first["version"] == second["version"] == 2
    told = await asyncio.gather(house.approved(first), house.approved(second, "other"), return_exceptions=True)
    assert sorted(type(each).__name__ for each in told) == ["VersionTaken", "dict"]
    taken = second if isinstance(told[1], VersionTaken) else first
    (undecided,) = await house.office.desk.approvals.listed(house.people["author"], state="waiting")
    assert str(undecided.approval) == taken["approval"]
    assert [version for version, _ in await house.versions()] == [2, 1]


async def test_a_file_that_changes_after_it_was_prepared_changes_nothing_and_a_changed_request_is_refused(house: House, store: Store):
    waiting = await house.prepared(QUARTER)
    async with store.database.acquire("migrate") as connection:
        change = "UPDATE staff_request SET payload = replace(payload::text, '25%', '5%')::jsonb WHERE kind = 'policy-release'"
        assert await connection.execute(change) == "UPDATE 1"
    with pytest.raises(DigestChanged):
        await house.approved(waiting)
    assert await house.versions() == [(1, "in_force")]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param(TEXT, AlreadyReleased, id="the very same content"),
        pytest.param(QUARTER.replace("region: 330400,", "region: 330400, colour: red,"), DocumentRefused, id="a finding"),
        pytest.param(QUARTER.replace("funding:", "prefer_over: [no-such-programme]\nfunding:"), NamesUnknown, id="a name nobody released"),
        pytest.param(QUARTER.replace("paid: 0.00", "paid: 1.00"), CasesFail, id="a case of its own that fails"),
        pytest.param(QUARTER.replace("30 times per day", "3000.00 yuan per day"), DocumentRefused, id="a limit counted otherwise"),
        pytest.param("\x00", DocumentRefused, id="no document"),
        pytest.param("", DocumentRefused, id="nothing"),
        pytest.param(QUARTER + "#" * 70_000, DocumentRefused, id="too large"),
    ],
)
async def test_what_is_wrong_is_said_before_it_waits(house: House, text: str, refusal: type[Exception]):
    with pytest.raises(refusal):
        await house.prepared(text)
    assert await house.office.desk.approvals.listed(house.people["author"], state="waiting") == []


@pytest.mark.parametrize(
    ("simulation", "refusal"),
    [
        pytest.param(b"{", SimulationUnreadable, id="no JSON"),
        pytest.param(b"[" * 10_000, SimulationUnreadable, id="too deep"),
        pytest.param(b'{"gain": 1}', SimulationUnreadable, id="of nothing"),
        pytest.param(b'{"programme": "other"}', SimulationForeign, id="of another programme"),
        pytest.param(json.dumps({"programme": PASS, "digest": "00"}).encode(), SimulationForeign, id="of another file"),
    ],
)
async def test_a_simulation_of_something_else_is_refused(house: House, simulation: bytes, refusal: type[Exception]):
    with pytest.raises(refusal):
        await house.prepared(QUARTER, simulation=simulation)


async def test_what_leaned_on_a_programme_is_checked_again_when_it_is_approved(house: House, store: Store):
    """Another document came in between, and counts the draft's limit another way."""
    name = "elder-rides-by-week"
    other = changed(("elder-rides: 30 times per day", "by-week: 3 times per week"), (f"programme: {PASS}", f"programme: {name}"))
    waiting = await house.prepared(changed(("elder-rides: 30 times per day", "by-week: 30 times per day"), day="2025-01-01"))
    assert (await house.approved(await house.prepared(other)))["state"] == "approved"
    with pytest.raises(DocumentRefused):
        await house.approved(waiting)
    assert await house.versions() == [(1, "in_force")]


async def test_a_draft_that_a_later_version_takes_the_place_of_says_so(house: House):
    await house.approved(await house.prepared(QUARTER))
    waiting = await house.prepared(changed(("list_price * 50%", "list_price * 40%"), day="2024-12-01"))
    assert (waiting["version"], waiting["overtaken_by"]) == (3, {"version": 2, "from": "2025-01-01"})


async def test_a_version_is_added_and_never_changed_and_what_the_owner_changes_by_sql_is_found(house: House, store: Store):
    await house.approved(await house.prepared(QUARTER))
    async with store.database.acquire("console") as connection:
        for change in ("UPDATE releases_document SET source = ''", "DELETE FROM releases_document", "DELETE FROM releases_release"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change)
    async with store.database.acquire("audit_ro") as connection:
        assert (await check_changes(connection, frozenset())).ok
    for change in ("UPDATE releases_document SET source = source || ' ' WHERE version = 2", "UPDATE releases_release SET reason = 'x'"):
        async with store.database.acquire("migrate") as connection, connection.transaction():
            await connection.execute(change)
            found = await check_changes(connection, frozenset())
        assert not found.ok
        assert any("releases_" in problem for problem in found.problems)


async def test_what_is_not_there_is_not_told(house: House):
    for asked in (house.releases.history(house.people["author"], "nobody"), house.releases.history(house.people["author"], "\x00"),
                  house.releases.history(house.people["author"], ""), house.releases.document(house.people["author"], PASS, 9),
                  house.releases.proposals(house.people["author"], PASS, 1)):  # fmt: skip
        with pytest.raises(NotThere):
            await asked


async def test_every_document_of_the_city_may_be_released_anew(house: House, store: Store):
    """Those that name each other among them, once they are all in force."""
    texts = FOLDER.texts("policies/*.yaml")
    async with store.database.acquire("desk") as connection:
        await take_documents(connection, [Source(file=name, content=text.encode()) for name, text in texts.items()], CITY.lists, NOON)
    for text in texts.values():
        if "\nkind: claim" not in text and "\nkind: payout" not in text:
            assert (await house.prepared(text + "# again\n"))["state"] == "waiting"
