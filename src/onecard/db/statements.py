"""Named SQL: a room's statements live in its `store.sql` and are called by name.

    --: append_postings(batch uuid, days date[]) -> account
    -- One row per batch and day, never per use.
    INSERT INTO …;

The header names the parameters in order with their types, and the columns that come back.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

__all__ = ["Statement", "Statements", "all_statements", "parse_statements", "statements_of"]

_HEADER = re.compile(r"^--: (?P<name>[a-z][a-z0-9_]*)\((?P<parameters>.*)\)(?: -> (?P<columns>.+))?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement with what its header says of it."""

    room: str  # Like `ledger`.
    line: int  # Of the header, from 1.
    name: str
    parameters: tuple[str, ...]  # Like `days date[]`, in the order of $1, $2 …; `leaf …` stands for a group.
    columns: str  # What follows `->`; empty where nothing comes back.
    purpose: str
    sql: str  # Begins with a comment that names it, for whoever reads pg_stat_activity.


class Statements:
    """The statements of one room; `statements.append_postings` is its SQL."""

    def __init__(self, by_name: Mapping[str, Statement]) -> None:
        self._by_name = dict(by_name)

    def __getattr__(self, name: str) -> str:
        statement = self._by_name.get(name)
        if statement is None:
            raise AttributeError(f"no statement {name!r}; there are {', '.join(self._by_name)}")
        return statement.sql

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._by_name.values())


def statements_of(package: str | None) -> Statements:
    """Return the statements in `store.sql` of *package* (a room passes its own `__package__`)."""
    assert package is not None
    file = resources.files(package) / "store.sql"
    return parse_statements(package.removeprefix("onecard."), file.read_text(encoding="utf-8"))


def all_statements(package: str = "onecard") -> list[Statement]:
    """Return every statement of every room; a test prepares each one."""
    return [statement for file_package in _packages(package, resources.files(package)) for statement in statements_of(file_package)]


def parse_statements(room: str, text: str) -> Statements:
    """Return the statements of *text*. A malformed file is a mistake of ours: `ValueError` with room and line."""
    found: dict[str, Statement] = {}
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("--:")]
    if any(line.strip() and not line.startswith("--") for line in lines[: starts[0] if starts else None]):
        raise ValueError(f"{room}/store.sql: SQL before the first header")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        statement = _parse_one(room, start + 1, lines[start:end])
        if statement.name in found:
            raise ValueError(f"{room}/store.sql:{start + 1}: {statement.name} is there twice")
        found[statement.name] = statement
    return Statements(found)


def _parse_one(room: str, line: int, block: list[str]) -> Statement:
    header = _HEADER.match(block[0].rstrip())
    body = next((number for number, text in enumerate(block[1:], 1) if not text.startswith("--")), len(block))
    purpose = " ".join(text.lstrip("- ").strip() for text in block[1:body])
    sql = "\n".join(block[body:]).strip().removesuffix(";").rstrip()
    if header is None or not purpose or not sql:
        raise ValueError(f"{room}/store.sql:{line}: want `--: name(param type, …) -> columns`, a sentence of purpose, one statement")
    return Statement(
        room=room,
        line=line,
        name=header["name"],
        parameters=tuple(part.strip() for part in header["parameters"].split(",") if part.strip()),
        columns=header["columns"] or "",
        purpose=purpose,
        sql=f"-- {room}.{header['name']}\n{sql}",
    )


def _packages(package: str, folder: Traversable) -> Iterator[str]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and not entry.name.startswith("_"):
            yield from _packages(f"{package}.{entry.name}", entry)
        elif entry.name == "store.sql":
            yield package
