"""The embedded server, in every case DESIGN §4 names: whoever runs it, wherever it is, whatever is killed."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.database.db.homes import (
    BOUNDED_ROOT,
    ORDINARY,
    ROOT,
    User,
    alive,
    folder_for,
    parent_of,
    postmaster_of,
    processes_in,
    wait_until,
)

AGAIN_SECONDS_MAX = 10.0  # SURFACES §1
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
AS_ROOT = os.geteuid() == 0
LONG = "long/" + "/".join(["a-rather-long-folder-name"] * 5)
NAMES = ("plain", "with a space", "一卡通 嘉兴", LONG, "a 'quoted' \"name\", and a comma")
VICTIMS = ("postmaster", "warden", "postmaster and warden", "starter", "all three")

users = pytest.mark.parametrize("who", [pytest.param(ROOT, marks=pytest.mark.skipif(not AS_ROOT, reason="not root")), ORDINARY])
needs_root = pytest.mark.skipif(not AS_ROOT, reason="needs root")


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="onecard-launcher-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        *((ROOT if AS_ROOT else ORDINARY, name) for name in NAMES),
        *([(ORDINARY, "一卡通 嘉兴"), (ORDINARY, LONG)] if AS_ROOT else []),
    ],
)
def test_a_home_works_for_any_user_in_any_folder_and_stops_with_its_last_user(folder: Path, who: str, name: str) -> None:
    home = folder_for(folder, name, who)
    with User(home, who) as user:
        assert user.ask("SELECT 1") == 1
        assert user.ask("SHOW data_checksums") == "on"
        server = postmaster_of(home)
        socket_folder = Path(parse_qs(urlsplit(user.first["url"]).query)["host"][0])
        owner = Path(f"/proc/{server}").stat().st_uid
        assert owner != 0
        assert (owner == user.first["uid"]) == (who == ORDINARY)
    assert not alive(server)
    assert processes_in(home / "postgres/data") == []
    assert not socket_folder.exists()


@users
def test_nobody_but_its_user_may_look_into_a_home(folder: Path, who: str) -> None:
    home = folder_for(folder, "home", who)
    with User(home, who):
        for path in (home, home / "postgres", home / "keys", home / "postgres/socket", home / "postgres/data"):
            assert path.stat().st_mode & 0o067 == 0, path  # A server's own user may pass through (0710), and see nothing.
        assert (home / "keys/keyring.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not DEBIAN_15.is_dir(), reason="no PostgreSQL 15 of Debian")
@users
def test_another_postgresql_may_take_the_place_of_the_wheels(folder: Path, who: str) -> None:
    home = folder_for(folder, "fifteen", who)
    with User(home, who, DEBIAN_15) as user:
        assert user.ask("SHOW server_version").startswith("15.")
        assert user.ask("SELECT version FROM db_change WHERE name = 'rules'") == 0
        assert user.ask("SHOW data_checksums") == "on"


@pytest.mark.parametrize("bring", [shutil.copytree, shutil.move], ids=["copied", "moved"])
def test_a_home_may_be_copied_or_moved_while_nothing_runs_on_it(folder: Path, bring: Callable[[Path, Path], object]) -> None:
    home, other = folder / "one/.onecard", folder / "two/.onecard"
    with User(home) as user:
        user.ask("UPDATE db_change SET version = 41 WHERE name = 'rules'")
    other.parent.mkdir()
    bring(home, other)
    with User(other) as user:
        assert user.ask("SELECT version FROM db_change WHERE name = 'rules'") == 41


@pytest.mark.parametrize(
    ("who", "victims"),
    [
        *((ROOT if AS_ROOT else ORDINARY, victims) for victims in VICTIMS),
        *([(ORDINARY, "postmaster"), (ORDINARY, "starter")] if AS_ROOT else []),
    ],
)
def test_whatever_is_killed_the_other_user_is_served_again(folder: Path, who: str, victims: str) -> None:
    home = folder_for(folder, "home", who)
    starter = User(home, who).start()
    with User(home, who) as other:
        other.ask("UPDATE db_change SET version = 7 WHERE name = 'sites' RETURNING version")
        server = postmaster_of(home)
        warden = parent_of(server)
        for name, pid in {"postmaster": server, "warden": warden, "starter": starter.process.pid}.items():
            if name in victims or victims == "all three":
                os.kill(pid, signal.SIGKILL)
        answer = other.ask_timed("SELECT version FROM db_change WHERE name = 'sites'")
        assert answer["value"] == 7
        assert answer["seconds"] < AGAIN_SECONDS_MAX
        if victims != "starter":
            wait_until(lambda: postmaster_of(home) not in (0, server), AGAIN_SECONDS_MAX)
            assert not alive(server)
            assert other.ask_timed("SELECT 1")["seconds"] < AGAIN_SECONDS_MAX
        starter.leave()
        assert other.ask("SELECT 2") == 2
        last = postmaster_of(home)
    assert not alive(last)


@users
def test_a_killed_sole_user_leaves_no_server_behind_and_the_home_opens_again_at_once(folder: Path, who: str) -> None:
    home = folder_for(folder, "home", who)
    user = User(home, who).start()
    user.ask("UPDATE db_change SET version = 3 WHERE name = 'rules' RETURNING version")
    server = postmaster_of(home)
    user.kill()
    with User(home, who) as again:
        assert again.ask("SELECT version FROM db_change WHERE name = 'rules'") == 3
    wait_until(lambda: not alive(server), AGAIN_SECONDS_MAX)
    assert processes_in(home / "postgres/data") == []


def test_a_server_that_will_not_stop_is_stopped_all_the_same_and_the_home_opens_again(folder: Path) -> None:
    home = folder / ".onecard"
    user = User(home).start()
    user.ask("UPDATE db_change SET version = 4 WHERE name = 'rules' RETURNING version")
    server = postmaster_of(home)
    os.kill(server, signal.SIGSTOP)
    user.kill()
    began = time.monotonic()
    with User(home) as again:
        assert again.ask("SELECT version FROM db_change WHERE name = 'rules'") == 4
        assert time.monotonic() - began < AGAIN_SECONDS_MAX + 2
    assert not alive(server)


def test_a_server_killed_with_all_its_users_starts_again_at_once(folder: Path) -> None:
    home = folder / ".onecard"
    user = User(home).start()
    user.ask("UPDATE db_change SET version = 5 WHERE name = 'rules' RETURNING version")
    server = postmaster_of(home)
    for pid in (parent_of(server), server, user.process.pid):
        os.kill(pid, signal.SIGKILL)
    user.leave()
    with User(home) as again:
        assert again.ask("SELECT version FROM db_change WHERE name = 'rules'") == 5


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_hindrance(folder: Path) -> None:
    home = folder / ".onecard"
    with User(home):
        content = (home / "postgres/data/postmaster.pid").read_text()
    stranger = str(os.getpid())
    (home / "postgres/data/postmaster.pid").write_text("\n".join([stranger, *content.split("\n")[1:]]))
    with User(home) as user:
        assert user.ask("SELECT 1") == 1
        assert str(postmaster_of(home)) != stranger


@needs_root
def test_a_server_that_somebody_else_runs_on_the_folder_is_left_alone(folder: Path) -> None:
    home = folder / ".onecard"
    with User(home):
        pass
    stranger = subprocess.Popen(["sleep", "60"], cwd=home / "postgres/data")
    try:
        (home / "postgres/data/postmaster.pid").write_text(f"{stranger.pid}\n{home}/postgres/data\n")
        refused = User(home).start()
        assert refused.first["code"] == "db.server_failed"
        assert str(stranger.pid) in refused.first["en"]
        assert refused.leave() == 3
    finally:
        stranger.kill()
        stranger.wait()


def test_two_homes_do_not_disturb_each_other(folder: Path) -> None:
    with User(folder / "one/.onecard") as one, User(folder / "two/.onecard") as two:
        assert one.first["url"] != two.first["url"]
        one.ask("UPDATE db_change SET version = 1 WHERE name = 'rules' RETURNING version")
        assert two.ask("SELECT version FROM db_change WHERE name = 'rules'") == 0
        os.kill(postmaster_of(folder / "one/.onecard"), signal.SIGKILL)
        assert two.ask_timed("SELECT 1")["seconds"] < 1
        assert one.ask("SELECT version FROM db_change WHERE name = 'rules'") == 1


def test_two_that_open_a_new_home_at_once_share_one_server(folder: Path) -> None:
    home = folder / ".onecard"
    crowd = [User(home).start(wait=False) for _ in range(4)]
    assert len({user.answer_of_start()["url"] for user in crowd}) == 1
    server = postmaster_of(home)
    for user in crowd[:-1]:
        user.leave()
        assert alive(server)
    assert crowd[-1].ask("SELECT 1") == 1
    crowd[-1].leave()
    assert not alive(server)


@needs_root
def test_root_may_use_the_home_of_an_ordinary_user_and_leaves_it_usable(folder: Path) -> None:
    home = folder_for(folder, "theirs", ORDINARY)
    with User(home, ORDINARY) as theirs:
        theirs.ask("UPDATE db_change SET version = 9 WHERE name = 'rules' RETURNING version")
    with User(home, ROOT) as root:
        assert root.ask("SELECT version FROM db_change WHERE name = 'rules'") == 9
        assert Path(f"/proc/{postmaster_of(home)}").stat().st_uid == theirs.first["uid"]
    with User(home, ORDINARY) as theirs:
        assert theirs.ask("SELECT version FROM db_change WHERE name = 'rules'") == 9


@needs_root
def test_a_home_in_a_folder_of_root_is_reached_all_the_same(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with User(closed / ".onecard") as user:
        assert user.ask("SELECT 1") == 1
        assert user.ask("SHOW server_version")


@needs_root
def test_where_root_may_not_open_the_way_that_is_one_sentence_and_exit_3(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    refused = User(closed / ".onecard", BOUNDED_ROOT).start()
    assert refused.leave() == 3
    assert refused.first["code"] == "db.out_of_reach"
    assert f"cannot enter {closed}." in refused.first["en"]
    with User(folder / ".onecard", BOUNDED_ROOT) as user:
        assert user.ask("SELECT 1") == 1


@needs_root
def test_a_full_disk_is_one_sentence_and_exit_3_and_leaves_no_half_database(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "none", disk], capture_output=True, check=False).returncode != 0:
        pytest.skip("may not mount")
    try:
        refused = User(disk / ".onecard").start()
        assert refused.leave() == 3
        assert refused.first["code"] == "db.server_failed"
        assert "ree disk space" in refused.first["en"] or "No space left" in refused.first["en"]
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        with User(disk / ".onecard") as user:
            assert user.ask("SELECT 1") == 1
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(AS_ROOT and shutil.which("setpriv") is None, reason="no setpriv")
def test_a_home_that_cannot_be_written_is_one_sentence_and_exit_3(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o555)
    refused = User(closed / ".onecard", ORDINARY).start()
    assert refused.leave() == 3
    assert refused.first["code"] == "settings.home_unusable"
    assert "ermission denied" in refused.first["en"]
    assert str(closed) in refused.first["zh"]


def test_a_database_of_a_newer_version_is_one_sentence_and_exit_3(folder: Path) -> None:
    home = folder / ".onecard"
    with User(home) as user:
        user.ask("INSERT INTO db_migration VALUES (9999, 'pre', '9999_future.pre', '2030-01-01Z') RETURNING number")
    refused = User(home).start()
    assert refused.leave() == 3
    assert refused.first["code"] == "db.newer"
    assert "9999_future.pre" in refused.first["en"]
