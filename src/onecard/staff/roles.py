"""Roles with what each may do, and how strict signing in is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from onecard.staff.model import AdminClass, Grant, Right

__all__ = ["FULL_IDS_PER_HOUR", "Role", "Roles", "SignInRules"]

FULL_IDS_PER_HOUR: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRules:
    """How strict signing in is; the defaults are Jiaxing's."""

    failures: int = 5
    lock_minutes: int = 15
    address_failures: int = 300
    idle: int = 15
    hours: int = 8

    @property
    def session_lasts(self) -> timedelta:
        """How long a session may last at all."""
        return timedelta(hours=self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One role as the city wrote it."""

    name: str
    zh: str
    en: str
    permissions: frozenset[str]
    admin: AdminClass | None
    idle_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """All roles of a city."""

    by_name: Mapping[str, Role]
    sign_in: SignInRules
    full_ids_per_hour: int = FULL_IDS_PER_HOUR  # Whole person numbers that one person may see before a second one is asked.

    def right(self, grant: Grant) -> Right:
        """Return what *grant* comes to; a role that the city no longer has allows nothing."""
        role = self.by_name.get(grant.role)
        return Right(role=grant.role, scope=grant.scope, permissions=role.permissions if role else frozenset())

    def idle(self, roles: tuple[str, ...]) -> timedelta:
        """Return after how long without a request a session with *roles* ends: the strictest counts."""
        told = [self.by_name[name].idle_minutes for name in roles if name in self.by_name]
        return timedelta(minutes=min(told, default=self.sign_in.idle))
