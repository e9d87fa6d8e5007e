"""Register credentials, and show a person's cards masked."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from onecard.cards import store
from onecard.cards.credential import credential_alias, credential_key
from onecard.cards.model import NewCard, NewIdDocument
from onecard.settings.keys import NONCE_BYTES, Keyring, SealedPlace
from onecard.values.masked import CardNumber
from onecard.values.search_mark import TAIL, search_mark

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "CARD", "CARDS_MAX", "card_numbers", "find_subject", "keys_of_cards", "open_card", "register_cards", "register_made", "tail_mark",
]  # fmt: skip

CARDS_MAX = 20_000
"""How many cards one call registers."""

CARD: Final = SealedPlace(table="cards_card", purpose="card")
"""Where the numbers of cards and chips stand, each pair sealed for its holder and card."""


async def register_cards(
    connection: "Connection", keyring: Keyring, cards: Sequence[NewCard], documents: Sequence[NewIdDocument] = ()
) -> None:
    """Register cards (number and chip) and id documents in the transaction of *connection*.

    Raises `CredentialMalformed` before anything is written.
    """
    assert len(cards) <= CARDS_MAX
    terminals_key = keyring.terminals_key
    credentials: list[tuple[Any, ...]] = []
    states: list[tuple[Any, ...]] = []
    sealed: list[tuple[Any, ...]] = []
    for card in cards:
        number, chip = card.number.reveal(), card.chip.reveal()
        number_key, chip_key = credential_key(keyring.hash_key, "card", number), credential_key(keyring.hash_key, "chip", chip)
        for key, kind, value in ((number_key, "card", number), (chip_key, "chip", chip)):
            credentials.append((key, card.subject, kind, card.issued_on, card.valid_until, credential_alias(terminals_key, kind, value)))
            states.extend((key, change.since, change.state, change.until) for change in card.states)
        if not card.foreign:
            sealed.append(_card_row(keyring, card, number_key, chip_key))
    for document in documents:
        value = document.number.reveal()
        key, alias = credential_key(keyring.hash_key, "id", value), credential_alias(terminals_key, "id", value)
        credentials.append((key, document.subject, "id", document.valid_from, document.valid_until, alias))
    await store.copy_cards(connection, credentials, states, sealed)


async def register_made(connection: "Connection", keyring: Keyring, card: NewCard) -> bool:
    """Register one card that the desk makes; return False, and write nothing, where its number is somebody's already.

    By INSERT alone, and without a look at others' cards: so it works behind the console's wall too.
    """
    assert not (card.foreign or card.states)
    number, chip = card.number.reveal(), card.chip.reveal()
    keys = credential_key(keyring.hash_key, "card", number), credential_key(keyring.hash_key, "chip", chip)
    number_row, chip_row = (
        (key, card.subject, kind, card.issued_on, card.valid_until, credential_alias(keyring.terminals_key, kind, value))
        for key, kind, value in zip(keys, ("card", "chip"), (number, chip), strict=True)
    )
    if not await store.add_made_credential(connection, number_row):
        return False
    fresh = await store.add_made_credential(connection, chip_row)
    assert fresh, "64 random bits were drawn twice"
    await store.add_made_card(connection, _card_row(keyring, card, *keys))
    return True


async def find_subject(connection: "Connection", keyring: Keyring, kind: str, value: str) -> int | None:
    """Return whose credential this is, None where it is nobody's; raises `CredentialMalformed`."""
    found = await store.find_credential(connection, credential_key(keyring.hash_key, kind, value))
    return None if found is None else found.subject


async def card_numbers(connection: "Connection", keyring: Keyring, subject: int) -> list[CardNumber]:
    """Return the numbers of a person's cards, newest first, masked until revealed; raises `SealBroken`."""
    cards = await store.cards_of(connection, subject)
    return [open_card(keyring, subject, card.number_key, card.key_id, card.sealed)[0] for card in cards]


async def keys_of_cards(connection: "Connection", subject: int) -> list[bytes]:
    """Return the keys of the numbers of a person's cards, newest first."""
    return [card.number_key for card in await store.cards_of(connection, subject)]


def open_card(keyring: Keyring, subject: int, number_key: bytes, key_id: str, sealed: bytes) -> tuple[CardNumber, CardNumber]:
    """Return number and chip id of a sealed card, masked until revealed; raises `SealBroken`."""
    plain = keyring.open(CARD, _row_name(subject, number_key), key_id, sealed)
    number, chip = msgspec.json.decode(plain, type=tuple[str, str])
    return CardNumber(number), CardNumber(chip)


def _card_row(keyring: Keyring, card: NewCard, number_key: bytes, chip_key: bytes) -> tuple[Any, ...]:
    plain = msgspec.json.encode([card.number.reveal(), card.chip.reveal()])
    sealed = keyring.seal(CARD, _row_name(card.subject, number_key), plain, os.urandom(NONCE_BYTES))
    return (
        card.subject, card.issued_on, number_key, chip_key, card.issue_region, card.valid_until, *sealed, card.kind,
        card.replaces, tail_mark(keyring.hash_key, card.number.reveal()),
    )  # fmt: skip


def tail_mark(hash_key: bytes, number: str) -> int:
    """Return the mark of a card number's end, under which the card is looked for."""
    return search_mark(hash_key, "card", number[-TAIL:].upper())


def _row_name(subject: int, number_key: bytes) -> str:
    return f"{subject}/{number_key.hex()}"
