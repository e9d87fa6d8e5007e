"""What was done to a card, for whoever asks at the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from onecard.cards import store
from onecard.cards.life import Act, Function

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Move", "history_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that was done to one function of a card, by which door and why."""

    step: int
    at: datetime
    function: Function
    act: Act
    state: str
    until: datetime | None
    channel: str
    reason: str


async def history_of(connection: "Connection", subject: int, number_key: bytes) -> list[Move]:
    """Return a card's moves, oldest first; what a demo or an earlier system told of it has no moves."""
    rows = await store.moves_of(connection, subject, number_key)
    return [
        Move(
            step=row.step, at=row.at, function=cast(Function, row.function), act=cast(Act, row.act), state=row.state, until=row.until,
            channel=row.channel, reason=row.reason,
        )
        for row in rows
    ]  # fmt: skip
