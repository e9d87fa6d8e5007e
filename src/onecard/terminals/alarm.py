"""What proves that two devices claim to be one terminal, kept once for each finding."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from onecard.terminals import store

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Alarm", "AlarmKind", "alarms_of", "raise_alarm"]

AlarmKind = Literal["clone", "fork", "signature"]
"""Another device key or other content under one number; two links on one; a signature that is not the device's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One finding about a terminal."""

    kind: str
    at: datetime
    evidence: Mapping[str, Any]


async def raise_alarm(connection: "Connection", terminal: str, kind: AlarmKind, at: datetime, evidence: Mapping[str, Any]) -> bool:
    """Keep *evidence*, JSON-able and without personal data, against *terminal*; return whether it is news.

    A clone that comes again and again with the same is one alarm: its evidence tells the finding and not the moment.
    """
    told = json.dumps(evidence, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return await store.raise_alarm(connection, terminal, kind, hashlib.sha256(told.encode()).digest(), at, told)


async def alarms_of(connection: "Connection", terminal: str) -> list[Alarm]:
    """Return a terminal's alarms, newest first."""
    rows = await store.alarms_of(connection, terminal)
    return [Alarm(kind=row["kind"], at=row["at"], evidence=json.loads(row["evidence"])) for row in rows]
