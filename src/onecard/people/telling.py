"""What one transaction tells about people, sealed as a batch: the log takes its root, and verify holds the rows to its seals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from onecard.people import store
from onecard.people.model import FactRow, PersonRow
from onecard.people.seal import fact_seal, person_seal, root_of_told

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["SEALED_AT_ONCE", "seal_older", "seal_rows"]

SEALED_AT_ONCE: Final = 2_000
"""How many people one transaction seals of those who are older than batches."""


async def seal_rows(
    connection: "Connection", batch: UUID, salts: Mapping[int, bytes], people: Sequence[PersonRow], facts: Sequence[FactRow], at: datetime
) -> None:
    """Keep the seals of *people* and *facts* as *batch*, made *at*, in their own transaction; the rows will name it.

    *salts*: of everyone whom they are about. There is at least one row.
    """
    subjects = [*(row.subject for row in people), *(row.subject for row in facts)]
    seals = [
        *(person_seal(salts[row.subject], batch, row) for row in people),
        *(fact_seal(salts[row.subject], batch, row) for row in facts),
    ]
    await store.add_batch(connection, batch, at, subjects, seals, root_of_told(subjects, seals))


async def seal_older(connection: "Connection", batch: UUID, at: datetime, most: int = SEALED_AT_ONCE) -> int:
    """Seal *most* people who are older than batches as *batch*, in the transaction of *connection*; return how many there were.

    Where none are left, it is over for ever: a row that comes without a batch later was put there by nobody who may.
    """
    if not await store.unsealed(connection):
        return 0
    rows = await store.older_people(connection, most)
    if not rows:
        await store.end_unsealed(connection)
        return 0
    salts = {person.subject: salt for person, salt in rows}
    facts = await store.older_facts(connection, list(salts))
    await seal_rows(connection, batch, salts, [person for person, _ in rows], facts, at)
    await store.mark_sealed(connection, batch, list(salts))
    return len(rows)
