"""Sealing anew beside running servers: it survives kill -9, and no tap waits for it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onecard.app.key_check import verify_seals
from onecard.app.key_tables import SEALED_TABLES
from onecard.app.opening import Store
from onecard.keys.resealing import ROWS_A_PAGE
from onecard.uses.model import Answer
from tests.database.keys.homes import OwnHome, other_home, own_home, settle
from tests.database.town import open_town
from tests.stories.doors import CommandLine

PEOPLE = 1_500
KILLS = 3
SECONDS_MAX = 30.0


@pytest.fixture
async def home(store: Store, tmp_path: Path) -> OwnHome:
    return await own_home(store.database, tmp_path / "home")


class Command:
    """`onecard` for a home beside a test's own database."""

    def __init__(self, commands: CommandLine, home: OwnHome) -> None:
        self._commands = commands
        self._home = home.store.home.folder
        self._url = home.store.url()

    async def answer(self, *arguments: str, code: int = 0) -> Any:
        """Return the one document that a command answers with, or what it complains."""
        told = {"home": self._home, "ONECARD_DATABASE_URL": self._url}
        ended = await asyncio.to_thread(self._commands.run, *arguments, "--json", **told)  # type: ignore[arg-type]
        assert ended.code == code, ended.err
        return json.loads(ended.out) if ended.out else ended.err

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        """Start a command that a test will kill."""
        source = Path(__file__).parents[3] / "src"
        told = {"ONECARD_HOME": str(self._home), "ONECARD_DATABASE_URL": self._url, "PYTHONPATH": str(source)}
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from onecard.cli.main import main; main()", *arguments, env={"PATH": os.environ["PATH"], **told}
        )


@pytest.fixture(scope="module")
def commands() -> Iterator[CommandLine]:
    commands = CommandLine()
    yield commands
    commands.close()


@pytest.fixture
def command(commands: CommandLine, home: OwnHome) -> Command:
    return Command(commands, home)


async def left(store: Store, old: str) -> int:
    async with store.database.acquire("desk") as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM people_identity WHERE key_id = $1", old)
    return count


async def test_a_job_that_is_killed_goes_on_where_it_stopped(home: OwnHome, command: Command) -> None:
    await settle(home.store, range(10_000, 10_000 + PEOPLE))
    old = home.store.keyring.keys.keys[0].id
    begun = await command.answer("keys", "rotate", "--purpose", "identity", "--suite", "SM")
    remaining = PEOPLE
    for _ in range(KILLS):
        job = await command.start("keys", "reseal", "--rate", "1000")
        while await left(home.store, old) == remaining:
            assert job.returncode is None, "it ended before it was killed"
            await asyncio.sleep(0.02)
        job.send_signal(signal.SIGKILL)
        await job.wait()
        now = await left(home.store, old)
        assert 0 < now < remaining
        assert (await verify_seals(home.another_server())).ok
        remaining = now
    done = await command.answer("keys", "reseal", "--rate", "100000")
    assert done["tables"][0] == {"table": "people_identity", "rows": remaining, "unopened": 0, "broken": []}
    assert await left(home.store, old) == 0
    listed = {key["id"]: key for key in (await command.answer("keys", "list"))["keys"]}
    assert listed[begun["begun"][0]]["rows"] == {"people_identity": PEOPLE}
    assert (listed[old]["state"], listed[old]["rows"]) == ("decrypt-only", {})
    said = await command.answer("keys", "retire", old, code=1)
    assert "replaced just now" in said
    checks = (await command.answer("verify"))["checks"]
    assert {"name": "sealed-values-open", "ok": True, "examined": 2 * PEOPLE + 9, "problems": []} in checks


async def test_a_tap_goes_through_while_a_page_holds_its_locks(home: OwnHome) -> None:
    async with open_town(home.store) as town:
        await home.desk.rotate()
        async with home.store.database.acquire("batch") as connection, connection.transaction():
            for table in SEALED_TABLES:
                rows = await table.rows_after(connection, table.before_all, ROWS_A_PAGE)
                await table.seal_anew(connection, {row: row.sealed for row in rows})
            answer = await asyncio.wait_for(town.uses.tap(town.tap("elder", "BUS-1", 1)), SECONDS_MAX)
        assert isinstance(answer, Answer)


async def test_taps_go_on_while_keys_rotate_and_values_are_sealed_anew(home: OwnHome) -> None:
    await settle(home.store, range(10_000, 10_000 + PEOPLE))
    taps, ended = 0, asyncio.Event()

    async def change() -> None:
        for suite in ("SM", "INTL"):
            await home.desk.rotate(suite=suite)
            await home.desk.reseal(100_000)
        ended.set()

    async with open_town(home.store) as town:
        job = asyncio.create_task(change())
        while not ended.is_set():
            taps += 1
            answer = await asyncio.wait_for(town.uses.tap(town.tap("elder", "BUS-1", taps)), SECONDS_MAX)
            assert isinstance(answer, Answer)
            await asyncio.sleep(0.01)
        await job
    assert taps > 10
    assert (await verify_seals(home.another_server())).ok


async def test_a_foreign_database_is_one_sentence_and_exit_code_3(home: OwnHome, commands: CommandLine, tmp_path: Path) -> None:
    await settle(home.store, range(10_000, 10_003))
    other = OwnHome(store=other_home(home.store.database, tmp_path / "elsewhere"))
    said = await Command(commands, other).answer("keys", "list", code=3)
    assert "does not belong to the database" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["rotate", "--purpose", "colour"], 2),
        (["rotate", "--suite", "ROT13"], 2),
        (["reseal", "--rate", "0"], 2),
        (["retire", "identity-none"], 2),
        (["wrap", "--make"], 2),
        (["wrap", "somewhere"], 3),
        (["wrap", "pkcs11:token=a;object=b?module-path=/m.so&pin-value=1234"], 3),
    ],
)
async def test_a_wrong_call_is_refused_and_changes_nothing(home: OwnHome, command: Command, arguments: list[str], code: int) -> None:
    path = home.store.home.keys / "keyring.json"
    before = path.read_bytes()
    said = await command.answer("keys", *arguments, code=code)
    assert "1234" not in said
    assert path.read_bytes() == before
