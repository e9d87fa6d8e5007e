"""Who works here, changed by whoever may: the system's administrator makes accounts, the security administrator grants roles."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from onecard.app.staff import Staff
from onecard.audit.rows import rows_written
from onecard.audit.service import note, note_change
from onecard.db.pool import Connection
from onecard.staff.errors import NotAllowed, NotSignedIn
from onecard.staff.model import OWNER_ACTING, Acting, Grant
from onecard.staff.register import NewAccount
from onecard.staff.scope import Scope

__all__ = ["StaffOffice"]

_ADMINISTRATORS: Final = ("admin-system", "admin-security", "admin-audit")
"""Until each was granted once, the home's owner makes accounts: nobody else could. Then never again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffOffice:
    """Every method's first argument is who acts; None is the home's owner. Raises `NotAllowed`, and what the register raises."""

    staff: Staff

    async def hire(self, acting: Acting | None, person: str, name: str) -> None:
        """Register a human being."""
        async with self.staff.database.acquire("desk") as connection, connection.transaction():
            who = await self._may(connection, acting, "staff.accounts")
            await self.staff.register.add_person(connection, person, name)
            await self._noted(connection, who, "staff.hire", f"person {person}", {"name": name})

    async def open_account(self, acting: Acting | None, account: str, person: str) -> NewAccount:
        """Give a person one more way to sign in; its secrets are told this once."""
        async with self.staff.database.acquire("desk") as connection, connection.transaction():
            who = await self._may(connection, acting, "staff.accounts")
            made = await self.staff.register.add_account(connection, who, account, person)
            await self._noted(connection, who, "staff.account", f"account {account}", {"person": person})
            return made

    async def link(self, acting: Acting | None, account: str, issuer: str, subject: str) -> None:
        """Let whoever the city's identity provider knows as *subject* sign in as *account*."""
        async with self.staff.database.acquire("desk") as connection, connection.transaction():
            who = await self._may(connection, acting, "staff.accounts")
            await self.staff.register.link(connection, account, "oidc", f"{issuer} {subject}")
            await self._noted(connection, who, "staff.link", f"account {account}", {"issuer": issuer, "subject": subject})

    async def close_account(self, acting: Acting | None, account: str) -> None:
        """Close an account for good."""
        async with self.staff.database.acquire("desk") as connection, connection.transaction():
            who = await self._may(connection, acting, "staff.accounts")
            person = await self.staff.register.close_account(connection, account)
            await self._noted(connection, who, "staff.close", f"account {account}", {"person": person})

    async def grant(
        self, acting: Acting | None, person: str, role: str, scope: Scope, from_day: date, until_day: date | None = None
    ) -> Grant:
        """Give a role somewhere; the home's owner gives the first of each administrator's, and no other."""
        async with self.staff.database.acquire("desk") as connection, connection.transaction():
            who = await self._may_grant(connection, acting, role)
            grant = await self.staff.register.grant(connection, who, person, role, scope, from_day, until_day)
            thing = f"grant {grant.grant}"
            await self._changed(connection, who, "staff.grant", thing, "staff_grant", {"grant_id": grant.grant}, scope.region)
            return grant

    async def end_grant(self, acting: Acting | None, grant: UUID) -> None:
        """Take a role back."""
        async with self.staff.database.acquire("desk") as connection, connection.transaction():
            who = await self._may(connection, acting, "staff.grants")
            await self.staff.register.end_grant(connection, who, grant)
            await self._changed(connection, who, "staff.end-grant", f"grant {grant}", "staff_grant", {"grant_id": grant})

    async def delegate(self, acting: Acting | None, person: str, delegate: str, from_day: date, until_day: date) -> None:
        """Let somebody act in another's place for some days."""
        async with self.staff.database.acquire("desk") as connection, connection.transaction():
            who = await self._may(connection, acting, "staff.grants")
            await self.staff.register.delegate(connection, who, person, delegate, from_day, until_day)
            key = {"person": person, "delegate": delegate, "from_day": from_day}
            await self._changed(connection, who, "staff.delegate", f"{delegate} for {person}", "staff_delegation", key)

    async def end_delegation(self, acting: Acting | None, person: str, delegate: str) -> None:
        """End it, at once."""
        async with self.staff.database.acquire("desk") as connection, connection.transaction():
            who = await self._may(connection, acting, "staff.grants")
            await self.staff.register.end_delegation(connection, person, delegate)
            key = {"person": person, "delegate": delegate}
            await self._changed(connection, who, "staff.end-delegation", f"{delegate} for {person}", "staff_delegation", key)

    async def listed(self, acting: Acting | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return all accounts and all grants."""
        async with self.staff.database.acquire("desk") as connection, connection.transaction():
            who = await self._may(connection, acting, "staff.read")
            await self._noted(connection, who, "staff.list", "staff", {}, look=True)
            return await self.staff.register.listed(connection)

    async def _may(self, connection: Connection, acting: Acting | None, permission: str) -> Acting:
        if acting is not None:
            if not acting.may(permission):
                raise NotAllowed
            return acting
        first_day = not all([await self.staff.register.has_had(connection, role) for role in _ADMINISTRATORS])
        if permission == "staff.grants" or not first_day:
            raise NotSignedIn
        return OWNER_ACTING

    async def _may_grant(self, connection: Connection, acting: Acting | None, role: str) -> Acting:
        if acting is None and role in _ADMINISTRATORS and not await self.staff.register.has_had(connection, role):
            return OWNER_ACTING
        return await self._may(connection, acting, "staff.grants")

    async def _changed(
        self, connection: Connection, acting: Acting, act: str, thing: str, table: str, key: dict[str, Any], region: str = ""
    ) -> None:
        rows = await rows_written(connection, table, key)
        await note_change(
            connection, acting, act=act, object=thing, region=region, purpose=acting.purpose, at=self.staff.now(), rows=rows
        )

    async def _noted(
        self, connection: Connection, acting: Acting, act: str, thing: str, content: dict[str, Any], *, look: bool = False
    ) -> None:
        await note(
            connection, acting, act=act, object=thing, region="", purpose=acting.purpose, result="ok", at=self.staff.now(),
            content=content, kind="look" if look else "change",
        )  # fmt: skip
