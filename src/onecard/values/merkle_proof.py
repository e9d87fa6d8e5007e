"""Proofs in the tree of RFC 6962: that a leaf is in it (§2.1.1), that a later tree extends an earlier one (§2.1.2). Pure.

Making a proof needs hashes of ranges of leaves, told by `inclusion_ranges` and `consistency_ranges`; checking one needs
nothing but the proof and the heads. The checks follow RFC 9162 §2.1.3.2 and §2.1.4.2, which are written out as steps.
"""

from collections.abc import Sequence

from onecard.values.merkle import Digest, node_hash

__all__ = ["consistency_ranges", "extends", "inclusion_ranges", "is_included"]


def inclusion_ranges(position: int, size: int) -> list[tuple[int, int]]:
    """Return the ranges (first, end) of leaves whose hashes prove the leaf at *position* in a tree of *size*, lowest first."""
    assert 0 <= position < size
    ranges: list[tuple[int, int]] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if position < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((first, middle))
            first = middle
    return ranges[::-1]


def consistency_ranges(earlier: int, later: int) -> list[tuple[int, int]]:
    """Return the ranges whose hashes prove that a tree of *later* leaves extends one of *earlier*; none where they are equal."""
    assert 0 < earlier <= later
    ranges: list[tuple[int, int]] = []
    first, end, whole = 0, later, True
    while end != earlier:
        middle = first + _split(end - first)
        if earlier <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((first, middle))
            first, whole = middle, False
    return [*([] if whole else [(first, end)]), *ranges[::-1]]


def is_included(digest: Digest, leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether *proof* shows that *leaf* (a leaf's hash) stands at *position* of the tree of *size* with head *root*."""
    if not 0 <= position < size:
        return False
    index, last, hashed = position, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            hashed = node_hash(digest, other, hashed)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hashed = node_hash(digest, hashed, other)
        index, last = index >> 1, last >> 1
    return last == 0 and hashed == root


def extends(digest: Digest, earlier: tuple[int, bytes], later: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Tell whether *proof* shows that the tree *later* (size and head) begins with all of the tree *earlier*."""
    (size, root), (later_size, later_root) = earlier, later
    if not 0 < size < later_size:
        return size == later_size and root == later_root and not proof
    path = [root, *proof] if size.bit_count() == 1 else list(proof)
    if not path:
        return False
    index, last = size - 1, later_size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old, new = node_hash(digest, other, old), node_hash(digest, other, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(digest, new, other)
        index, last = index >> 1, last >> 1
    return last == 0 and old == root and new == later_root


def _split(size: int) -> int:
    """Return the largest power of two below *size*."""
    return 1 << ((size - 1).bit_length() - 1)
