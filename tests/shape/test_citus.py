"""Every migration and statement would run unchanged on distributed PostgreSQL (DESIGN §4)."""

import pytest

from tests.shape.citus_rules import migration_findings, schema_findings, statement_findings
from tests.shape.reading import PROJECT, migrations, read_statements, room_of, statement_files
from tests.shape.schema import Schema, read_schema

# Tables that stay on one machine by intent, and why.
LOCAL: dict[str, str] = {}

SMALL = """
CREATE TABLE people_subject (subject bigint PRIMARY KEY, born date);
CREATE TABLE people_fact (subject bigint, fact text, value text, PRIMARY KEY (subject, fact));
CREATE TABLE cards_credential (key bytea PRIMARY KEY, subject bigint);
CREATE TABLE terminals_site (site text PRIMARY KEY);
SELECT oc_distribute('people_subject', 'subject', NULL);
SELECT oc_distribute('people_fact', 'subject', 'people_subject');
SELECT oc_distribute('cards_credential', 'key', NULL);
SELECT oc_reference('terminals_site');
"""

CONFLICT = "INSERT INTO people_fact AS f SELECT * FROM unnest($1::bigint[]) ON CONFLICT (subject, fact) DO UPDATE SET "
FOUND = "WITH k AS MATERIALIZED (SELECT subject FROM cards_credential WHERE key = ANY($1)) "


@pytest.fixture(scope="module")
def schema() -> Schema:
    return read_schema(path.read_text(encoding="utf-8") for path in migrations())


def test_migrations_hold_nothing_that_a_shard_cannot():
    assert [f"{path.name}: {wrong}" for path in migrations() for wrong in migration_findings(path.read_text(encoding="utf-8"))] == []


def test_tables_are_placed_and_their_keys_say_where(schema):
    assert len(schema.tables) > 15
    assert schema_findings(schema, frozenset(LOCAL)) == []


