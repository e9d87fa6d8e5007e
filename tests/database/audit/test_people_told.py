"""What is known of people stands under leaves of the log: whoever edits, adds or removes it behind the program's back is found."""

import re
import uuid
from datetime import date, timedelta

import pytest

from onecard.app.erasing import erase_person
from onecard.db.pool import Connection
from onecard.people import store as people_store
from onecard.people.model import DatedFact, FactRow, NewPerson
from onecard.people.seal import SEAL_BYTES, fact_seal, root_of_told, seals_of
from onecard.people.service import add_facts, register_people
from onecard.people.telling import seal_older
from tests.database.audit.acting import AUDITOR, take_all
from tests.database.audit.conftest import Audited
from tests.database.town import NOON

CHECK = "people-are-as-they-were-told"
LATER = NOON + timedelta(days=2)
POORER = DatedFact(fact="hardship", since=date(2024, 10, 1), value=frozenset({"dibao"}))


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        pytest.param(
            "UPDATE people_fact SET value = '330483' WHERE subject = 2 AND fact = 'registered_region'",
            [
                r"fact registered_region since 2020-01-01 of subject 2 is not what batch \S+ \(leaf 0\) told",
                r"1 of the rows that batch \S+ \(leaf 0\) told of subject 2 are gone or were changed",
            ],
            id="edited",
        ),
        pytest.param(
            "UPDATE people_fact SET since = '2020-01-02' WHERE subject = 2 AND fact = 'registered_region'",
            [r"fact registered_region since 2020-01-02 of subject 2 is not", r"1 of the rows .* \(leaf 0\) told of subject 2"],
            id="dated otherwise",
        ),
        pytest.param(
            "UPDATE people_subject SET born = '1940-01-01' WHERE subject = 3",
            [r"birth date or home region of subject 3 is not what batch \S+ \(leaf 0\) told", r"1 of the rows .* subject 3"],
            id="made older",
        ),
        pytest.param(
            "DELETE FROM people_fact WHERE subject = 2 AND fact = 'registered_region'",
            [r"1 of the rows that batch \S+ \(leaf 0\) told of subject 2 are gone or were changed"],
            id="removed",
        ),
        pytest.param(
            "INSERT INTO people_fact SELECT subject, 'standing', since, 'model-worker', batch FROM people_fact"
            " WHERE subject = 2 AND fact = 'registered_region'",
            [r"fact standing since 2020-01-01 of subject 2 is not what batch \S+ \(leaf 0\) told"],
            id="added to a batch",
        ),
        pytest.param(
            "INSERT INTO people_fact VALUES (2, 'standing', '2024-01-01', 'model-worker')",
            [r"fact standing since 2024-01-01 of subject 2 was told by no batch$"],
            id="added to none",
        ),
        pytest.param(
            "INSERT INTO people_subject SELECT 99, born, home_region, salt, batch FROM people_subject WHERE subject = 2",
            [r"subject 99 was told by no batch; it names batch \S+ \(leaf 0\)$"],
            id="somebody new",
        ),
        pytest.param(
            "INSERT INTO people_fact VALUES (2, 'standing', '2024-01-01', 'x', '00000000-0000-4000-8000-000000000001')",
            [r"fact standing since 2024-01-01 of subject 2 was told by no batch; it names batch \S+ \(under no leaf yet\)$"],
            id="of a batch that is not there",
        ),
    ],
)  # fmt: skip
async def test_a_row_about_somebody_is_not_as_it_was_told(audited: Audited, statement: str, named: list[str]):
    await audited.sql(statement)
    found = (await audited.problems(audited.yesterday))[CHECK]
    assert len(found) == len(named)
    assert all(re.match(pattern, problem) for pattern, problem in zip(named, found, strict=True)), found


async def rewrite(audited: Audited) -> uuid.UUID:
    """Edit a fact as somebody who knows salts and forms: its seal and its batch's root are made right."""
    async with audited.store.database.acquire("migrate") as connection, connection.transaction():
        row = await connection.fetchrow(
            "UPDATE people_fact SET value = '330483' WHERE fact = 'registered_region' AND subject = 2 RETURNING *"
        )
        batch = await connection.fetchrow("SELECT * FROM people_batch WHERE batch = $1", row["batch"])
        salt = await connection.fetchval("SELECT salt FROM people_subject WHERE subject = 2")
        old = FactRow(2, "registered_region", row["since"], "330481")
        seals = seals_of(batch["seals"])
        seals[seals.index(fact_seal(salt, row["batch"], old))] = fact_seal(salt, row["batch"], old._replace(value="330483"))
        await connection.execute(
            "UPDATE people_batch SET seals = $2, root = $3 WHERE batch = $1",
            row["batch"], b"".join(seals), root_of_told(batch["subjects"], seals),
        )  # fmt: skip
    return batch["batch"]


async def test_a_fact_is_edited_and_every_seal_made_right(audited: Audited):
    batch = await rewrite(audited)
    problems = await audited.problems(audited.yesterday)
    assert CHECK not in problems
    assert problems["leaves-equal-log"][0].startswith(f"leaf 0 (people {batch}): what it stands for was changed")


