"""What a command says where the store, the port or the home is not to be had: one sentence, exit code 3."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from tests.stories.doors import ROOT, City, CommandLine, Ended

SECONDS_TO_SAY_NO = 20


def refused(ended: Ended) -> str:
    """Hold a refusal against its form and return what was said: a sentence in zh, one in en, and nothing else."""
    assert (ended.code, ended.out) == (3, ""), ended
    lines = ended.err.strip().splitlines()
    assert len(lines) == 2, ended.err
    return lines[1]


@contextmanager
def another_program() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield str(taken.getsockname()[1])


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_another_program_on_the_port_is_told_before_anything_is_built(commands: CommandLine, tmp_path: Path, command: str) -> None:
    with another_program() as port:
        said = refused(commands.run(command, "--port", port, home=tmp_path / "home"))
    assert port in said
    assert "--port" in said
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("call", [["verify"], ["tap", "--terminal", "bus", "--credential", "x"], ["demo", "--scale", "10000", "--exit"]])
@pytest.mark.parametrize("where", ["home", "home/below"])
def test_a_file_in_the_place_of_the_home_is_named(commands: CommandLine, tmp_path: Path, call: list[str], where: str) -> None:
    (tmp_path / "home").write_text("a file")
    said = refused(commands.run(*call, home=tmp_path / where))
    assert str(tmp_path / where) in said
    assert (tmp_path / "home").read_text() == "a file"


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/nothing", "hello", "sqlite:///x"])
def test_a_database_that_does_not_answer_is_told(commands: CommandLine, tmp_path: Path, url: str) -> None:
    said = refused(commands.run("verify", home=tmp_path, ONECARD_DATABASE_URL=url))
    assert "ONECARD_DATABASE_URL" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_hears_that_the_home_is_read_only(tmp_path: Path) -> None:
    home = _open_to_all(tmp_path) / "home"
    home.mkdir(mode=0o555)
    assert str(home) in refused(_as_ordinary_user(home, "verify"))
    assert str(home) in refused(_as_ordinary_user(home / "below", "demo", "--scale", "10000", "--exit"))
    assert list(home.iterdir()) == []


def test_a_store_of_a_newer_version_is_left_alone(city: City) -> None:
    tomorrow = "INSERT INTO db_migration VALUES (9999, 'pre', '9999_of_tomorrow', now())"
    with _changed(city, tomorrow, "DELETE FROM db_migration WHERE number = 9999"):
        for call in (["verify"], ["bulletin"], ["tap", "--terminal", "bus", "--credential", "xuancheng-65"], ["serve", "--port", "0"]):
            assert "newer" in refused(city.onecard(*call))


def test_verify_says_no_and_where_if_a_count_is_not_what_the_records_say(city: City) -> None:
    """The count that is raised is the first of all by key, so the same is lowered again."""
    key = "site, window_start, name, within"
    first = f"({key}) IN (SELECT {key} FROM ledger_place ORDER BY {key} LIMIT 1)"
    raised, lowered = (f"UPDATE ledger_place SET cap = cap {sign} 1000, used = used {sign} 1000 WHERE {first}" for sign in "+-")
    with _changed(city, raised, lowered):
        ended = city.onecard("verify", "--json")
    told = ended.json()
    assert (ended.code, ended.err, told["ok"]) == (1, "", False)
    broken = [check for check in told["checks"] if not check["ok"]]
    assert broken
    assert all(check["problems"] for check in broken)


def test_a_home_that_is_no_demo_says_which_command_makes_one(commands: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("empty") / "home"
    tap = ["tap", "--terminal", "bus", "--credential", "xuancheng-65"]
    for call, said in ((["cast", "--json"], "onecard demo"), (["policy", "load"], "policy release"), (tap, "onecard cast")):
        ended = commands.run(*call, home=home)
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err
    verified = commands.run("verify", "--json", home=home)
    assert (verified.code, verified.json()["ok"]) == (0, True)


@contextmanager
def _changed(city: City, sql: str, back: str) -> Iterator[None]:
    url = city.onecard("db", "url").out.strip()
    asyncio.run(_execute(url, sql))
    try:
        yield
    finally:
        asyncio.run(_execute(url, back))


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        assert not (await connection.execute(sql)).endswith(" 0")
    finally:
        await connection.close()


def _open_to_all(folder: Path) -> Path:
    """Let everybody enter *folder*, whatever pytest thinks of its parents."""
    for parent in [folder, *folder.parents]:
        if parent.stat().st_uid == os.geteuid() and parent != Path(parent.root):
            parent.chmod(parent.stat().st_mode | 0o011)
    return folder


def _as_ordinary_user(home: Path, *arguments: str) -> Ended:
    """Run one command as nobody, who may look into this source tree and no more."""
    becoming = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
    reading = ["--inh-caps", "-all,+dac_read_search", "--ambient-caps", "-all,+dac_read_search"]
    ended = subprocess.run(
        [*becoming, *reading, sys.executable, "-m", "onecard.cli.main", *arguments], cwd=ROOT, capture_output=True, timeout=60, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "ONECARD_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    return Ended(code=ended.returncode, out=ended.stdout.decode(), err=ended.stderr.decode(), cpu_seconds=0.0)
