"""Walk PostgreSQL's own syntax trees, as pglast gives them."""

from collections.abc import Iterator
from typing import Any, TypeVar

from pglast import ast, parse_sql

__all__ = ["column_name", "from_items", "function_name", "nodes", "of_type", "parse", "relations"]

Node = TypeVar("Node", bound=ast.Node)


def parse(sql: str) -> list[Any]:
    """Return the statements of *sql*; raises `pglast.parser.ParseError` where it is none."""
    return [raw.stmt for raw in parse_sql(sql)]


def nodes(tree: Any) -> Iterator[Any]:
    """Yield *tree* and everything below it, parents first."""
    if isinstance(tree, ast.Node):
        yield tree
        for name in tree:
            yield from nodes(getattr(tree, name))
    elif isinstance(tree, list | tuple):
        for part in tree:
            yield from nodes(part)


def of_type(tree: Any, kind: type[Node]) -> Iterator[Node]:
    """Yield the nodes of one kind in *tree*."""
    return (node for node in nodes(tree) if isinstance(node, kind))


def relations(tree: Any) -> set[str]:
    """Return the tables and views that *tree* names, without the names that its own WITH gives."""
    given = {expression.ctename for expression in of_type(tree, ast.CommonTableExpr)}
    return {relation.relname for relation in of_type(tree, ast.RangeVar)} - given


def function_name(call: ast.FuncCall) -> str:
    """Return a called function's name without its schema."""
    return str(call.funcname[-1].sval)


def column_name(node: Any) -> str | None:
    """Return the column that *node* is, without its table; None where it is something else."""
    return str(node.fields[-1].sval) if isinstance(node, ast.ColumnRef) and isinstance(node.fields[-1], ast.String) else None


def from_items(item: Any) -> Iterator[Any]:
    """Yield the leaves of a join: tables, functions and sub-selects."""
    if isinstance(item, ast.JoinExpr):
        yield from from_items(item.larg)
        yield from from_items(item.rarg)
    else:
        yield item
