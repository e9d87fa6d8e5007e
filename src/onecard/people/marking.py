"""People who came before there were marks get theirs, some at a time, while servers run."""

from typing import TYPE_CHECKING, Final

from onecard.people import mark_store
from onecard.people.identity import identity_from
from onecard.people.mark_store import MarkRow, Unmarked
from onecard.people.marks import marks_of
from onecard.people.service import IDENTITY
from onecard.settings.keys import Keyring, SealBroken

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["MARKED_AT_ONCE", "mark_older"]

MARKED_AT_ONCE: Final = 500
"""How many people one transaction marks: some 50 ms."""


async def mark_older(connection: "Connection", keyring: Keyring, most: int = MARKED_AT_ONCE) -> list[int]:
    """Mark the next *most* people who are older than marks, in the transaction of *connection*; return who they are.

    None are left where nobody comes back. Two servers at it at once do the same work twice and no harm. An identity that does not
    open is passed over: `onecard verify` tells of it.
    """
    after = await mark_store.unmarked_after(connection)
    if after is None:
        return []
    people = await mark_store.unmarked(connection, after, most)
    rows = [
        MarkRow(person.subject, mark, person.region, person.born.year)
        for person in people
        for mark in sorted(_marks(keyring, person))
    ]
    await mark_store.add_marks(connection, rows)
    await mark_store.gone_over(connection, people[-1].subject if people else None)
    return [person.subject for person in people]


def _marks(keyring: Keyring, person: Unmarked) -> frozenset[int]:
    try:
        identity = identity_from(keyring.open(IDENTITY, person.subject, person.key_id, person.sealed))
    except SealBroken:
        return frozenset()
    return marks_of(keyring.hash_key, identity)
