"""What distributed PostgreSQL asks of tables and statements (DESIGN §4). Each rule returns what is wrong, one sentence each.

No registry has Citus, so these rules stand in for it: they were read off Citus 13 and 14 by trying.
"""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import ConstrType, JoinType, LockClauseStrength, OnConflictAction, TransactionStmtKind

from tests.shape.schema import Schema, Table
from tests.shape.syntax import column_name, from_items, function_name, nodes, of_type, parse

__all__ = ["asks_the_server", "migration_findings", "schema_findings", "statement_findings"]

_SERIAL = {"serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"}
_NEVER = {
    "CreateTrigStmt": "triggers do not run on shards",
    "MergeStmt": "MERGE is not for distributed tables",
    "CreateSeqStmt": "ids are never counted up: two machines would count alike",
    "RuleStmt": "rules do not run on shards",
    "TableLikeClause": "LIKE takes keys along unseen: write the columns out",
}
_CLOCK_AND_CHANCE = {
    "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday", "random", "random_normal",
    "gen_random_uuid", "gen_random_bytes", "uuidv4", "uuidv7", "uuid_generate_v4", "nextval",
}  # fmt: skip
_IMMUTABLE = {"abs", "array_cat", "array_length", "cardinality", "concat", "jsonb_build_array", "length", "lower", "mod", "round", "upper"}


def asks_the_server(sql: str) -> list[str]:
    """Times and ids come from the application: no statement asks the server's clock or chance."""
    tree = parse(sql)
    calls = [function_name(call) for call in of_type(tree, ast.FuncCall) if function_name(call) in _CLOCK_AND_CHANCE]
    values = [node.op.name for node in of_type(tree, ast.SQLValueFunction) if "TIME" in node.op.name or "DATE" in node.op.name]
    return [f"{name}: times, chance and ids come from the application" for name in calls + values]


def migration_findings(sql: str) -> list[str]:
    """What no migration may hold, whatever its tables are."""
    return [*_forbidden(parse(sql)), *_foreign_keys_in_create(parse(sql))]


def schema_findings(schema: Schema, local: frozenset[str] = frozenset()) -> list[str]:
    """What is wrong with keys and placing; *local* names the tables that stay on one machine by intent."""
    found: list[str] = []
    for table in schema.tables.values():
        if not table.placed and table.name not in local:
            found.append(f"{table.name} is neither distributed nor a reference table")
        found += _keys_without_distribution(table)
    return [*found, *_unequal_key_types(schema), *_foreign_keys(schema)]


def statement_findings(sql: str, schema: Schema) -> list[str]:
    """What is wrong with a statement, or with each of several."""
    found: list[str] = []
    for statement in parse(sql):
        found += _forbidden(statement)
        found += _unpinned_locks(statement, schema)
        found += _moved_keys(statement, schema)
        found += _volatile_updates(statement)
        found += _outer_unnest(statement, schema)
    return found


def _forbidden(tree: Any) -> Iterator[str]:
    for node in nodes(tree):
        name = type(node).__name__
        if name in _NEVER:
            yield f"{name}: {_NEVER[name]}"
        elif isinstance(node, ast.TransactionStmt) and node.kind == TransactionStmtKind.TRANS_STMT_PREPARE:
            yield "PREPARE TRANSACTION is the cluster's own"
        elif isinstance(node, ast.VariableSetStmt) and "SERIALIZABLE" in repr(node).upper():
            yield "nothing rests on SERIALIZABLE"
        elif isinstance(node, ast.ColumnDef) and node.typeName and node.typeName.names[-1].sval in _SERIAL:
            yield f"{node.colname}: {_NEVER['CreateSeqStmt']}"
        elif isinstance(node, ast.Constraint) and node.contype == ConstrType.CONSTR_IDENTITY:
            yield f"identity: {_NEVER['CreateSeqStmt']}"
        elif isinstance(node, ast.CreateFunctionStmt) and node.returnType and node.returnType.names[-1].sval == "trigger":
            yield _NEVER["CreateTrigStmt"]


def _foreign_keys_in_create(tree: Any) -> Iterator[str]:
    for create in of_type(tree, ast.CreateStmt):
        if any(constraint.contype == ConstrType.CONSTR_FOREIGN for constraint in of_type(create, ast.Constraint)):
            yield f"{create.relation.relname}: foreign keys come last, by ALTER TABLE"


def _keys_without_distribution(table: Table) -> list[str]:
    if not table.distributed_by:
        return []
    if table.distributed_by not in table.columns:
        return [f"{table.name} has no column {table.distributed_by}"]
    lacking = [key for key in table.uniques if table.distributed_by not in key]
    return [f"{table.name}: unique ({', '.join(key)}) lacks {table.distributed_by}" for key in lacking]


def _unequal_key_types(schema: Schema) -> Iterator[str]:
    """A column that places rows somewhere has one type everywhere, so that rows of one person meet on one machine."""
    placing = {table.distributed_by for table in schema.tables.values() if table.distributed_by}
    seen: dict[str, tuple[str, str]] = {}
    for table in schema.tables.values():
        for column in sorted(placing & table.columns.keys()):
            first, its_kind = seen.setdefault(column, (table.name, table.columns[column]))
            if table.columns[column] != its_kind:
                yield f"key {column} is {table.columns[column]} in {table.name} and {its_kind} in {first}"


