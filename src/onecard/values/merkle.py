"""The Merkle tree of RFC 6962 (§2.1) over any suite's digest, growing leaf by leaf without ever being built anew. Pure.

Leaves are hashed after 0x00, nodes after 0x01. A node is named by its level and its number there: node (level, number)
stands over the leaves from number·2^level on, 2^level of them, and is complete once the last of these has come. Whoever
keeps with each leaf the nodes that it completed (two on average) can prove anything by reading some dozens of rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, NamedTuple, TypeAlias

__all__ = ["EMPTY", "Digest", "Frontier", "Node", "completed_by", "leaf_hash", "node_hash", "nodes_of", "range_hash", "root_at"]

Digest: TypeAlias = Callable[[bytes], bytes]
"""A suite's digest, 32 bytes: SHA-256 or SM3."""


class Node(NamedTuple):
    """The place of one complete subtree."""

    level: int
    number: int


def leaf_hash(digest: Digest, data: bytes) -> bytes:
    """Return the hash of a leaf that holds *data*."""
    return digest(b"\x00" + data)


def node_hash(digest: Digest, left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return digest(b"\x01" + left + right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """All of a tree that its growth needs: its size, and the hashes of its complete subtrees, the largest first."""

    size: int
    peaks: tuple[bytes, ...]

    def __post_init__(self) -> None:
        assert len(self.peaks) == self.size.bit_count()

    def grown(self, digest: Digest, leaf: bytes) -> tuple["Frontier", tuple[bytes, ...]]:
        """Return the frontier with *leaf* (a leaf's hash) at its end, and the nodes that it completed, from level 1 up."""
        peaks, above = list(self.peaks), []
        for _ in range(completed_by(self.size)):
            leaf = node_hash(digest, peaks.pop(), leaf)
            above.append(leaf)
        return Frontier(size=self.size + 1, peaks=(*peaks, leaf)), tuple(above)

    def root(self, digest: Digest) -> bytes:
        """Return the tree head; of an empty tree the digest of nothing."""
        return range_hash(digest, self.peaks) if self.peaks else digest(b"")


EMPTY: Final = Frontier(size=0, peaks=())


def completed_by(position: int) -> int:
    """Return how many nodes above it the leaf at *position* (from 0) completes."""
    return ((position + 1) & -(position + 1)).bit_length() - 1


def nodes_of(first: int, end: int) -> list[Node]:
    """Return the complete nodes over the leaves *first* … *end* - 1, largest first, where *first* is where a subtree may begin.

    Their `range_hash` is the tree head over these leaves alone (MTH of RFC 6962).
    """
    assert 0 <= first < end
    nodes, at = [], first
    for level in range((end - first).bit_length() - 1, -1, -1):
        if (end - first) >> level & 1:
            assert at % (1 << level) == 0, "no subtree begins there"
            nodes.append(Node(level, at >> level))
            at += 1 << level
    return nodes


def range_hash(digest: Digest, peaks: Sequence[bytes]) -> bytes:
    """Return the hash over complete subtrees beside each other, given largest first."""
    return reduce(lambda right, left: node_hash(digest, left, right), reversed(peaks))


def root_at(digest: Digest, hashes: Mapping[Node, bytes], size: int) -> bytes:
    """Return the head of the tree of the first *size* leaves, out of the *hashes* of `nodes_of(0, size)`."""
    return range_hash(digest, [hashes[node] for node in nodes_of(0, size)]) if size else digest(b"")
