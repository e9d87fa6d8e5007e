"""Whether everything that leads to a person leads to the right one: numbers, cards and chips, by what is sealed in his own rows.

Keyed hashes and sealed values are made with keys that the database does not hold. So whoever has nothing but the database can
point a card or a number at somebody else, but not make what is sealed there agree.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from onecard.cards.credential import credential_key
from onecard.cards.sealed import CARDS
from onecard.db.rows import rows_told
from onecard.keys.sealed import SealedTable
from onecard.ledger.verify import Check
from onecard.people.identity import identity_from
from onecard.people.sealed import IDENTITIES
from onecard.people.service import number_hash
from onecard.settings.keys import Keyring, SealBroken

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["check_whose"]

ROWS_AT_ONCE: Final = 2_000
PROBLEMS_MAX: Final = 100


class _Leads(NamedTuple):
    """What must lead to a person: a key in a table, told as PostgreSQL tells bytes."""

    subject: int
    what: str
    key: str


async def check_whose(connection: "Connection", keyring: Keyring) -> Check:
    """Hold every person number, card and chip to the sealed row that it belongs to; *connection* is the owner's."""
    examined, problems = 0, list[str]()
    async for subjects_and_plain in _opened(connection, keyring, IDENTITIES):
        leads = [_number(keyring, key[0], plain) for key, plain in subjects_and_plain]
        examined += len(leads)
        problems += await _astray(connection, "people_number", "number_hash", leads)
    async for cards_and_plain in _opened(connection, keyring, CARDS):
        cards = [lead for key, plain in cards_and_plain for lead in _card(keyring, key, plain)]
        examined += len(cards)
        problems += [f"{lead.what} of subject {lead.subject} stands under another number than it bears" for lead in cards if not lead.key]
        problems += await _astray(connection, "cards_credential", "key", [lead for lead in cards if lead.key])
    return Check(name="what-leads-to-a-person-is-his", examined=examined, problems=problems[:PROBLEMS_MAX])


async def _opened(connection: "Connection", keyring: Keyring, table: SealedTable) -> AsyncIterator[list[tuple[tuple[Any, ...], bytes]]]:
    """Open the rows of *table* page by page; what does not open is a problem of another check."""
    after = table.before_all
    while rows := await table.rows_after(connection, after, ROWS_AT_ONCE):
        after = rows[-1].key
        opened = []
        for row in rows:
            try:
                opened.append((row.key, keyring.open(table.place, row.name, *row.sealed)))
            except SealBroken:
                continue
        yield opened


def _number(keyring: Keyring, subject: int, plain: bytes) -> _Leads:
    return _Leads(subject, "the person number", _told(number_hash(keyring, identity_from(plain).number)))


def _card(keyring: Keyring, row: tuple[Any, ...], plain: bytes) -> Iterator[_Leads]:
    """Return what must lead to a card's holder; an empty key where the card's own row is under another number."""
    subject, _, number_key = row
    number, chip = msgspec.json.decode(plain, type=tuple[str, str])
    key = credential_key(keyring.hash_key, "card", number)
    yield _Leads(subject, "a card", _told(key) if key == number_key else "")
    yield _Leads(subject, "a chip", _told(credential_key(keyring.hash_key, "chip", chip)))


async def _astray(connection: "Connection", table: str, column: str, leads: Sequence[_Leads]) -> list[str]:
    rows = await rows_told(connection, table, [{column: lead.key} for lead in leads])
    found: Mapping[str, int] = {row[column]: row["subject"] for row in rows}
    return [
        f"{lead.what} of subject {lead.subject} leads to {'nobody' if lead.key not in found else f'subject {found[lead.key]}'}"
        for lead in leads
        if found.get(lead.key) != lead.subject
    ]


def _told(key: bytes) -> str:
    return "\\x" + key.hex()
