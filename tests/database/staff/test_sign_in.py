"""Signing in on a real store: one-time codes used once, a thousand wrong passwords, sessions that end when they must."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from onecard.app.opening import Store
from onecard.staff.errors import Locked, NotSignedIn, PasswordWeak, SignInWrong
from onecard.staff.model import OWNER_ACTING
from onecard.staff.scope import Scope
from onecard.staff.sign_in import Proof
from onecard.staff.store import SQL
from tests.database.staff.office import LONG_AGO, Office, open_office


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ("clerk", "boss", "admin-system")) as office:
        yield office


def proof(office: Office, who: str, **other: str) -> Proof:
    account = office.accounts[who]
    told = {"account": account.account, "password": account.password, "code": "", "as_person": "", **other}
    return Proof(**told)


async def attempt(office: Office, shown: Proof, address: str = "10.0.0.1") -> str:
    try:
        await office.desk.staff.sign_in.sign_in(shown, address)
    except (SignInWrong, Locked) as refused:
        return refused.code
    return "in"


async def test_name_password_and_code_open_a_session(office: Office):
    token, acting = await office.sign_in("clerk")
    assert (acting.person, acting.account, acting.roles) == ("clerk", "clerk", ("card-clerk",))
    read = await office.desk.staff.session(token)
    assert read.acting == acting
    assert read.until - office.clock.at == timedelta(hours=8)
    assert read.expires_at - office.clock.at == timedelta(minutes=15)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"password": "wrong"}, id="password"),
        pytest.param({"account": "nobody"}, id="account"),
        pytest.param({"code": "000000"}, id="code"),
        pytest.param({"code": "１２３４５６"}, id="full-width code"),
        pytest.param({"as_person": "boss"}, id="nobody lets him act for another"),
    ],
)
async def test_whatever_is_wrong_is_answered_alike(office: Office, wrong: dict[str, str]):
    shown = proof(office, "clerk", **{"code": office.code("clerk"), **wrong})
    with pytest.raises(SignInWrong):
        await office.desk.staff.sign_in.sign_in(shown, "10.0.0.1")


async def test_a_code_is_good_once(office: Office):
    shown = proof(office, "clerk", code=office.code("clerk"))
    assert await attempt(office, shown) == "in"
    assert await attempt(office, shown) == "staff.sign_in_wrong"


async def test_a_code_before_the_last_one_used_is_good_for_nothing_though_nobody_used_it(office: Office):
    before, then = office.code("clerk"), office.code("clerk")
    assert await attempt(office, proof(office, "clerk", code=then)) == "in"
    assert await attempt(office, proof(office, "clerk", code=before)) == "staff.sign_in_wrong"
    assert await attempt(office, proof(office, "clerk", code=office.code("clerk"))) == "in"
    async with office.store.database.acquire("desk") as connection:  # Whoever writes there directly is told the same.
        assert await connection.fetchval(SQL.use_step, "clerk", int(office.unix[0]) // 30) is None
        assert await connection.fetchval(SQL.use_step, "clerk", int(office.unix[0]) // 30 + 1) is not None


async def test_of_two_who_show_one_code_at_once_one_is_in(office: Office):
    shown = proof(office, "clerk", code=office.code("clerk"))
    assert sorted(await asyncio.gather(*(attempt(office, shown) for _ in range(4)))) == ["in"] + ["staff.sign_in_wrong"] * 3


async def test_a_thousand_wrong_passwords_are_evaluated_five_times(office: Office):
    passwords = office.desk.staff.sign_in.passwords
    before = passwords.evaluated
    codes: list[str] = []
    for lot in range(20):
        wrong = [proof(office, "clerk", password=f"wrong {lot} {n}") for n in range(50)]
        codes += await asyncio.gather(*(attempt(office, each) for each in wrong))
    assert len(codes) == 1000
    assert codes.count("staff.locked") == 995
    assert passwords.evaluated - before == 5


async def test_a_lock_holds_for_the_right_password_and_ends_and_grows(office: Office):
    for n in range(5):
        assert await attempt(office, proof(office, "clerk", password=f"wrong {n}")) == "staff.sign_in_wrong"
    right = proof(office, "clerk", code=office.code("clerk"))
    with pytest.raises(Locked) as locked:
        await office.desk.staff.sign_in.sign_in(right, "10.0.0.1")
    assert locked.value.facts["retry_after"] == 15 * 60 + 1
    assert await attempt(office, proof(office, "boss", code=office.code("boss"))) == "in"  # Nobody else is locked.
    office.later(minutes=15, seconds=1)
    for n in range(5):
        assert await attempt(office, proof(office, "clerk", password=f"wrong {n}")) == "staff.sign_in_wrong"
    office.later(minutes=16)
    assert await attempt(office, right) == "staff.locked"
    office.later(minutes=15)
    assert await attempt(office, proof(office, "clerk", code=office.code("clerk"))) == "in"


async def test_a_right_sign_in_forgives_the_wrong_ones(office: Office):
    for _ in range(3):
        for n in range(4):
            assert await attempt(office, proof(office, "clerk", password=f"wrong {n}")) == "staff.sign_in_wrong"
        assert await attempt(office, proof(office, "clerk", code=office.code("clerk"))) == "in"


async def test_every_sign_in_is_on_record_and_no_typed_name(office: Office):
    token, _ = await office.sign_in("clerk")
    await attempt(office, proof(office, "clerk", password="wrong"))
    await attempt(office, proof(office, "clerk", account="my-password-by-mistake"))
    await office.desk.staff.sign_out(token)
    await office.desk.staff.sign_out(token)
    async with office.store.database.acquire("audit_ro") as connection:
        rows = await connection.fetch("SELECT person, act, object, result FROM audit_entry_v1")
    assert sorted(tuple(row) for row in rows) == [
        ("", "session.open", "account ?", "staff.sign_in_wrong"), ("clerk", "session.end", "account clerk", "ok"),
        ("clerk", "session.open", "account clerk", "ok"), ("clerk", "session.open", "account clerk", "staff.sign_in_wrong"),
    ]  # fmt: skip


async def test_an_address_that_tries_many_names_is_locked_and_cannot_lock_names(office: Office):
    staff = office.desk.staff
    rules = replace(staff.roles, sign_in=replace(staff.roles.sign_in, address_failures=20))
    office.desk = replace(office.desk, staff=replace(staff, sign_in=replace(staff.sign_in, roles=rules)))
    told = [await attempt(office, proof(office, "clerk", account=f"name-{n}"), "10.9.9.9") for n in range(22)]
    assert told.count("staff.sign_in_wrong") == 20
    for _ in range(10):
        assert await attempt(office, proof(office, "clerk", password="wrong"), "10.9.9.9") == "staff.locked"
    assert await attempt(office, proof(office, "clerk", code=office.code("clerk"))) == "in"


async def test_a_session_ends_when_nothing_is_asked_for_a_quarter_of_an_hour(office: Office):
    token, _ = await office.sign_in("clerk")
    for _ in range(3):
        office.later(minutes=14)
        await office.desk.staff.session(token)
    office.later(minutes=15)
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)


async def test_a_session_ends_after_eight_hours_however_busy(office: Office):
    token, _ = await office.sign_in("clerk")
    for _ in range(47):
        office.later(minutes=10)
        await office.desk.staff.session(token)
    office.later(minutes=10)
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)


async def test_a_session_is_over_after_signing_out(office: Office):
    token, _ = await office.sign_in("clerk")
    await office.desk.staff.sign_out(token)
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)


async def test_signing_in_again_ends_the_session_before(office: Office):
    token, _ = await office.sign_in("clerk")
    again, _ = await office.desk.staff.sign_in.sign_in(proof(office, "clerk", code=office.code("clerk")), "10.0.0.1", token)
    assert again != token
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)


async def test_a_session_is_worth_nothing_once_rights_change(office: Office):
    token, _ = await office.sign_in("clerk")
    other, _ = await office.sign_in("boss")
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        await office.desk.staff.register.grant(connection, OWNER_ACTING, "clerk", "viewer", Scope(region="330481"), LONG_AGO)
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)
    assert (await office.desk.staff.session(other)).acting.person == "boss"
    assert (await office.acting("clerk")).roles == ("card-clerk", "viewer")


async def test_a_closed_account_opens_nothing(office: Office):
    token, _ = await office.sign_in("clerk")
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        await office.desk.staff.register.close_account(connection, "clerk")
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)
    assert await attempt(office, proof(office, "clerk", code=office.code("clerk"))) == "staff.sign_in_wrong"


async def test_a_delegate_has_the_others_rights_for_his_days_and_no_administrators(office: Office):
    today = office.clock.at.date()
    register = office.desk.staff.register
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        await register.delegate(connection, OWNER_ACTING, "boss", "clerk", today, today)
        await register.delegate(connection, OWNER_ACTING, "admin-system", "clerk", today, today)
    token, acting = await office.sign_in("clerk", as_person="boss")
    assert acting.humans == frozenset({"clerk", "boss"})
    assert acting.roles == ("card-supervisor",)
    assert (await office.acting("clerk", as_person="admin-system")).rights == ()
    office.later(days=1)
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)
    assert await attempt(office, proof(office, "clerk", code=office.code("clerk"), as_person="boss")) == "staff.sign_in_wrong"


async def test_a_password_is_changed_by_whoever_knows_the_old_one(office: Office):
    token, acting = await office.sign_in("clerk")
    old, sign_in = office.accounts["clerk"].password, office.desk.staff.sign_in
    for weak in ("short", old, "my-clerk-password", "x" * 257):
        with pytest.raises(PasswordWeak):
            await sign_in.change_password(acting, old, weak, "10.0.0.1")
    with pytest.raises(SignInWrong):
        await sign_in.change_password(acting, "not the old one", "a new one of mine", "10.0.0.1")
    await sign_in.change_password(acting, old, "a new one of mine", "10.0.0.1")
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)
    assert await attempt(office, proof(office, "clerk", code=office.code("clerk"))) == "staff.sign_in_wrong"
    assert await attempt(office, proof(office, "clerk", password="a new one of mine", code=office.code("clerk"))) == "in"


async def test_guessing_the_old_password_locks_like_guessing_at_the_door(office: Office):
    _, acting = await office.sign_in("clerk")
    for n in range(5):
        with pytest.raises(SignInWrong):
            await office.desk.staff.sign_in.change_password(acting, f"guess {n}", "a new one of mine", "10.0.0.1")
    with pytest.raises(Locked):
        await office.desk.staff.sign_in.change_password(acting, office.accounts["clerk"].password, "a new one of mine", "10.0.0.1")


async def test_a_delegation_that_ends_ends_its_sessions(office: Office):
    today = office.clock.at.date()
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        await office.desk.staff.register.delegate(connection, OWNER_ACTING, "boss", "clerk", today, today + timedelta(days=9))
    token, _ = await office.sign_in("clerk", as_person="boss")
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        await office.desk.staff.register.end_delegation(connection, "boss", "clerk")
    with pytest.raises(NotSignedIn):
        await office.desk.staff.session(token)


async def test_what_is_kept_opens_nothing(office: Office):
    token, _ = await office.sign_in("clerk")
    account = office.accounts["clerk"]
    async with office.store.database.acquire("migrate") as connection:
        kept = ""
        for table in ("staff_account", "staff_session", "staff_throttle"):
            kept += str([dict(row) for row in await connection.fetch(f"SELECT * FROM {table}")])
    for secret in (token, account.password, account.totp):
        assert secret not in kept
