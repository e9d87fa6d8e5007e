"""This room's tables: people who work here, their grants and sessions, what waits for a second person."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from onecard.db.statements import statements_of
from onecard.staff.model import Acting, Decision, Grant, Request, Waiting
from onecard.staff.scope import Scope

if TYPE_CHECKING:
    from onecard.db.pool import Connection, Record

__all__ = [
    "SQL", "AccountRow", "SessionRow", "add_decision", "add_request", "add_session", "find_account", "find_request", "find_session",
    "grants_of", "list_requests", "requests_of", "take_attempt",
]  # fmt: skip

SQL = statements_of(__package__)


class AccountRow(NamedTuple):
    """An account with its person."""

    account: str
    person: str
    password_hash: str
    totp_key_id: str
    totp_sealed: bytes
    closed_at: datetime | None
    name: str
    rights: int


class SessionRow(NamedTuple):
    """A session that holds."""

    account: str
    person: str
    as_person: str
    name: str
    opened_at: datetime
    seen_at: datetime
    until: datetime


async def find_account(connection: "Connection", account: str) -> AccountRow | None:
    """Return the account of that name, closed or not."""
    row = await connection.fetchrow(SQL.find_account, account)
    return None if row is None else AccountRow(*row)


async def take_attempt(
    connection: "Connection", kind: str, key_hash: bytes, most: int, at: datetime, window: timedelta, lock: timedelta
) -> datetime | None:
    """Count one more try; return None where it may be looked at, and until when it is locked where not."""
    if await connection.fetchrow(SQL.take_attempt, kind, key_hash, most, at, at - window, lock) is not None:
        return None
    row = await connection.fetchrow(SQL.find_throttle, kind, key_hash)
    return at if row is None or row["locked_until"] is None else row["locked_until"]


async def add_session(
    connection: "Connection", session_hash: bytes, account: AccountRow, as_person: str, as_rights: int, at: datetime, until: datetime,
    address: str,
) -> None:  # fmt: skip
    """Write a new session."""
    await connection.execute(
        SQL.add_session, session_hash, account.account, account.person, as_person, account.rights, as_rights, at, until, address
    )


async def find_session(connection: "Connection", session_hash: bytes, at: datetime, day: date) -> SessionRow | None:
    """Return the session by the hash of its token, if it holds at the instant *at*; idleness is the caller's to judge."""
    row = await connection.fetchrow(SQL.find_session, session_hash, at, day)
    return None if row is None else SessionRow(*row)


async def grants_of(connection: "Connection", person: str, day: date) -> list[Grant]:
    """Return what a person holds on *day*."""
    return [
        Grant(
            grant=row["grant_id"], person=row["person"], role=row["role"], from_day=row["from_day"], until_day=row["until_day"],
            scope=Scope(region=row["region"], scene=row["scene"], programme=row["programme"]),
        )
        for row in await connection.fetch(SQL.grants_of, person, day)
    ]  # fmt: skip


async def add_request(connection: "Connection", approval: UUID, waiting: Waiting, digest: bytes, acting: Acting, at: datetime) -> None:
    """Write what waits."""
    await connection.execute(
        SQL.add_request, approval, waiting.kind, waiting.object, digest, waiting.region, waiting.scene, waiting.programme,
        waiting.subject, json.dumps(waiting.payload, ensure_ascii=False), waiting.reason, at, acting.person, acting.as_person,
        acting.session,
    )  # fmt: skip


async def find_request(connection: "Connection", approval: UUID, prefixes: Sequence[str]) -> Request | None:
    """Return what waits or was decided, if it is of a region that begins with one of *prefixes*."""
    row = await connection.fetchrow(SQL.find_request, approval, prefixes)
    return None if row is None else _request(row)


async def list_requests(
    connection: "Connection", prefixes: Sequence[str], decision: str, kind: str, after: tuple[datetime, UUID], most: int
) -> list[Request]:
    """Return at most *most* requests, newest first, before *after*."""
    if decision == "waiting":
        return [_request(row) for row in await connection.fetch(SQL.list_waiting, prefixes, kind, *after, most)]
    return [_request(row) for row in await connection.fetch(SQL.list_requests, prefixes, decision, kind, *after, most)]


async def requests_of(connection: "Connection", subject: int, prefixes: Sequence[str], most: int) -> list[Request]:
    """Return at most *most* requests about one person that wait, newest first."""
    return [_request(row) for row in await connection.fetch(SQL.requests_of, subject, prefixes, most)]


async def add_decision(connection: "Connection", request: Request, decision: Decision, session: bytes) -> bool:
    """Write the decision about *request*; return False where somebody decided before."""
    written = await connection.fetchval(
        SQL.add_decision, request.approval, request.digest, request.by, request.as_person, decision.decision, decision.reason,
        decision.at, decision.by, decision.as_person, session,
    )  # fmt: skip
    return written is not None


def _request(row: "Record") -> Request:
    payload: dict[str, Any] = json.loads(row["payload"])
    decision = None
    if row["decision"] is not None:
        decision = Decision(
            decision=row["decision"], reason=row["decision_reason"], at=row["decided_at"], by=row["decided_by"],
            as_person=row["decided_as"],
        )  # fmt: skip
    return Request(
        approval=row["approval"], kind=row["kind"], object=row["object"], digest=row["digest"], region=row["region"],
        scene=row["scene"], programme=row["programme"], subject=row["subject"], payload=payload, reason=row["reason"],
        at=row["prepared_at"], by=row["prepared_by"], as_person=row["prepared_as"], decision=decision,
    )  # fmt: skip
