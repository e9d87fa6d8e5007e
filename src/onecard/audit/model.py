"""What is on record of a look or a change, what a leaf of the log holds, and who acts. Frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, Protocol
from uuid import UUID

__all__ = [
    "ACT_MAX", "CUT_OFF", "FULL_ID", "OBJECT_MAX", "PURPOSE_MAX", "Actor", "BatchLeaf", "Entry", "EntryKind", "LeafKind", "LogRow",
    "PeopleLeaf", "RowWritten",
]  # fmt: skip

EntryKind = Literal["look", "change", "erasure"]
LeafKind = Literal["batch", "people", "look", "change", "erasure"]

PURPOSE_MAX: Final = 200
OBJECT_MAX: Final = 200
ACT_MAX: Final = 64

FULL_ID: Final = "residents.full-id"
"""The act of seeing a whole person number: what the budget counts."""

CUT_OFF: Final = "residents.cut-off"
"""The act before an erasure: cards and codes lead to the person no more."""


class Actor(Protocol):
    """Whoever acts: what a record of his act tells of him (`staff.model.Acting` is one)."""

    @property
    def person(self) -> str:
        """The human being, whatever account he used."""

    @property
    def account(self) -> str:
        """The account he used."""

    @property
    def as_person(self) -> str:
        """In whose place he acts; '' for himself."""

    @property
    def roles(self) -> tuple[str, ...]:
        """His roles then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWritten:
    """A row that a change wrote: its table, its key, and which columns the digest covers. How: `audit.rows`."""

    table: str
    key: Mapping[str, str]
    columns: Sequence[str]
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One look, change or erasure as it is kept for ever. `content` is JSON in canonical form."""

    entry: UUID
    at: datetime
    kind: EntryKind
    person: str
    account: str
    as_person: str
    roles: tuple[str, ...]
    purpose: str
    act: str
    object: str
    region: str
    subject: int | None
    result: str
    content: str
    salt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLeaf:
    """What the log holds of one committed batch of the ledger."""

    batch: UUID
    lane: str
    number: int
    made_at: datetime
    book_day: date
    records: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleLeaf:
    """What the log holds of one transaction that told about people."""

    batch: UUID
    made_at: datetime
    told: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One leaf in its place, with the nodes that it completed, from level 1 up."""

    position: int
    kind: LeafKind
    ref: UUID
    leaf: bytes
    above: tuple[bytes, ...]