async def test_a_batch_is_removed_and_one_is_given_to_somebody_else(audited: Audited):
    await audited.sql("UPDATE people_batch SET subjects[1] = 999")
    found = (await audited.problems(audited.yesterday))[CHECK]
    assert re.match(r"what batch \S+ \(leaf 0\) keeps is not what its root stands over", found[0])
    await audited.sql("DELETE FROM people_batch")
    problems = await audited.problems(audited.yesterday)
    assert re.match(r"leaf 0 \(people \S+\): what it stands for is gone", problems["leaves-equal-log"][0])
    assert all("was told by no batch" in each for each in problems[CHECK])


async def tell(audited: Audited, at=LATER) -> None:
    async with audited.store.database.acquire("desk") as connection, connection.transaction():
        await add_facts(connection, 2, [POORER], at)


async def test_what_is_told_later_is_a_leaf_of_its_own(audited: Audited):
    await tell(audited)
    newest = await take_all(audited.store, audited.keys, LATER + timedelta(minutes=1))
    assert newest is not None and newest.head.size == audited.today.head.size + 1
    assert await audited.problems(newest) == {}
    await audited.sql("UPDATE people_fact SET value = '' WHERE fact = 'hardship' AND since = '2024-10-01'")
    found = (await audited.problems(newest))[CHECK]
    assert f"(leaf {audited.today.head.size})" in found[0] and "fact hardship since 2024-10-01 of subject 2" in found[0]


async def test_what_claims_to_be_older_than_a_head_came_behind_it(audited: Audited):
    await tell(audited, NOON)
    await take_all(audited.store, audited.keys, LATER)
    found = (await audited.problems(audited.yesterday))["nothing-is-put-in-behind-a-head"]
    assert len(found) == 1 and f"leaf {audited.today.head.size} (people " in found[0]


async def test_a_batch_that_was_never_taken_into_the_log_is_named(audited: Audited):
    await tell(audited, NOON - timedelta(days=1))
    found = (await audited.problems(audited.today))["everything-is-under-a-leaf"]
    assert len(found) == 1 and found[0].startswith("people ")


async def test_who_is_erased_leaves_seals_that_tell_nothing_and_every_check_whole(audited: Audited):
    async def no_wait(seconds: float) -> None:
        """Nobody taps meanwhile."""

    await tell(audited)
    await erase_person(audited.store.database, AUDITOR, 2, "asked by himself", lambda: LATER, no_wait)
    newest = await take_all(audited.store, audited.keys, LATER + timedelta(minutes=1))
    assert await audited.problems(newest) == {}
    await audited.sql("UPDATE people_fact SET value = '330483' WHERE fact = 'registered_region' AND subject = 3")
    found = (await audited.problems(newest))[CHECK]
    assert all("subject 3" in each for each in found) and len(found) == 2


async def test_a_person_who_is_simply_removed_is_missed_by_what_was_told_of_him(audited: Audited):
    for table in ("people_fact", "people_scope", "people_number", "people_identity", "people_subject"):
        await audited.sql(f"DELETE FROM {table} WHERE subject = 4")
    found = (await audited.problems(audited.today))[CHECK]
    assert len(found) == 1 and re.match(r"subject 4, of whom batch \S+ \(leaf 0\) told, is gone", found[0])


async def forget_batches(connection: Connection) -> None:
    """Make the town one from before there were batches, as the migration finds it."""
    await connection.execute("DELETE FROM people_batch")
    await connection.execute("UPDATE people_fact SET batch = NULL")
    await connection.execute("UPDATE people_subject SET batch = NULL")
    await connection.execute("INSERT INTO people_unsealed VALUES (true)")


async def test_a_town_from_before_is_sealed_once_and_never_again(audited: Audited):
    async with audited.store.database.acquire("migrate") as connection:
        people = await connection.fetchval("SELECT count(*) FROM people_subject")
        await forget_batches(connection)
    assert CHECK not in await audited.problems(None), "it waits, and nobody is accused"
    async with audited.store.database.acquire("batch") as connection, connection.transaction():
        taken = [await seal_older(connection, uuid.uuid4(), LATER, most=2) for _ in range(people)]
    assert sum(taken) == people and max(taken) == 2 and taken[-1] == 0
    checks = await audited.checks(None)
    assert checks[CHECK].problems == [] and checks[CHECK].examined > people
    await audited.sql("UPDATE people_fact SET batch = NULL WHERE subject = 2 AND fact = 'registered_region'")
    async with audited.store.database.acquire("batch") as connection, connection.transaction():
        assert await seal_older(connection, uuid.uuid4(), LATER) == 0
    assert "fact registered_region since 2020-01-01 of subject 2 was told by no batch" in (await audited.problems(None))[CHECK]


async def test_many_people_are_one_leaf(store):
    people = [NewPerson(subject=n, born=date(1960, 1, 1), home_region="330481", salt=n.to_bytes(16, "big")) for n in range(1, 501)]
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, store.keyring, people, NOON)
        (row,) = await connection.fetch(people_store.SQL.batches_page, uuid.UUID(int=0), 10)
        (kept,) = await connection.fetch(people_store.SQL.batches, [row["batch"]])
    assert row["told"] == 500 and len(kept["seals"]) == 500 * SEAL_BYTES and kept["subjects"] == list(range(1, 501))
