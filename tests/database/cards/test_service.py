"""Cards in a real store: number and chip are found by key, shown masked, and never half written."""

from datetime import date

import pytest

from onecard.app.opening import Store
from onecard.cards import store as cards_store
from onecard.cards.credential import CredentialMalformed, credential_key
from onecard.cards.model import NewCard, NewIdDocument
from onecard.cards.service import card_numbers, find_subject, register_cards
from onecard.db.pool import Connection
from onecard.values.masked import CardNumber, PersonNumber

NUMBER, CHIP, ID = "CA0000019", "330400d156000005" + "a" * 16, "330495195905120419"
CARD = NewCard(
    subject=7, number=CardNumber(NUMBER), chip=CardNumber(CHIP), issue_region="330481",
    issued_on=date(2020, 1, 1), valid_until=date(2030, 1, 1),
)  # fmt: skip
DOCUMENT = NewIdDocument(subject=7, number=PersonNumber(ID), valid_from=date(2015, 1, 1))


async def test_number_chip_and_document_lead_to_one_person(store: Store, connection: Connection):
    await register_cards(connection, store.keyring, [CARD], [DOCUMENT])
    for kind, value in (("card", NUMBER), ("chip", CHIP), ("id", ID)):
        assert await find_subject(connection, store.keyring, kind, value) == 7
    assert await find_subject(connection, store.keyring, "card", "CA0000020") is None


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
    assert await cards_store.find_card(connection, credential_key(store.keyring.hash_key, "card", "V12345678")) is None


async def test_a_malformed_number_leaves_nothing_behind(store: Store, connection: Connection):
    bad = NewIdDocument(subject=7, number=PersonNumber("330495590512041"), valid_from=date(2015, 1, 1))
    with pytest.raises(CredentialMalformed):
        await register_cards(connection, store.keyring, [CARD], [bad])
    assert await connection.fetchval("SELECT count(*) FROM cards_credential") == 0
