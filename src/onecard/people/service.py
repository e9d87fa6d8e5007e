"""Register people, add what becomes known about them, and find them by number."""

import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from onecard.db.walled import along_index
from onecard.people import mark_store, store
from onecard.people.identity import identity_bytes, identity_from
from onecard.people.marks import marks_of
from onecard.people.model import DatedFact, FactRow, FactValue, Identity, NewPerson, PersonRow, facts_on, read_fact, write_fact
from onecard.people.telling import seal_rows
from onecard.settings.keys import NONCE_BYTES, Keyring, Sealed, SealedPlace
from onecard.values.error import OnecardError
from onecard.values.keyed_hash import keyed_hash
from onecard.values.masked import PersonNumber

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "IDENTITY", "PEOPLE_MAX", "FactExists", "add_facts", "anyone_registered", "fact_of_many", "find_by_number", "find_inside",
    "known_facts", "masked_name", "number_hash", "open_identities", "open_identity", "people_inside", "proved_by_card", "region_inside",
    "register_people",
]  # fmt: skip

PEOPLE_MAX = 20_000
"""How many people one call registers: some 10 MB on their way to the store."""

IDENTITY: Final = SealedPlace(table="people_identity", purpose="identity")
"""Where names and person numbers stand, each sealed for its subject."""


class FactExists(OnecardError):
    """A fact of that day and name is there already; facts are added, never changed."""

    code = "people.fact_exists"
    http_status = 409
    zh = "同一天同一名称的事实已有记录，不能改写。请从另一天起补录新的值。"
    en = "A fact of that name and day is there already and cannot be changed. Add the new value from another day on."


async def register_people(connection: "Connection", keyring: Keyring, people: Sequence[NewPerson], at: datetime) -> None:
    """Register *people*, at most `PEOPLE_MAX`, in the transaction of *connection*. Identities are sealed on the way.

    *at* is the home's instant: what is told of them is a batch of that moment, and a leaf of the log.
    """
    assert len(people) <= PEOPLE_MAX
    if not people:
        return
    known = [(person.subject, person.identity) for person in people if person.identity is not None]
    rows = [PersonRow(person.subject, person.born, person.home_region) for person in people]
    facts = [row for person in people for row in _fact_rows(person.subject, person.facts)]
    batch = uuid.uuid4()
    await seal_rows(connection, batch, {person.subject: person.salt for person in people}, rows, facts, at)
    await store.copy_people(
        connection,
        batch=batch,
        people=zip(rows, (person.salt for person in people), strict=True),
        facts=facts,
        identities=[(subject, *_sealed(keyring, subject, identity)) for subject, identity in known],
        numbers=[(number_hash(keyring, identity.number), subject) for subject, identity in known],
    )
    belonging = _belonging([(person.subject, fact) for person in people for fact in person.facts])
    await store.set_scopes(connection, belonging)
    await mark_store.copy_marks(connection, _marks(keyring, people, {subject: region for subject, region, _ in belonging}))


async def add_facts(connection: "Connection", subject: int, facts: Sequence[DatedFact], at: datetime) -> None:
    """Add dated facts, at least one, about one person who is registered; *at* as above.

    Raises `FactExists` where one is there already (the caller's transaction ends).
    """
    rows = _fact_rows(subject, facts)
    salt = await store.salt_of(connection, subject)
    assert salt is not None, "whoever tells something about a person has found him"
    batch = uuid.uuid4()
    await seal_rows(connection, batch, {subject: salt}, [], rows, at)
    if await store.add_facts(connection, batch, rows) < len(rows):
        raise FactExists
    await mark_store.move_marks(connection, await store.set_scopes(connection, _belonging([(subject, fact) for fact in facts])))


async def region_inside(connection: "Connection", subject: int, prefixes: Sequence[str]) -> str | None:
    """Return the region a person belongs to, if it begins with one of *prefixes*; None for anyone else, and for visitors."""
    return await store.region_of(connection, subject, prefixes)


async def find_inside(connection: "Connection", keyring: Keyring, number: PersonNumber, prefixes: Sequence[str]) -> tuple[int, str] | None:
    """Return whose number this is and the region he belongs to, if it begins with one of *prefixes*; None for anyone else."""
    return await store.number_inside(connection, number_hash(keyring, number), prefixes)


