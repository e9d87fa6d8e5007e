"""What a check of all cards reads, in pages where there is much of it."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from onecard.cards.model import StateRow
from onecard.db.statements import statements_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["card_counts", "cards_beside", "left_bindings", "moved_cards", "unlike_chips"]

SQL = statements_of(__package__)

PERSONS_AT_ONCE: Final = 1_000

Rows = Sequence[Any]  # Records, by column.


async def card_counts(connection: "Connection") -> Any:
    """Return how many `cards`, `moves` and `bindings` there are."""
    return await connection.fetchrow(SQL.card_counts)


async def unlike_chips(connection: "Connection") -> Rows:
    """Return cards whose number and chip have other states: subject, number_key."""
    rows: Rows = await connection.fetch(SQL.unlike_chips)
    return rows


async def cards_beside(connection: "Connection") -> Rows:
    """Return the standard cards of persons who have several, a row for each state."""
    rows: Rows = await connection.fetch(SQL.cards_beside)
    return rows


async def left_bindings(connection: "Connection", at: datetime) -> Rows:
    """Return what hangs on a cancelled card though another one took its place: subject, number_key, kind."""
    rows: Rows = await connection.fetch(SQL.left_bindings, at)
    return rows


async def moved_cards(connection: "Connection") -> AsyncIterator[tuple[Any, Rows, list[StateRow], list[StateRow]]]:
    """Yield each card to which something was done: the card, its moves by step, its social and its bank states by instant."""
    after = -(2**63)
    while cards := await connection.fetch(SQL.page_moved, after, PERSONS_AT_ONCE):
        subjects = sorted({card["subject"] for card in cards})
        moves = _by_card(await connection.fetch(SQL.moves_among, subjects))
        bank = _by_card(await connection.fetch(SQL.bank_states_among, subjects))
        social = _by_card(await connection.fetch(SQL.states_among, [card["number_key"] for card in cards]))
        for card in cards:
            key = card["number_key"]
            yield card, moves[key], _states(social[key]), _states(bank[key])
        after = subjects[-1]


def _by_card(rows: Rows) -> dict[bytes, list[Any]]:
    found: dict[bytes, list[Any]] = defaultdict(list)
    for row in rows:
        found[row["number_key"]].append(row)
    return found


def _states(rows: Rows) -> list[StateRow]:
    return [StateRow(row["since"], row["state"], row["until"]) for row in rows]
