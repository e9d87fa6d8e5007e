"""No city's name or code stands in the program: a city is data, and a second one proves it."""

from pathlib import Path

import pytest

from tests.shape.city_rules import city_names, names_in_python, names_in_text
from tests.shape.reading import PROJECT, SOURCE, project_files

NAMES = city_names(PROJECT / "cities")

# Where one stands all the same, and why. Each of these files does hold one.
KNOWS_A_CITY = {
    "policy/catalogue.py": "an example of a region code, as a hint",
    "policy/expected.py": "an example of a case, as a hint",
    "policy/heading.py": "an example of a `where`, as a hint",
    "policy/vectors.py": "home regions for generated cases, within and outside any city's lists",
    "settings/settings.py": "the city where nobody names one and the home was built for none",
}

TEXTS = (".py", ".sql", ".yaml", ".html", ".js", ".css", ".svg", ".json")


def _files() -> list[Path]:
    return [path for path in project_files() if SOURCE in path.parents and path.suffix in TEXTS]


def _found(path: Path) -> list[str]:
    rule = names_in_python if path.suffix == ".py" else names_in_text
    return [f"{path.relative_to(SOURCE).as_posix()} {said}" for said in rule(path.read_text(encoding="utf-8"), NAMES)]


def test_both_cities_are_looked_for():
    assert {"jiaxing", "嘉兴", "海宁市", "330481", "330495", "xuancheng", "宣城市", "泾县", "Ningguo", "341802", "341891"} <= set(NAMES)


def test_no_citys_name_or_code_stands_in_the_program():
    assert [said for path in _files() if path.relative_to(SOURCE).as_posix() not in KNOWS_A_CITY for said in _found(path)] == []


def test_places_that_know_a_city_do():
    for name in KNOWS_A_CITY:
        assert _found(SOURCE / name), f"{name} need not be on the list"


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        pytest.param(names_in_python, 'HOME = "330481"\n', id="an area's code"),
        pytest.param(names_in_python, 'number = f"330495{born}"\n', id="a made-up area within a number"),
        pytest.param(names_in_python, 'title = "嘉兴市民卡"\n', id="a city's name"),
        pytest.param(names_in_python, 'folder = "cities/jiaxing"\n', id="a city's folder"),
        pytest.param(names_in_python, 'device = "T330481-0001"\n', id="a device's name"),
        pytest.param(names_in_text, "title: Cards of Xuancheng\n", id="a name on a page"),
        pytest.param(names_in_text, "WHERE region = '341802'\n", id="a code in a statement"),
    ],
)
def test_what_knows_a_city_is_found(rule, bad):
    assert rule(bad, NAMES) != []


@pytest.mark.parametrize(
    ("rule", "good"),
    [
        (names_in_python, '"""330400 covers all that begins with 3304."""\nregion = "110101"  # Not 330481.\n'),
        (names_in_python, 'total = 330481\nname = "haiyang"\n'),
        (names_in_text, "# Jiaxing's own\nregion: '110101'\n"),
    ],
    ids=["a docstring and a comment", "a number, another name", "a comment of a page"],
)
def test_examples_for_a_reader_pass(rule, good):
    assert rule(good, NAMES) == []
