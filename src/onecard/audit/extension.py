"""Whether today's log extends a head: where it does not, between which leaves it was rewritten, and what stands there now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from onecard.audit import store
from onecard.audit.heads import kept_heads, newest_head
from onecard.audit.tree import LogBroken, frontier_of
from onecard.audit.verify import Walked
from onecard.ledger.verify import Check
from onecard.settings.log_keys import LogKeys
from onecard.values.signed_head import NotAHead, SignedHead, read_head

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["KeptHeads", "check_newest_head", "extension_checks", "read_kept_heads"]

NAMED_MAX: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHeads:
    """The heads that the store itself keeps: those to be believed, what is wrong with others, and more to narrow a place down."""

    good: Sequence[SignedHead]
    problems: Sequence[str]
    beside: Sequence[SignedHead] = ()


async def read_kept_heads(connection: "Connection", keys: LogKeys) -> KeptHeads:
    """Return the heads of the store that this log's keys signed."""
    good, problems = [], []
    for size, root, note in await kept_heads(connection):
        try:
            signed = read_head(note)
        except NotAHead:
            problems.append(f"head {size} of the store is no signed head")
            continue
        if not keys.signed(signed) or (signed.head.size, signed.head.root) != (size, root):
            problems.append(f"head {size} of the store was not signed by this log's key, or says something else than its row")
        else:
            good.append(signed)
    return KeptHeads(good=good, problems=problems)


async def check_newest_head(connection: "Connection", keys: LogKeys) -> Check:
    """Hold the newest head of the store to the log's own nodes: some dozens of rows, however long the log."""
    name = "newest-head-holds"
    try:
        signed = await newest_head(connection)
        if signed is None:
            return Check(name=name, examined=0)
        root = (await frontier_of(connection, signed.head.size)).root(keys.suite.digest)
    except (NotAHead, LogBroken):
        return Check(name=name, examined=1, problems=["the newest head is no signed head, or the log does not reach as far as it"])
    good = keys.signed(signed) and root == signed.head.root
    problem = f"the newest head (size {signed.head.size}) is not signed by this log's key, or not over this log"
    return Check(name=name, examined=1, problems=[] if good else [problem])


async def extension_checks(connection: "Connection", walked: Walked, given: Sequence[SignedHead], kept: KeptHeads) -> list[Check]:
    """Hold the log to the heads *given* from outside and to those *kept* in the store.

    A head alone tells that something under it was rewritten; with other heads around it the place is narrowed down.
    """
    everything = sorted(
        {signed.head.size: signed for signed in (*kept.good, *kept.beside, *given)}.values(), key=lambda signed: signed.head.size
    )
    outside = [await _problem(connection, walked, signed, everything) for signed in given]
    inside = [await _problem(connection, walked, signed, everything) for signed in kept.good]
    return [
        Check(name="log-extends-head", examined=len(given), problems=[each for each in outside if each]),
        Check(
            name="log-extends-its-own-heads", examined=len(kept.good), problems=[*kept.problems, *[each for each in inside if each]][:100]
        ),
    ]


async def _problem(connection: "Connection", walked: Walked, signed: SignedHead, everything: Sequence[SignedHead]) -> str | None:
    head = signed.head
    if _good(walked, signed):
        return None
    if head.size > walked.size:
        gone = f"leaves {walked.size} … {head.size - 1} are gone" if walked.size < head.size - 1 else f"leaf {walked.size} is gone"
        return f"the log has {walked.size} leaves, the head signed at {head.at.isoformat()} covers {head.size}: {gone}"
    since = max((each.head.size for each in everything if each.head.size < head.size and _good(walked, each)), default=0)
    until = min((each.head.size for each in everything if each.head.size > since and not _good(walked, each)), default=head.size)
    named = await store.log_page(connection, since, min(until - since, NAMED_MAX))
    there = "; ".join(f"leaf {row.position}: {row.kind} {row.ref}" for row in named)
    more = f" and {until - since - NAMED_MAX} more" if until - since > NAMED_MAX else ""
    return (
        f"the log does not extend the head of size {head.size} signed at {head.at.isoformat()}: "
        f"leaves {since} … {until - 1} are not those that were signed; there now: {there}{more}"
    )


def _good(walked: Walked, signed: SignedHead) -> bool:
    return walked.roots.get(signed.head.size) == signed.head.root
