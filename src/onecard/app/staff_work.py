"""How anything is done for somebody who signed in: behind both walls, on record before it is shown, refusals on record too."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from onecard.app.staff import Staff
from onecard.audit.service import BudgetSpent, note
from onecard.db.pool import Connection
from onecard.people.service import region_inside
from onecard.staff.errors import ApprovalNeeded, DigestChanged, NotAllowed, NotThere, OwnWork
from onecard.staff.model import Acting

__all__ = ["NOBODY", "StaffWork", "prefixes_of_query", "tail", "unplaced_of_query"]

NOBODY: Final = -1
"""Stands for a person that is not there, so that absent and out of scope ask the store the same questions."""

_REFUSALS: Final = (NotThere, NotAllowed, OwnWork, DigestChanged, ApprovalNeeded, BudgetSpent)


def prefixes_of_query(acting: Acting, permission: str = "") -> tuple[str, ...]:
    """Return what regions must begin with, by a query's own predicate: the first wall. The database's own is the second."""
    return acting.prefixes_for(permission) if permission else acting.prefixes


def unplaced_of_query(acting: Acting, permission: str) -> bool:
    """Return whether a query may tell what belongs to no region: the same wall for what the prefixes say nothing of."""
    return acting.may_unplaced(permission)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffWork:
    """One piece of work at a time, each in a transaction of its own behind the database's wall."""

    staff: Staff
    prefixes: Callable[..., tuple[str, ...]] = prefixes_of_query  # A test takes this wall down to lean on the other.
    unplaced: Callable[[Acting, str], bool] = unplaced_of_query

    @asynccontextmanager
    async def doing(self, acting: Acting, act: str, thing: str) -> AsyncIterator[Connection]:
        """Lend a connection for *act* on *thing*; what is refused in the block leaves nothing behind but the note that it was."""
        try:
            async with self.staff.behind_wall(acting) as connection:
                yield connection
        except _REFUSALS as refused:
            async with self.staff.database.acquire("desk") as connection:
                where = str(refused.facts.get("region", ""))  # As far as it was found: auditors of that place alone are told.
                await self.noted(connection, acting, act, thing, region=where, result=refused.code)
            raise

    async def noted(
        self, connection: Connection, acting: Acting, act: str, thing: str, *, region: str = "", subject: int | None = None,
        result: str = "ok", content: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Put on record that *acting* looks at *thing*, in the transaction of *connection*."""
        await note(
            connection, acting, act=act, object=thing, region=region, purpose=acting.purpose, result=result, at=self.staff.now(),
            subject=subject, content=content,
        )  # fmt: skip

    async def person_inside(self, connection: Connection, acting: Acting, subject: int | None, permission: str) -> str:
        """Return where a person belongs, whom *acting* may do *permission* to.

        Raises `NotThere` where he is absent or out of scope, `NotAllowed` where he is in scope and the role may not.
        """
        region = await region_inside(connection, NOBODY if subject is None else subject, self.prefixes(acting))
        if region is None:
            raise NotThere
        if not acting.may_at(permission, region=region):
            raise NotAllowed(region=region)
        return region


def tail(text: str, characters: int = 4) -> str:
    """Return the end of what somebody asked for, as a record may name it: `?` where it is no plain word."""
    return text[-characters:] if text.isascii() and text.isalnum() else "?"
