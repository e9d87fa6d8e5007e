"""Twelve ways in which an insider with every right to the database rewrites the past: each is found, and its place is named."""

import json
import re
import uuid
from datetime import timedelta

import pytest

from onecard.app.audit import verify_audit, verify_records
from onecard.audit import store as audit_store
from onecard.audit.leaves import batch_data
from onecard.audit.service import note
from onecard.ledger.seal import canonical_use, record_salt, root_of, sealed
from onecard.ledger.verify import use_of
from onecard.values.merkle import EMPTY, leaf_hash
from tests.database.audit.acting import Someone, take_all
from tests.database.audit.conftest import Audited
from tests.database.town import NOON

DAYS = pytest.mark.parametrize(("day", "head"), [(0, "yesterday"), (1, "today")], ids=["old", "new"])
"""Old: what yesterday's head covers. New: what came after it, found with a head taken since."""


async def leaf_of(audited: Audited, terminal: str, seq: int) -> int:
    async with audited.store.database.acquire("audit_ro") as connection:
        found = await connection.fetchval(
            "SELECT position FROM audit_log JOIN ledger_use ON batch = ref WHERE terminal = $1 AND seq = $2", terminal, seq
        )
    assert isinstance(found, int)
    return found


async def test_a_town_that_nobody_touched_has_no_problem_with_either_head(audited):
    for head in (audited.yesterday, audited.today, None):
        checks = await audited.checks(head)
        assert {name: check.problems for name, check in checks.items() if check.problems} == {}
    assert checks["leaves-equal-log"].examined == audited.today.head.size == 1 + 2 * 9, "who lives there, and two days"
    assert checks["rows-equal-changes"].examined == 2 and checks["sealed-values-open"].examined >= 4


async def test_the_catalogue_is_held_against_a_database_of_the_migrations_alone(audited):
    found = await verify_audit(audited.store, audited.keys, None)
    assert [check.problems for check in found if check.name == "catalogue-is-as-migrations-made-it"] == [[]]
    await audited.sql("DROP INDEX ledger_use_person")
    found = await verify_audit(audited.store, audited.keys, None)
    assert [check.problems for check in found if check.problems] == [["index ledger_use_person is gone"]]
    async with audited.store.database.acquire("migrate") as connection:
        assert await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname LIKE 'onecard_as_made%'") == 0


@DAYS
async def test_an_amount_is_changed(audited, day, head):
    seq = 2 + day * 10
    await audited.sql("UPDATE ledger_use SET list_price_fen = 300, paid_fen = paid_fen + 100 WHERE terminal = 'BUS-2' AND seq = $1", seq)
    found = (await audited.problems(getattr(audited, head)))["leaves-cover-records"]
    leaf = await leaf_of(audited, "BUS-2", seq)
    assert len(found) == 1 and re.fullmatch(rf"use BUS-2\.{seq} of batch \S+ \(leaf {leaf}\) differs from its seal", found[0])


@DAYS
async def test_a_use_is_deleted(audited, day, head):
    seq = 3 + day * 10
    leaf = await leaf_of(audited, "BUS-2", seq)
    await audited.sql("DELETE FROM ledger_use WHERE terminal = 'BUS-2' AND seq = $1", seq)
    found = (await audited.problems(getattr(audited, head)))["leaves-cover-records"]
    assert len(found) == 1 and f"(leaf {leaf}): its leaf covers 2 records; 1 are there" in found[0]


@DAYS
async def test_a_use_is_added_to_a_batch(audited, day, head):
    seq, columns = 2 + day * 10, await columns_of(audited, "ledger_use")
    told = ", ".join("77 AS seq" if name == "seq" else name for name in columns)
    await audited.sql(f"INSERT INTO ledger_use SELECT {told} FROM ledger_use WHERE terminal = 'BUS-2' AND seq = $1", seq)
    found = (await audited.problems(getattr(audited, head)))["leaves-cover-records"]
    assert any("use BUS-2.77" in each for each in found)
    leaf = await leaf_of(audited, "BUS-2", 77)
    assert any(f"(leaf {leaf}): its leaf covers 2 records; 3 are there" in each for each in found)


