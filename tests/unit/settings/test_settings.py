"""What the environment says becomes settings, and nothing else does."""

from pathlib import Path

import pytest

from onecard.settings.city_folder import CityMissing, find_city
from onecard.settings.home import Home, HomeUnusable
from onecard.settings.settings import read_settings


def test_without_a_word_the_home_is_below_the_current_folder_and_the_city_is_jiaxing() -> None:
    settings = read_settings({"PATH": "/bin"})
    assert settings.home.folder == Path.cwd() / ".onecard"
    assert settings.city == "jiaxing"
    assert settings.database_url is None
    assert settings.postgres_binaries is None


def test_every_variable_is_heard_and_blank_ones_count_as_none(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "ONECARD_HOME": str(tmp_path / "一 卡"),
            "ONECARD_DATABASE_URL": "postgresql://x/y",
            "ONECARD_POSTGRES_BIN": "/opt/pg/bin",
            "ONECARD_CITY": "  ",
            "ONECARD_CITIES": str(tmp_path),
        }
    )
    assert settings.home.folder == tmp_path / "一 卡"
    assert settings.database_url == "postgresql://x/y"
    assert settings.postgres_binaries == Path("/opt/pg/bin")
    assert settings.city == "jiaxing"
    assert settings.cities == tmp_path
    assert read_settings({"ONECARD_CITY": "huzhou"}, city="jiaxing").city == "jiaxing"


def test_a_new_home_is_closed_to_everyone_else(tmp_path: Path) -> None:
    home = Home(folder=tmp_path / "a" / "b")
    home.create()
    home.create()
    assert {path.stat().st_mode & 0o777 for path in (home.folder, home.keys, home.spool)} == {0o700}


def test_a_home_under_a_file_is_one_sentence_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeUnusable, match=r"file/home cannot be used: (File exists|Not a directory)") as caught:
        Home(folder=tmp_path / "file" / "home").create()
    assert caught.value.exit_code == 3
    assert "ONECARD_HOME" in caught.value.said_zh


def test_a_city_is_found_by_name_and_its_files_are_read_in_order(tmp_path: Path) -> None:
    policies = tmp_path / "jiaxing" / "policies"
    policies.mkdir(parents=True)
    (policies / "b.yaml").write_text("二", encoding="utf-8")
    (policies / "a.yaml").write_text("一", encoding="utf-8")
    city = find_city("jiaxing", tmp_path)
    assert list(city.texts("policies/*.yaml").items()) == [("policies/a.yaml", "一"), ("policies/b.yaml", "二")]
    assert city.text("policies/b.yaml") == "二"
    with pytest.raises(CityMissing, match=r"jiaxing/calendar\.yaml"):
        city.text("calendar.yaml")


@pytest.mark.parametrize("name", ["nowhere", "..", "../jiaxing", "", "Jiaxing", "jiaxing/policies", "嘉兴"])
def test_a_name_never_leads_out_of_the_folder_of_cities(tmp_path: Path, name: str) -> None:
    (tmp_path / "cities" / "jiaxing").mkdir(parents=True)
    with pytest.raises(CityMissing):
        find_city(name, tmp_path / "cities")


def test_a_file_of_every_city_holds_where_the_city_has_none(tmp_path: Path) -> None:
    for folder, file in (("_every", "roles.yaml"), ("_every", "codes.yaml"), ("jiaxing", "codes.yaml")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / file).write_text(folder)
    city = find_city("jiaxing", tmp_path)
    assert (city.text("roles.yaml"), city.text("codes.yaml"), city.text_if_any("cards.yaml")) == ("_every", "jiaxing", None)
    with pytest.raises(CityMissing):
        find_city("_every", tmp_path)


def test_the_source_tree_brings_jiaxing() -> None:
    assert (find_city("jiaxing").path / "policies").is_dir()
