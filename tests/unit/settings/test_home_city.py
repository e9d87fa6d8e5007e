"""A home remembers the city that it was built for, and whoever names another is heard."""

from pathlib import Path

from onecard.settings.home_city import home_city, write_home_city
from onecard.settings.settings import read_settings


def test_a_command_reads_the_city_that_its_home_was_built_for(tmp_path: Path) -> None:
    environment = {"ONECARD_HOME": str(tmp_path)}
    assert (home_city(tmp_path), read_settings(environment).city) == (None, "jiaxing")
    write_home_city(tmp_path, "xuancheng")
    assert (home_city(tmp_path), read_settings(environment).city) == ("xuancheng", "xuancheng")


def test_a_city_that_is_named_comes_before_the_homes(tmp_path: Path) -> None:
    write_home_city(tmp_path, "xuancheng")
    environment = {"ONECARD_HOME": str(tmp_path), "ONECARD_CITY": "huzhou"}
    assert read_settings(environment).city == "huzhou"
    assert read_settings(environment, city="jiaxing").city == "jiaxing"
