"""A batch is sorted, holds each key once, and loses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.db.batch import ARGUMENTS_MAX, Column, Row, build_batch

COLUMNS = [Column(name="subject", type="bigint"), Column(name="name", type="text"), Column(name="used", type="bigint")]
rows = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc"), st.integers(0, 100)), max_size=30)


def add(before: Row, row: Row) -> Row:
    return (*before[:2], before[2] + row[2])


@given(rows)
def test_keys_come_once_in_order_and_sums_are_kept(rows: list[Row]) -> None:
    batch = build_batch(COLUMNS, rows, key=["subject", "name"], merge=add)
    keys = [row[:2] for row in batch.rows]
    assert keys == sorted(set(keys))
    assert set(keys) == {row[:2] for row in rows}
    assert sum(row[2] for row in batch.rows) == sum(row[2] for row in rows)
    assert {len(array) for array in batch.arrays()} == {len(keys)}


@given(rows, st.randoms())
def test_two_writers_send_the_same_keys_in_the_same_order(rows: list[Row], chance: object) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, two = (build_batch(COLUMNS, some, key=["subject", "name"], merge=add) for some in (rows, shuffled))
    assert one == two


def test_both_forms_name_the_same_columns_and_count_on_from_a_first_argument() -> None:
    batch = build_batch(COLUMNS, [(2, "b", 1), (1, "a", 5)], key=["subject"])
    unnest, values = batch.as_unnest("new", first=3), batch.as_values("new", first=3)
    assert unnest.sql == (
        "(SELECT u.subject, u.name, u.used FROM unnest($3::bigint[], $4::text[], $5::bigint[]) AS u(subject, name, used))"
        " AS new(subject, name, used)"
    )
    assert unnest.arguments == [[1, 2], ["a", "b"], [5, 1]]
    assert values.sql == "(VALUES ($3::bigint, $4::text, $5::bigint), ($6::bigint, $7::text, $8::bigint)) AS new(subject, name, used)"
    assert values.arguments == [1, "a", 5, 2, "b", 1]


@pytest.mark.parametrize(("rows", "key", "told"), [
    pytest.param([(1, "a", 1), (1, "a", 2)], ["subject", "name"], "a key is there twice", id="a key twice without merge"),
    pytest.param([(1, "a")], ["subject"], "2 values for 3 columns", id="a short row"),
])
def test_what_would_fail_its_neighbours_is_a_mistake_here(rows: list[Row], key: list[str], told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        build_batch(COLUMNS, rows, key=key)


def test_more_values_than_a_statement_takes_are_refused() -> None:
    batch = build_batch(COLUMNS, [(number, "", 0) for number in range(ARGUMENTS_MAX // 3 + 1)], key=["subject"])
    with pytest.raises(AssertionError, match="split the batch"):
        batch.as_values("new")


@pytest.mark.parametrize("word", ["a; DROP TABLE t", "a b", "A", "", "a)", 'a"'])
def test_no_text_becomes_sql_by_way_of_a_name(word: str) -> None:
    with pytest.raises(AssertionError):
        Column(name=word, type="text")
    with pytest.raises(AssertionError):
        build_batch(COLUMNS, [], key=["subject"]).as_unnest(word)
