"""Whether what is known of people is what was told of them: every row against its seal, every seal against its row, none beside."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from onecard.ledger.verify import Check
from onecard.people import store
from onecard.people.model import FactRow, PersonRow
from onecard.people.seal import fact_seal, person_seal, root_of_told, seals_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["check_people"]

BATCHES_AT_ONCE: Final = 500
ROWS_AT_ONCE: Final = 40_000
"""Some 30 MB of rows in memory; one batch is never split, and `PEOPLE_MAX` bounds it."""

PROBLEMS_MAX: Final = 100


class _Batch(NamedTuple):
    """What a batch keeps."""

    batch: UUID
    subjects: Sequence[int]
    seals: Sequence[bytes]
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What the store holds of the people whom some batches are about."""

    salts: Mapping[int, bytes]
    people: Mapping[UUID, Sequence[PersonRow]]
    facts: Mapping[UUID, Sequence[FactRow]]


@dataclass(slots=True, kw_only=True)
class _Found:
    """What came of the check so far. *told*: how many rows of its own each batch has, of people and facts."""

    examined: int = 0
    people: Counter[UUID] = field(default_factory=Counter)
    facts: Counter[UUID] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


async def check_people(connection: "Connection", erased: Collection[int]) -> Check:
    """Hold people and their facts to the batches that told of them, in the snapshot of *connection*; *erased* are gone for good reason.

    That a batch itself is as it was made, its leaf in the log says.
    """
    found = _Found()
    async for batches in _pages(connection):
        held = await _held(connection, batches)
        for batch in batches:
            found.examined += len(batch.seals)
            found.people[batch.batch] += len(held.people.get(batch.batch, ()))
            found.facts[batch.batch] += len(held.facts.get(batch.batch, ()))
            found.problems += _batch_problems(batch, held, erased)
    found.problems += [problem async for problem in _strange(connection, found)]
    return Check(name="people-are-as-they-were-told", examined=found.examined, problems=found.problems[:PROBLEMS_MAX])


async def _pages(connection: "Connection") -> AsyncIterator[list[_Batch]]:
    after, names, rows = UUID(int=0), list[UUID](), 0
    while page := await connection.fetch(store.SQL.batches_page, after, BATCHES_AT_ONCE):
        after = page[-1]["batch"]
        for row in page:
            names.append(row["batch"])
            rows += row["told"]
            if rows >= ROWS_AT_ONCE or row is page[-1]:
                kept = await connection.fetch(store.SQL.batches, names)
                yield [_Batch(each["batch"], each["subjects"], seals_of(each["seals"]), each["root"]) for each in kept]
                names, rows = [], 0


async def _held(connection: "Connection", batches: Sequence[_Batch]) -> _Held:
    names, subjects = [each.batch for each in batches], sorted({subject for each in batches for subject in each.subjects})
    people, facts, salts = defaultdict[UUID, list[PersonRow]](list), defaultdict[UUID, list[FactRow]](list), {}
    for row in await connection.fetch(store.SQL.told_people, subjects):
        batch, subject, born, home_region, salts[row["subject"]] = row
        people[batch].append(PersonRow(subject, born, home_region))
    for row in await connection.fetch(store.SQL.told_facts, names, subjects):
        facts[row["batch"]].append(FactRow(*tuple(row)[1:]))
    return _Held(salts=salts, people=people, facts=facts)


def _batch_problems(batch: _Batch, held: _Held, erased: Collection[int]) -> Iterator[str]:
    if root_of_told(batch.subjects, batch.seals) != batch.root:
        yield f"what batch {batch.batch} keeps is not what its root stands over"
    kept: dict[int, set[bytes]] = defaultdict(set)
    for subject, seal in zip(batch.subjects, batch.seals, strict=True):
        kept[subject].add(seal)
    for subject, (name, seal) in _sealed(batch, held):
        if seal in kept[subject]:
            kept[subject].discard(seal)
        else:
            yield f"{name} of subject {subject} is not what batch {batch.batch} told"
    for subject, missing in kept.items():
        if subject not in held.salts and subject not in erased:
            yield f"subject {subject}, of whom batch {batch.batch} told, is gone, and no erasure is on record"
        elif missing and subject in held.salts:
            yield f"{len(missing)} of the rows that batch {batch.batch} told of subject {subject} are gone or were changed"


def _sealed(batch: _Batch, held: _Held) -> Iterator[tuple[int, tuple[str, bytes]]]:
    """Return the rows of *batch* as they stand: whom each is about, how it is called, and the seal that it would have."""
    for person in held.people.get(batch.batch, ()):
        yield person.subject, ("birth date or home region", person_seal(held.salts[person.subject], batch.batch, person))
    for fact in held.facts.get(batch.batch, ()):
        if (salt := held.salts.get(fact.subject)) is not None:
            yield fact.subject, (f"fact {fact.fact} since {fact.since}", fact_seal(salt, batch.batch, fact))


async def _strange(connection: "Connection", found: _Found) -> AsyncIterator[str]:
    """Find rows that name no batch, one that is not there, or one that tells nothing of their person."""
    older = await store.waits_for_seal(connection)
    for row in await connection.fetch(store.SQL.people_by_batch):
        if row["rows"] != found.people[row["batch"]] and not (row["batch"] is None and older):
            for each in await connection.fetch(store.SQL.strange_people, row["batch"], await _subjects(connection, row["batch"])):
                yield f"subject {each['subject']} was told by no batch{_named(row['batch'])}"
    for row in await connection.fetch(store.SQL.facts_by_batch):
        if row["rows"] != found.facts[row["batch"]] and not (row["batch"] is None and older):
            for each in await connection.fetch(store.SQL.strange_facts, row["batch"], await _subjects(connection, row["batch"])):
                yield f"fact {each['fact']} since {each['since']} of subject {each['subject']} was told by no batch{_named(row['batch'])}"


async def _subjects(connection: "Connection", batch: UUID | None) -> Sequence[int]:
    rows = await connection.fetch(store.SQL.batches, [] if batch is None else [batch])
    return sorted({subject for row in rows for subject in row["subjects"]})


def _named(batch: UUID | None) -> str:
    return "" if batch is None else f"; it names batch {batch}"
