"""Rules about cities: a program knows none of them by name or by code. What a city is called is read from its own data."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

__all__ = ["city_names", "names_in_python", "names_in_text"]

_COMMENT = ("#", "--", "//", "/*", "*", "{#")  # A line that begins so speaks to a reader, not to the machine.


def city_names(cities: Path) -> tuple[str, ...]:
    """Return how the cities of that folder and their areas are called, in zh and en, and their codes, made-up ones among them."""
    found: set[str] = set()
    for folder in sorted(path for path in cities.iterdir() if (path / "lists.yaml").is_file()):
        lists, regions, places, demo = (yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8")) for name in _FILES)
        found |= {folder.name, str(lists["region"]), *lists["words"]["city"].values(), lists["words"]["city"]["zh"].removesuffix("市")}
        for region, name in regions["areas"].items():
            found |= {region, name["zh"], name["en"], re.sub("[市县区]$", "", name["zh"]) if len(name["zh"]) > 2 else name["zh"]}
        made_up = [row[key] for row in places["areas"] for key in ("numbers_from", "elders_from") if key in row]
        found |= {*made_up, *demo["numbers"].values()}
    return tuple(sorted(found))


def names_in_python(text: str, names: Iterable[str]) -> list[str]:
    """No text constant of a Python file holds one of *names*; docstrings may, as examples for a reader."""
    tree = ast.parse(text)
    docstrings = {id(found) for found in _docstrings(tree)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    wanted = _pattern(names)
    return [f"line {node.lineno}: {name}" for node in constants if isinstance(node.value, str) for name in wanted.findall(node.value)]


def names_in_text(text: str, names: Iterable[str]) -> list[str]:
    """No line of any other file holds one of *names*, comments apart."""
    wanted = _pattern(names)
    lines = ((number, line) for number, line in enumerate(text.splitlines(), 1) if not line.strip().startswith(_COMMENT))
    return [f"line {number}: {name}" for number, line in lines for name in wanted.findall(line)]


_FILES = ("lists", "regions", "places", "demo")


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield texts that stand alone: docstrings, and the sentences below a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Codes stand alone among digits, names in letters alone among letters, whatever their case; Chinese has no such edges."""
    return re.compile("|".join(_alone(name) for name in names), re.IGNORECASE)


def _alone(name: str) -> str:
    if not name.isascii():
        return re.escape(name)
    near = "0-9" if name.isdigit() else "A-Za-z"
    return f"(?<![{near}]){re.escape(name)}(?![{near}])"
