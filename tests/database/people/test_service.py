"""People in a real store: found by number, shown masked, their facts dated."""

from datetime import date

import pytest

from onecard.app.opening import Store
from onecard.db.pool import Connection
from onecard.people.model import DatedFact, Identity, NewPerson
from onecard.people.service import FactExists, add_facts, find_by_number, known_facts, masked_name, register_people
from onecard.settings.keys import SealBroken
from onecard.values.masked import PersonName, PersonNumber, Phone
from tests.database.town import NOON

NUMBER = PersonNumber("330495195905120419")
DIBAO = DatedFact(fact="hardship", since=date(2024, 1, 1), value=frozenset({"dibao", "disabled"}))


def person(subject: int = 7, number: PersonNumber = NUMBER) -> NewPerson:
    identity = Identity(name=PersonName("吴示安"), number=number, phone=Phone("10012345678"))
    return NewPerson(
        subject=subject, born=date(1959, 5, 12), home_region="330481", salt=bytes(range(16)), identity=identity, facts=(DIBAO,)
    )


VISITOR = NewPerson(subject=8, born=date(1960, 1, 1), home_region="341800", salt=b"v" * 16)


async def test_a_person_is_found_by_number_and_shown_masked(store: Store, connection: Connection):
    await register_people(connection, store.keyring, [person(), VISITOR], NOON)
    assert await find_by_number(connection, store.keyring, NUMBER) == 7
    assert await find_by_number(connection, store.keyring, PersonNumber("330495195905120428")) is None
    assert await masked_name(connection, store.keyring, 7) == "吴*安"
    assert await masked_name(connection, store.keyring, 8) is None


async def test_nothing_in_the_store_is_readable_without_the_key(store: Store, connection: Connection):
    await register_people(connection, store.keyring, [person()], NOON)
    sealed = await connection.fetchval("SELECT sealed FROM people_identity")
    assert "吴示安".encode() not in sealed
    assert b"19590512" not in sealed
    await connection.execute("INSERT INTO people_subject VALUES (9, '1960-01-01', '330481', decode(repeat('00', 16), 'hex'))")
    await connection.execute("INSERT INTO people_identity SELECT 9, key_id, sealed FROM people_identity")
    with pytest.raises(SealBroken):
        await masked_name(connection, store.keyring, 9)


async def test_facts_are_added_by_day_and_never_changed(store: Store, connection: Connection):
    await register_people(connection, store.keyring, [person()], NOON)
    await add_facts(connection, 7, [DatedFact(fact="hardship", since=date(2024, 9, 16), value=frozenset())], NOON)
    assert await known_facts(connection, 7, date(2024, 9, 15)) == {"hardship": frozenset({"dibao", "disabled"})}
    assert await known_facts(connection, 7, date(2024, 9, 16)) == {"hardship": frozenset()}
    with pytest.raises(FactExists):
        await add_facts(connection, 7, [DIBAO], NOON)


async def test_one_number_belongs_to_one_person(store: Store, connection: Connection):
    await register_people(connection, store.keyring, [person()], NOON)
    with pytest.raises(Exception, match="people_number"):
        await register_people(connection, store.keyring, [person(subject=10)], NOON)