async def test_a_use_is_added_with_a_batch_of_its_own_and_every_seal_right(audited):
    """He knows salts and forms, and the sequencer itself takes his batch: but it comes after the head that it claims to precede."""
    batch = uuid.uuid4()
    async with audited.store.database.acquire("migrate") as connection:
        row = dict(await connection.fetchrow("SELECT u.*, p.salt FROM ledger_use AS u JOIN people_subject AS p USING (subject) LIMIT 1"))
        row |= {"seq": 77, "batch": batch}
        seal = sealed(record_salt(row.pop("salt"), row["terminal"], 77), canonical_use(use_of(row), batch, row["received_at"]))
        row["seal"] = seal
        names = list(row)
        places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
        await connection.execute(f"INSERT INTO ledger_use ({', '.join(names)}) VALUES ({places})", *row.values())
        await connection.execute(
            "INSERT INTO ledger_leaf (batch, lane, number, made_at, book_day, records, root) VALUES ($1, 'x', 1, $2, $3, 1, $4)",
            batch, row["received_at"], row["book_day"], root_of([seal]),
        )  # fmt: skip
    await take_all(audited.store, audited.keys, NOON + timedelta(days=2))
    found = (await audited.problems(audited.yesterday))["nothing-is-put-in-behind-a-head"]
    assert len(found) == 1 and f"leaf {audited.today.head.size} (batch {batch})" in found[0]


@DAYS
async def test_payers_of_two_uses_are_swapped(audited, day, head):
    one, other = 2 + day * 10, 3 + day * 10
    await audited.sql(
        "UPDATE ledger_use AS u SET funds = o.funds, amounts_fen = o.amounts_fen, paid_fen = o.paid_fen, programme = o.programme,"
        " version = o.version, outcome = o.outcome FROM ledger_use AS o WHERE (u.terminal, u.seq, o.terminal, o.seq) IN"
        " (('BUS-1', $1::bigint, 'BUS-2', $2::bigint), ('BUS-2', $2::bigint, 'BUS-1', $1::bigint))",
        one, other,
    )  # fmt: skip
    found = (await audited.problems(getattr(audited, head)))["leaves-cover-records"]
    assert {re.match(r"use (\S+)", each)[1] for each in found} == {f"BUS-1.{one}", f"BUS-2.{other}"}
    assert all("(leaf " in each for each in found)


async def test_a_counter_is_lowered(audited):
    await audited.sql("UPDATE ledger_accumulator SET used = used - 1 WHERE used > 1")
    found = (await audited.problems(audited.yesterday))["counters-equal-records"]
    assert found and all("records say" in each for each in found)


@DAYS
async def test_an_entry_of_the_audit_is_edited(audited, day, head):
    await audited.sql(
        "UPDATE audit_entry SET person = 'somebody-else' WHERE subject = 2 AND at >= $1 AND at < $1 + interval '1 day'",
        NOON + timedelta(days=day),
    )
    found = (await audited.problems(getattr(audited, head)))["leaves-equal-log"]
    assert len(found) == 1 and re.match(r"leaf \d+ \(look \S+\): what it stands for was changed; it says somebody-else did", found[0])


@DAYS
async def test_the_audit_is_truncated(audited, day, head):
    await audited.sql("DELETE FROM audit_entry WHERE at >= $1", NOON + timedelta(days=day))
    found = (await audited.problems(getattr(audited, head)))["leaves-equal-log"]
    assert len(found) == 4 * (2 - day) and all("what it stands for is gone" in each for each in found)


@DAYS
async def test_the_log_is_truncated(audited, day, head):
    signed = getattr(audited, head)
    await audited.sql("DELETE FROM audit_log WHERE position >= $1", signed.head.size - 2)
    await audited.sql("DELETE FROM audit_head")
    found = (await audited.problems(signed))["log-extends-head"]
    assert len(found) == 1 and f"leaves {signed.head.size - 2} … {signed.head.size - 1} are gone" in found[0]


