"""A person is erased: nothing leads to him, nothing of his can be proved, and the log and every check stay whole."""

from datetime import timedelta

import pytest

from onecard.app.erasing import NobodyThere, erase_person
from onecard.app.verification import verify_rooms
from onecard.audit.erased import erased_people
from onecard.audit.proof import NotProvable, prove_use
from onecard.cards.service import find_subject
from onecard.uses.plan import anonymous_salt
from tests.database.audit.acting import AUDITOR, take_all
from tests.database.town import CARDS, NOON, open_town

ELDER = 2
AFTER = NOON + timedelta(days=3)


async def no_wait(seconds: float) -> None:
    """Nobody taps meanwhile."""


async def erase(audited, subject=ELDER, wait=no_wait):
    return await erase_person(audited.store.database, AUDITOR, subject, "asked by himself", lambda: AFTER, wait)


@pytest.fixture
async def erased(audited):
    done = await erase(audited)
    assert done.kept.records == 8, "six rides, two of them taken back"
    return audited


async def test_every_check_holds_before_and_after_the_next_head(erased):
    assert await erased.problems(erased.today) == {}
    newest = await take_all(erased.store, erased.keys, AFTER + timedelta(minutes=1))
    assert newest.head.size == erased.today.head.size + 2, "the cut and the erasure are leaves"
    checks = await erased.checks(newest)
    assert {name: check.problems for name, check in checks.items() if check.problems} == {}
    assert checks["erased-persons-records-stay"].examined == 1
    async with erased.store.database.acquire("audit_ro") as connection:
        assert [check.problems for check in await verify_rooms(connection, erased.store.keyring.hash_key, AFTER) if check.problems] == []


async def test_nothing_leads_to_him_and_nothing_of_his_is_proved(erased):
    async with erased.store.database.acquire("desk") as connection:
        assert await find_subject(connection, erased.store.keyring, "card", CARDS["elder"]) is None
        for table in ("people_subject", "people_fact", "people_identity", "people_number", "cards_card", "cards_credential"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table} WHERE subject = $1", ELDER) == 0, table
        with pytest.raises(NotProvable):
            await prove_use(connection, erased.keys.suite.digest, "BUS-1.2", anonymous_salt(erased.store.keyring.hash_key))
        assert [each.subject for each in await erased_people(connection)] == [ELDER]


async def test_his_card_is_nobodys_from_then_on(erased):
    async with open_town(erased.store, build=False, server="later") as town:
        town.moment[0] = AFTER
        answer = (await town.uses.record([town.tap("elder", "BUS-1", 99)], AFTER))[0]
    assert answer.reason == "CARD_UNKNOWN"
    await take_all(erased.store, erased.keys, AFTER + timedelta(minutes=1))
    assert await erased.problems(erased.today) == {}


async def test_what_stays_of_him_is_still_held_together(erased):
    await erased.sql("UPDATE ledger_use SET list_price_fen = 300, paid_fen = paid_fen + 100 WHERE terminal = 'BUS-1' AND seq = 2")
    found = await erased.problems(erased.today)
    assert "records of an erased person" in found["erased-persons-records-stay"][0]


async def test_a_person_who_is_simply_removed_is_missed(audited):
    await audited.sql("DELETE FROM people_fact WHERE subject = 2")
    await audited.sql("DELETE FROM people_scope WHERE subject = 2")
    await audited.sql("DELETE FROM people_subject WHERE subject = 2")
    found = (await audited.problems(audited.today))["leaves-cover-records"]
    assert len(found) == 8 and all("its person is gone, and no erasure is on record" in each for each in found)


async def test_nobody_is_erased_twice_or_without_being_on_record(erased):
    with pytest.raises(NobodyThere):
        await erase(erased)
    for function in ("audit_erase", "audit_cut_off"):
        async with erased.store.database.acquire("desk") as connection:
            with pytest.raises(Exception, match="on record"):
                await connection.execute(f"SELECT {function}(3)")
        async with erased.store.database.acquire("lane") as connection:
            with pytest.raises(Exception, match="permission denied"):
                await connection.execute(f"SELECT {function}(3)")


async def test_an_erasure_that_was_interrupted_is_begun_again(audited):
    async def power_cut(seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await erase(audited, wait=power_cut)
    assert await audited.problems(audited.today) == {}
    assert (await erase(audited)).kept.records == 8
    assert await audited.problems(audited.today) == {}
