"""Cards in a real store: number and chip share one fate, the id document has its own."""

from datetime import UTC, date, datetime

import pytest

from onecard.app.opening import Store
from onecard.cards import store as cards_store
from onecard.cards.credential import CredentialMalformed, credential_key
from onecard.cards.model import NewCard, NewIdDocument, StateChange, state_reason
from onecard.cards.service import CardUnknown, StateExists, append_state, card_numbers, register_cards
from onecard.db.pool import Connection
from onecard.values.masked import CardNumber, PersonNumber

NUMBER, CHIP, ID = "CA0000019", "330400d156000005" + "a" * 16, "330495195905120419"
CARD = NewCard(
    subject=7, number=CardNumber(NUMBER), chip=CardNumber(CHIP), issue_region="330481",
    issued_on=date(2020, 1, 1), valid_until=date(2030, 1, 1),
)  # fmt: skip
DOCUMENT = NewIdDocument(subject=7, number=PersonNumber(ID), valid_from=date(2015, 1, 1))
LOST = StateChange(since=datetime(2024, 10, 1, 2, tzinfo=UTC), state="formal_loss")


async def reason_of(store: Store, connection: Connection, kind: str, value: str, at: datetime) -> str | None:
    key = credential_key(store.keyring.hash_key, kind, value)
    credential = await cards_store.find_credential(connection, key)
    assert credential is not None
    assert credential.subject == 7
    states = await cards_store.states_of(connection, key)
    return state_reason(states, credential.valid_from, credential.valid_until, at)


async def test_a_lost_card_loses_its_chip_but_not_the_id_document(store: Store, connection: Connection):
    await register_cards(connection, store.keyring, [CARD], [DOCUMENT])
    assert await append_state(connection, store.keyring, "chip", CHIP, LOST) == 7
    at = datetime(2024, 10, 2, tzinfo=UTC)
    assert await reason_of(store, connection, "card", NUMBER, at) == "CARD_LOST"
    assert await reason_of(store, connection, "chip", CHIP, at) == "CARD_LOST"
    assert await reason_of(store, connection, "id", ID, at) is None
    assert await reason_of(store, connection, "card", NUMBER, datetime(2024, 9, 1, tzinfo=UTC)) is None


async def test_a_state_is_told_once(store: Store, connection: Connection):
    await register_cards(connection, store.keyring, [CARD])
    await append_state(connection, store.keyring, "card", NUMBER, LOST)
    with pytest.raises(StateExists):
        await append_state(connection, store.keyring, "card", NUMBER, LOST)


async def test_a_card_of_ours_shows_its_number_masked_and_a_foreign_one_is_found_by_key_alone(store: Store, connection: Connection):
    foreign = NewCard(
        subject=8, number=CardNumber("V12345678"), chip=CardNumber("341800d156000005" + "b" * 16), issue_region="341800",
        issued_on=date(2020, 1, 1), valid_until=date(2030, 1, 1), foreign=True,
    )  # fmt: skip
    await register_cards(connection, store.keyring, [CARD, foreign])
    numbers = await card_numbers(connection, store.keyring, 7)
    assert [str(number) for number in numbers] == ["*****0019"]
    assert await card_numbers(connection, store.keyring, 8) == []
    assert await cards_store.find_credential(connection, credential_key(store.keyring.hash_key, "card", "V12345678")) is not None
    with pytest.raises(CardUnknown):
        await append_state(connection, store.keyring, "card", "V12345678", LOST)


async def test_a_malformed_number_leaves_nothing_behind(store: Store, connection: Connection):
    bad = NewIdDocument(subject=7, number=PersonNumber("330495590512041"), valid_from=date(2015, 1, 1))
    with pytest.raises(CredentialMalformed):
        await register_cards(connection, store.keyring, [CARD], [bad])
    assert await connection.fetchval("SELECT count(*) FROM cards_credential") == 0
