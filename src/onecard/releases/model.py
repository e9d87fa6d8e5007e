"""What is released, how it came about, and what a release that reaches back proposes. Frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from onecard.policy.model import Programme

__all__ = ["Draft", "Job", "Proposal", "Release", "Simulation", "State", "Version", "states_of"]

State = Literal["ahead", "in_force", "past"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A checked document that may be released as *version*, the next of its programme."""

    programme: Programme
    version: int
    file: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What a simulation of the draft found, and the SHA-256 of the file that says so."""

    digest: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Who brought a version into force, why, and by which simulation. Reasons are theirs."""

    approval: UUID
    reason: str
    simulation: Simulation | None
    prepared_by: str
    prepared_as: str
    approved_by: str
    approved_as: str
    approved_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version that was released; `release` is None where the home's owner took it in (a demo, a first set of documents)."""

    programme: str
    version: int
    kind: str
    from_day: date
    until_day: date | None
    digest: str
    file: str
    released_at: datetime
    release: Release | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """How far the records have been decided again for a version that reaches back."""

    programme: str
    version: int
    rules: int
    from_day: date
    last_day: date
    released_at: datetime
    after: tuple[datetime, str, int] | None
    examined: int
    unknown: int
    missing: tuple[str, ...]
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One record that would have come out otherwise. `old` and `new` hold outcome, reason, paid, payers, programme, version."""

    terminal: str
    seq: int
    subject: int
    day: date
    occurred_at: datetime
    region: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    moved: Sequence[tuple[str, str, str, int]]  # (limit, window's start, within, how much more is counted).


def states_of(versions: Sequence[Version], day: date) -> dict[int, State]:
    """Return where each version of one programme stands on *day*: the latest begun holds, of two with one day the higher."""
    begun = [each for each in versions if each.from_day <= day]
    holds = max(begun, key=lambda each: (each.from_day, each.version), default=None)
    states: dict[int, State] = {each.version: "ahead" if each.from_day > day else "past" for each in versions}
    if holds is not None and (holds.until_day is None or day <= holds.until_day):
        states[holds.version] = "in_force"
    return states
