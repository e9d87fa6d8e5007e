"""Four eyes on a real store: by person and not by account, of exactly this digest, once, and by SQL no other way."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from onecard.app.correction_rules import CorrectionUnlisted
from onecard.app.opening import Store
from onecard.app.staff_residents import Correction, CorrectionMalformed
from onecard.cards.errors import MoveRefused
from onecard.people.service import FactExists, known_facts, region_inside
from onecard.staff.errors import ApprovalNeeded, DigestChanged, NotAllowed, NotThere, OwnWork
from onecard.staff.model import OWNER_ACTING, Acting, Right
from onecard.staff.scope import Scope
from tests.database.staff.office import CARDS, HAINING, IDS, LONG_AGO, LOST, TONGXIANG, Office, open_office


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ("clerk", "boss", "boss-haining", "boss-tongxiang", "viewer")) as office:
        yield office


async def prepared(office: Office, acting: Acting) -> dict[str, Any]:
    """Prepare the release of the formally lost card."""
    return await office.desk.cards.release(acting, CARDS[LOST], "social", "found at home")


async def decided(office: Office, acting: Acting, waiting: dict[str, Any], decision: str = "approve", digest: str = "") -> dict[str, Any]:
    told = bytes.fromhex(digest or waiting["digest"])
    return await office.desk.approvals.decide(acting, UUID(waiting["approval"]), told, decision, "seen")  # type: ignore[arg-type]


async def state_of(office: Office, subject: int) -> str:
    told = await office.desk.cards.one(await office.acting("clerk"), CARDS[subject])
    return str(told["social"]["state"])


async def test_a_formal_loss_is_released_by_two(office: Office):
    waiting = await prepared(office, await office.acting("clerk"))
    assert (waiting["kind"], waiting["state"], len(waiting["digest"])) == ("loss-release", "waiting", 64)
    assert await state_of(office, LOST) == "formal_loss"
    told = await decided(office, await office.acting("boss"), waiting)
    assert told["state"] == "approved"
    assert await state_of(office, LOST) == "active"
    async with office.store.database.acquire("desk") as connection:
        struck = await connection.fetchval("SELECT count(*) FROM terminals_hotlist_v1 WHERE added")
        notes = {row["act"] for row in await connection.fetch("SELECT act FROM audit_entry_v1")}
    assert struck == 0
    assert {"loss-release.prepare", "approvals.approve", "cards.release"} <= notes


async def test_who_refuses_changes_nothing_and_that_stands(office: Office):
    waiting = await prepared(office, await office.acting("clerk"))
    boss = await office.acting("boss")
    assert (await decided(office, boss, waiting, "refuse"))["state"] == "refused"
    assert (await decided(office, boss, waiting, "approve"))["state"] == "refused"
    assert await state_of(office, LOST) == "formal_loss"


async def test_own_work_is_counted_by_person_whatever_the_account(office: Office):
    await office.hire("clerk-2", "", "", person="clerk")
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        await office.desk.staff.register.grant(connection, OWNER_ACTING, "clerk", "card-supervisor", Scope(region="330400"), LONG_AGO)
    waiting = await prepared(office, await office.acting("clerk"))
    for who in ("clerk", "clerk-2"):
        with pytest.raises(OwnWork):
            await decided(office, await office.acting(who), waiting)


async def test_own_work_is_not_decided_through_a_delegate(office: Office):
    today = office.clock.at.date()
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        register = office.desk.staff.register
        await register.grant(connection, OWNER_ACTING, "clerk", "card-supervisor", Scope(region="330400"), LONG_AGO)
        await register.delegate(connection, OWNER_ACTING, "clerk", "viewer", today, today)
        await register.delegate(connection, OWNER_ACTING, "boss", "clerk", today, today)
    waiting = await prepared(office, await office.acting("clerk"))
    for who, as_person in (("viewer", "clerk"), ("clerk", "boss")):
        with pytest.raises(OwnWork):
            await decided(office, await office.acting(who, as_person), waiting)
    for_him = await prepared(office, await office.acting("viewer", "clerk"))  # The delegate's work is the other's too.
    for who in ("clerk", "viewer"):
        with pytest.raises(OwnWork):
            await decided(office, await office.acting(who), for_him)
    assert (await decided(office, await office.acting("boss"), for_him))["state"] == "approved"


async def test_another_digest_is_refused_and_nothing_is_decided(office: Office):
    waiting = await prepared(office, await office.acting("clerk"))
    with pytest.raises(DigestChanged):
        await decided(office, await office.acting("boss"), waiting, digest="0" * 64)
    assert await state_of(office, LOST) == "formal_loss"


async def test_the_wrong_county_finds_nothing_and_the_wrong_role_may_not(office: Office):
    waiting = await prepared(office, await office.acting("clerk"))
    with pytest.raises(NotThere):
        await decided(office, await office.acting("boss-tongxiang"), waiting)
    with pytest.raises(NotAllowed):
        await decided(office, await office.acting("viewer"), waiting)
    assert await office.desk.approvals.listed(await office.acting("boss-tongxiang")) == []
    assert len(await office.desk.approvals.listed(await office.acting("boss-haining"))) == 1


async def test_of_two_who_decide_at_once_one_decides_and_it_is_done_once(office: Office):
    waiting = await prepared(office, await office.acting("clerk"))
    deciders = [await office.acting("boss"), await office.acting("boss-haining")]
    said = [(each, say) for each, say in zip(deciders * 4, ["approve", "refuse"] * 4, strict=True)]
    answers = await asyncio.gather(*(decided(office, each, waiting, say) for each, say in said))
    assert len({json.dumps(answer["decision"], sort_keys=True) for answer in answers}) == 1
    async with office.store.database.acquire("desk") as connection:
        assert await connection.fetchval("SELECT count(*) FROM staff_decision") == 1
        moves = await connection.fetchval("SELECT count(*) FROM cards_move WHERE act = 'release'")
    assert moves == (answers[0]["state"] == "approved")


async def test_what_can_no_longer_be_done_takes_the_decision_back(office: Office):
    clerk = await office.acting("clerk")
    release = await prepared(office, clerk)
    cancel = await office.desk.cards.cancel(clerk, CARDS[LOST], "moved away")
    boss = await office.acting("boss")
    assert (await decided(office, boss, cancel))["state"] == "approved"
    with pytest.raises(MoveRefused):
        await decided(office, boss, release)
    listed = {str(each.approval): each.state for each in await office.desk.approvals.listed(boss)}
    assert listed == {release["approval"]: "waiting", cancel["approval"]: "approved"}


async def test_a_correction_is_told_once_two_have_said_so(office: Office):
    clerk, boss = await office.acting("clerk"), await office.acting("boss")
    moved = Correction(fact="registered_region", since=date(2024, 10, 1), value=TONGXIANG, reason="moved")
    waiting = await office.desk.residents.correct(clerk, "1", moved)
    again = await office.desk.residents.correct(clerk, "1", moved)
    with pytest.raises(NotAllowed):  # He would send a person out of his own sight.
        await decided(office, await office.acting("boss-haining"), waiting)
    await decided(office, boss, waiting)
    with pytest.raises(FactExists):
        await decided(office, boss, again)
    async with office.store.database.acquire("desk") as connection:
        assert (await known_facts(connection, 1, date(2024, 10, 31)))["registered_region"] == TONGXIANG
        assert await region_inside(connection, 1, [TONGXIANG]) == TONGXIANG
        assert await region_inside(connection, 1, [HAINING]) is None


@pytest.mark.parametrize("since", [date(1899, 12, 31), date(2024, 11, 1), date.max, date.min])
async def test_no_fact_is_told_of_a_day_that_has_not_come_or_that_nobody_saw(office: Office, since: date):
    moved = Correction(fact="registered_region", since=since, value=TONGXIANG, reason="moved")
    with pytest.raises(CorrectionMalformed) as told:
        await office.desk.residents.correct(await office.acting("clerk"), "1", moved)
    assert told.value.field == "since"


@pytest.mark.parametrize(("fact", "value"), [("hardship", "x"), ("registered_region", "330499"), ("disability", "7")])
async def test_what_the_citys_lists_do_not_hold_waits_for_nobody(office: Office, fact: str, value: str):
    with pytest.raises(CorrectionUnlisted):
        await office.desk.residents.correct(
            await office.acting("clerk"), "1", Correction(fact=fact, since=date(2024, 10, 1), value=value, reason="letter 7")
        )
    assert await office.desk.approvals.listed(await office.acting("boss")) == []


async def test_whoever_was_moved_meanwhile_is_no_longer_decided_about_here(office: Office):
    clerk, boss, haining = [await office.acting(who) for who in ("clerk", "boss", "boss-haining")]
    residents, cards = office.desk.residents, office.desk.cards
    poor = Correction(fact="hardship", since=date(2024, 10, 1), value="dibao", reason="letter 7")
    waiting = [await residents.correct(clerk, "1", poor), await cards.cancel(clerk, CARDS[1], "of no use")]
    moved = Correction(fact="registered_region", since=date(2024, 10, 1), value=TONGXIANG, reason="moved")
    await decided(office, boss, await residents.correct(clerk, "1", moved))
    for each in waiting:
        with pytest.raises(NotThere):
            await decided(office, haining, each)
    assert {each.state for each in await office.desk.approvals.listed(boss, state="waiting")} == {"waiting"}
    for each in waiting:
        await decided(office, boss, each)


async def test_a_person_is_moved_only_to_where_the_second_person_decides_such_things(office: Office):
    clerk, haining = await office.acting("clerk"), await office.acting("boss-haining")
    looks_at_all = Right(role="viewer", scope=Scope(region="330400"), permissions=frozenset({"reports.read"}))
    mixed = replace(haining, rights=(*haining.rights, looks_at_all))
    moved = Correction(fact="registered_region", since=date(2024, 10, 1), value=TONGXIANG, reason="moved")
    with pytest.raises(NotAllowed):
        await decided(office, mixed, await office.desk.residents.correct(clerk, "1", moved))


async def test_beyond_the_budget_a_second_person_is_asked_and_his_word_is_good_once(office: Office):
    clerk = (await office.acting("clerk")).because("holder at the counter")
    for _ in range(20):
        assert (await office.desk.residents.whole(clerk, "1", None))["number"] == IDS[1]
    waiting = await office.desk.residents.whole(clerk, "1", None)
    assert (waiting["kind"], waiting["state"]) == ("full-id", "waiting")
    approval = UUID(waiting["approval"])
    with pytest.raises(ApprovalNeeded):
        await office.desk.residents.whole(clerk, "1", approval)
    await decided(office, await office.acting("boss"), waiting)
    with pytest.raises(ApprovalNeeded):  # Of somebody else.
        await office.desk.residents.whole(clerk, "2", approval)
    assert (await office.desk.residents.whole(clerk, "1", approval))["number"] == IDS[1]
    with pytest.raises(ApprovalNeeded):
        await office.desk.residents.whole(clerk, "1", approval)
    office.later(hours=1)
    fresh = (await office.acting("clerk")).because("holder at the counter")
    assert (await office.desk.residents.whole(fresh, "1", None))["number"] == IDS[1]


async def _decision_row(office: Office, waiting: dict[str, Any], **other: Any) -> list[Any]:
    boss = other.pop("boss", None) or await office.acting("boss")
    told = {
        "approval": UUID(waiting["approval"]), "digest": bytes.fromhex(waiting["digest"]), "prepared_by": "clerk", "prepared_as": "",
        "decision": "approve", "reason": "", "decided_at": office.clock.at, "decided_by": "boss", "decided_as": "",
        "session_hash": boss.session, **other,
    }  # fmt: skip
    return list(told.values())


_DECIDE = """INSERT INTO staff_decision (approval, digest, prepared_by, prepared_as, decision, reason, decided_at, decided_by, decided_as,
    session_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"""


@pytest.mark.parametrize("role", ["desk", "console"])
async def test_by_sql_as_the_program_nothing_is_decided_otherwise(office: Office, role: Any):
    clerk, boss = await office.acting("clerk"), await office.acting("boss")
    waiting = await prepared(office, clerk)
    wrong: list[dict[str, Any]] = [
        {"decided_by": "clerk", "session_hash": clerk.session},  # Own work.
        {"decided_by": "boss", "decided_as": "clerk"},  # In the preparer's place.
        {"decided_by": "nobody"},  # A session of somebody else.
        {"session_hash": b"\x00" * 32},  # No session.
        {"digest": b"\x00" * 32},  # Another digest.
        {"prepared_by": "viewer"},  # Another preparer, so that own work would not show.
        {"approval": uuid4()},  # Nothing that waits.
    ]
    async with office.store.database.acquire(role) as connection:
        for each in wrong:
            with pytest.raises((asyncpg.CheckViolationError, asyncpg.ForeignKeyViolationError, asyncpg.InsufficientPrivilegeError)):
                async with connection.transaction():
                    await connection.execute("SELECT set_config('onecard.regions', '3304', true)")
                    await connection.execute(_DECIDE, *await _decision_row(office, waiting, boss=boss, **each))
        async with connection.transaction():
            await connection.execute("SELECT set_config('onecard.regions', '3304', true)")
            await connection.execute(_DECIDE, *await _decision_row(office, waiting, boss=boss))
        with pytest.raises(asyncpg.UniqueViolationError):
            async with connection.transaction():
                await connection.execute("SELECT set_config('onecard.regions', '3304', true)")
                await connection.execute(_DECIDE, *await _decision_row(office, waiting, boss=boss, decision="refuse"))
        for change in (
            "UPDATE staff_decision SET decision = 'refuse'", "DELETE FROM staff_decision", "UPDATE staff_request SET digest = digest",
            "DELETE FROM staff_request", "UPDATE staff_session SET person = 'boss'", "DELETE FROM audit_entry",
        ):  # fmt: skip
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change)


async def test_administrators_are_never_two_of_them(office: Office):
    register = office.desk.staff.register
    from onecard.staff.errors import AdminsDisjoint, SelfGrant

    async with office.store.database.acquire("desk") as connection:
        async with connection.transaction():
            first = await register.grant(connection, OWNER_ACTING, "viewer", "admin-system", Scope(), LONG_AGO)
        for other in ("admin-security", "admin-audit"):
            with pytest.raises(AdminsDisjoint):
                async with connection.transaction():
                    await register.grant(connection, OWNER_ACTING, "viewer", other, Scope(), LONG_AGO)
        async with connection.transaction():
            await register.end_grant(connection, OWNER_ACTING, first.grant)
        with pytest.raises(AdminsDisjoint):
            async with connection.transaction():
                await register.grant(connection, OWNER_ACTING, "viewer", "admin-audit", Scope(), LONG_AGO)
        boss = await office.acting("boss")
        with pytest.raises(SelfGrant):
            async with connection.transaction():
                await register.grant(connection, boss, "boss", "viewer", Scope(region=HAINING), LONG_AGO)
        bad = "INSERT INTO staff_grant (grant_id, person, role, admin_class, region, scene, programme, from_day, granted_by, granted_at) "
        for values in (
            "(gen_random_uuid(), 'viewer', 'admin-audit', 'audit', '', '*', '*', '2024-01-01', 'x', now())",
            "(gen_random_uuid(), 'viewer', 'admin-audit', NULL, '', '*', '*', '2024-01-01', 'x', now())",
            "(gen_random_uuid(), 'viewer', 'admin-audit', 'system', '', '*', '*', '2024-01-01', 'x', now())",
            "(gen_random_uuid(), 'boss', 'viewer', NULL, '', '*', '*', '2024-01-01', 'boss', now())",
        ):
            with pytest.raises((asyncpg.CheckViolationError, asyncpg.ForeignKeyViolationError)):
                await connection.execute(f"{bad} VALUES {values}")
