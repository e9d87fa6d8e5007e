"""What the migrations make, as far as a cluster cares: tables, their columns and keys, and where they are placed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pglast import ast
from pglast.enums import ConstrType

from tests.shape.syntax import function_name, of_type, parse

__all__ = ["ForeignKey", "Schema", "Table", "read_schema"]

_UNIQUE = {ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_UNIQUE}


@dataclass(slots=True, kw_only=True)
class ForeignKey:
    """Columns of one table that name a row of another."""

    table: str
    columns: tuple[str, ...]
    other: str
    other_columns: tuple[str, ...]
    in_create: bool  # Written inside CREATE TABLE.
    after_placing: bool  # Both tables were placed before it.


@dataclass(slots=True, kw_only=True)
class Table:
    """One table. `distributed_by` is None for reference and local tables."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    primary: tuple[str, ...] = ()
    uniques: list[tuple[str, ...]] = field(default_factory=list)
    placed: bool = False
    distributed_by: str | None = None
    with_table: str | None = None  # The table whose shards lie beside its own.


@dataclass(slots=True, kw_only=True)
class Schema:
    """All tables by name, and the foreign keys between them."""

    tables: dict[str, Table] = field(default_factory=dict)
    foreign_keys: list[ForeignKey] = field(default_factory=list)

    def group(self, name: str) -> str:
        """Return the table that heads the group of *name*: tables of one group lie on the same machines."""
        other = self.tables[name].with_table
        return self.group(other) if other and other != name else name


def read_schema(texts: Iterable[str]) -> Schema:
    """Read the migrations in order."""
    schema = Schema()
    for statement in (statement for text in texts for statement in parse(text)):
        if isinstance(statement, ast.CreateStmt):
            _create(schema, statement)
        elif isinstance(statement, ast.AlterTableStmt):
            _alter(schema, statement)
        elif isinstance(statement, ast.IndexStmt) and statement.unique:
            schema.tables[statement.relation.relname].uniques.append(tuple(part.name or "" for part in statement.indexParams))
        elif isinstance(statement, ast.SelectStmt):
            _place(schema, statement)
    return schema


def _create(schema: Schema, statement: ast.CreateStmt) -> None:
    table = schema.tables[statement.relation.relname] = Table(name=statement.relation.relname)
    for part in statement.tableElts or ():
        if isinstance(part, ast.ColumnDef):
            _add_column(schema, table, part)
        elif isinstance(part, ast.Constraint):
            _add_constraint(schema, table, part, in_create=True)


def _alter(schema: Schema, statement: ast.AlterTableStmt) -> None:
    table = schema.tables.get(statement.relation.relname)
    if table is None:
        return
    for command in statement.cmds:
        if isinstance(command.def_, ast.Constraint):
            _add_constraint(schema, table, command.def_, in_create=False)
        elif isinstance(command.def_, ast.ColumnDef) and command.def_.colname:
            _add_column(schema, table, command.def_)


def _add_column(schema: Schema, table: Table, column: ast.ColumnDef) -> None:
    table.columns[column.colname] = column.typeName.names[-1].sval if column.typeName else ""
    for constraint in column.constraints or ():
        _add_constraint(schema, table, constraint, in_create=True, column=column.colname)


def _add_constraint(schema: Schema, table: Table, constraint: Any, *, in_create: bool, column: str | None = None) -> None:
    own = (column,) if column else None
    if constraint.contype in _UNIQUE:
        keys = own or tuple(_texts(constraint.keys))
        table.uniques.append(keys)
        if constraint.contype == ConstrType.CONSTR_PRIMARY:
            table.primary = keys
    elif constraint.contype == ConstrType.CONSTR_FOREIGN:
        other = schema.tables.get(constraint.pktable.relname)
        schema.foreign_keys.append(
            ForeignKey(
                table=table.name,
                columns=own or tuple(_texts(constraint.fk_attrs)),
                other=constraint.pktable.relname,
                other_columns=tuple(_texts(constraint.pk_attrs)),
                in_create=in_create,
                after_placing=table.placed and other is not None and other.placed,
            )
        )


def _place(schema: Schema, statement: ast.SelectStmt) -> None:
    for call in of_type(statement, ast.FuncCall):
        if function_name(call) not in {"oc_distribute", "oc_reference"}:
            continue
        told = [None if argument.isnull else str(argument.val.sval) for argument in call.args or ()]
        table = schema.tables.setdefault(str(told[0]), Table(name=str(told[0])))
        table.placed = True
        if len(told) == 3:
            table.distributed_by, table.with_table = told[1:]


def _texts(strings: Any) -> Iterator[str]:
    return (string.sval for string in strings or ())
