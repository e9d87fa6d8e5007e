"""`onecard audit head` and `onecard verify --audit --head`, with the exit codes of their contract."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from onecard.app.log_keeper import LogKeeper
from onecard.app.opening import open_store
from onecard.audit.service import note
from onecard.settings.home import Home
from onecard.settings.settings import Settings
from tests.database.audit.acting import Someone, keys_in
from tests.database.town import NOON

SOURCE = Path(__file__).resolve().parents[3]


def onecard(home: Path, *arguments: str) -> tuple[int, str, str]:
    environment = {**os.environ, "ONECARD_HOME": str(home), "PYTHONPATH": f"{SOURCE}/src"}
    for name in ("ONECARD_DATABASE_URL", "ONECARD_WITNESS"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "onecard.cli.main", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
async def home(tmp_path_factory) -> AsyncIterator[Path]:
    """A home in use with a few looks on record, and two heads of them in files beside it."""
    folder = tmp_path_factory.mktemp("commands") / "home"
    async with open_store(Settings(home=Home(folder=folder))) as store:
        for size in (1, 2):
            async with store.database.acquire("desk") as connection, connection.transaction():
                told = {"act": "uses.read", "object": "use", "region": "", "purpose": "p", "result": "ok"}
                await note(connection, Someone(), at=NOON, **told)
            signed = await LogKeeper(store, "SM", lambda: NOON).close()
            (folder.parent / f"{size}.head").write_bytes(signed.note)
        yield folder


def test_the_newest_head_is_printed_and_written(home):
    code, out, _ = onecard(home, "audit", "head")
    assert code == 0 and out.encode() == (home.parent / "2.head").read_bytes()
    assert onecard(home, "audit", "head", "--out", str(home.parent / "again"))[0] == 0
    assert (home.parent / "again").read_bytes() == out.encode()
    assert onecard(home, "audit", "head", "--out", str(home.parent / "no" / "folder"))[0] == 2


@pytest.mark.parametrize("head", ["1.head", "2.head"])
def test_a_log_that_extends_a_head_is_0(home, head):
    code, out, _ = onecard(home, "verify", "--audit", "--head", str(home.parent / head), "--json")
    told = json.loads(out)
    assert code == 0 and told["ok"] and [check["name"] for check in told["checks"] if check["name"] == "log-extends-head"]


def test_a_head_that_is_not_extended_is_1_and_says_where(home):
    keys = keys_in(home / "keys", "SM")
    for size, words in ((2, "leaves 1 … 1 are not those that were signed"), (3, "leaf 2 is gone")):
        (home.parent / "bad").write_bytes(keys.sign(size, b"1" * 32, NOON).note)
        code, out, _ = onecard(home, "verify", "--audit", "--head", str(home.parent / "bad"), "--json")
        problems = {check["name"]: check["problems"] for check in json.loads(out)["checks"] if check["problems"]}
        assert code == 1 and list(problems) == ["log-extends-head"] and words in problems["log-extends-head"][0], problems


def test_what_is_no_head_of_this_log_is_2(home, tmp_path):
    other = keys_in(tmp_path, "SM")
    good = (home.parent / "2.head").read_bytes()
    for content in (b"", b"a note", good[:-3], good.replace(b"\n2\n", b"\n3\n"), other.sign(2, b"1" * 32, NOON).note):
        (tmp_path / "bad").write_bytes(content)
        code, _, said = onecard(home, "verify", "--audit", "--head", str(tmp_path / "bad"), "--json")
        assert code == 2 and len(said.splitlines()) == 2, said
    assert onecard(home, "verify", "--audit", "--head", str(tmp_path / "missing"))[0] == 2


def test_a_log_without_a_head_says_so(tmp_path):
    assert onecard(tmp_path / "home", "audit", "head")[0] == 1