def _foreign_keys(schema: Schema) -> Iterator[str]:
    for key in schema.foreign_keys:
        said = f"{key.table} → {key.other}"
        own, other = schema.tables[key.table], schema.tables.get(key.other)
        if other is None:
            yield f"{said}: no such table"
            continue
        if not key.after_placing and not key.in_create:
            yield f"{said}: a foreign key stands before its tables are placed"
        pairs = list(zip(key.columns, key.other_columns or other.primary, strict=False))
        if any(own.columns.get(mine) != other.columns.get(its) for mine, its in pairs):
            yield f"{said}: the types of the key differ"
        if other.distributed_by and (own.distributed_by, other.distributed_by) not in pairs:
            yield f"{said}: a key between distributed tables holds the distribution column of both"
        elif other.distributed_by and schema.group(key.table) != schema.group(key.other):
            yield f"{said}: the two are not placed together"


def _unpinned_locks(statement: Any, schema: Schema) -> Iterator[str]:
    for select in of_type(statement, ast.SelectStmt):
        for lock in select.lockingClause or ():
            key = _whole_key(select.fromClause or (), schema)
            if not key or not key <= _equalled(select.whereClause):
                name = LockClauseStrength(lock.strength).name.removeprefix("LCS_")
                yield f"{name} locks one row by its whole key, or nothing"


def _whole_key(items: Any, schema: Schema) -> set[str]:
    """Return the primary key of the one table in *items*; empty where there are several or none."""
    name = items[0].relname if len(items) == 1 and isinstance(items[0], ast.RangeVar) else ""
    return set(schema.tables[name].primary) if name in schema.tables else set()


def _equalled(condition: Any) -> set[str]:
    """Return the columns that *condition* pins to one value."""
    if isinstance(condition, ast.BoolExpr) and condition.boolop.name == "AND_EXPR":
        return set().union(*(_equalled(part) for part in condition.args))
    if isinstance(condition, ast.A_Expr) and condition.kind.name == "AEXPR_OP" and condition.name[-1].sval == "=":
        return {name for name in (column_name(condition.lexpr), column_name(condition.rexpr)) if name}
    return set()


def _moved_keys(statement: Any, schema: Schema) -> Iterator[str]:
    for node in nodes(statement):
        if isinstance(node, ast.UpdateStmt):
            yield from _sets_key(node.targetList, schema.tables.get(node.relation.relname))
        elif isinstance(node, ast.InsertStmt) and node.onConflictClause:
            yield from _sets_key(node.onConflictClause.targetList, schema.tables.get(node.relation.relname))


def _sets_key(targets: Any, table: Table | None) -> Iterator[str]:
    if table and table.distributed_by in {target.name for target in targets or ()}:
        yield f"{table.name}: a row never changes its {table.distributed_by}"


def _volatile_updates(statement: Any) -> Iterator[str]:
    for clause in of_type(statement, ast.OnConflictClause):
        if clause.action != OnConflictAction.ONCONFLICT_UPDATE:
            continue
        parts = [clause.targetList, clause.whereClause]
        names = [function_name(call) for call in of_type(parts, ast.FuncCall)] + [
            node.op.name for node in of_type(parts, ast.SQLValueFunction)
        ]
        yield from (f"{name} in DO UPDATE is not known to be immutable" for name in names if name not in _IMMUTABLE)


def _outer_unnest(statement: Any, schema: Schema) -> Iterator[str]:
    unnests = {expression.ctename for expression in of_type(statement, ast.CommonTableExpr) if _is_unnest(expression.ctequery, set())}
    for join in of_type(statement, ast.JoinExpr):
        sides = {
            JoinType.JOIN_LEFT: [(join.larg, join.rarg)],
            JoinType.JOIN_RIGHT: [(join.rarg, join.larg)],
            JoinType.JOIN_FULL: [(join.larg, join.rarg), (join.rarg, join.larg)],
        }.get(join.jointype, [])
        for outer, inner in sides:
            if any(_is_unnest(item, unnests) for item in from_items(outer)) and _touches_distributed(inner, schema):
                yield "unnest stands on the outer side of a join to a distributed table"


def _is_unnest(item: Any, named: set[str]) -> bool:
    """Tell whether *item* holds rows of arrays or VALUES and no table."""
    if isinstance(item, ast.RangeFunction):
        return any(function_name(call) == "unnest" for call in of_type(item, ast.FuncCall))
    if isinstance(item, ast.RangeVar):
        return item.relname in named
    if isinstance(item, ast.RangeSubselect):
        return _is_unnest(item.subquery, named)
    if isinstance(item, ast.SelectStmt):
        leaves = [leaf for part in item.fromClause or () for leaf in from_items(part)]
        return bool(item.valuesLists) or (bool(leaves) and all(_is_unnest(leaf, named) for leaf in leaves))
    return False


def _touches_distributed(item: Any, schema: Schema) -> bool:
    names = (relation.relname for relation in of_type(item, ast.RangeVar))
    return any(_distributed(name, schema) for name in names)


def _distributed(name: str, schema: Schema) -> bool:
    """Tell whether *name* is a distributed table or the `_v1` view of one."""
    table = schema.tables.get(name) or schema.tables.get(name.rpartition("_v")[0])
    return table is not None and table.distributed_by is not None
