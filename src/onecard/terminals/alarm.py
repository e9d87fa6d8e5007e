"""What proves that two devices claim to be one terminal, kept once for each finding."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from onecard.terminals import store

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Alarm", "AlarmKind", "alarmed", "alarms_among", "alarms_of", "every_alarm", "open_alarms", "raise_alarm", "settle_alarms"]

AlarmKind = Literal["clone", "fork", "signature"]
"""Another device key, or other content under one number; two links on one; a signature that no known device made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One finding about a terminal. The evidence names numbers and device keys, never a person."""

    terminal: str
    kind: str
    at: datetime
    evidence: Mapping[str, Any]
    settled_at: datetime | None = None
    reason: str | None = None  # What the operator found who settled it.


async def raise_alarm(connection: "Connection", terminal: str, kind: AlarmKind, at: datetime, evidence: Mapping[str, Any]) -> bool:
    """Keep *evidence*, JSON-able and without personal data, against *terminal*; return whether it is news.

    A clone that comes again and again with the same is one alarm until an operator settles it: its evidence tells the finding
    and not the moment. Of one kind a hundred are kept: who sees those needs no more.
    """
    told = json.dumps(evidence, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return await store.raise_alarm(connection, terminal, kind, hashlib.sha256(told.encode()).digest(), at, told)


async def alarms_of(connection: "Connection", terminal: str) -> list[Alarm]:
    """Return a terminal's alarms, those that are settled too, newest first."""
    return [_alarm(row) for row in await store.alarms(connection, [terminal], settled=True)]


async def every_alarm(connection: "Connection", *, settled: bool) -> list[Alarm]:
    """Return the newest thousand alarms of all terminals, newest first; those that are settled only where *settled* is true."""
    return [_alarm(row) for row in await store.alarms(connection, None, settled=settled)]


async def alarms_among(connection: "Connection", prefixes: Sequence[str], *, settled: bool, most: int) -> list[Alarm]:
    """Return the newest alarms of devices in regions that begin with one of *prefixes*; settled ones too where *settled* is true."""
    return [_alarm(row) for row in await store.alarms_among(connection, prefixes, settled=settled, most=most)]


async def alarmed(connection: "Connection") -> set[tuple[str, str]]:
    """Return of which terminals an alarm of which kind was ever raised, settled or not."""
    return await store.alarmed(connection)


async def open_alarms(connection: "Connection") -> dict[str, int]:
    """Return how many alarms nobody has settled, by kind."""
    return await store.open_alarms(connection)


async def settle_alarms(connection: "Connection", terminal: str, at: datetime, reason: str) -> bool:
    """Settle all open alarms of *terminal*, once, with what was found; return whether there were any.

    The alarms stay on record. What is found from now on is news again.
    """
    return await store.settle_alarms(connection, terminal, at, reason)


def _alarm(row: Any) -> Alarm:
    return Alarm(
        terminal=row["terminal"], kind=row["kind"], at=row["at"], evidence=json.loads(row["evidence"]), settled_at=row["settled_at"],
        reason=row["reason"],
    )  # fmt: skip