async def people_inside(
    connection: "Connection", prefixes: Sequence[str], inside: str, after: tuple[str, int], most: int
) -> list[tuple[int, str]]:
    """Return (subject, region) of at most *most* people whose region begins with *inside* and with one of *prefixes*.

    They come by region and subject, after one of them: ('', 0) for the first page. In a transaction.
    """
    await along_index(connection)
    return await store.subjects_in(connection, prefixes, inside, max(after, (inside, 0)), most)


async def find_by_number(connection: "Connection", keyring: Keyring, number: PersonNumber) -> int | None:
    """Return the subject to whom a person number belongs, None where nobody is known by it."""
    return await store.find_number(connection, number_hash(keyring, number))


async def known_facts(connection: "Connection", subject: int, day: date) -> dict[str, FactValue]:
    """Return what is known about a person on *day*; what nobody told is absent."""
    return facts_on(await store.facts_of(connection, subject), day)


async def proved_by_card(connection: "Connection", subject: int) -> tuple[date, str] | None:
    """Return birth date and home region, which any card of a person proves; None where there is no such subject."""
    return await store.find_subject(connection, subject)


async def open_identity(connection: "Connection", keyring: Keyring, subject: int) -> Identity | None:
    """Return who a subject is, None for visitors; raises `SealBroken`. The names in it stay masked until revealed."""
    found = await store.find_identity(connection, subject)
    if found is None:
        return None
    key_id, sealed = found
    return identity_from(keyring.open(IDENTITY, subject, key_id, sealed))


async def open_identities(connection: "Connection", keyring: Keyring, subjects: Sequence[int]) -> dict[int, Identity]:
    """Return who *subjects* are, visitors left out, at most `PEOPLE_MAX`; raises `SealBroken`."""
    assert len(subjects) <= PEOPLE_MAX
    rows = await store.identities_of(connection, subjects)
    return {subject: identity_from(keyring.open(IDENTITY, subject, key_id, sealed)) for subject, key_id, sealed in rows}


async def fact_of_many(connection: "Connection", subjects: Sequence[int], fact: str, day: date) -> dict[int, FactValue]:
    """Return one fact of many people as it stands on *day*; of whom nobody told it is absent."""
    assert len(subjects) <= PEOPLE_MAX
    return {subject: read_fact(fact, text) for subject, text in await store.fact_of_many(connection, subjects, fact, day)}


async def masked_name(connection: "Connection", keyring: Keyring, subject: int) -> str | None:
    """Return a person's name as a public list may show it (王*国), None for visitors."""
    identity = await open_identity(connection, keyring, subject)
    return None if identity is None else str(identity.name)


async def anyone_registered(connection: "Connection") -> bool:
    """Return whether a single person is registered."""
    return await store.anyone(connection)


def number_hash(keyring: Keyring, number: PersonNumber) -> bytes:
    """Return the keyed hash under which a person number is found."""
    return keyed_hash(keyring.hash_key, "number", number.reveal().upper())


def _sealed(keyring: Keyring, subject: int, identity: Identity) -> Sealed:
    return keyring.seal(IDENTITY, subject, identity_bytes(identity), os.urandom(NONCE_BYTES))


def _marks(keyring: Keyring, people: Sequence[NewPerson], regions: Mapping[int, str]) -> Iterator[mark_store.MarkRow]:
    for person in people:
        if person.identity is not None:
            for mark in marks_of(keyring.hash_key, person.identity):
                yield mark_store.MarkRow(person.subject, mark, regions.get(person.subject, ""), person.born.year)


def _belonging(facts: Sequence[tuple[int, DatedFact]]) -> list[tuple[int, str, date]]:
    """Return (subject, region, since) of the newest registered region that *facts* tell of each person."""
    newest: dict[int, tuple[date, str]] = {}
    for subject, fact in facts:
        if fact.fact == "registered_region" and (subject not in newest or newest[subject][0] <= fact.since):
            newest[subject] = (fact.since, str(fact.value))
    return [(subject, region, since) for subject, (since, region) in sorted(newest.items())]


def _fact_rows(subject: int, facts: Sequence[DatedFact]) -> list[FactRow]:
    return [FactRow(subject, fact.fact, fact.since, write_fact(fact.fact, fact.value)) for fact in facts]