async def rebuild(audited: Audited, terminal: str, seq: int) -> int:
    """Change a use as somebody who knows everything but the signing key: seal, root, leaf and all leaves after it are made right."""
    digest = audited.keys.suite.digest
    async with audited.store.database.acquire("migrate") as connection, connection.transaction():
        await connection.execute(
            "UPDATE ledger_use SET paid_fen = paid_fen + 100, list_price_fen = 300 WHERE terminal = $1 AND seq = $2", terminal, seq
        )
        row = await connection.fetchrow("SELECT * FROM ledger_use WHERE terminal = $1 AND seq = $2", terminal, seq)
        salt = await connection.fetchval("SELECT salt FROM people_subject WHERE subject = $1", row["subject"])
        seal = sealed(record_salt(salt, terminal, seq), canonical_use(use_of(row), row["batch"], row["received_at"]))
        await connection.execute("UPDATE ledger_use SET seal = $3 WHERE terminal = $1 AND seq = $2", terminal, seq, seal)
        seals = await connection.fetch('SELECT seal FROM ledger_use WHERE batch = $1 ORDER BY terminal COLLATE "C", seq', row["batch"])
        await connection.execute(
            "UPDATE ledger_leaf SET root = $2 WHERE batch = $1", row["batch"], root_of([each["seal"] for each in seals])
        )
        await connection.execute(
            "UPDATE ledger_posting SET amount_fen = amount_fen + CASE account WHEN 'holder' THEN 100"
            " WHEN 'due-to-operator' THEN -100 ELSE 0 END WHERE batch = $1 AND programme = coalesce($2, '')",
            row["batch"], row["programme"],
        )  # fmt: skip
        rows = await audit_store.log_page(connection, 0, 1000)
        batches = await audit_store.batches(connection, [each.ref for each in rows])
        frontier, changed = EMPTY, -1
        for each in rows:
            leaf = leaf_hash(digest, batch_data(batches[each.ref])) if each.ref in batches else each.leaf
            changed = each.position if leaf != each.leaf else changed
            frontier, above = frontier.grown(digest, leaf)
            await connection.execute("UPDATE audit_log SET leaf = $2, above = $3 WHERE position = $1", each.position, leaf, b"".join(above))
    return changed


@DAYS
async def test_the_log_is_rebuilt_from_there(audited, day, head):
    changed = await rebuild(audited, "BUS-2", 2 + day * 10)
    await audited.sql("DELETE FROM audit_head")
    problems = await audited.problems(getattr(audited, head))
    assert list(problems) == ["log-extends-head"], "everything else is right: he knew what he did"
    assert "does not extend the head" in problems["log-extends-head"][0] and changed < getattr(audited, head).head.size


async def test_heads_that_he_left_in_the_store_narrow_the_place_down(audited):
    changed = await rebuild(audited, "BUS-2", 12)
    problems = await audited.problems(audited.today)
    size = audited.yesterday.head.size
    assert f"leaves {size} … {audited.today.head.size - 1} are not those that were signed" in problems["log-extends-head"][0]
    assert size <= changed < audited.today.head.size and f"leaf {changed}: batch" in problems["log-extends-head"][0]
    assert "log-extends-its-own-heads" in problems
    assert "log-extends-head" not in await audited.problems(audited.yesterday), "what is newer is proved by the next head"


async def test_the_newest_head_is_checked_without_a_walk(audited):
    async def problems() -> list[str]:
        checks = await verify_records(audited.store, audited.keys)
        return [problem for check in checks if check.name == "newest-head-holds" for problem in check.problems]

    assert await problems() == []
    await audited.sql("UPDATE audit_log SET above = sha256(above) WHERE position = 17")  # The peak over two of the last three of 19 leaves.
    assert "not over this log" in (await problems())[0]
    await audited.sql("UPDATE audit_log SET above = '' WHERE position > 4")
    assert len(await problems()) == 1
    await audited.sql("DELETE FROM audit_log WHERE position > 4")
    assert "does not reach as far" in (await problems())[0]


