"""This room's tables: credentials and cards come in by COPY, states are added."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from onecard.db.copy import copy_rows
from onecard.db.statements import statements_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["CardKeys", "CredentialRow", "SealedCard", "add_states", "cards_of", "copy_cards", "find_card", "find_credential", "states_of"]

SQL = statements_of(__package__)

_CARD_COLUMNS: Final = ("subject", "issued_on", "number_key", "chip_key", "issue_region", "valid_until", "key_id", "sealed")


class CardKeys(NamedTuple):
    """The two credentials that one card carries."""

    subject: int
    number_key: bytes
    chip_key: bytes


class CredentialRow(NamedTuple):
    """A credential as the store holds it."""

    subject: int
    kind: str
    valid_from: date
    valid_until: date | None


class SealedCard(NamedTuple):
    """A card whose number and chip id are still sealed."""

    issued_on: date
    number_key: bytes
    issue_region: str
    valid_until: date
    key_id: str
    sealed: bytes


async def copy_cards(
    connection: "Connection", credentials: Iterable[tuple[Any, ...]], states: Iterable[tuple[Any, ...]], cards: Iterable[tuple[Any, ...]]
) -> None:
    """Write many credentials, their states and cards; a key that is there already fails the whole transaction."""
    await copy_rows(connection, "cards_credential", ["key", "subject", "kind", "valid_from", "valid_until"], credentials)
    await copy_rows(connection, "cards_state", ["key", "since", "state"], states)
    await copy_rows(connection, "cards_card", _CARD_COLUMNS, cards)


async def add_states(connection: "Connection", keys: list[bytes], since: datetime, state: str) -> int:
    """Add one state to each of *keys*; return to how many it was new."""
    return len(await connection.fetch(SQL.add_states, keys, since, state))


async def find_card(connection: "Connection", key: bytes) -> CardKeys | None:
    """Return the card that carries the number or chip behind *key*."""
    row = await connection.fetchrow(SQL.find_card, key)
    return None if row is None else CardKeys(row["subject"], row["number_key"], row["chip_key"])


async def find_credential(connection: "Connection", key: bytes) -> CredentialRow | None:
    """Return whose credential *key* is and how long it holds."""
    row = await connection.fetchrow(SQL.find_credential, key)
    return None if row is None else CredentialRow(row["subject"], row["kind"], row["valid_from"], row["valid_until"])


async def states_of(connection: "Connection", key: bytes) -> list[tuple[datetime, str]]:
    """Return (since, state), oldest first: what `cards.model.state_reason` takes."""
    return [(row["since"], row["state"]) for row in await connection.fetch(SQL.states_of, key)]


async def cards_of(connection: "Connection", subject: int) -> list[SealedCard]:
    """Return a person's cards, newest first."""
    rows = await connection.fetch(SQL.cards_of, subject)
    return [
        SealedCard(row["issued_on"], row["number_key"], row["issue_region"], row["valid_until"], row["key_id"], row["sealed"])
        for row in rows
    ]
