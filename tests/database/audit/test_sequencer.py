"""The log takes each batch and entry once, whoever else is at it and whatever dies in the middle."""

import asyncio
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from onecard.app.opening import Store
from onecard.audit import store as audit_store
from onecard.audit.canary import watch_residents
from onecard.audit.leaves import batch_data
from onecard.audit.reading import Asked, alarms
from onecard.audit.sequencer import sequence
from onecard.audit.service import BudgetSpent, check_budget, note
from onecard.audit.tree import consistency_proof, frontier_of, inclusion_proof, log_size
from onecard.settings.keys import load_keyring
from onecard.settings.log_keys import rotate_log_key
from onecard.values.merkle import EMPTY, leaf_hash
from onecard.values.merkle_proof import extends, is_included
from onecard.values.signed_head import read_head
from tests.database.audit.acting import LONG_BEFORE, Someone, keys_in, take_all
from tests.database.town import NOON, open_town

SOURCE = Path(__file__).resolve().parents[3]


async def looks(store: Store, number: int, *, role="desk", **more) -> None:
    async with store.database.acquire(role) as connection, connection.transaction():
        for each in range(number):
            told = {"act": "uses.read", "object": f"use {each}", "region": "330481", "purpose": "a complaint", "result": "ok", **more}
            await note(connection, Someone(), at=NOON + timedelta(seconds=each + 1), **told)


async def taps(store: Store, number: int) -> None:
    async with open_town(store) as town:
        for each in range(1, number + 1):
            await town.uses.record([town.tap("elder", "BUS-1", each)], NOON)


async def test_batches_and_entries_stand_in_one_log_each_once(store, tmp_path):
    keys = keys_in(tmp_path)
    await taps(store, 3)
    await looks(store, 2)
    head = await take_all(store, keys)
    assert head.head.size == 6
    await looks(store, 2)
    assert (await take_all(store, keys)).head.size == 8
    assert await take_all(store, keys) is None, "a log that has not grown has its head"
    async with store.database.acquire("audit_ro") as connection:
        rows = await audit_store.log_page(connection, 0, 100)
        leaves = await audit_store.batches(connection, [row.ref for row in rows])
        assert [row.kind for row in rows] == ["people", *["batch"] * 3, *["look"] * 4]
        assert all(row.leaf == leaf_hash(keys.suite.digest, batch_data(leaves[row.ref])) for row in rows[1:4])
        frontier = EMPTY
        for row in rows:
            frontier, above = frontier.grown(keys.suite.digest, row.leaf)
            assert row.above == above
            assert await frontier_of(connection, row.position + 1) == frontier
        note_kept = await connection.fetchval("SELECT note FROM audit_head WHERE size = 8")
        assert read_head(note_kept.encode()).head.root == frontier.root(keys.suite.digest)


@pytest.mark.parametrize("suite", ["SM", "INTL"])
async def test_proofs_are_read_out_of_a_few_rows(store, tmp_path, suite):
    keys = keys_in(tmp_path, suite)
    await looks(store, 23)
    early = (await take_all(store, keys)).head
    await looks(store, 14)
    late = (await take_all(store, keys)).head
    digest = keys.suite.digest
    async with store.database.acquire("audit_ro") as connection:
        rows = await audit_store.log_page(connection, 0, 100)
        proof = await consistency_proof(connection, digest, early.size, late.size)
        assert extends(digest, (early.size, early.root), (late.size, late.root), proof)
        for row in rows:
            proof = await inclusion_proof(connection, digest, row.position, late.size)
            assert is_included(digest, row.leaf, row.position, late.size, proof, late.root)


async def test_many_servers_at_once_take_each_leaf_once(store, tmp_path):
    keys = keys_in(tmp_path)
    await looks(store, 60)

    async def server() -> None:
        async with store.database.acquire("batch") as connection:
            for _ in range(10):
                await sequence(connection, keys.suite.digest, LONG_BEFORE, lambda _: b"")
                await asyncio.sleep(0)

    await asyncio.gather(*[server() for _ in range(4)])
    async with store.database.acquire("audit_ro") as connection:
        rows = await audit_store.log_page(connection, 0, 100)
    assert [row.position for row in rows] == list(range(60)) and len({row.ref for row in rows}) == 60


