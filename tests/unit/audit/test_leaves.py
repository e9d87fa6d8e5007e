"""The bytes of leaves are a promise to whoever checks without this program: they never change."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from onecard.audit.leaves import batch_data, canonical_json, entry_data
from onecard.audit.model import BatchLeaf, Entry
from onecard.audit.rows import row_digest

AT = datetime(2024, 10, 31, 12, 0, 0, 250_999, tzinfo=UTC)
BATCH = BatchLeaf(
    batch=UUID(int=255), lane="a1-0", number=7, made_at=AT, book_day=date(2024, 10, 31), records=3, root=b"\x07" * 32
)  # fmt: skip
ENTRY = Entry(
    entry=UUID(int=254), at=AT, kind="look", person="zhang-wei", account="zw", as_person="", roles=("auditor", "viewer"),
    purpose="投诉 “A”", act="uses.read", object="use T.5", region="330481", subject=17, result="ok", content='{"a":1}', salt=b"\x01" * 16,
)  # fmt: skip


def test_the_leaf_of_a_batch_to_the_byte():
    assert batch_data(BATCH) == (
        b'["onecard batch 1","000000000000000000000000000000ff","a1-0",7,1730376000250,"2024-10-31",3,"' + b"07" * 32 + b'"]'
    )


def test_the_leaf_of_an_entry_to_the_byte():
    assert entry_data(ENTRY).decode() == (
        '["onecard entry 1","01010101010101010101010101010101","000000000000000000000000000000fe",1730376000250,"look","zhang-wei","zw",'
        '"",["auditor","viewer"],"投诉 “A”","uses.read","use T.5","330481",17,"ok","{\\"a\\":1}"]'
    )


@pytest.mark.parametrize("name", [field.name for field in fields(Entry)])
def test_every_column_of_an_entry_is_under_its_leaf(name):
    other = {
        "entry": UUID(int=1), "at": AT.replace(year=2025), "kind": "change", "roles": ("auditor",), "subject": None, "salt": b"2" * 16,
    }.get(name, "another")  # fmt: skip
    assert entry_data(replace(ENTRY, **{name: other})) != entry_data(ENTRY)


@pytest.mark.parametrize("name", [field.name for field in fields(BatchLeaf)])
def test_every_column_of_a_batch_is_under_its_leaf(name):
    other = {
        "batch": UUID(int=1), "lane": "b", "number": 8, "made_at": AT.replace(year=2025), "book_day": date(2024, 11, 1), "records": 4,
        "root": b"1" * 32,
    }[name]  # fmt: skip
    assert batch_data(replace(BATCH, **{name: other})) != batch_data(BATCH)


def test_json_has_one_form():
    assert canonical_json({"b": 1, "a": [1, {"d": None, "c": "中"}]}) == '{"a":[1,{"c":"中","d":null}],"b":1}'


def test_a_row_that_gains_a_column_keeps_its_digest():
    row = {"site": "campus", "since": "2024-10-31", "note": None}
    told = row_digest(row, ["site", "since"])
    assert row_digest({**row, "later": "x"}, ["site", "since"]) == told
    assert row_digest(row, ["note", "site", "since"]) == told, "what is blank is left out"
    assert row_digest({**row, "site": "other"}, ["site", "since"]) != told
