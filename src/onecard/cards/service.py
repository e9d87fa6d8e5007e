"""Register credentials, and tell what becomes of a card: lost, found again, unsealed, cancelled."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from onecard.cards import store
from onecard.cards.credential import credential_key
from onecard.cards.model import NewCard, NewIdDocument, StateChange
from onecard.settings.keys import NONCE_BYTES, Keyring
from onecard.values.error import OnecardError
from onecard.values.masked import CardNumber

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["CARDS_MAX", "CardUnknown", "StateExists", "append_state", "card_numbers", "register_cards"]

CARDS_MAX = 20_000
"""How many cards one call registers."""

_CARD = "cards_card"


class CardUnknown(OnecardError):
    """No card of ours has that number or chip id."""

    code = "cards.unknown"
    http_status = 404
    exit_code = 1
    zh = "没有这张卡。请核对卡号；外地卡请联系发卡地。"
    en = "There is no such card. Check the number; for a card of another place ask its issuer."


class StateExists(OnecardError):
    """The card changed its state at the very same instant already."""

    code = "cards.state_exists"
    http_status = 409
    zh = "这张卡在同一时刻已有状态记录。请稍后重试。"
    en = "This card has a state of the same instant already. Try again in a moment."


async def register_cards(
    connection: "Connection", keyring: Keyring, cards: Sequence[NewCard], documents: Sequence[NewIdDocument] = ()
) -> None:
    """Register cards (number and chip) and id documents in the transaction of *connection*.

    Raises `CredentialMalformed` before anything is written.
    """
    assert len(cards) <= CARDS_MAX
    credentials: list[tuple[Any, ...]] = []
    states: list[tuple[Any, ...]] = []
    sealed: list[tuple[Any, ...]] = []
    for card in cards:
        number_key = credential_key(keyring.hash_key, "card", card.number.reveal())
        chip_key = credential_key(keyring.hash_key, "chip", card.chip.reveal())
        for key, kind in ((number_key, "card"), (chip_key, "chip")):
            credentials.append((key, card.subject, kind, card.issued_on, card.valid_until))
            states.extend((key, change.since, change.state) for change in card.states)
        if not card.foreign:
            sealed.append(_card_row(keyring, card, number_key, chip_key))
    for document in documents:
        key = credential_key(keyring.hash_key, "id", document.number.reveal())
        credentials.append((key, document.subject, "id", document.valid_from, document.valid_until))
    await store.copy_cards(connection, credentials, states, sealed)


async def append_state(connection: "Connection", keyring: Keyring, kind: str, value: str, change: StateChange) -> int:
    """Tell what becomes of the card with this number or chip id (both at once); return its subject.

    Raises `CredentialMalformed`, `CardUnknown`, `StateExists`.
    """
    card = await store.find_card(connection, credential_key(keyring.hash_key, kind, value))
    if card is None:
        raise CardUnknown
    keys = sorted((card.number_key, card.chip_key))
    if await store.add_states(connection, keys, change.since, change.state) < len(keys):
        raise StateExists
    return card.subject


async def card_numbers(connection: "Connection", keyring: Keyring, subject: int) -> list[CardNumber]:
    """Return the numbers of a person's cards, newest first, masked until revealed; raises `SealBroken`."""
    numbers = []
    for card in await store.cards_of(connection, subject):
        plain = keyring.open(_CARD, _row_name(subject, card.number_key), card.key_id, card.sealed)
        numbers.append(CardNumber(msgspec.json.decode(plain, type=list[str])[0]))
    return numbers


def _card_row(keyring: Keyring, card: NewCard, number_key: bytes, chip_key: bytes) -> tuple[Any, ...]:
    plain = msgspec.json.encode([card.number.reveal(), card.chip.reveal()])
    sealed = keyring.seal(_CARD, _row_name(card.subject, number_key), plain, os.urandom(NONCE_BYTES))
    return (card.subject, card.issued_on, number_key, chip_key, card.issue_region, card.valid_until, keyring.current, sealed)


def _row_name(subject: int, number_key: bytes) -> str:
    return f"{subject}/{number_key.hex()}"
