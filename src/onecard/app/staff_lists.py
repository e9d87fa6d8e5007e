"""Lists taken out whole, as files are made of them: bounded, masked, within who asks' own regions, on record with how many rows."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from onecard.app.staff_residents import RESIDENTS_MAX
from onecard.app.staff_views import resident_view
from onecard.app.staff_work import StaffWork
from onecard.people.service import open_identities, people_inside
from onecard.settings.keys import Keyring
from onecard.staff.approvals import LIST_MAX, NEWEST
from onecard.staff.errors import NotAllowed
from onecard.staff.model import Acting, Request
from onecard.staff.scope import is_scope_region, subtree
from onecard.values.error import OnecardError

__all__ = ["EXPORT_MAX", "ListTooLong", "StaffLists"]

EXPORT_MAX: Final = 20_000
"""So many rows are taken out at a time; who needs more asks for one county or town after the other."""


class ListTooLong(OnecardError):
    """More rows than a file holds."""

    code = "staff.list_too_long"
    zh = "超过 {most} 行，没有导出。请加上筛选条件（例如县区、状态），分几次导出。"
    en = "There are more than {most} rows; nothing was taken out. Narrow the list (a region, a state) and take it in parts."


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLists:
    """What may be taken out. The first argument is who takes it."""

    work: StaffWork
    keyring: Keyring

    async def residents(self, acting: Acting, region: str) -> list[dict[str, Any]]:
        """Return everybody of *region* ('': all that are his), masked, by region and number. Raises `NotAllowed`, `ListTooLong`."""
        if not acting.may("residents.find"):
            raise NotAllowed
        if region and not is_scope_region(region):
            return []
        found: list[dict[str, Any]] = []
        async with self.work.doing(acting, "residents.export", region or "*") as connection:
            prefixes = self.work.prefixes(acting, "residents.find")
            inside = subtree(region) if region else (prefixes[0] if len(prefixes) == 1 else "")
            after = ("", 0)
            while page := await people_inside(connection, prefixes, inside, after, RESIDENTS_MAX):
                if len(found) + len(page) > EXPORT_MAX:
                    raise ListTooLong(most=f"{EXPORT_MAX:,}")
                identities = await open_identities(connection, self.keyring, [subject for subject, _ in page])
                found += [resident_view(subject, where, identities.get(subject)) for subject, where in page]
                after = (page[-1][1], page[-1][0])
                await asyncio.sleep(0)  # Taps come first.
            await self.work.noted(connection, acting, "residents.export", region or "*", region=region, content={"rows": len(found)})
        return found

    async def approvals(self, acting: Acting, state: str, kind: str) -> list[Request]:
        """Return what waits for a second person or was decided, newest first. Raises `NotAllowed`, `ListTooLong`."""
        if not acting.may("approvals.read"):
            raise NotAllowed
        thing, found = f"approvals {state or '*'} {kind or '*'}", []
        async with self.work.doing(acting, "approvals.export", thing) as connection:
            prefixes, after = self.work.prefixes(acting, "approvals.read"), NEWEST
            while page := await self.work.staff.approvals.listed(connection, prefixes, state, kind, after, LIST_MAX):
                found += page
                if len(found) > EXPORT_MAX:
                    raise ListTooLong(most=f"{EXPORT_MAX:,}")
                after = (page[-1].at, page[-1].approval)
                await asyncio.sleep(0)
            await self.work.noted(connection, acting, "approvals.export", thing, content={"rows": len(found)})
        return found