async def test_a_sequencer_that_is_killed_leaves_a_log_that_goes_on(store, tmp_path):
    """Kill a process that takes leaves in a loop, at twelve moments; each time the next one goes on where the log stood."""
    keys = keys_in(tmp_path)
    program = textwrap.dedent(f"""
        import asyncio, sys
        import asyncpg
        from onecard.audit import sequencer
        from onecard.settings.suites import SUITES
        from datetime import datetime, UTC
        sequencer.LEAVES_AT_ONCE = 7
        async def main():
            connection = await asyncpg.connect({store.url("batch")!r})
            print("up", flush=True)
            while (await sequencer.sequence(connection, SUITES["INTL"].digest, datetime(2000, 1, 1, tzinfo=UTC), lambda _: b"")).leaves:
                pass
        asyncio.run(main())
    """)
    await looks(store, 400)
    for moment in range(12):
        process = subprocess.Popen([sys.executable, "-c", program], env={"PYTHONPATH": f"{SOURCE}/src"}, stdout=subprocess.PIPE)
        assert process.stdout is not None
        await asyncio.to_thread(process.stdout.readline)
        await asyncio.sleep(moment * 0.004)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    await asyncio.sleep(0.2)  # The server notices that nobody is there, and gives the lock back.
    head = (await take_all(store, keys)).head
    async with store.database.acquire("audit_ro") as connection:
        rows = await audit_store.log_page(connection, 0, 500)
        assert [row.position for row in rows] == list(range(400))
        frontier = EMPTY
        for row in rows:
            frontier, above = frontier.grown(keys.suite.digest, row.leaf)
            assert row.above == above
    assert (head.size, head.root) == (400, frontier.root(keys.suite.digest))


async def test_a_key_that_is_replaced_still_proves_its_heads(store, tmp_path):
    keys = keys_in(tmp_path)
    await looks(store, 1)
    early = await take_all(store, keys)
    rotated = rotate_log_key(tmp_path, load_keyring(tmp_path), NOON)
    await looks(store, 1)
    late = await take_all(store, rotated)
    assert early.key_hash != late.key_hash and early.key_name == late.key_name == keys.origin
    assert keys_in(tmp_path).signed(early) and keys_in(tmp_path).signed(late) and not keys.signed(late)
    assert [key.secret is None for key in rotated.keys] == [True, False]


async def test_a_look_at_a_watched_resident_raises_an_alarm_and_the_store_does_not_say_who_is_watched(store, tmp_path):
    async with store.database.acquire("batch") as connection:
        assert await watch_residents(connection, store.keyring.hash_key, [17, 18], NOON) == 2
        assert await watch_residents(connection, store.keyring.hash_key, [17], NOON) == 0
    await looks(store, 1, subject=16)
    await looks(store, 1, subject=17)
    await take_all(store, keys_in(tmp_path))
    async with store.database.acquire("audit_ro") as connection:
        rows = await connection.fetch("SELECT a.kind, a.person, e.subject FROM audit_alarm AS a JOIN audit_entry AS e ON e.entry = a.ref")
    assert [tuple(row) for row in rows] == [("canary", "zhang-wei", 17)]


async def test_a_budget_that_was_spent_raises_an_alarm(store, tmp_path):
    await looks(store, 1, result=BudgetSpent.code)
    await looks(store, 1)
    await take_all(store, keys_in(tmp_path))
    async with store.database.acquire("audit_ro") as connection:
        raised = await alarms(connection, Asked(prefixes=["33"], unplaced=True))
        assert [(each.kind, each.person, each.detail) for each in raised] == [("budget", "zhang-wei", "uses.read")]


async def test_whole_numbers_have_a_budget_that_two_looks_at_once_do_not_pass(store):
    async def look() -> bool:
        async with store.database.acquire("desk") as connection, connection.transaction():
            try:
                await check_budget(connection, Someone(), most=3, at=NOON)
            except BudgetSpent:
                return False
            await note(
                connection, Someone(), act="residents.full-id", object="subject 1", region="", purpose="p", result="ok", at=NOON, subject=1
            )
            await asyncio.sleep(0.01)
            return True

    assert sum(await asyncio.gather(*[look() for _ in range(8)])) == 3
    async with store.database.acquire("desk") as connection, connection.transaction():
        await check_budget(connection, Someone(person="another"), most=3, at=NOON)
        await check_budget(connection, Someone(), most=3, at=NOON + timedelta(hours=1))


async def test_the_programs_roles_change_nothing_that_is_on_record(store):
    await looks(store, 1, role="console")
    for role in ("lane", "desk", "batch", "audit_ro", "console"):
        for table in ("audit_entry", "audit_log"):
            for statement in (f"UPDATE {table} SET kind = 'change'", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                async with store.database.acquire(role) as connection:
                    with pytest.raises(Exception, match="permission denied"):
                        await connection.execute(statement)
    async with store.database.acquire("audit_ro") as connection:
        assert await log_size(connection) == 0
