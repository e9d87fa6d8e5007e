"""A person's data end: what leads to him is cut off, then who he is goes, and with it the salt by which his records are proved.

What he used stays: money was moved, and books are kept. It stays under a number that leads to nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from onecard.audit.erased import Kept, cut_off, erase_subject, kept_of
from onecard.audit.model import Actor
from onecard.db.pool import Database
from onecard.people.service import proved_by_card
from onecard.values.error import OnecardError

__all__ = ["SETTLE_SECONDS", "Erasure", "NobodyThere", "erase_person"]

SETTLE_SECONDS: Final = 5.0
"""How long after the cut a tap that had already read his card may still be written: a lane gives a batch up after three seconds."""


class NobodyThere(OnecardError):
    """There is no such person, or he was erased before."""

    code = "audit.nobody_there"
    http_status = 404
    exit_code = 1
    zh = "没有这个人，或此前已被删除。"
    en = "There is no such person, or he was erased before."


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Who was erased, as a number, and what stayed."""

    subject: int
    kept: Kept


async def erase_person(
    database: Database, acting: Actor, subject: int, reason: str, clock: Callable[[], datetime],
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Erasure:  # fmt: skip
    """Erase *subject* for *reason*, as *acting*; both steps are on record, and leaves of the log. Raises `NobodyThere`.

    Interrupted between its steps it is begun again: what was cut off stays cut off.
    """
    async with database.acquire("desk") as connection, connection.transaction():
        if await proved_by_card(connection, subject) is None:
            raise NobodyThere
        await cut_off(connection, acting, subject, reason, clock())
    await wait(SETTLE_SECONDS)
    async with database.acquire("desk") as connection, connection.transaction():
        kept = await kept_of(connection, subject)
        await erase_subject(connection, acting, subject, reason, clock(), kept)
    return Erasure(subject=subject, kept=kept)
