"""How terminals do, out of what each told last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from onecard.terminals import store

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["FleetFigures", "Presence", "fleet_figures", "presence_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetFigures:
    """All terminals at once, and the hotlist that they should hold."""

    online: int
    behind: int  # Online, and holding an older hotlist.
    waiting: int  # Uses that they have yet to send.
    version: int
    entries: int  # Credentials on the list.
    changed_at: datetime | None
    alarms: Mapping[str, int] = field(default_factory=dict)  # By kind, those that no operator has settled.


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What one terminal told last."""

    signed_in_at: datetime
    seen_at: datetime
    clock_offset_ms: int
    waiting: int
    hotlist: int
    bundle: str
    storage_ok: bool | None  # None: it has not said so yet.
    program: str


async def fleet_figures(connection: "Connection", seen_since: datetime, hotlist: int) -> dict[str, int]:
    """Return `online`, `behind` and `waiting` of the terminals heard of since *seen_since*, held against version *hotlist*."""
    row = await store.fleet(connection, seen_since, hotlist)
    return {"online": row["online"], "behind": row["behind"], "waiting": row["waiting"]}


async def presence_of(connection: "Connection", terminal: str) -> Presence | None:
    """Return what *terminal* told last, None where it never signed in."""
    row = await store.presence_of(connection, terminal)
    return None if row is None else Presence(**dict(row))