def test_statements_run_on_shards(schema):
    wrong = [
        f"{path.relative_to(PROJECT)}: {statement.header.partition('(')[0]}: {sentence}"
        for path in statement_files()
        for statement in read_statements(path.read_text(encoding="utf-8"), file=str(path), room=room_of(path))
        for sentence in statement_findings(statement.sql, schema)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("CREATE TRIGGER t BEFORE INSERT ON people_fact FOR EACH ROW EXECUTE FUNCTION f()", id="trigger"),
        pytest.param("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$", id="trigger function"),
        pytest.param("CREATE TABLE people_note (id bigserial PRIMARY KEY)", id="serial"),
        pytest.param("CREATE TABLE people_note (id bigint GENERATED ALWAYS AS IDENTITY)", id="identity"),
        pytest.param("CREATE SEQUENCE people_ids", id="sequence"),
        pytest.param("CREATE TABLE people_note (subject bigint REFERENCES people_subject)", id="foreign key in a column"),
        pytest.param("CREATE TABLE n (subject bigint, FOREIGN KEY (subject) REFERENCES people_subject)", id="foreign key in a table"),
        pytest.param("PREPARE TRANSACTION 'a'", id="two phases"),
        pytest.param("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", id="serializable"),
    ],
)
def test_a_bad_migration_is_found(bad):
    assert migration_findings(bad) != []


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("CREATE TABLE uses_note (subject bigint PRIMARY KEY)", id="neither distributed nor reference"),
        pytest.param(
            "CREATE TABLE n (subject bigint, note text PRIMARY KEY); SELECT oc_distribute('n', 'subject', NULL)", id="key without it"
        ),
        pytest.param("CREATE UNIQUE INDEX i ON people_fact (value)", id="unique index without it"),
        pytest.param("ALTER TABLE people_fact ADD UNIQUE (fact)", id="unique added without it"),
        pytest.param("CREATE TABLE n (subject integer PRIMARY KEY); SELECT oc_distribute('n', 'subject', NULL)", id="another type of key"),
        pytest.param("CREATE TABLE n (a text PRIMARY KEY); SELECT oc_distribute('n', 'b', NULL)", id="no such column"),
        pytest.param("ALTER TABLE cards_credential ADD FOREIGN KEY (subject) REFERENCES people_subject (subject)", id="key across groups"),
        pytest.param("ALTER TABLE terminals_site ADD FOREIGN KEY (site) REFERENCES nowhere (site)", id="no such table"),
        pytest.param(
            "CREATE TABLE n (subject bigint PRIMARY KEY); ALTER TABLE n ADD FOREIGN KEY (subject) REFERENCES people_subject (subject);"
            "SELECT oc_distribute('n', 'subject', 'people_subject')",
            id="foreign key before placing",
        ),
        pytest.param(
            "CREATE TABLE n (subject bigint PRIMARY KEY); SELECT oc_distribute('n', 'subject', NULL);"
            "ALTER TABLE n ADD FOREIGN KEY (subject) REFERENCES people_subject (subject)",
            id="not placed together",
        ),
    ],
)
def test_a_bad_schema_is_found(bad):
    assert schema_findings(read_schema([SMALL])) == []
    assert schema_findings(read_schema([SMALL, bad])) != []


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("SELECT 1 FROM people_fact WHERE subject = $1 FOR UPDATE", id="many rows locked"),
        pytest.param("SELECT 1 FROM people_subject WHERE subject = ANY($1) FOR UPDATE", id="a list locked"),
        pytest.param("SELECT 1 FROM people_subject JOIN people_fact USING (subject) WHERE subject = $1 FOR SHARE", id="a join locked"),
        pytest.param("MERGE INTO people_fact USING people_subject ON true WHEN MATCHED THEN DELETE", id="merge"),
        pytest.param("UPDATE people_fact SET subject = $1 WHERE subject = $2", id="a key moved"),
        pytest.param(CONFLICT + "subject = 1", id="a key moved in conflict"),
        pytest.param(CONFLICT + "value = now()::text", id="the clock"),
        pytest.param(CONFLICT + "value = current_date", id="the day"),
        pytest.param(CONFLICT + "value = ours(1)", id="a function of ours"),
        pytest.param("SELECT 1 FROM unnest($1::bigint[]) AS k (subject) LEFT JOIN people_fact USING (subject)", id="unnest on the left"),
        pytest.param("SELECT 1 FROM people_fact_v1 RIGHT JOIN unnest($1::bigint[]) AS k (subject) USING (subject)", id="on the right"),
        pytest.param("SELECT 1 FROM people_fact FULL JOIN unnest($1::bigint[]) AS k (subject) USING (subject)", id="unnest in a full join"),
        pytest.param(
            "WITH k AS (SELECT * FROM unnest($1::bigint[]) AS k (subject)) SELECT 1 FROM k LEFT JOIN people_fact USING (subject)",
            id="unnest under a name",
        ),
        pytest.param(
            "SELECT 1 FROM (VALUES (1)) AS k (subject) LEFT JOIN LATERAL (SELECT 1 FROM people_fact) AS f ON true",
            id="VALUES beside a lateral sub-select",
        ),
    ],
)
def test_a_bad_statement_is_found(bad):
    assert statement_findings(bad, read_schema([SMALL])) != []


@pytest.mark.parametrize(
    "good",
    [
        "SELECT 1 FROM people_fact WHERE subject = $1 AND fact = $2 FOR UPDATE",
        FOUND + "SELECT 1 FROM k JOIN people_fact USING (subject)",
        CONFLICT + "value = greatest(f.value, '1')",
        "SELECT 1 FROM unnest($1::text[]) AS k (site) LEFT JOIN terminals_site USING (site)",
    ],
)
def test_a_good_statement_passes(good):
    assert statement_findings(good, read_schema([SMALL])) == []
