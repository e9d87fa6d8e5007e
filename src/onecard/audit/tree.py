"""The log's tree, read where it is needed: some dozens of rows prove anything among millions."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from onecard.audit import store
from onecard.audit.model import LogRow
from onecard.values.merkle import EMPTY, Digest, Frontier, Node, nodes_of, range_hash
from onecard.values.merkle_proof import consistency_ranges, inclusion_ranges

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["LogBroken", "consistency_proof", "frontier_of", "inclusion_proof", "log_size"]


class LogBroken(Exception):
    """A row of the log is missing or too short: somebody was at it. `onecard verify --audit` says which."""


async def log_size(connection: "Connection") -> int:
    """Return how many leaves the log has."""
    size: int = await connection.fetchval(store.SQL.log_size)
    return size


async def frontier_of(connection: "Connection", size: int) -> Frontier:
    """Return the frontier of the first *size* leaves. Raises `LogBroken`."""
    if size == 0:
        return EMPTY
    nodes = nodes_of(0, size)
    hashes = await _hashes(connection, nodes)
    return Frontier(size=size, peaks=tuple(hashes[node] for node in nodes))


async def inclusion_proof(connection: "Connection", digest: Digest, position: int, size: int) -> list[bytes]:
    """Return the proof that the leaf at *position* is in the tree of the first *size* leaves. Raises `LogBroken`."""
    return await _proof(connection, digest, inclusion_ranges(position, size))


async def consistency_proof(connection: "Connection", digest: Digest, earlier: int, later: int) -> list[bytes]:
    """Return the proof that the tree of *later* leaves extends that of *earlier*. Raises `LogBroken`."""
    return await _proof(connection, digest, consistency_ranges(earlier, later))


async def _proof(connection: "Connection", digest: Digest, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    wanted = [nodes_of(first, end) for first, end in ranges]
    hashes = await _hashes(connection, {node for nodes in wanted for node in nodes})
    return [range_hash(digest, [hashes[node] for node in nodes]) for nodes in wanted]


async def _hashes(connection: "Connection", nodes: Iterable[Node]) -> dict[Node, bytes]:
    places = {node: ((node.number + 1) << node.level) - 1 for node in nodes}
    rows = await store.log_rows(connection, sorted(set(places.values())))
    return {node: _hash(rows.get(place), node.level) for node, place in places.items()}


def _hash(row: LogRow | None, level: int) -> bytes:
    if row is None or len(row.above) < level:
        raise LogBroken
    return row.above[level - 1] if level else row.leaf
