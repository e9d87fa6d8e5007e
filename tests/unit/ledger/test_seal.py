"""The seal of records: the tree is RFC 6962's, and no two records have one form."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from onecard.ledger.model import ReversalRecord, UseRecord
from onecard.ledger.seal import canonical_reversal, canonical_use, record_salt, root_of, sealed

BATCH, OTHER_BATCH = UUID(int=1), UUID(int=2)
AT = datetime(2024, 10, 31, 4, 0, tzinfo=UTC)
USE = UseRecord(
    terminal="BUS-1", seq=1, subject=7, day=date(2024, 10, 31), occurred_at=AT, digest=b"d" * 32, credential_kind="card",
    credential=b"c" * 32, service="ride", site="bus", site_kind="bus", operator="op", region="330400", home_region="330481",
    counted=True, outcome="accepted", reason="OK_DISCOUNT", list_price_fen=200, paid_fen=100, funds=("a", "b"),
    amounts_fen=(60, 40), programme="elder-pass-bus", version=1, rules=3, facts='{"age":65}', limits="[]", upload=None,
    offline=None, salt=b"s" * 16,
)  # fmt: skip
REVERSAL = ReversalRecord(terminal="BUS-1", seq=1, subject=7, day=date(2024, 10, 31), reason="wrong card", limits="[]", salt=b"s" * 16)

# Leaves and heads of the log's own tests, in use since 2012 (certificate-transparency, merkletree).
LEAVES = [
    bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
HEADS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def head_of(leaves: Sequence[bytes]) -> bytes:
    """Return the tree head as RFC 6962 §2.1 defines it, by recursion."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + head_of(leaves[:split]) + head_of(leaves[split:])).digest()


@pytest.mark.parametrize(("size", "head"), list(enumerate(HEADS, 1)))
def test_heads_are_those_of_the_published_tests(size: int, head: str) -> None:
    assert root_of(LEAVES[:size]).hex() == head == head_of(LEAVES[:size]).hex()


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70))
def test_the_head_is_what_the_recursive_definition_says(leaves: list[bytes]) -> None:
    assert root_of(leaves) == head_of(leaves)


@given(st.lists(st.binary(min_size=1, max_size=4), min_size=2, max_size=20, unique=True), st.data())
def test_a_change_of_any_leaf_or_of_their_order_changes_the_head(leaves: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 2))
    swapped = [*leaves[:place], leaves[place + 1], leaves[place], *leaves[place + 2 :]]
    changed = [*leaves[:place], leaves[place] + b"!", *leaves[place + 1 :]]
    assert len({root_of(leaves), root_of(swapped), root_of(changed), root_of(leaves[:-1])}) == 4


OTHERS = {
    "terminal": "BUS-2", "seq": 2, "subject": None, "day": date(2024, 11, 1), "occurred_at": AT + timedelta(milliseconds=1),
    "digest": b"e" * 32, "credential_kind": "chip", "credential": b"k" * 32, "service": "entry", "site": "sub", "site_kind": "ferry",
    "operator": "po", "region": "330401", "home_region": "", "counted": False, "outcome": "refused", "reason": "OK",
    "list_price_fen": 201, "paid_fen": 101, "funds": ("a,b",), "amounts_fen": (100,), "programme": None, "version": None, "rules": 4,
    "facts": "{}", "limits": "[[]]", "upload": "agreed", "offline": "{}",
}  # fmt: skip


@pytest.mark.parametrize("column", [name for name in UseRecord.__struct_fields__ if name != "salt"])
def test_every_column_is_part_of_a_uses_form(column: str) -> None:
    other = replace(USE, **{column: OTHERS[column]})
    assert canonical_use(other, BATCH, AT) != canonical_use(USE, BATCH, AT)


@pytest.mark.parametrize("column", [name for name in ReversalRecord.__struct_fields__ if name != "salt"])
def test_every_column_is_part_of_a_reversals_form(column: str) -> None:
    other = replace(REVERSAL, **{column: OTHERS[column]})
    assert canonical_reversal(other, BATCH, AT) != canonical_reversal(REVERSAL, BATCH, AT)


def test_batch_and_reception_are_part_of_the_form() -> None:
    forms = {canonical_use(USE, batch, at) for batch in (BATCH, OTHER_BATCH) for at in (AT, AT + timedelta(milliseconds=1))}
    forms |= {canonical_reversal(REVERSAL, batch, at) for batch in (BATCH, OTHER_BATCH) for at in (AT, AT + timedelta(milliseconds=1))}
    assert len(forms) == 8, "and a use is never taken for a reversal"


_texts = st.text(alphabet='ab",[]{}\\ \n\x00', max_size=4)
_records = st.builds(
    replace, st.just(USE), terminal=_texts, service=_texts, site=_texts, reason=_texts, facts=_texts, limits=_texts,
    funds=st.lists(_texts, max_size=3).map(tuple), amounts_fen=st.lists(st.integers(0, 11), max_size=3).map(tuple),
    programme=st.none() | _texts, version=st.none() | st.integers(0, 2), upload=st.none() | _texts, offline=st.none() | _texts,
)  # fmt: skip


@given(_records, _records)
def test_two_records_have_one_form_only_where_they_are_the_same(one: UseRecord, other: UseRecord) -> None:
    assert (canonical_use(one, BATCH, AT) == canonical_use(other, BATCH, AT)) == (one == other)


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16), st.integers(1, 99), st.integers(1, 99))
def test_a_seal_is_a_persons_and_a_records_own(salt: bytes, other_salt: bytes, seq: int, other_seq: int) -> None:
    canonical = canonical_use(USE, BATCH, AT)
    one, other = sealed(record_salt(salt, "T", seq), canonical), sealed(record_salt(other_salt, "T", other_seq), canonical)
    assert (one == other) == ((salt, seq) == (other_salt, other_seq))
