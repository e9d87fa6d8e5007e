"""What one batch writes: records, moves of counters, postings and the leaf over them. Frozen values (as `decision.model`)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

__all__ = ["BATCH_RECORDS_MAX", "Batch", "CounterMove", "LinkRecord", "Posting", "ReversalRecord", "SpentCode", "UseRecord"]

BATCH_RECORDS_MAX = 1000


class UseRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One use as it is kept for ever. The columns are those of `ledger_use`; money in fen."""

    terminal: str
    seq: int
    subject: int | None
    day: date
    occurred_at: datetime
    digest: bytes
    credential_kind: str
    credential: bytes
    service: str
    site: str
    site_kind: str
    operator: str
    region: str
    home_region: str
    counted: bool
    outcome: str
    reason: str
    list_price_fen: int
    paid_fen: int
    funds: tuple[str, ...]
    amounts_fen: tuple[int, ...]
    programme: str | None
    version: int | None
    rules: int
    facts: str  # JSON.
    limits: str  # JSON.
    upload: str | None
    offline: str | None  # JSON.
    salt: bytes  # Of the person, for the seal; never written with the record.


class ReversalRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A use taken back. Its key is the key of the use."""

    terminal: str
    seq: int
    subject: int | None
    day: date
    reason: str
    limits: str  # JSON: what was given back.
    salt: bytes


class CounterMove(msgspec.Struct, frozen=True, kw_only=True):
    """How far one counter moves in one batch, and what must hold of it. `owner`: a subject or a site."""

    owner: int | str
    window_start: date
    name: str
    within: str
    moved: int  # Negative where more was given back than taken.
    cap: int | None  # The most it may stand at after the batch; None where nothing was taken.
    floor: int = 0  # The least it must stand at before the batch: what was given back was there.
    in_error: int = 0


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """An account's money in one batch, in fen; the postings of a batch add up to zero."""

    day: date
    account: str
    operator: str
    programme: str
    amount_fen: int


class SpentCode(msgspec.Struct, frozen=True, kw_only=True):
    """A dynamic code that opened something, by its keyed hash: it opens nothing again."""

    code_hash: bytes
    terminal: str
    seq: int
    at: datetime


class LinkRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A use's place in its device's chain. The columns are those of `ledger_link`; *link* and *previous* are keyed hashes."""

    terminal: str
    seq: int
    link: bytes
    key_id: str
    previous: bytes
    digest: bytes
    sealed: bytes


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """All that is written at once, or not at all."""

    batch: UUID
    lane: str
    number: int
    received_at: datetime
    book_day: date
    uses: Sequence[UseRecord]
    reversals: Sequence[ReversalRecord]
    moves: Sequence[CounterMove]
    postings: Sequence[Posting]
    codes: Sequence[SpentCode] = ()
    links: Sequence[LinkRecord] = ()

    def __post_init__(self) -> None:
        assert 0 < len(self.uses) + len(self.reversals) <= BATCH_RECORDS_MAX
        assert sum(posting.amount_fen for posting in self.postings) == 0
