"""Rosters in a real store: who is on them, with what, and that a question asked again is answered by the same list."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from onecard.app.opening import Store
from onecard.cards.desk import DeskTools
from onecard.cards.following import Account, copy_accounts
from onecard.cards.rules import CardRules
from onecard.payouts import store as lists
from onecard.payouts.accounts import accounts_of_lines
from onecard.payouts.errors import RegionOverlaps, RosterUnknown, SupplementEmpty
from onecard.payouts.model import Evidence, Line, Roster
from onecard.payouts.plan import Planned, planned
from onecard.payouts.service import Asked, plan_roster
from onecard.policy.periods import days_read
from onecard.values.masked import CardNumber
from tests.database.payouts.village import AT, chance, programmes, write_village

VERSIONS = programmes()
HAINING = Asked(region="330481", supplements=None, evidence=None, at=AT, by="somebody")


def plan_of(name: str, period: str = "2024-09", *, with_file: bool = False) -> Planned:
    return planned(VERSIONS, name, period, date(2024, 10, 31), with_file=with_file)


async def write(store: Store, plan: Planned, asked: Asked = HAINING) -> tuple[Roster, bool]:
    async with store.database.acquire("batch") as connection:
        return await plan_roster(connection, store.keyring, plan, asked, chance)


async def lines_of(store: Store, roster: Roster) -> list[Line]:
    async with store.database.acquire("desk") as connection:
        return await lists.lines_of(connection, roster.cycle, roster.roster, 0, 1000)


def paid(lines: Sequence[Line]) -> dict[int, int]:
    return {line.subject: line.amount_fen for line in lines}


async def test_a_computed_roster_holds_who_is_owed_with_shares_facts_and_account(store: Store) -> None:
    await write_village(store)
    roster, new = await write(store, plan_of("high-age-allowance"))
    lines = await lines_of(store, roster)
    assert new and (roster.roster, roster.state, roster.version) == ("high-age-allowance.2024-09.330481", "draft", 1)
    assert paid(lines) == {1: 6000, 2: 6000, 4: 15000, 5: 60000}  # 3 is a day too young, 6 is dead, 9 lives elsewhere.
    assert (roster.lines, roster.amount_fen) == (4, 87000) and [line.seq for line in lines] == [1, 2, 3, 4]
    first = lines[0]
    assert list(first.payers) == [("civil-affairs-330481", 4200), ("city-budget", 1800)]
    assert (first.facts["age"], first.facts["alive"], first.day) == (84, True, date(2024, 9, 30))
    assert [line.account.kind if line.account else None for line in lines] == ["card", "card", "passbook", None]
    assert [line.state for line in lines] == ["pending", "pending", "pending", "held"]


async def test_a_line_is_explained_from_what_it_kept(store: Store) -> None:
    await write_village(store)
    plan = plan_of("high-age-allowance")
    roster, _ = await write(store, plan)
    for line in await lines_of(store, roster):
        assert plan.programme.judge(line.facts) == (line.amount_fen,)
        assert plan.programme.share(line.facts, line.amount_fen) == tuple(line.payers)


async def test_the_same_question_again_is_the_same_list(store: Store) -> None:
    await write_village(store)
    answers = await asyncio.gather(*(write(store, plan_of("high-age-allowance")) for _ in range(3)))
    assert sorted(new for _, new in answers) == [False, False, True]
    assert len({roster.digest for roster, _ in answers}) == 1


async def test_the_digest_is_over_every_line(store: Store) -> None:
    await write_village(store)
    roster, _ = await write(store, plan_of("high-age-allowance"))
    async with store.database.acquire("migrate") as connection:
        changes = ("amount_fen = amount_fen + 1", "subject = 77", "account_key = sha256('x')", "village = 'elsewhere'", "day = day + 1")
        for change in changes:
            transaction = connection.transaction()
            await transaction.start()
            await connection.execute(f"UPDATE payouts_line SET {change} WHERE seq = 2")
            assert (await lists.summed(connection, roster.cycle, roster.roster)).digest != roster.digest
            await transaction.rollback()
        assert (await lists.summed(connection, roster.cycle, roster.roster)).digest == roster.digest


async def test_two_lists_never_share_people(store: Store) -> None:
    await write_village(store)
    await write(store, plan_of("high-age-allowance"))
    with pytest.raises(RegionOverlaps):
        await write(store, plan_of("high-age-allowance"), replace(HAINING, region="330400"))
    other, _ = await write(store, plan_of("high-age-allowance"), replace(HAINING, region="330483"))
    assert paid(await lines_of(store, other)) == {9: 6000}


async def test_nobody_has_two_lines_that_may_be_paid(store: Store) -> None:
    await write_village(store)
    roster, _ = await write(store, plan_of("high-age-allowance"))
    async with store.database.acquire("batch") as connection:
        with pytest.raises(Exception, match="_once"):
            await connection.execute(
                "INSERT INTO payouts_line SELECT cycle, roster || '.1', seq, subject, operator, region, village, day, amount_fen, reason,"
                " facts, funds, shares_fen, account_kind, bank, account_since, account_key, state FROM payouts_line WHERE roster = $1",
                roster.roster,
            )


async def test_a_supplement_pays_who_was_taken_out_and_nobody_else(store: Store) -> None:
    await write_village(store)
    plan = plan_of("high-age-allowance")
    roster, _ = await write(store, plan)
    again = replace(HAINING, supplements=roster.roster)
    with pytest.raises(SupplementEmpty):
        await write(store, plan, again)
    with pytest.raises(RosterUnknown):
        await write(store, plan, replace(HAINING, supplements="high-age-allowance.2024-08.330481"))
    async with store.database.acquire("batch") as connection:
        await connection.execute("UPDATE payouts_line SET state = 'excluded' WHERE roster = $1 AND seq = 2", roster.roster)
    supplement, new = await write(store, plan, again)
    assert new and (supplement.roster, supplement.supplements) == (f"{roster.roster}.1", roster.roster)
    assert paid(await lines_of(store, supplement)) == {2: 6000}
    assert await write(store, plan, again) == (supplement, False)


async def test_a_file_brings_evidence_and_who_is_refused_is_told_why(store: Store) -> None:
    await write_village(store)
    plan = plan_of("farmland-protection", "2023", with_file=True)
    evidence = [
        Evidence(row, subject, "桃园", {"land": land}) for row, (subject, land) in enumerate([(7, 250), (8, 1000), (6, 100), (1, 0)], 2)
    ]
    roster, _ = await write(store, plan, replace(HAINING, evidence=evidence))
    lines = await lines_of(store, roster)
    assert [(line.subject, line.amount_fen, line.reason, line.state) for line in lines] == [
        (7, 37500, "OK", "held"), (8, 150000, "OK", "held"), (6, 0, "BENEFIT_INACTIVE", "excluded"), (1, 0, "NOT_ELIGIBLE", "excluded"),
    ]  # fmt: skip
    assert lines[0].village == "桃园" and lines[0].facts["land"] == 250
    assert roster.lines == 4 and roster.amount_fen == 187500


async def test_of_two_that_exclude_each_other_the_larger_is_paid(store: Store) -> None:
    await write_village(store)
    dibao, _ = await write(store, plan_of("dibao"))
    tekun, _ = await write(store, plan_of("tekun"))
    assert paid(await lines_of(store, dibao)) == {7: 100000}
    assert paid(await lines_of(store, tekun)) == {8: 190000}


async def test_a_published_list_wins_over_a_later_one(store: Store) -> None:
    await write_village(store)
    async with store.database.acquire("migrate") as connection:
        await connection.execute("DELETE FROM people_fact WHERE subject = 8 AND fact = 'hardship'")
        await connection.execute("INSERT INTO people_fact VALUES (8, 'hardship', '2020-01-01', 'dibao')")
    dibao, _ = await write(store, plan_of("dibao"))
    assert set(paid(await lines_of(store, dibao))) == {7, 8}
    async with store.database.acquire("migrate") as connection:
        await connection.execute("UPDATE payouts_roster SET state = 'publicity'")
        await connection.execute("INSERT INTO people_fact VALUES (8, 'hardship', '2020-01-02', 'dibao,tekun')")
    tekun, _ = await write(store, plan_of("tekun"))
    assert await lines_of(store, tekun) == []


@pytest.mark.parametrize("as_of", ["first or last day", "every day", "last day before"])
async def test_any_way_of_reading_days_is_planned(store: Store, as_of: str) -> None:
    await write_village(store)
    plan = plan_of("high-age-allowance")
    assert plan.programme.payout is not None
    other = replace(plan.programme, payout=replace(plan.programme.payout, as_of=as_of))  # type: ignore[arg-type]
    roster, _ = await write(store, replace(plan, programme=other))
    lines = await lines_of(store, roster)
    days = days_read(plan.period, as_of)  # type: ignore[arg-type]
    assert {line.subject for line in lines} >= {1, 4} and all(line.day in days for line in lines)
    assert all(line.facts["age"] >= 80 for line in lines)




async def test_accounts_follow_the_card_by_themselves(store: Store) -> None:
    await write_village(store)
    before, _ = await write(store, plan_of("high-age-allowance", "2024-08"))
    async with store.database.acquire("batch") as connection:
        tools = DeskTools(keyring=store.keyring, rules=CardRules(), chance=chance)
        new = Account(bank="B07", account=CardNumber("6200000000000000099"))
        await copy_accounts(connection, tools, [(1, b"n" * 32, new)], datetime(2024, 10, 1, tzinfo=UTC))
    after, _ = await write(store, plan_of("high-age-allowance"))
    then, now = [(await lines_of(store, roster))[0].account for roster in (before, after)]
    assert then and now and (then.bank, now.bank, now.kind) == ("B02", "B07", "card") and now.account_key != then.account_key
    async with store.database.acquire("batch") as connection:
        opened = await accounts_of_lines(connection, store.keyring, after, 0, 10)
        old = await accounts_of_lines(connection, store.keyring, before, 0, 1)
    assert (opened[0].account.reveal(), opened[0].holder.reveal()) == ("6200000000000000099", "王1")
    assert [each.seq for each in opened] == [1, 2, 3], "who has no account is not opened"
    assert old[0].account.reveal() != opened[0].account.reveal(), "a line keeps the account that stood when it was planned"
