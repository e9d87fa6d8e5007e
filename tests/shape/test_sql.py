"""Statements have a purpose, touch their own room's tables and other rooms' views, and ask no clock."""

import pytest

from tests.shape.citus_rules import asks_the_server
from tests.shape.reading import PROJECT, SOURCE, Statement, migrations, read_statements, room_of, statement_files
from tests.shape.sql_rules import file_findings, form_findings, table_findings

ROOMS = frozenset(path.name for path in SOURCE.iterdir() if path.is_dir())

# Tables that any room may read and raise, and why.
SHARED = {"db_change": "the number of changes to rules, sites and cards, by which servers notice them"}

# A statement that asks the server's clock, and why. An instant of the server is no fact about a use.
ASKS_THE_SERVER: dict[str, str] = {}


def _all_statements() -> list[Statement]:
    return [
        statement
        for path in statement_files()
        for statement in read_statements(path.read_text(encoding="utf-8"), file=str(path.relative_to(PROJECT)), room=room_of(path))
    ]


def _statement(sql: str, header: str = "find(key bytea) -> subject", purpose: str = "-- Whose key it is.") -> Statement:
    return Statement(file="bad.sql", room="uses", header=header, purpose=purpose, sql=sql)


def test_there_are_statements_to_read():
    assert len(_all_statements()) > 10


def test_each_statement_has_a_header_and_a_purpose():
    assert [f"{statement.file}: {wrong}" for statement in _all_statements() for wrong in form_findings(statement)] == []


def test_a_name_is_given_once():
    for path in statement_files():
        assert file_findings(read_statements(path.read_text(encoding="utf-8"), file=str(path), room=room_of(path))) == [], path


def test_statements_touch_their_own_tables_and_others_views():
    assert [
        f"{statement.file}: {wrong}" for statement in _all_statements() for wrong in table_findings(statement, ROOMS, frozenset(SHARED))
    ] == []


def test_times_and_ids_come_from_the_application():
    wrong = [
        f"{statement.file}: {statement.header.partition('(')[0]}: {wrong}"
        for statement in _all_statements()
        if statement.header.partition("(")[0] not in ASKS_THE_SERVER
        for wrong in asks_the_server(statement.sql)
    ]
    wrong += [f"{path.name}: {wrong}" for path in migrations() for wrong in asks_the_server(path.read_text(encoding="utf-8"))]
    assert wrong == []


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(_statement("SELECT $1::bytea AS subject", header="find -> subject"), id="no parameters"),
        pytest.param(_statement("SELECT $1::bytea AS subject", header="find(key) -> subject"), id="a parameter without a type"),
        pytest.param(_statement("SELECT $1::bytea AS subject", header="find(key bytea)"), id="no columns"),
        pytest.param(_statement("SELECT $1::bytea AS subject", purpose=""), id="no purpose"),
        pytest.param(_statement("SELECT $1::bytea, $2::text"), id="more parameters used than named"),
        pytest.param(_statement("SELECT 1 AS subject"), id="a parameter that is not used"),
        pytest.param(_statement("SELECT $1::bytea; SELECT 2"), id="two statements"),
        pytest.param(_statement("SELEC $1"), id="no SQL"),
    ],
)
def test_a_bad_form_is_found(bad):
    assert form_findings(bad) != []


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("SELECT subject FROM people_subject WHERE subject = $1", id="another room's table"),
        pytest.param("SELECT 1 FROM uses_queue JOIN LATERAL (SELECT 1 FROM ledger_use) AS u ON true", id="hidden in a sub-select"),
        pytest.param("WITH people_fact AS (SELECT 1) SELECT 1 FROM people_fact, people_number", id="beside a name of its own WITH"),
        pytest.param("INSERT INTO ledger_use_v1 (terminal) VALUES ($1)", id="written through a view"),
        pytest.param("DELETE FROM cards_state WHERE key = $1", id="deleted elsewhere"),
        pytest.param("SELECT 1 FROM somewhere", id="a table without a room"),
    ],
)
def test_a_foreign_table_is_found(bad):
    assert table_findings(_statement(bad), frozenset({"uses", "people", "ledger", "cards"})) != []


def test_views_own_tables_and_catalogues_are_good():
    good = "WITH k AS (SELECT 1 AS a) INSERT INTO uses_note SELECT k.a FROM k, people_subject_v1, ledger_use_v12, pg_class"
    assert table_findings(_statement(good), frozenset({"uses", "people", "ledger"})) == []


@pytest.mark.parametrize("bad", ["now()", "current_timestamp", "current_date", "gen_random_uuid()", "random()"])
def test_the_servers_clock_and_chance_are_found(bad):
    assert asks_the_server(f"SELECT {bad}") != []


def test_a_name_given_twice_is_found():
    assert file_findings([_statement("SELECT $1::bytea"), _statement("SELECT $1::bytea")]) != []
