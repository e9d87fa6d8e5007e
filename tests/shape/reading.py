"""What the shape tests read: the project's files, its rooms, its statements and its migrations."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PROJECT", "SOURCE", "Statement", "migrations", "project_files", "python_files", "read_statements", "room_of", "statement_files"]

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "onecard"

_HEADER = re.compile(r"^--: ?(?P<header>.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One named statement of a `store.sql`."""

    file: str
    room: str
    header: str  # `name(param type, …) -> columns`
    purpose: str  # The comment lines below the header.
    sql: str


def project_files() -> list[Path]:
    """Return every file that is or would be committed; without git, every file outside folders that begin with a dot."""
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=PROJECT, capture_output=True, check=False)
    if listed.returncode == 0:
        found = [PROJECT / name.decode() for name in listed.stdout.split(b"\0") if name]
    else:
        found = [path for path in PROJECT.rglob("*") if not any(part.startswith(".") for part in path.relative_to(PROJECT).parts)]
    return sorted(path for path in found if path.is_file())


def python_files(*folders: str) -> list[Path]:
    """Return the Python files of the project that lie in one of *folders* (`src`, `tests` …)."""
    return [path for path in project_files() if path.suffix == ".py" and path.relative_to(PROJECT).parts[0] in folders]


def room_of(path: Path) -> str:
    """Return the room that *path* belongs to; a module beside the rooms, such as `app`, is a room of its own."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def statement_files() -> list[Path]:
    """Return every room's file of named statements."""
    return [path for path in project_files() if path.name == "store.sql" and SOURCE in path.parents]


def read_statements(text: str, *, file: str, room: str) -> Iterator[Statement]:
    """Cut *text* at its `--:` headers; what stands before the first header must be comments."""
    parts = _HEADER.split(text)
    for header, body in zip(parts[1::2], parts[2::2], strict=True):
        lines = body.strip().splitlines()
        comments = [line for line in lines[: _first_code(lines)] if line.startswith("--")]
        sql = "\n".join(lines[_first_code(lines) :])
        yield Statement(file=file, room=room, header=header.strip(), purpose="\n".join(comments), sql=sql)


def migrations() -> list[Path]:
    """Return the numbered migrations in the order in which they run."""
    return sorted((SOURCE / "db" / "migrations").glob("*.sql"))


def _first_code(lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("--")), len(lines))
