"""Every Python file has a purpose, asks the world only where it may, and leaves SQL and other rooms' stores alone."""

import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.shape.python_rules import asks_the_world, foreign_stores, hand_built_sql, imports_in_room, missing_names, missing_purpose
from tests.shape.reading import PROJECT, SOURCE, python_files, room_of

LINES_WATCHED = 400
LINES_MAX = 700

# Who may ask the clock or chance, and what for. Everyone else is told.
ASKS_THE_WORLD = {
    "app/application.py": "the source of names for batches, handed on to uses",
    "app/audit.py": "the name of a database that lives for a moment, and when it was made",
    "app/code_desk.py": "the chance by which pseudonyms and nonces are drawn, handed on to cards",
    "app/card_desk.py": "the chance by which card numbers are drawn and accounts sealed, handed on to cards",
    "app/key_desk.py": "the instant at which keys begin and end, and the nonces of what is sealed anew",
    "app/log_keeper.py": "the name of a batch that seals people who are older than batches",
    "app/opening.py": "the instant at which a store is opened, and the nonces of new canaries",
    "app/staff.py": "the chance by which tokens, secrets and names are drawn, and real time, by which phones make one-time codes",
    "app/staff_desk.py": "the chance by which the card desk draws, handed on to cards",
    "audit/service.py": "a name and a salt for each entry",
    "cards/service.py": "a fresh nonce for each sealed card",
    "db/dump.py": "a developer's command of its own",
    "db/production.py": "a password that must be wrong",
    "cli/simulate.py": "the token of simulated terminals, made once",
    "device/tally.py": "the machine's own clock, for what thousands of simulated terminals saw",
    "cli/terminal.py": "the chance by which terminals that lost one server come back apart",
    "device/clock.py": "a device's own clocks",
    "demo/build.py": "tokens of this installation, and the instant from which a demo's clock runs",
    "demo/writing.py": "fresh nonces for the accounts of its cast",
    "people/service.py": "a fresh nonce for each sealed identity, and the name of each batch about people",
    "settings/clock.py": "the city's one clock",
    "settings/keys.py": "the instant at which a home's own keys are made, once",
    "settings/keys_change.py": "a home's keys and their names, made at first and by each rotation",
    "settings/keys_file.py": "a fresh nonce for each key that is wrapped",
    "settings/sealed_secret.py": "a fresh nonce for each secret of a key that signs",
    "settings/keys_wrapping.py": "a key-encryption key of the home's own, made once and by each wrapping",
    "app/foreign_codes.py": "the chance by which a visitor's number is drawn, handed on to cards",
    "standins/decode.py": "an outside system has a clock and chance of its own",
    "settings/bank_keys.py": "the names and the keys with which a home signs bank files, made once and by each rotation",
    "settings/log_keys.py": "the name and the keys of a home's own log, made once and by each rotation",
    "web/session_passkey.py": "a challenge for each attempt by passkey",
    "web/session_oidc.py": "state, nonce and verifier of one attempt to sign in elsewhere",
    "settings/signing_keys.py": "a home's signing keys, made once and by each rotation",
}

# Who may hold SQL in Python: the runner of migrations and statements, and the policy language's SQL target.
HOLDS_SQL = ("db/", "policy/to_sql.py", "policy/sql_")


class LongFile(UserWarning):
    """A file grows past what one subject needs."""


def _wrong(paths: Iterable[Path], rule: Callable[[str], list[str]]) -> list[str]:
    return [f"{path.relative_to(PROJECT)}: {wrong}" for path in paths for wrong in rule(path.read_text(encoding="utf-8"))]


def _in_source(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_every_file_begins_with_its_purpose():
    assert _wrong(python_files("src", "tests", "bench"), missing_purpose) == []


def test_a_rooms_init_holds_its_purpose_only():
    assert _wrong((path for path in python_files("src") if path.name == "__init__.py"), imports_in_room) == []


def test_public_names_are_listed():
    assert _wrong((path for path in python_files("src") if path.name != "__init__.py"), missing_names) == []


def test_clock_and_chance_are_arguments():
    assert _wrong((path for path in python_files("src") if _in_source(path) not in ASKS_THE_WORLD), asks_the_world) == []


def test_places_that_ask_the_world_exist_and_do():
    for name in ASKS_THE_WORLD:
        assert asks_the_world((SOURCE / name).read_text(encoding="utf-8")), f"{name} need not be on the list"


def test_sql_stands_in_statement_files():
    assert _wrong((path for path in python_files("src") if not _in_source(path).startswith(HOLDS_SQL)), hand_built_sql) == []


def test_a_store_answers_only_to_its_room():
    wrong = [
        f"{path.relative_to(PROJECT)}: {sentence}"
        for path in python_files("src")
        for sentence in foreign_stores(path.read_text(encoding="utf-8"), room=room_of(path))
    ]
    assert wrong == []


@pytest.mark.filterwarnings("default::tests.shape.test_python.LongFile")
def test_a_file_holds_one_subject():
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in python_files("src", "tests", "bench")}
    for path, lines in lengths.items():
        if lines > LINES_WATCHED:
            warnings.warn(f"{path.relative_to(PROJECT)} has {lines} lines: does it hold two subjects?", LongFile, stacklevel=1)
    assert {str(path): lines for path, lines in lengths.items() if lines > LINES_MAX} == {}


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        pytest.param(missing_purpose, "import os\n", id="no purpose"),
        pytest.param(missing_purpose, '"""helpers"""\n', id="a word is no sentence"),
        pytest.param(imports_in_room, '"""Cards."""\nfrom onecard.cards.model import Card\n', id="a room that imports"),
        pytest.param(missing_names, '"""Cards."""\ndef renew(): ...\n', id="public name without __all__"),
        pytest.param(asks_the_world, "from datetime import datetime, UTC\nseen = datetime.now(UTC)\n", id="the clock"),
        pytest.param(asks_the_world, "import datetime\nday = datetime.date.today()\n", id="today"),
        pytest.param(asks_the_world, "field = Field(default_factory=uuid.uuid4)\n", id="an id, handed on uncalled"),
        pytest.param(asks_the_world, "import random\nrandom.shuffle(people)\n", id="chance"),
        pytest.param(hand_built_sql, "rows = await db.fetch('SELECT name FROM people_subject')\n", id="a statement in Python"),
        pytest.param(hand_built_sql, "sql = f'UPDATE {table} SET state = $1'\n", id="a statement built of parts"),
        pytest.param(hand_built_sql, "sql = 'INSERT INTO ' + table\n", id="a statement added up"),
    ],
)
def test_a_bad_file_is_found(rule, bad):
    assert rule(bad) != []


@pytest.mark.parametrize(
    "bad",
    [
        "from onecard.ledger.store import LedgerStore\n",
        "from onecard.ledger import store\n",
        "import onecard.ledger.store\n",
        "def late():\n    from onecard.scenes.canteen.store import MealStore\n",
    ],
)
def test_another_rooms_store_is_found(bad):
    assert foreign_stores(bad, room="uses") != []


def test_ones_own_store_and_a_docstring_about_sql_are_good():
    assert foreign_stores("from onecard.ledger.store import LedgerStore\n", room="ledger") == []
    assert hand_built_sql('"""SELECT name FROM people_subject is what the store runs."""\n') == []
    assert asks_the_world("import random\nchance = random.Random(seed)\nage = time.monotonic()\n") == []
