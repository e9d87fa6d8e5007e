"""The links of terminals' chains as they are kept: written with their uses, looked at later, forks found."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from onecard.db.faults import translated
from onecard.ledger import store
from onecard.ledger.model import LinkRecord

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "Fork", "LinkVerdict", "all_links", "conflicting_terminals", "forget_verdicts", "forked_terminals", "forks_of", "keep_links",
    "link_keys", "mark_links", "unchecked_links",
]  # fmt: skip

PAGE_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkVerdict:
    """Whether the device whose key a link names signed it."""

    terminal: str
    seq: int
    link: bytes
    previous: bytes
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """One device key signed more than one link on one previous: two devices hold it, or one lost its log."""

    terminal: str
    key_id: str
    seqs: Sequence[int]


async def keep_links(connection: "Connection", links: Sequence[LinkRecord], received_at: datetime) -> None:
    """Keep links of uses that are on record already, and of what conflicts with them; each once."""
    if links:
        with translated(connection):
            await store.keep_links(connection, links, received_at)


async def link_keys(connection: "Connection", terminal: str, seq: int) -> list[str]:
    """Return the ids of the device keys under which a number came."""
    with translated(connection):
        return await store.link_keys(connection, terminal, seq)


async def unchecked_links(connection: "Connection", most: int) -> Sequence[Any]:
    """Return up to *most* rows of links that nobody has looked at, in the transaction of *connection*.

    Whoever gets some is the only one who looks until that transaction ends: of two links on one previous, one would else be
    marked here and one elsewhere, and neither side would see the fork.
    """
    return await store.unchecked_links(connection, most)


async def mark_links(connection: "Connection", verdicts: Sequence[LinkVerdict]) -> list[Fork]:
    """Write down *verdicts* and return the forks that the good ones make with what is known already."""
    await store.mark_links(connection, [(each.terminal, each.seq, each.link, each.good) for each in verdicts])
    good = [each for each in verdicts if each.good]
    return await forks_of(connection, good)


async def forget_verdicts(connection: "Connection", terminal: str, key_id: str) -> None:
    """Let the links of one key that were taken for bad be looked at again: the key has become known."""
    await store.forget_verdicts(connection, terminal, key_id)


async def forks_of(connection: "Connection", links: Sequence[LinkVerdict]) -> list[Fork]:
    """Return the forks in which *links* take part."""
    rows = await store.forks_of(connection, sorted({each.terminal for each in links}), [each.previous for each in links])
    return [Fork(terminal=row["terminal"], key_id=row["key_id"], seqs=row["seqs"]) for row in rows]


async def all_links(connection: "Connection") -> AsyncIterator[Any]:
    """Yield every link as `page_links` tells it, in the snapshot of *connection*."""
    after = ("", 0, b"")
    while rows := await store.page_links(connection, after, PAGE_ROWS):
        for row in rows:
            yield row
        after = (rows[-1]["terminal"], rows[-1]["seq"], rows[-1]["link"])


async def forked_terminals(connection: "Connection") -> list[Fork]:
    """Return a fork of each terminal that has one."""
    rows = await store.forked_terminals(connection)
    return [Fork(terminal=row["terminal"], key_id=row["key_id"], seqs=row["seqs"]) for row in rows]


async def conflicting_terminals(connection: "Connection") -> dict[str, int]:
    """Return terminals of which one number came with two contents, each with the first such number."""
    return await store.conflicting_terminals(connection)
