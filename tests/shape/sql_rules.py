"""The form of named statements, and whose tables they may touch. Each rule returns what is wrong, one sentence each."""

import re
from collections.abc import Iterable
from typing import Any

from pglast import ast
from pglast.parser import ParseError

from tests.shape.reading import Statement
from tests.shape.syntax import nodes, of_type, parse, relations

__all__ = ["file_findings", "form_findings", "table_findings"]

_HEADER = re.compile(r"(?P<name>[a-z][a-z0-9_]*)\((?P<params>[^()]*)\) -> (?P<columns>\S.*)")
_PARAM = re.compile(r"[a-z][a-z0-9_]* [a-z][a-z0-9_ ]*(?:\[\])?")
_VIEW = re.compile(r".*_v[0-9]+")
_CATALOGUE = re.compile(r"pg_.*|information_schema")


def form_findings(statement: Statement) -> list[str]:
    """A statement has a header that names it, types its parameters and tells its columns; then its purpose; then one statement."""
    header = _HEADER.fullmatch(statement.header)
    if not header:
        return [f"{statement.header!r} is not `name(param type, …) -> columns`"]
    name, params = header["name"], [param.strip() for param in header["params"].split(",") if param.strip()]
    found = [] if statement.purpose.rstrip().endswith((".", ":")) else [f"{name} has no sentence of purpose below its header"]
    try:
        tree = parse(statement.sql)
    except ParseError as error:
        return [*found, f"{name} is not SQL: {error}"]
    if len(tree) != 1:
        found.append(f"{name} holds {len(tree)} statements")
    if "…" not in header["params"]:
        found += [f"{name}: {param!r} is not `name type`" for param in params if not _PARAM.fullmatch(param)]
        used = {node.number for node in of_type(tree, ast.ParamRef)}
        if used != set(range(1, len(params) + 1)):
            found.append(f"{name} names {len(params)} parameters and uses {sorted(used)}")
    return found


def file_findings(statements: Iterable[Statement]) -> list[str]:
    """A name is given once in a room."""
    names = [statement.header.partition("(")[0] for statement in statements]
    return [f"{name} is given twice" for name in sorted(set(names)) if names.count(name) > 1]


def table_findings(statement: Statement, rooms: frozenset[str], shared: frozenset[str] = frozenset()) -> list[str]:
    """A statement reads its own room's tables and other rooms' `_v1` views, and writes its own alone; *shared* are everyone's."""
    tree = parse(statement.sql)
    read = [
        f"{name} is a table of {owner}: read a view of it, {name}_v1"
        for name in sorted(relations(tree) - shared)
        if (owner := _owner(name, rooms)) != statement.room and not _VIEW.fullmatch(name) and not _CATALOGUE.fullmatch(name)
    ]
    written = _foreign_writes(tree, statement.room, rooms)
    return read + [f"{name} belongs to {_owner(name, rooms)}: only its room writes it" for name in written if name not in shared]


def _foreign_writes(tree: Any, room: str, rooms: frozenset[str]) -> list[str]:
    writes = (node for node in nodes(tree) if isinstance(node, ast.InsertStmt | ast.UpdateStmt | ast.DeleteStmt))
    return [node.relation.relname for node in writes if _owner(node.relation.relname, rooms) != room]


def _owner(name: str, rooms: frozenset[str]) -> str:
    """Return the room whose name begins *name*; the whole where it is nobody's."""
    owners = [room for room in rooms if name.startswith(room + "_")]
    return max(owners, key=len, default=name)
