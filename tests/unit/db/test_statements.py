"""A room's SQL is read by name, and a malformed file is told with room and line."""

import pytest

from onecard.db.statements import all_statements, parse_statements

GOOD = """-- The room's statements.

--: find(key bytea, days date[]) -> subject, day
-- Finds one.
-- In two sentences.
SELECT subject, day
FROM t WHERE key = $1 AND day = ANY ($2);

--: drop(key bytea)
-- Drops one.
DELETE FROM t WHERE key = $1
"""


def test_a_statement_is_its_sql_under_its_name() -> None:
    statements = parse_statements("room", GOOD)
    assert statements.find == "-- room.find\nSELECT subject, day\nFROM t WHERE key = $1 AND day = ANY ($2)"
    find, drop = statements
    assert find.parameters == ("key bytea", "days date[]")
    assert find.columns == "subject, day"
    assert find.purpose == "Finds one. In two sentences."
    assert (drop.name, drop.line, drop.columns) == ("drop", 9, "")


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(AttributeError, match="no statement 'fnd'; there are find, drop"):
        _ = parse_statements("room", GOOD).fnd


@pytest.mark.parametrize(("text", "told"), [
    pytest.param("SELECT 1;\n" + GOOD, "before the first header", id="sql without a name"),
    pytest.param("SELECT 1;\n", "before the first header", id="no header at all"),
    pytest.param("--: find(key bytea) -> x\nSELECT 1;\n", "room/store.sql:1: want", id="no purpose"),
    pytest.param("--: find(key bytea) -> x\n-- Finds.\n", "room/store.sql:1: want", id="no sql"),
    pytest.param("--: Find -> x\n-- Finds.\nSELECT 1\n", "room/store.sql:1: want", id="no parameters"),
    pytest.param(GOOD + "--: find()\n-- Again.\nSELECT 1\n", "room/store.sql:12: find is there twice", id="twice"),
])
def test_a_malformed_file_is_told_by_line(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_statements("room", text)


def test_every_room_keeps_its_statements_under_its_own_name() -> None:
    found = {(statement.room, statement.name) for statement in all_statements()}
    assert ("ledger", "write_batch") in found
    assert len(found) == len(all_statements())
