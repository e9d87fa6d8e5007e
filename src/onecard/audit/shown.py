"""A page of the audit, each entry held to its leaf in the log while it is shown; and the newest head, held to the tree under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from onecard.audit import store
from onecard.audit.heads import newest_head
from onecard.audit.leaves import entry_data
from onecard.audit.model import Entry, LogRow
from onecard.audit.reading import Kept
from onecard.audit.tree import LogBroken, frontier_of
from onecard.settings.log_keys import LogKeys
from onecard.values.merkle import Digest, leaf_hash
from onecard.values.signed_head import SignedHead

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["SETTLED_AFTER", "HeadShown", "Placed", "Shown", "head_shown", "held_to_log"]

Placed = Literal["in_log", "waiting", "changed", "missing"]
"""Where an entry stands: under a leaf that says the same; too new for one; under a leaf that says something else; under none."""

SETTLED_AFTER: Final = timedelta(minutes=5)
"""A server takes entries in each second; what is older and under no leaf was left out, or no server has run since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry and how it stands in the log."""

    kept: Kept
    placed: Placed
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadShown:
    """The newest head; whether this log's key signed it, and whether the tree under it has the root that it says."""

    signed: SignedHead
    by_our_key: bool
    root_holds: bool

    @property
    def good(self) -> bool:
        """Whether both hold."""
        return self.by_our_key and self.root_holds


async def held_to_log(connection: "Connection", digest: Digest, page: Sequence[Kept], now: datetime) -> list[Shown]:
    """Return the entries of a *page*, each with how it stands in the log at the instant *now*: its salt is opened for that alone."""
    refs = [kept.entry for kept in page]
    entries, leaves = await store.entries(connection, refs), await store.leaves_of(connection, refs)
    return [_shown(digest, kept, entries.get(kept.entry), leaves.get(kept.entry), now) for kept in page]


async def head_shown(connection: "Connection", keys: LogKeys) -> HeadShown | None:
    """Return the newest head, held to its key and to its tree by some dozens of rows; None before the first.

    The whole log is held to heads from outside by `onecard verify --audit`.
    """
    signed = await newest_head(connection)
    if signed is None:
        return None
    try:
        root = (await frontier_of(connection, signed.head.size)).root(keys.suite.digest)
    except LogBroken:
        root = b""
    return HeadShown(signed=signed, by_our_key=keys.signed(signed), root_holds=root == signed.head.root)


def _shown(digest: Digest, kept: Kept, entry: Entry | None, row: LogRow | None, now: datetime) -> Shown:
    if row is None:
        return Shown(kept=kept, placed="waiting" if now - kept.at < SETTLED_AFTER else "missing")
    same = entry is not None and row.kind == entry.kind and leaf_hash(digest, entry_data(entry)) == row.leaf
    return Shown(kept=kept, placed="in_log" if same else "changed", position=row.position)
