"""Who acts: person, account, rights, session and purpose in one value, the first argument of every back-office query. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from onecard.staff.scope import Scope, prefixes_of

__all__ = ["OWNER", "OWNER_ACTING", "Acting", "AdminClass", "Decision", "Grant", "Request", "Right", "Waiting"]

AdminClass = Literal["system", "security", "audit"]

OWNER: Final = "home-owner"
"""Whoever may run commands on the home itself: he holds its keys, so no account could hold him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role given to a person, somewhere, for some days (the last included)."""

    grant: UUID
    person: str
    role: str
    scope: Scope
    from_day: date
    until_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force on *day*."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A grant in force, with what its role may do."""

    role: str
    scope: Scope
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Somebody at work. `as_person` is in whose place he acts, '' for himself; then the rights are the other's."""

    person: str
    account: str
    name: str
    rights: tuple[Right, ...]
    session: bytes = b""  # SHA-256 of the session's token; b"" for the home's owner.
    as_person: str = ""
    purpose: str = ""  # Why he looks or acts, in his own words; asked where a person's data is opened.

    @property
    def roles(self) -> tuple[str, ...]:
        """Return the names of the roles, each once, in order."""
        return tuple(sorted({right.role for right in self.rights}))

    @property
    def humans(self) -> frozenset[str]:
        """Return everyone whose hand is in what is done: four eyes look at all of them."""
        return frozenset({self.person, self.as_person} - {""})

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Return what every region that he may see anything of begins with: what the database's wall is told."""
        return prefixes_of(right.scope for right in self.rights)

    def prefixes_for(self, permission: str) -> tuple[str, ...]:
        """Return the same for one *permission*: the predicate of a list."""
        return prefixes_of(right.scope for right in self.rights if permission in right.permissions)

    def may(self, permission: str) -> bool:
        """Tell whether he may do that anywhere."""
        return any(permission in right.permissions for right in self.rights)

    def may_unplaced(self, permission: str) -> bool:
        """Tell whether he may do that to what belongs to no region and is for no county alone: his right is the whole city's."""
        return any(permission in right.permissions and right.scope.city_wide for right in self.rights)

    def may_at(self, permission: str, *, region: str, scene: str = "", programme: str = "") -> bool:
        """Tell whether he may do that to an object there."""
        return any(permission in right.permissions and right.scope.covers(region, scene, programme) for right in self.rights)

    def sees(self, *, region: str) -> bool:
        """Tell whether an object of *region* is in anything of his scope: what is not does not exist for him."""
        return not region or any(region.startswith(prefix) for prefix in self.prefixes)

    def because(self, purpose: str) -> "Acting":
        """Return him with a *purpose*."""
        return replace(self, purpose=purpose)


OWNER_ACTING: Final = Acting(person=OWNER, account=OWNER, name=OWNER, rights=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the second person said, once."""

    decision: Literal["approve", "refuse"]
    reason: str
    at: datetime
    by: str
    as_person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody prepared and somebody else must decide. `digest` is over kind, object and payload."""

    approval: UUID
    kind: str
    object: str
    digest: bytes
    region: str
    scene: str
    programme: str
    subject: int | None
    payload: Mapping[str, Any]
    reason: str
    at: datetime
    by: str
    as_person: str = ""
    decision: Decision | None = None

    @property
    def humans(self) -> frozenset[str]:
        """Return everyone whose hand was in it."""
        return frozenset({self.by, self.as_person} - {""})

    @property
    def state(self) -> Literal["waiting", "approved", "refused"]:
        """Return where it stands."""
        if self.decision is None:
            return "waiting"
        return "approved" if self.decision.decision == "approve" else "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What is to be prepared: an object somewhere, and what shall be done to it."""

    kind: str
    object: str
    region: str
    payload: Mapping[str, Any]
    reason: str
    scene: str = ""
    programme: str = ""
    subject: int | None = None
