"""The audit as staff read it: each record held to its leaf while it is shown, the head to its tree, counties apart, looking on record."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from onecard.app.opening import Store
from onecard.app.staff_audit import StaffAudit
from onecard.audit.reading import Asked
from onecard.settings.log_keys import LogKeys
from onecard.staff.errors import NotAllowed, NotThere
from tests.database.audit.acting import keys_in, take_all
from tests.database.staff.office import HAINING, LOST, TONGXIANG, Office, open_office, without_predicate

EVERYTHING = Asked(prefixes=())


@pytest.fixture
def keys(tmp_path: Path) -> LogKeys:
    return keys_in(tmp_path)


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ("clerk", "clerk-tongxiang", "auditor", "viewer")) as office:
        await office.hire("auditor-haining", "auditor", HAINING)
        yield office


@pytest.fixture
def audit(office: Office, keys: LogKeys) -> StaffAudit:
    return StaffAudit(work=office.desk.work, keys=lambda: keys)


async def look(office: Office) -> None:
    """Let two clerks look at people of two counties, and one try where he may not."""
    await office.desk.issuing.person((await office.acting("clerk")).because("asked at the desk"), str(LOST))
    await office.desk.issuing.person(await office.acting("clerk-tongxiang"), "3")
    with pytest.raises(NotThere):
        await office.desk.issuing.person(await office.acting("clerk-tongxiang"), str(LOST))


async def test_each_record_stands_in_the_log_as_it_was_written(office: Office, audit: StaffAudit, keys: LogKeys):
    await look(office)
    auditor = await office.acting("auditor")
    await take_all(office.store, keys, office.clock.at)
    office.later(seconds=1)
    page = await audit.page(auditor, EVERYTHING)
    placed = [each.placed for each in page.entries if each.kept.act != "audit.read"]
    assert len(placed) >= 6 and set(placed) == {"in_log"}
    assert page.head is not None and page.head.good
    assert page.entries[0].kept.act == "audit.read" and page.entries[0].placed == "waiting", "his own look is on record, and shown"


async def test_a_record_that_was_changed_or_taken_out_of_the_log_is_marked_in_its_row(office: Office, audit: StaffAudit, keys: LogKeys):
    await look(office)
    auditor = await office.acting("auditor")
    await take_all(office.store, keys, office.clock.at)
    async with office.store.database.acquire("migrate") as connection:  # As superuser, as an insider would.
        await connection.execute("UPDATE audit_entry SET purpose = 'nothing of note' WHERE purpose = 'asked at the desk'")
        refused = "(SELECT entry FROM audit_entry WHERE result = 'staff.not_there' AND person = 'clerk-tongxiang')"
        await connection.execute(f"DELETE FROM audit_log WHERE ref IN {refused}")
    office.later(minutes=10)
    page = await audit.page(auditor, EVERYTHING)
    marked = {(each.kept.person, each.placed) for each in page.entries if each.placed in ("changed", "missing")}
    assert marked == {("clerk", "changed"), ("clerk-tongxiang", "missing")}


async def test_a_head_over_a_tree_that_was_rewritten_is_told(office: Office, audit: StaffAudit, keys: LogKeys, tmp_path: Path):
    await look(office)
    await take_all(office.store, keys, office.clock.at)
    async with office.store.database.acquire("migrate") as connection:
        await connection.execute("UPDATE audit_log SET leaf = sha256(leaf), above = repeat(E'\\\\001', length(above))::bytea")
    head = await audit.head(await office.acting("auditor"))
    assert head is not None and head.by_our_key and not head.root_holds
    elsewhere = tmp_path / "another"
    elsewhere.mkdir()
    other = keys_in(elsewhere)
    strange = await StaffAudit(work=office.desk.work, keys=lambda: other).head(await office.acting("auditor"))
    assert strange is not None and not strange.by_our_key


REACHES = {
    "auditor": {"", HAINING, TONGXIANG}, "auditor-haining": {HAINING}, "admin-audit": {""}, "admin-haining": {HAINING},
}  # fmt: skip
"""Who reads the audit, and of which regions; '' is what belongs to none."""


@pytest.mark.parametrize("standing", ["both", "database", "queries"])
async def test_what_has_no_region_is_for_who_audits_the_whole_city(office: Office, audit: StaffAudit, standing: str):
    await office.hire("admin-audit", "admin-audit", "")
    await office.hire("admin-haining", "admin-audit", HAINING)
    await look(office)
    async with office.store.database.acquire("migrate") as connection:
        await connection.execute("INSERT INTO audit_alarm SELECT entry, 'budget', at, person, region, region FROM audit_entry")
        if standing == "queries":
            await connection.execute("ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY")
            await connection.execute("ALTER TABLE audit_alarm DISABLE ROW LEVEL SECURITY")
    asked = replace(audit, work=without_predicate(office).work) if standing == "database" else audit
    for who, regions in REACHES.items():
        page = await asked.page(await office.acting(who), EVERYTHING, most=500)
        assert {each.kept.region for each in page.entries} == regions, who
        assert {each.detail for each in page.alarms} <= regions, who
        assert page.alarms, who
        exported = await asked.export(await office.acting(who), EVERYTHING)
        assert {each.kept.region for each in exported} == regions, who


async def test_without_either_wall_a_county_sees_what_has_no_region(office: Office, audit: StaffAudit):
    """The test above leans on what it says it does."""
    await look(office)
    async with office.store.database.acquire("migrate") as connection:
        await connection.execute("ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY")
    bare = replace(audit, work=without_predicate(office).work)
    page = await bare.page(await office.acting("auditor-haining"), EVERYTHING)
    assert {each.kept.region for each in page.entries} == {"", HAINING, TONGXIANG}


async def test_who_saw_somebody_is_found_by_that_somebody(office: Office, audit: StaffAudit):
    await look(office)
    page = await audit.page(await office.acting("auditor"), Asked(prefixes=(), subject=LOST))
    assert {(each.kept.person, each.kept.purpose) for each in page.entries if each.kept.act == "cards.read"} == {
        ("clerk", "asked at the desk")
    }


async def test_a_file_holds_everything_and_is_on_record_and_others_get_none(office: Office, audit: StaffAudit):
    await look(office)
    auditor = await office.acting("auditor")
    office.later(seconds=1)
    found = await audit.export(auditor, EVERYTHING)
    assert found[0].kept.act == "audit.export"
    with pytest.raises(NotAllowed):
        await audit.export(await office.acting("viewer"), EVERYTHING)
    with pytest.raises(NotAllowed):
        await audit.page(await office.acting("clerk"), EVERYTHING)
