"""This room's tables: people come in by COPY, facts one by one, and a batch over either."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from onecard.db.copy import copy_rows
from onecard.db.statements import statements_of
from onecard.people.model import FactRow, PersonRow

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "SQL", "add_batch", "add_facts", "anyone", "copy_people", "end_unsealed", "fact_of_many", "facts_of", "find_identity", "find_number",
    "find_subject", "identities_of", "mark_sealed", "number_inside", "older_facts", "older_people", "region_of", "salt_of", "set_scopes",
    "subjects_in", "unsealed", "waits_for_seal",
]  # fmt: skip

SQL = statements_of(__package__)


async def copy_people(
    connection: "Connection",
    batch: UUID,
    people: Iterable[tuple[PersonRow, bytes]],
    facts: Iterable[FactRow],
    identities: Iterable[tuple[int, str, bytes]],
    numbers: Iterable[tuple[bytes, int]],
) -> None:
    """Write many people, each with his salt, as *batch*; a subject or number that is there already fails the whole transaction."""
    subjects = ((*person, salt, batch) for person, salt in people)
    await copy_rows(connection, "people_subject", ["subject", "born", "home_region", "salt", "batch"], subjects)
    await copy_rows(connection, "people_fact", ["subject", "fact", "since", "value", "batch"], ((*fact, batch) for fact in facts))
    await copy_rows(connection, "people_identity", ["subject", "key_id", "sealed"], identities)
    await copy_rows(connection, "people_number", ["number_hash", "subject"], numbers)


async def add_facts(connection: "Connection", batch: UUID, rows: Sequence[FactRow]) -> int:
    """Add facts, at least one, as *batch*; return how many were new."""
    columns = (list(column) for column in zip(*rows, strict=True))
    return len(await connection.fetch(SQL.add_facts, *columns, batch))


async def add_batch(
    connection: "Connection", batch: UUID, at: datetime, subjects: Sequence[int], seals: Sequence[bytes], root: bytes
) -> None:
    """Keep the seals of what a batch tells, each with whom it is about."""
    await connection.fetchval(SQL.add_batch, batch, at, subjects, b"".join(seals), root)


async def salt_of(connection: "Connection", subject: int) -> bytes | None:
    """Return a person's salt; None where there is no such person."""
    found: bytes | None = await connection.fetchval(SQL.salt_of, subject)
    return found


async def unsealed(connection: "Connection") -> bool:
    """Return whether there may be people who are older than batches; whoever asks second waits until the first is done."""
    return await connection.fetchval(SQL.unsealed) is not None


async def waits_for_seal(connection: "Connection") -> bool:
    """Return the same without holding anybody up."""
    found: bool = await connection.fetchval(SQL.waits_for_seal)
    return found


async def end_unsealed(connection: "Connection") -> None:
    """Nobody is older than batches any more."""
    await connection.fetchval(SQL.end_unsealed)


async def older_people(connection: "Connection", most: int) -> list[tuple[PersonRow, bytes]]:
    """Return people without a batch, with their salts."""
    rows = await connection.fetch(SQL.older_people, most)
    return [(PersonRow(row["subject"], row["born"], row["home_region"]), row["salt"]) for row in rows]


async def older_facts(connection: "Connection", subjects: Sequence[int]) -> list[FactRow]:
    """Return the facts of these people that came without a batch."""
    return [FactRow(*row) for row in await connection.fetch(SQL.older_facts, subjects)]


async def mark_sealed(connection: "Connection", batch: UUID, subjects: Sequence[int]) -> None:
    """Let what came without a batch about these people be of *batch*."""
    await connection.fetch(SQL.mark_people, batch, subjects)
    await connection.fetch(SQL.mark_facts, batch, subjects)


async def set_scopes(connection: "Connection", rows: Sequence[tuple[int, str, date]]) -> list[tuple[int, str]]:
    """Write where people belong: (subject, region, since), each subject once; return (subject, region) of those for whom it is news."""
    if not rows:
        return []
    return [tuple(row) for row in await connection.fetch(SQL.set_scopes, *(list(column) for column in zip(*rows, strict=True)))]


async def region_of(connection: "Connection", subject: int, prefixes: Sequence[str]) -> str | None:
    """Return where a person belongs, if that begins with one of *prefixes*."""
    found: str | None = await connection.fetchval(SQL.region_of, subject, prefixes)
    return found


async def number_inside(connection: "Connection", number_hash: bytes, prefixes: Sequence[str]) -> tuple[int, str] | None:
    """Return (subject, region) of a hashed person number, if the region begins with one of *prefixes*."""
    row = await connection.fetchrow(SQL.number_inside, number_hash, prefixes)
    return None if row is None else (row["subject"], row["region"])


async def subjects_in(
    connection: "Connection", prefixes: Sequence[str], inside: str, after: tuple[str, int], most: int
) -> list[tuple[int, str]]:
    """Return (subject, region) of at most *most* people whose region begins with *inside*, by region and subject."""
    beyond = inside + ":"  # The character after 9.
    rows = await connection.fetch(SQL.subjects_in, prefixes, inside, beyond, *after, most)
    return [(row["subject"], row["region"]) for row in rows]


async def find_number(connection: "Connection", number_hash: bytes) -> int | None:
    """Return the subject of a hashed person number."""
    found: int | None = await connection.fetchval(SQL.find_number, number_hash)
    return found


async def find_subject(connection: "Connection", subject: int) -> tuple[date, str] | None:
    """Return birth date and home region."""
    row = await connection.fetchrow(SQL.find_subject, subject)
    return None if row is None else (row["born"], row["home_region"])


async def facts_of(connection: "Connection", subject: int) -> list[tuple[str, date, str]]:
    """Return (fact, since, text) of a person, oldest first."""
    rows: Sequence[Any] = await connection.fetch(SQL.facts_of, subject)
    return [(row["fact"], row["since"], row["value"]) for row in rows]


async def find_identity(connection: "Connection", subject: int) -> tuple[str, bytes] | None:
    """Return key id and sealed identity, None for visitors."""
    row = await connection.fetchrow(SQL.find_identity, subject)
    return None if row is None else (row["key_id"], row["sealed"])


async def identities_of(connection: "Connection", subjects: Sequence[int]) -> list[tuple[int, str, bytes]]:
    """Return (subject, key id, sealed identity) of those who have one."""
    return [(row["subject"], row["key_id"], row["sealed"]) for row in await connection.fetch(SQL.identities_of, subjects)]


async def fact_of_many(connection: "Connection", subjects: Sequence[int], fact: str, day: date) -> list[tuple[int, str]]:
    """Return (subject, text) of one fact as it stands on *day*, for those of whom it was told."""
    return [(row["subject"], row["value"]) for row in await connection.fetch(SQL.fact_of_many, subjects, fact, day)]


async def anyone(connection: "Connection") -> bool:
    """Return whether anyone is registered."""
    found: bool = await connection.fetchval(SQL.anyone)
    return found
