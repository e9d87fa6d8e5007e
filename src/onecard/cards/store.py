"""This room's tables of cards: credentials and cards come in by COPY; states, moves, bindings and accounts are added."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from onecard.cards.model import StateRow
from onecard.db.copy import copy_rows
from onecard.db.statements import statements_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "AccountRow", "BindingRow", "CardRow", "CredentialRow", "MoveRow", "SealedCard", "account_of", "add_account", "add_bank_state",
    "add_binding", "add_made_card", "add_made_credential", "add_move", "add_states", "bank_states_of", "bindings_of", "cards_of",
    "copy_cards", "find_card", "find_credential", "moves_of", "states_of", "taken",
]  # fmt: skip

SQL = statements_of(__package__)

_CREDENTIAL_COLUMNS: Final = ("key", "subject", "kind", "valid_from", "valid_until", "alias")
_CARD_COLUMNS: Final = (
    "subject", "issued_on", "number_key", "chip_key", "issue_region", "valid_until", "key_id", "sealed", "kind", "replaces",
    "tail_mark",
)  # fmt: skip


class CardRow(NamedTuple):
    """One card as the store holds it, with the number of steps in its life."""

    subject: int
    issued_on: date
    number_key: bytes
    chip_key: bytes
    issue_region: str
    valid_until: date
    key_id: str
    sealed: bytes
    kind: str
    replaces: bytes | None
    steps: int


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


class MoveRow(NamedTuple):
    """One thing that was done to a card."""

    step: int
    at: datetime
    function: str
    act: str
    state: str
    until: datetime | None
    channel: str
    reason: str


class BindingRow(NamedTuple):
    """What hangs on a card."""

    kind: str
    reference: str
    since: datetime
    number_key: bytes


class AccountRow(NamedTuple):
    """A card's account, still sealed."""

    since: datetime
    bank: str
    key_id: str
    sealed: bytes


async def copy_cards(
    connection: "Connection", credentials: Iterable[tuple[Any, ...]], states: Iterable[tuple[Any, ...]], cards: Iterable[tuple[Any, ...]]
) -> None:
    """Write many credentials, their states and cards; a key that is there already fails the whole transaction."""
    await copy_rows(connection, "cards_credential", _CREDENTIAL_COLUMNS, credentials)
    await copy_rows(connection, "cards_state", ["key", "since", "state", "until"], states)
    await copy_rows(connection, "cards_card", _CARD_COLUMNS, cards)


async def add_made_credential(connection: "Connection", row: tuple[Any, ...]) -> bool:
    """Write one credential; return False where it is somebody's already."""
    return await connection.fetchval(SQL.add_made_credential, *row) is not None


async def add_made_card(connection: "Connection", row: tuple[Any, ...]) -> None:
    """Write one card, whose credentials are there."""
    await connection.fetchval(SQL.add_made_card, *row)


async def find_card(connection: "Connection", key: bytes) -> CardRow | None:
    """Return the card that carries the number or chip behind *key*."""
    row = await connection.fetchrow(SQL.find_card, key)
    return None if row is None else CardRow(*row)


async def add_states(connection: "Connection", keys: list[bytes], row: StateRow) -> int:
    """Add one state to each of *keys*; return to how many it was new."""
    return len(await connection.fetch(SQL.add_states, keys, row.since, row.state, row.until))


async def states_of(connection: "Connection", key: bytes) -> list[StateRow]:
    """Return what became of a credential, oldest first: what `cards.model.with_lapses` takes."""
    return [StateRow(*row) for row in await connection.fetch(SQL.states_of, key)]


async def add_bank_state(connection: "Connection", subject: int, number_key: bytes, row: StateRow) -> int:
    """Add one state of the bank's half of a card; return 1 where it was new."""
    return len(await connection.fetch(SQL.add_bank_state, subject, number_key, row.since, row.state))


async def bank_states_of(connection: "Connection", subject: int, number_key: bytes) -> list[StateRow]:
    """Return what became of the bank's half of a card, oldest first."""
    return [StateRow(*row) for row in await connection.fetch(SQL.bank_states_of, subject, number_key)]


async def add_move(connection: "Connection", subject: int, number_key: bytes, row: MoveRow) -> bool:
    """Write what was done to a card; return whether its step was still free."""
    return await connection.fetchval(SQL.add_move, subject, number_key, *row) is not None


async def moves_of(connection: "Connection", subject: int, number_key: bytes) -> list[MoveRow]:
    """Return a card's history, oldest first."""
    return [MoveRow(*row) for row in await connection.fetch(SQL.moves_of, subject, number_key)]


async def find_credential(connection: "Connection", key: bytes) -> CredentialRow | None:
    """Return whose credential *key* is and how long it holds."""
    row = await connection.fetchrow(SQL.find_credential, key)
    return None if row is None else CredentialRow(*row)


async def taken(connection: "Connection", keys: list[bytes]) -> list[bytes]:
    """Return those of *keys* that exist already."""
    return [row["key"] for row in await connection.fetch(SQL.taken_keys, keys)]


async def cards_of(connection: "Connection", subject: int) -> list[SealedCard]:
    """Return a person's cards, newest first."""
    return [SealedCard(*row) for row in await connection.fetch(SQL.cards_of, subject)]


async def add_binding(connection: "Connection", subject: int, row: BindingRow) -> bool:
    """Hang a reference on a card; return whether it was new."""
    return await connection.fetchval(SQL.add_binding, subject, *row) is not None


async def bindings_of(connection: "Connection", subject: int) -> list[BindingRow]:
    """Return what hangs on a person's cards now."""
    return [BindingRow(*row) for row in await connection.fetch(SQL.bindings_of, subject)]


async def add_account(connection: "Connection", subject: int, number_key: bytes, row: AccountRow) -> bool:
    """Write a card's account; return whether it was new."""
    return await connection.fetchval(SQL.add_account, subject, number_key, *row) is not None


async def account_of(connection: "Connection", subject: int, number_key: bytes) -> AccountRow | None:
    """Return a card's account as it stands."""
    row = await connection.fetchrow(SQL.account_of, subject, number_key)
    return None if row is None else AccountRow(*row)
