"""What the server is told: nobody is trusted, nothing personal is logged, and any folder name survives quoting."""

from pathlib import Path

from onecard.db.door import EmbeddedDoor, UrlDoor
from onecard.db.place import Endpoint, ServerPlace
from onecard.db.server_files import ROLES, access_rules, server_settings, user_map

ENDPOINT = Endpoint(socket_folder='/tmp/一卡 \'"通', port=5544)


def test_the_operating_system_says_who_one_is_and_nobody_is_trusted() -> None:
    rules = [line.split() for line in access_rules().splitlines()]
    assert [rule[:1] + rule[-2:] for rule in rules] == [["local", "peer", "map=onecard"], ["host", "127.0.0.1/32", "scram-sha-256"]]


def test_each_os_user_may_be_each_role() -> None:
    lines = user_map(["root", "onecard-pg"]).splitlines()
    assert len(lines) == 2 * (len(ROLES) + 1)
    assert 'onecard "root" onecard_lane' in lines


def test_a_folder_with_quotes_is_quoted_for_the_list_and_for_the_file() -> None:
    assert """unix_socket_directories = '"/tmp/一卡 ''""通"'""" in server_settings(ENDPOINT, None).splitlines()


def test_values_of_statements_never_reach_the_log() -> None:
    lines = server_settings(ENDPOINT, None).splitlines()
    for line in (
        "log_parameter_max_length = 0",
        "log_parameter_max_length_on_error = 0",
        "log_min_error_statement = panic",
        "log_error_verbosity = terse",
    ):
        assert line in lines


def test_an_operators_own_settings_have_the_last_word() -> None:
    assert server_settings(ENDPOINT, Path("/home/o'k/local.conf")).splitlines()[-1] == "include = '/home/o''k/local.conf'"


def test_a_url_by_socket_is_quoted_and_a_given_one_carries_the_role(tmp_path: Path) -> None:
    place = ServerPlace(home=tmp_path, binaries=tmp_path)
    place.folder.mkdir()
    place.remember(Endpoint(socket_folder="/tmp/一 卡", port=5544))
    assert EmbeddedDoor(place=place).url("lane") == "postgresql://onecard_lane@/onecard?host=%2Ftmp%2F%E4%B8%80%20%E5%8D%A1&port=5544"
    given = UrlDoor(given="postgresql://me:secret@db:5432/city?sslmode=require")
    assert given.url() == given.given
    assert given.url("desk") == "postgresql://me:secret@db:5432/city?sslmode=require&options=-c%20role%3Donecard_desk"
