"""The log, leaf by leaf, against what it stands for, and against every head that anybody kept: what was rewritten, and where."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from onecard.audit import store
from onecard.audit.leaves import Content, kind_of, leaf_data
from onecard.audit.model import BatchLeaf, Entry, LogRow
from onecard.ledger.verify import Check
from onecard.values.merkle import EMPTY, Digest, Frontier, leaf_hash
from onecard.values.signed_head import Head

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["LATE", "PROBLEMS_MAX", "Walked", "walk_log"]

LEAVES_AT_ONCE: Final = 5_000
PROBLEMS_MAX: Final = 100
NAMED_MAX: Final = 10

LATE: Final = timedelta(minutes=5)
"""How much later than its own time a record may come into the log, servers' clocks apart. What says it is older than a head by
more and stands behind it was put there afterwards."""

Found = Mapping[UUID, Content]


@dataclass(slots=True, kw_only=True)
class Walked:
    """What a walk through the whole log found."""

    size: int = 0
    leaves: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)  # The head of the tree at each size that was asked about.
    places: dict[UUID, int] = field(default_factory=dict)  # Where a batch stands, of uses or about people.

    def checks(self) -> list[Check]:
        """Return them as checks."""
        return [
            Check(name="leaves-equal-log", examined=self.size, problems=self.leaves[:PROBLEMS_MAX]),
            Check(name="nothing-is-put-in-behind-a-head", examined=self.size, problems=self.late[:PROBLEMS_MAX]),
        ]


async def walk_log(connection: "Connection", digest: Digest, heads: Sequence[Head]) -> Walked:
    """Compute every leaf and node again, in the snapshot of *connection*; *heads* are those whose signatures are good."""
    walked, frontier = Walked(roots={0: EMPTY.root(digest)}), EMPTY
    sizes, signed_at = {head.size for head in heads}, _SignedAt(heads)
    async for rows, found in _pages(connection):
        for row in rows:
            where = f"leaf {row.position} ({row.kind} {row.ref})"
            if row.position != frontier.size:
                walked.leaves.append(f"leaves {frontier.size} … {row.position - 1} are gone: {where} follows")
                return walked  # No tree stands on a gap.
            frontier = _grow(walked, digest, frontier, row, where)
            walked.leaves += _content_problems(digest, row, found.get(row.ref), where)
            walked.late += _late_problems(signed_at.before(row.position), found.get(row.ref), where)
            if row.kind in ("batch", "people"):
                walked.places[row.ref] = row.position
            if frontier.size in sizes:
                walked.roots[frontier.size] = frontier.root(digest)
    return walked


def _grow(walked: Walked, digest: Digest, frontier: Frontier, row: LogRow, where: str) -> Frontier:
    grown, above = frontier.grown(digest, row.leaf)
    walked.size = grown.size
    if above != row.above:
        walked.leaves.append(f"{where}: the nodes kept above it are not those of the tree")
    return grown


async def _pages(connection: "Connection") -> AsyncIterator[tuple[list[LogRow], Found]]:
    first = 0
    while rows := await store.log_page(connection, first, LEAVES_AT_ONCE):
        batches = await store.batches(connection, [row.ref for row in rows if row.kind == "batch"])
        people = await store.people_batches(connection, [row.ref for row in rows if row.kind == "people"])
        entries = await store.entries(connection, [row.ref for row in rows if row.kind not in ("batch", "people")])
        yield rows, {**batches, **people, **entries}
        first = rows[-1].position + 1


def _content_problems(digest: Digest, row: LogRow, content: Content | None, where: str) -> Iterator[str]:
    if content is None:
        yield f"{where}: what it stands for is gone"
        return
    if kind_of(content) != row.kind or leaf_hash(digest, leaf_data(content)) != row.leaf:
        yield f"{where}: what it stands for was changed{_told(content)}"


def _told(content: Content) -> str:
    """Say what is there now, in words that name nobody but the one who acted."""
    if isinstance(content, Entry):
        return f"; it says {content.person} did {content.act} at {content.at.isoformat()}"
    rows = f"{content.records} records" if isinstance(content, BatchLeaf) else f"{content.told} rows about people"
    return f"; it says {rows} at {content.made_at.isoformat()}"


def _late_problems(signed: Head | None, content: Content | None, where: str) -> Iterator[str]:
    if signed is None or content is None:
        return
    made = content.at if isinstance(content, Entry) else content.made_at
    if made < signed.at - LATE:
        yield f"{where} says it is of {made.isoformat()}, but came after the head of size {signed.size}, signed at {signed.at.isoformat()}"


class _SignedAt:
    """The latest of the heads that a leaf stands behind, asked in rising order."""

    def __init__(self, heads: Sequence[Head]) -> None:
        self._heads = sorted(heads, key=lambda head: head.size, reverse=True)
        self._latest: Head | None = None

    def before(self, position: int) -> Head | None:
        """Return the latest head over leaves before *position* alone."""
        while self._heads and self._heads[-1].size <= position:
            head = self._heads.pop()
            if self._latest is None or head.at > self._latest.at:
                self._latest = head
        return self._latest