async def test_a_head_in_the_store_is_forged(audited):
    await audited.sql("UPDATE audit_head SET note = replace(note, 'at 2024', 'at 2025')")
    assert len((await audited.problems(audited.yesterday))["log-extends-its-own-heads"]) == 2


async def test_ciphertexts_of_two_cards_are_swapped(audited):
    await audited.sql(
        "UPDATE cards_card AS c SET sealed = o.sealed, key_id = o.key_id FROM cards_card AS o"
        " WHERE (c.subject, o.subject) IN ((1, 2), (2, 1))"
    )
    found = (await audited.problems(audited.yesterday))["sealed-values-open"]
    assert [each.split("/")[0] for each in found] == ["cards_card 1", "cards_card 2"]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        pytest.param(
            "UPDATE cards_credential SET subject = 3 WHERE subject = 2 AND kind = 'card'", "a card of subject 2 leads to subject 3"
        ),
        pytest.param(
            "UPDATE cards_credential SET subject = 3 WHERE subject = 2 AND kind = 'chip'", "a chip of subject 2 leads to subject 3"
        ),
        pytest.param("DELETE FROM cards_credential WHERE subject = 1 AND kind = 'chip'", "a chip of subject 1 leads to nobody"),
        pytest.param("UPDATE cards_card SET subject = 9 WHERE subject = 1", ""),
    ],
    ids=["card", "chip", "nobody", "sealed"],
)
async def test_a_card_is_pointed_at_somebody_else(audited, statement, named):
    await audited.sql(statement)
    problems = await audited.problems(audited.yesterday)
    if named:
        assert problems["what-leads-to-a-person-is-his"] == [named]
    else:
        assert len(problems["sealed-values-open"]) == 1, "what is sealed in another's row does not open"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        pytest.param("ALTER TABLE ledger_use DROP CONSTRAINT use_balances", "constraint ledger_use.use_balances is gone", id="constraint"),
        pytest.param("ALTER TABLE ledger_reversal DISABLE TRIGGER ALL", "trigger ledger_reversal.", id="trigger"),
        pytest.param("ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY", "relation audit_entry is", id="row security"),
        pytest.param("DROP POLICY console_wall ON ledger_use", "policy ledger_use.console_wall is gone", id="policy"),
        pytest.param("GRANT UPDATE ON ledger_use TO onecard_lane", "grant ledger_use to onecard_lane is", id="grant"),
        pytest.param("GRANT UPDATE (paid_fen) ON ledger_use TO onecard_desk", "grant ledger_use.paid_fen to onecard_desk", id="column"),
        pytest.param("CREATE TABLE copied AS TABLE people_identity", "relation copied was made by no migration", id="table"),
        pytest.param(
            "CREATE OR REPLACE FUNCTION db_must(got bigint, want bigint) RETURNS boolean LANGUAGE sql RETURN true",
            "function db_must(bigint,bigint) is", id="function",
        ),
        pytest.param(
            "CREATE RULE quiet AS ON INSERT TO audit_entry DO INSTEAD NOTHING", "rule audit_entry.quiet was made by no migration", id="rule"
        ),
    ],
)  # fmt: skip
async def test_a_wall_of_the_database_is_taken_down(audited, statement, named):
    await audited.sql(statement)
    found = (await audited.problems(audited.yesterday))["catalogue-is-as-migrations-made-it"]
    assert any(each.startswith(named) for each in found), found


async def test_the_disk_is_no_longer_waited_for(audited):
    try:
        await audited.sql("ALTER SYSTEM SET fsync = off")
        await audited.sql("SELECT pg_reload_conf()")
        await audited.sql("SELECT pg_sleep(0.3)")
        found = (await audited.problems(audited.yesterday))["server-keeps-what-it-is-given"]
    finally:
        await audited.sql("ALTER SYSTEM RESET fsync")
        await audited.sql("SELECT pg_reload_conf()")
    assert "fsync is off, and should be on" in found


