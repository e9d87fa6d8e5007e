"""A draft looked at before it is handed in, and by the second person: the same things, of the very text that waits."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from onecard.app.draft_desk import StaffDrafts
from onecard.app.opening import Store
from onecard.app.release_desk import StaffReleases
from onecard.policy.model import Source
from onecard.releases.reviewing import Review
from onecard.releases.service import take_documents
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting
from tests.conftest import fresh_store
from tests.database.releases.town_policies import CITY, PASS, TEXT, changed
from tests.database.staff.office import NOON, Office, open_office

QUARTER = changed(("list_price * 50%", "list_price * 25%"), day="2025-01-01")


@dataclass
class Desk:
    """An author, a second person, and somebody else."""

    office: Office
    drafts: StaffDrafts
    people: dict[str, Acting]

    async def looked_at(self, text: str, who: str = "author") -> Review:
        return await self.drafts.review(self.people[who], Source(file="draft.yaml", content=text.encode()))


@pytest.fixture(scope="module")
async def desk(server: Store) -> AsyncIterator[Desk]:
    """Nothing that is looked at changes it; only the last test lets something wait."""
    async with fresh_store(server) as store, open_office(store, ("viewer",)) as office:
        async with store.database.acquire("desk") as connection:
            await take_documents(connection, [Source(file="pass.yaml", content=TEXT.encode())], CITY.lists, NOON)
        for who in ("author", "approver"):
            await office.hire(who, f"policy-{who}", "330400")
        people = {who: await office.acting(who) for who in ("author", "approver", "viewer")}
        yield Desk(office=office, drafts=StaffDrafts(work=office.desk.work, lists=CITY.lists), people=people)


async def test_a_good_draft_says_what_it_becomes_and_what_changes(desk: Desk):
    found = await desk.looked_at(QUARTER)
    assert (found.releasable, found.version, found.against and found.against.version, found.findings) == (True, 2, 1, ())
    assert {change.path for change in found.changes} >= {"pay.2", "effective.from"}
    assert any(line.how == "come" and "25%" in line.text for hunk in found.hunks for line in hunk.lines)
    assert [run.failure for run in found.cases] == [None, None]
    assert found.clauses is not None


async def test_a_failing_case_and_a_finding_have_their_lines_and_are_all_told(desk: Desk):
    failing = await desk.looked_at(QUARTER.replace("paid: 0.00", "paid: 1.00"))
    (run,) = [run for run in failing.cases if run.failure is not None]
    assert "paid: 1.00" in QUARTER.replace("paid: 0.00", "paid: 1.00").splitlines()[run.line - 1]
    assert (failing.releasable, run.failure and run.failure.got) == (False, "paid: 0.00")
    wrong = await desk.looked_at(QUARTER.replace("age >= 60", "age >= sixty").replace("transit of", "transitt of"))
    assert len(wrong.findings) == 2
    assert (wrong.releasable, wrong.cases, wrong.clauses) == (False, (), None)
    assert wrong.hunks, "the text is compared whatever it means"


@pytest.mark.parametrize("text", ["", "\x00", "a: [", "programme: x", "# nothing\n", "\ud800".encode("utf-8", "replace").decode()])
async def test_what_is_no_document_is_told_as_findings(desk: Desk, text: str):
    found = await desk.looked_at(text)
    assert found.findings
    assert (found.releasable, found.clauses) == (False, None)


async def test_a_name_that_nobody_released_and_the_same_content_forbid_it(desk: Desk):
    named = await desk.looked_at(QUARTER.replace("funding:", "prefer_over: [no-such-programme]\nfunding:"))
    assert [finding.code for finding in named.findings] == ["ELSEWHERE"]
    same = await desk.looked_at(TEXT)
    assert (same.same_as, same.releasable, same.changes) == (1, False, ())


async def test_a_new_programme_is_held_against_nothing(desk: Desk):
    found = await desk.looked_at(QUARTER.replace(f"programme: {PASS}", "programme: another-pass"))
    assert (found.version, found.against, found.changes, found.hunks) == (1, None, (), ())


async def test_the_second_person_sees_the_very_text_that_waits_and_others_do_not(desk: Desk):
    releases = StaffReleases(work=desk.office.desk.work, lists=CITY.lists)
    waiting = await releases.prepare(desk.people["author"], Source(file="draft.yaml", content=QUARTER.encode()), "why")
    approval = uuid.UUID(waiting["approval"])
    request, found = await desk.drafts.requested(desk.people["approver"], approval)
    assert (request.by, found.source, found.sha256) == ("author", QUARTER, request.payload["sha256"])
    assert [each.approval for each in await desk.drafts.waiting(desk.people["approver"])] == [approval]
    with pytest.raises((NotAllowed, NotThere)):
        await desk.drafts.requested(desk.people["viewer"], approval)
    with pytest.raises(NotAllowed):
        await desk.looked_at(QUARTER, "approver")
    async with desk.office.store.database.acquire("migrate") as connection:
        await connection.execute("UPDATE staff_request SET payload = replace(payload::text, '25%', '5%')::jsonb")
    request, found = await desk.drafts.requested(desk.people["approver"], approval)
    assert found.sha256 != request.payload["sha256"], "what was changed in the store is seen before anybody approves it"
