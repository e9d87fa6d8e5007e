"""The demo's staff: sixteen different people, each with an account of this installation's own, granted by the home's owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import yaml

from onecard.app.staff import Staff
from onecard.app.staff_views import scope_view
from onecard.staff.model import OWNER_ACTING
from onecard.staff.scope import EVERY, Scope

__all__ = ["LOGINS_FILE", "Login", "read_logins", "write_logins"]

LOGINS_FILE: Final = "cast_staff.yaml"

_SINCE: Final = date(2023, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One of the staff, as the city's file has him."""

    key: str
    name: str
    role: str
    scope: Scope


def read_logins(text: str) -> tuple[Login, ...]:
    """Return the staff that *text* lists; a missing key is a KeyError: city data is our own."""
    return tuple(_login(row) for row in yaml.safe_load(text)["logins"])


async def write_logins(staff: Staff, logins: tuple[Login, ...]) -> list[dict[str, Any]]:
    """Register *logins* in a store that has no staff; return them as `onecard cast --json` lists them, with their secrets."""
    told = []
    async with staff.database.acquire("desk") as connection, connection.transaction():
        for login in logins:
            await staff.register.add_person(connection, login.key, login.name)
            made = await staff.register.add_account(connection, OWNER_ACTING, login.key, login.key)
            await staff.register.grant(connection, OWNER_ACTING, login.key, login.role, login.scope, _SINCE)
            told.append(
                {"key": login.key, "user": made.account, "name": login.name, "password": made.password, "totp": made.totp,
                 "role": login.role, "scope": scope_view(login.scope)}
            )  # fmt: skip
    return told


def _login(row: Mapping[str, Any]) -> Login:
    scope = Scope(region=row.get("region", ""), scene=row.get("scene", EVERY), programme=row.get("programme", EVERY))
    return Login(key=row["key"], name=row["name"], role=row["role"], scope=scope)
