"""Which city a home was built for: told once in the home, so that no later command has to be told again."""

from pathlib import Path
from typing import Final

__all__ = ["home_city", "write_home_city"]

_FILE: Final = "city"


def home_city(home: Path) -> str | None:
    """Return the name of the city that the *home* folder was built for; None where nothing was built."""
    path = home / _FILE
    return path.read_text(encoding="utf-8").strip() or None if path.is_file() else None


def write_home_city(home: Path, city: str) -> None:
    """Let every later command of *home* read the files of *city*, unless it is told another."""
    (home / _FILE).write_text(f"{city}\n", encoding="utf-8")
