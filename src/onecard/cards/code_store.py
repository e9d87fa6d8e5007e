"""This room's tables of codes: pseudonyms, and the cards that a person's codes follow."""

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from onecard.cards.ecard import HeldCard
from onecard.cards.model import StateRow
from onecard.db.statements import statements_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["SealedPseudonym", "add_credential", "add_pseudonym", "find_pseudonym", "held_cards"]

SQL = statements_of(__package__)


class SealedPseudonym(NamedTuple):
    """A pseudonym as the store holds it."""

    code_key: bytes
    key_id: str
    sealed: bytes


async def find_pseudonym(connection: "Connection", subject: int) -> SealedPseudonym | None:
    """Return a person's pseudonym, None before his first code."""
    row = await connection.fetchrow(SQL.find_pseudonym, subject)
    return None if row is None else SealedPseudonym(*row)


async def add_pseudonym(connection: "Connection", subject: int, made_at: datetime, pseudonym: SealedPseudonym) -> bool:
    """Give a person his pseudonym; False where he has one already."""
    return await connection.fetchval(SQL.add_pseudonym, subject, made_at, *pseudonym) is not None


async def add_credential(connection: "Connection", key: bytes, subject: int, kind: str, valid_from: date) -> bool:
    """Let *key* find a person; False where it finds somebody already."""
    return await connection.fetchval(SQL.add_credential, key, subject, kind, valid_from) is not None


async def held_cards(connection: "Connection", subject: int) -> list[HeldCard]:
    """Return a person's cards with what became of each."""
    cards: dict[bytes, HeldCard] = {}
    for row in await connection.fetch(SQL.held_cards, subject):
        card = cards.setdefault(row["key"], HeldCard(row["valid_from"], row["valid_until"]))
        if row["since"] is not None:
            card.states.append(StateRow(row["since"], row["state"], row["until"]))
    return list(cards.values())
