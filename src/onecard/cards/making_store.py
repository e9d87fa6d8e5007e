"""This room's tables of applications, batches, return files and feeds: all of it added, never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from onecard.cards.store import AccountRow
from onecard.db.statements import statements_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "ApplicationRow", "BatchRow", "StateOfApplication", "TakenFile", "add_accounts", "add_application", "add_batch", "add_feed",
    "add_return", "add_states", "applications_in", "applications_named", "applications_of", "find_batch", "find_feed", "find_return",
    "sealed_numbers", "waiting",
]  # fmt: skip

SQL = statements_of(__package__)


class ApplicationRow(NamedTuple):
    """An application and its newest state."""

    subject: int
    application: int
    at: datetime
    kind: str
    region: str
    bank: str
    reason: str
    replaces: bytes | None
    step: int
    state: str
    state_reason: str
    state_at: datetime
    number_key: bytes | None


class StateOfApplication(NamedTuple):
    """One more state of an application."""

    subject: int
    application: int
    step: int
    state: str
    reason: str
    number_key: bytes | None = None


class BatchRow(NamedTuple):
    """A batch as it went to the maker."""

    at: datetime
    encoding: str
    cards: int
    digest: bytes


class TakenFile(NamedTuple):
    """A file that was taken: two counts tell what it held (made and failed, or taken and strange)."""

    at: datetime
    digest: bytes
    first: int
    second: int


async def add_application(connection: "Connection", row: ApplicationRow, channel: str) -> bool:
    """Write an application without its state; return whether its count was free."""
    given = (row.subject, row.application, row.at, row.kind, row.region, row.bank, channel, row.reason, row.replaces)
    return await connection.fetchval(SQL.add_application, *given) is not None


async def add_states(connection: "Connection", at: datetime, rows: Sequence[StateOfApplication]) -> int:
    """Add states; return how many of their steps were free."""
    if not rows:
        return 0
    subjects, applications, steps, states, reasons, keys = (list(column) for column in zip(*sorted(rows, key=_step), strict=True))
    return len(await connection.fetch(SQL.add_application_states, subjects, applications, steps, at, states, reasons, keys))


async def applications_of(connection: "Connection", subject: int) -> list[ApplicationRow]:
    """Return a person's applications, newest first."""
    return [ApplicationRow(*row) for row in await connection.fetch(SQL.applications_of, subject)]


async def waiting(connection: "Connection", states: Sequence[str], cards_max: int) -> list[ApplicationRow]:
    """Return at most *cards_max* applications in one of *states*, oldest first."""
    return [ApplicationRow(*row) for row in await connection.fetch(SQL.waiting_applications, states, cards_max)]


async def applications_named(connection: "Connection", names: Sequence[tuple[int, int]]) -> dict[tuple[int, int], ApplicationRow]:
    """Return applications by (subject, application)."""
    subjects, applications = [subject for subject, _ in names], [application for _, application in names]
    rows = [ApplicationRow(*row) for row in await connection.fetch(SQL.applications_named, subjects, applications)]
    return {(row.subject, row.application): row for row in rows}


async def sealed_numbers(connection: "Connection", names: Sequence[tuple[int, bytes]]) -> dict[bytes, tuple[int, str, bytes]]:
    """Return (subject, key id, sealed card) by the key of a card's number."""
    subjects, keys = [subject for subject, _ in names], [key for _, key in names]
    rows = await connection.fetch(SQL.cards_by_number, subjects, keys)
    return {row["number_key"]: (row["subject"], row["key_id"], row["sealed"]) for row in rows}


async def add_batch(connection: "Connection", name: str, batch: BatchRow, rows: Sequence[tuple[int, int, int]]) -> bool:
    """Write a batch with its (seq, subject, application); return whether its name was free."""
    if await connection.fetchval(SQL.add_batch, name, *batch) is None:
        return False
    columns = [list(column) for column in zip(*rows, strict=True)]
    return len(await connection.fetch(SQL.add_batch_rows, name, *columns)) == len(rows)


async def find_batch(connection: "Connection", name: str) -> BatchRow | None:
    """Return a batch."""
    row = await connection.fetchrow(SQL.find_batch, name)
    return None if row is None else BatchRow(*row)


async def applications_in(connection: "Connection", name: str) -> list[tuple[int, int]]:
    """Return (subject, application) of a batch, in the order of its file."""
    return [(row["subject"], row["application"]) for row in await connection.fetch(SQL.applications_in, name)]


async def add_return(connection: "Connection", name: str, taken: TakenFile) -> bool:
    """Write that a batch was answered; return whether it was not yet."""
    return await connection.fetchval(SQL.add_return, name, *taken) is not None


async def find_return(connection: "Connection", name: str) -> TakenFile | None:
    """Return the answer to a batch."""
    row = await connection.fetchrow(SQL.find_return, name)
    return None if row is None else TakenFile(*row)


async def add_accounts(connection: "Connection", rows: Sequence[tuple[int, bytes, AccountRow]]) -> int:
    """Write the accounts of many new cards, all of one instant and key; return how many."""
    if not rows:
        return 0
    since, key_id = rows[0][2].since, rows[0][2].key_id
    subjects, keys = [subject for subject, _, _ in rows], [key for _, key, _ in rows]
    banks, sealed = [account.bank for _, _, account in rows], [account.sealed for _, _, account in rows]
    return len(await connection.fetch(SQL.add_accounts, subjects, keys, since, banks, key_id, sealed))


async def add_feed(connection: "Connection", name: str, taken: TakenFile) -> bool:
    """Write that a day of the household feed was taken; return whether it was not yet."""
    return await connection.fetchval(SQL.add_feed, name, *taken) is not None


async def find_feed(connection: "Connection", name: str) -> TakenFile | None:
    """Return a day of the household feed that was taken."""
    row = await connection.fetchrow(SQL.find_feed, name)
    return None if row is None else TakenFile(*row)


def _step(row: StateOfApplication) -> tuple[int, int, int]:
    return row.subject, row.application, row.step
