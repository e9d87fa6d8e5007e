"""Every named statement is one that PostgreSQL understands, with the parameters and columns its header promises."""

import re

import pytest

from onecard.app.opening import Store
from onecard.db.statements import Statement, all_statements

_SAME = {"int4": "integer", "int8": "bigint", "bool": "boolean", "int4[]": "integer[]", "int8[]": "bigint[]", "bool[]": "boolean[]"}


@pytest.mark.parametrize("statement", [pytest.param(s, id=f"{s.room}.{s.name}") for s in all_statements()])
async def test_a_statement_takes_and_gives_what_its_header_says(server: Store, statement: Statement) -> None:
    async with server.database.acquire("migrate") as connection:
        prepared = await connection.prepare(statement.sql)
        taken = [_SAME.get(parameter.name, parameter.name) for parameter in prepared.get_parameters()]
        given = [attribute.name for attribute in prepared.get_attributes()]
    if not any("…" in parameter for parameter in statement.parameters):
        assert taken == [parameter.split(" ", 1)[1] for parameter in statement.parameters]
    promised = [re.sub(r" [a-z]+(\[\])?$", "", column.strip()) for column in statement.columns.split(",") if column.strip()]
    if all(" " not in column for column in promised):  # Else the header tells it in words.
        assert given == promised


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    from onecard.db.statements import parse_statements

    statements = parse_statements("room", "-- The room.\n--: one(a text) -> b\n-- Does it.\nSELECT $1::text AS b;\n")
    assert statements.one == "-- room.one\nSELECT $1::text AS b"
    with pytest.raises(AttributeError, match="there are one"):
        _ = statements.two
