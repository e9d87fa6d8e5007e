"""The tree of RFC 6962: known heads, the same heads and proofs as other people's code, and proofs that prove nothing else."""

import hashlib
import warnings
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.settings.suites import SUITES
from onecard.values.merkle import EMPTY, Frontier, Node, completed_by, leaf_hash, node_hash, nodes_of, range_hash, root_at
from onecard.values.merkle_proof import consistency_ranges, extends, inclusion_ranges, is_included

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pymerkle import InmemoryTree

# The leaves and heads with which every implementation of RFC 6962 is tried (certificate-transparency, merkletree_test).
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

sizes = st.integers(1, 70)


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def data_of(size: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(size)]


def naive_root(digest, data):
    """MTH, word for word as RFC 6962 §2.1 defines it."""
    if len(data) <= 1:
        return leaf_hash(digest, data[0]) if data else digest(b"")
    split = 1
    while split * 2 < len(data):
        split *= 2
    return node_hash(digest, naive_root(digest, data[:split]), naive_root(digest, data[split:]))


def kept(digest, data) -> tuple[Frontier, dict[Node, bytes]]:
    """Grow a tree and keep each node when it is completed, as the log does."""
    frontier, nodes = EMPTY, {}
    for position, each in enumerate(data):
        leaf = leaf_hash(digest, each)
        frontier, above = frontier.grown(digest, leaf)
        for level, hashed in enumerate((leaf, *above)):
            nodes[Node(level, position >> level)] = hashed
    return frontier, nodes


def proof(digest, nodes, ranges):
    return [range_hash(digest, [nodes[node] for node in nodes_of(*each)]) for each in ranges]


@pytest.mark.parametrize("size", range(len(HEADS)))
def test_heads_are_those_of_the_known_leaves(size):
    frontier, _ = kept(sha256, LEAVES[:size])
    assert frontier.root(sha256).hex() == HEADS[size]


@pytest.mark.parametrize("suite", ["SM", "INTL"])
@given(size=st.integers(0, 70))
def test_a_tree_that_grew_has_the_head_of_the_definition(suite, size):
    digest, data = SUITES[suite].digest, data_of(size)
    frontier, nodes = kept(digest, data)
    assert frontier.root(digest) == naive_root(digest, data) == root_at(digest, nodes, size)


@given(size=sizes)
def test_the_nodes_kept_with_each_leaf_are_all_that_were_completed(size):
    _, nodes = kept(sha256, data_of(size))
    assert sum(completed_by(position) + 1 for position in range(size)) == len(nodes)
    assert all((node.number + 1) << node.level <= size for node in nodes)


@given(size=sizes, data=st.data())
def test_heads_and_proofs_are_those_of_pymerkle(size, data):
    position, earlier = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    tree = InmemoryTree(algorithm="sha256")
    for each in data_of(size):
        tree.append_entry(each)
    frontier, nodes = kept(sha256, data_of(size))
    assert frontier.root(sha256) == tree.get_root()
    theirs = tree.prove_inclusion(position + 1, size).serialize()["path"]
    assert [each.hex() for each in proof(sha256, nodes, inclusion_ranges(position, size))] == theirs[1:], "theirs begins with the leaf"
    root = root_at(sha256, nodes, earlier)
    assert root == tree.get_root(earlier)
    ours = proof(sha256, nodes, consistency_ranges(earlier, size))
    assert extends(sha256, (earlier, root), (size, frontier.root(sha256)), ours)


@pytest.mark.parametrize("suite", ["SM", "INTL"])
@given(size=sizes, data=st.data())
def test_a_leaf_is_proved_at_its_place_and_nowhere_else(suite, size, data):
    digest = SUITES[suite].digest
    position, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    frontier, nodes = kept(digest, data_of(size))
    root, path = frontier.root(digest), proof(digest, nodes, inclusion_ranges(position, size))
    leaf = nodes[Node(0, position)]
    assert is_included(digest, leaf, position, size, path, root)
    assert (position == other) == is_included(digest, leaf, other, size, path, root)
    assert not is_included(digest, leaf_hash(digest, b"another"), position, size, path, root)
    assert not is_included(digest, leaf, position, size, [*path, path[0] if path else root], root)
    if path:
        assert not is_included(digest, leaf, position, size, path[:-1], root)
        assert not is_included(digest, leaf, position, size, [*path[:-1], digest(path[-1])], root)


@pytest.mark.parametrize("suite", ["SM", "INTL"])
@given(size=sizes, data=st.data())
def test_a_tree_is_shown_to_extend_its_own_past_and_no_other(suite, size, data):
    digest = SUITES[suite].digest
    earlier = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, earlier - 1))
    frontier, nodes = kept(digest, data_of(size))
    root, path = frontier.root(digest), proof(digest, nodes, consistency_ranges(earlier, size))
    assert extends(digest, (earlier, root_at(digest, nodes, earlier)), (size, root), path)
    rewritten = data_of(size)
    rewritten[changed] = b"rewritten"
    other, others = kept(digest, rewritten)
    forged = proof(digest, others, consistency_ranges(earlier, size))
    assert not extends(digest, (earlier, root_at(digest, nodes, earlier)), (size, other.root(digest)), forged)
    assert not extends(digest, (earlier, root_at(digest, nodes, earlier)), (size, root), [*path, root])
    if path:
        assert not extends(digest, (earlier, root_at(digest, nodes, earlier)), (size, root), path[:-1])


@given(size=sizes)
def test_a_proof_is_as_short_as_the_tree_is_high(size):
    assert all(len(inclusion_ranges(position, size)) <= (size - 1).bit_length() for position in range(size))


@given(size=sizes)
def test_ranges_of_a_proof_cover_all_other_leaves_once(size):
    for position in range(size):
        ranges = [*inclusion_ranges(position, size), (position, position + 1)]
        assert sorted(number for first, end in ranges for number in range(first, end)) == list(range(size))


def test_an_empty_tree_extends_nothing_and_holds_nothing():
    assert not is_included(sha256, sha256(b""), 0, 0, [], sha256(b""))
    assert not extends(sha256, (0, sha256(b"")), (1, sha256(b"1")), [])
    assert reduce(lambda frontier, _: frontier.grown(sha256, b"1" * 32)[0], range(3), EMPTY).size == 3
