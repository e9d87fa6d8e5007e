"""The first day: the home's owner makes the three administrators, and from then on they do the rest."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from onecard.app.opening import Store
from onecard.app.staff_office import StaffOffice
from onecard.staff.errors import AccountExists, NotAllowed, NotSignedIn, SelfGrant, StaffUnknown
from onecard.staff.scope import Scope
from tests.database.staff.office import HAINING, LONG_AGO, Office, open_office

ADMINISTRATORS = ("admin-system", "admin-security", "admin-audit")


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ()) as office:
        yield office


@pytest.fixture
async def staff(office: Office) -> StaffOffice:
    """The office on the evening of its first day: three people, each an administrator."""
    staff = StaffOffice(staff=office.desk.staff)
    for role in ADMINISTRATORS:
        await staff.hire(None, role, role.title())
        office.accounts[role] = await staff.open_account(None, role, role)
        await staff.grant(None, role, role, Scope(), LONG_AGO)
    return staff


async def test_the_owner_gives_no_other_role_and_no_administrators_twice(office: Office):
    staff = StaffOffice(staff=office.desk.staff)
    await staff.hire(None, "one", "One")
    await staff.hire(None, "two", "Two")
    with pytest.raises(NotSignedIn):
        await staff.grant(None, "one", "card-clerk", Scope(region=HAINING), LONG_AGO)
    await staff.grant(None, "one", "admin-system", Scope(), LONG_AGO)
    with pytest.raises(NotSignedIn):
        await staff.grant(None, "two", "admin-system", Scope(), LONG_AGO)


async def test_once_there_are_administrators_the_owner_does_nothing_more(staff: StaffOffice):
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: staff.hire(None, "late", "Late"), lambda: staff.open_account(None, "late", "admin-system"),
        lambda: staff.close_account(None, "admin-system"), lambda: staff.listed(None),
        lambda: staff.grant(None, "admin-audit", "card-clerk", Scope(region=HAINING), LONG_AGO),
        lambda: staff.delegate(None, "admin-system", "admin-audit", LONG_AGO, LONG_AGO),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(NotSignedIn):
            await attempt()


async def test_each_administrator_does_his_part_and_no_other(office: Office, staff: StaffOffice):
    system, security, audit = [await office.acting(role) for role in ADMINISTRATORS]
    for other in (security, audit):
        with pytest.raises(NotAllowed):
            await staff.hire(other, "new", "New")
    await staff.hire(system, "new", "New")
    office.accounts["new"] = await staff.open_account(system, "new", "new")
    for other in (system, audit):
        with pytest.raises(NotAllowed):
            await staff.grant(other, "new", "card-clerk", Scope(region=HAINING), LONG_AGO)
    grant = await staff.grant(security, "new", "card-clerk", Scope(region=HAINING), LONG_AGO)
    token, acting = await office.sign_in("new")
    assert acting.roles == ("card-clerk",)
    await staff.end_grant(security, grant.grant)
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)
    assert (await office.acting("new")).rights == ()
    accounts, grants = await staff.listed(audit)
    assert {row["account"] for row in accounts} == {*ADMINISTRATORS, "new"}
    assert [row["ended_at"] is not None for row in grants if row["person"] == "new"] == [True]


async def test_what_is_not_there_is_told(office: Office, staff: StaffOffice):
    system, security, _ = [await office.acting(role) for role in ADMINISTRATORS]
    with pytest.raises(StaffUnknown):
        await staff.open_account(system, "x", "nobody")
    with pytest.raises(AccountExists):
        await staff.open_account(system, "admin-audit", "admin-audit")
    with pytest.raises(AccountExists):
        await staff.hire(system, "admin-audit", "Again")
    with pytest.raises(StaffUnknown):
        await staff.grant(security, "admin-audit", "no-such-role", Scope(), LONG_AGO)
    with pytest.raises(StaffUnknown):
        await staff.close_account(system, "nobody")
    for person, delegate in (("admin-system", "admin-security"), ("admin-audit", "admin-audit")):
        with pytest.raises(SelfGrant):
            await staff.delegate(security, person, delegate, LONG_AGO, LONG_AGO)


async def test_everything_about_staff_is_on_record_and_no_secret(office: Office, staff: StaffOffice):
    async with office.store.database.acquire("audit_ro") as connection:
        rows = [dict(row) for row in await connection.fetch("SELECT * FROM audit_entry_v1")]
    assert {row["act"] for row in rows} == {"staff.hire", "staff.account", "staff.grant"}
    assert {row["person"] for row in rows} == {"home-owner"}
    for account in office.accounts.values():
        assert account.password not in str(rows)
        assert account.totp not in str(rows)