async def test_one_role_no_longer_waits_for_the_disk(audited):
    name = await audited_name(audited)
    await audited.sql(f'ALTER ROLE onecard_lane IN DATABASE "{name}" SET synchronous_commit = off')
    found = (await audited.problems(audited.yesterday))["server-keeps-what-it-is-given"]
    await audited.sql(f'ALTER ROLE onecard_lane IN DATABASE "{name}" RESET synchronous_commit')
    assert found == [f"synchronous_commit is off for onecard_lane in {name}, and should be on"]


async def test_an_old_backup_is_restored_and_goes_on(audited):
    """The second day is gone without a trace, and the log grows again from the first."""
    tables = [name for name in await tables_of(audited) if name.startswith(("ledger_", "audit_", "terminals_site_state"))]
    await audited.sql("DELETE FROM audit_log WHERE position >= $1", audited.yesterday.head.size)
    await audited.sql("DELETE FROM audit_head WHERE size > $1", audited.yesterday.head.size)
    async with audited.store.database.acquire("migrate") as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table in ("ledger_reversal", "ledger_use"):
            await connection.execute(f"DELETE FROM {table} WHERE received_at > $1", NOON + timedelta(hours=2))
        await connection.execute("DELETE FROM ledger_leaf WHERE made_at > $1", NOON + timedelta(hours=2))
        await connection.execute("DELETE FROM ledger_posting WHERE batch NOT IN (SELECT batch FROM ledger_leaf)")
        await connection.execute("DELETE FROM ledger_accumulator")
        await connection.execute("DELETE FROM audit_entry WHERE at > $1", NOON + timedelta(hours=2))
    assert "ledger_use" in tables
    gone = (await audited.problems(audited.today))["log-extends-head"]
    assert f"leaves {audited.yesterday.head.size} … {audited.today.head.size - 1} are gone" in gone[0]
    await looks_again(audited, audited.today.head.size - audited.yesterday.head.size + 3)
    rewritten = (await audited.problems(audited.today))["log-extends-head"]
    assert f"leaves {audited.yesterday.head.size} … {audited.today.head.size - 1} are not those that were signed" in rewritten[0]
    assert "log-extends-head" not in await audited.problems(audited.yesterday)


async def test_a_row_that_a_change_wrote_is_changed_or_gone(audited):
    await audited.sql("UPDATE terminals_site_state SET state = 'live' WHERE site = 'campus' AND since = $1", NOON.date())
    await audited.sql("DELETE FROM terminals_site_state WHERE site = 'campus' AND since = $1", (NOON + timedelta(days=1)).date())
    found = (await audited.problems(audited.yesterday))["rows-equal-changes"]
    assert sorted(re.sub(r"^entry \S+: ", "", each)[:60] for each in found) == [
        'the row of terminals_site_state that it wrote is gone ({"sin',
        "the row of terminals_site_state that it wrote was changed ({",
    ]


async def test_a_gap_in_the_log_is_named(audited):
    await audited.sql("DELETE FROM audit_log WHERE position = 3")
    found = await audited.problems(audited.yesterday)
    assert found["leaves-equal-log"][0].startswith("leaves 3 … 3 are gone: leaf 4 (")
    assert "log-extends-head" in found


async def columns_of(audited: Audited, table: str) -> list[str]:
    async with audited.store.database.acquire("migrate") as connection:
        rows = await connection.fetch(
            "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum", table
        )
    return [row["attname"] for row in rows]


async def tables_of(audited: Audited) -> list[str]:
    async with audited.store.database.acquire("migrate") as connection:
        return [row["tablename"] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


async def audited_name(audited: Audited) -> str:
    async with audited.store.database.acquire("migrate") as connection:
        return str(await connection.fetchval("SELECT current_database()"))


async def looks_again(audited: Audited, number: int) -> None:
    async with audited.store.database.acquire("desk") as connection, connection.transaction():
        for each in range(number):
            await note(
                connection, Someone(), act="residents.read", object=json.dumps(each), region="", purpose="p", result="ok",
                at=NOON + timedelta(days=2),
            )  # fmt: skip
    await take_all(audited.store, audited.keys, NOON + timedelta(days=2))
