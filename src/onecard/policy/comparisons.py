"""Comparisons and `in`: the same type on both sides; names and regions only where they mean something (POLICY §4)."""

import ast
from typing import Final

from onecard.policy.facts import vocabulary
from onecard.policy.findings import Refused, nearest
from onecard.policy.forms import region_of
from onecard.policy.model import Tree
from onecard.policy.operators import in_one_type, meets
from onecard.policy.reading import Reading
from onecard.policy.scope import Typed
from onecard.policy.types import BOOL, DATES, DAY, HOURS, MONEY, MU, NUMBER, PERCENT, REGION, REGIONS, TIME, Type
from onecard.values.regions import region_prefix

__all__ = ["name_in", "understand_compare"]

_SIGNS: Final[dict[type[ast.cmpop], str]] = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.GtE: ">=", ast.Gt: ">"}
_ORDERED: Final = (MONEY, PERCENT, NUMBER, MU, DAY, TIME)


def understand_compare(reading: Reading, node: ast.Compare) -> Typed:
    """Return the tree of `a < b`, of a chain `a <= b < c`, or of `a in …`. Raises `Refused`."""
    spot, operands = reading.spot(node), [node.left, *node.comparators]
    if isinstance(node.ops[0], ast.In | ast.NotIn) and len(node.ops) == 1:
        tree = _inside(reading, operands[0], operands[1])
        return Typed(["not", tree] if isinstance(node.ops[0], ast.NotIn) else tree, BOOL, spot)
    parts: list[Tree] = []
    for left, sign, right in zip(operands, node.ops, operands[1:], strict=False):
        if type(sign) not in _SIGNS:
            raise reading.strange(node)
        parts.append(_compared(reading, left, _SIGNS[type(sign)], right))
    return Typed(parts[0] if len(parts) == 1 else ["and", *parts], BOOL, spot)


def name_in(reading: Reading, node: ast.expr, words: Type) -> str:
    """Return the name that *node* is, one of the list of *words*. Raises `Refused` (NAME)."""
    names = vocabulary(words, reading.scope.lists)
    if not isinstance(node, ast.Name):
        raise reading.strange(node)
    if node.id not in names:
        raise Refused("NAME", reading.spot(node), name=node.id, near=nearest(node.id, names))
    return node.id


def _compared(reading: Reading, left_node: ast.expr, sign: str, right_node: ast.expr) -> Tree:
    swapped = isinstance(left_node, ast.Name) and not reading.known(left_node.id)
    first, second = (right_node, left_node) if swapped else (left_node, right_node)
    known = reading.understand(first)
    other = _beside(reading, known, second)
    left, right = (other, known) if swapped else (known, other)
    if left.type.base == "name" and left.type == right.type and sign in ("==", "!="):
        return [sign, left.tree, right.tree]
    left, right = in_one_type(left, right)
    if left.type not in _ORDERED:
        advice = "registered_region in city" if left.type.base.startswith("region") else "== · in [ ] · and or not"
        raise Refused("TYPE", left.spot, left=left.type.en, right=f"`{sign}`", zh_left=left.type.zh, zh_right=sign, hint=advice)
    return [sign, left.tree, right.tree]


def _beside(reading: Reading, known: Typed, node: ast.expr) -> Typed:
    """Understand *node*; beside a value of a closed list a bare name is one of that list."""
    if known.type.base != "name" or not isinstance(node, ast.Name):
        return reading.understand(node)
    if node.id not in vocabulary(known.type, reading.scope.lists) and reading.known(node.id):
        return reading.understand(node)
    return Typed(["lit", "name", name_in(reading, node, known.type)], known.type, reading.spot(node), literal=node.id)


def _inside(reading: Reading, left_node: ast.expr, right_node: ast.expr) -> Tree:
    left = reading.understand(left_node)
    if left.type == REGION:
        return _inside_areas(reading, left, right_node)
    if left.type.base == "name":
        if not isinstance(right_node, ast.List):
            raise reading.strange(right_node)
        return ["in_names", left.tree, [name_in(reading, item, left.type) for item in right_node.elts]]
    if left.type not in (TIME, DAY):
        raise meets(left, Typed([], REGIONS, left.spot))
    right = reading.understand(right_node)
    if right.type != (HOURS if left.type == TIME else DATES) or right.tree[0] != "figure":
        raise meets(left, right)
    return ["in_hours" if left.type == TIME else "in_dates", left.tree, right.tree[1]]


def _inside_areas(reading: Reading, left: Typed, node: ast.expr) -> Tree:
    if isinstance(node, ast.List):
        prefixes = [prefix for item in node.elts for prefix in _areas(reading, item)]
        return ["in_areas", left.tree, sorted(set(prefixes))]
    if isinstance(node, ast.Constant):
        return ["in_areas", left.tree, _areas(reading, node)]
    right = reading.understand(node)
    if right.type == REGION:
        return ["in_region", left.tree, right.tree]
    if right.type != REGIONS:
        raise meets(left, right)
    return ["in_figure", left.tree, right.tree[1]] if right.tree[0] == "figure" else ["in_areas", left.tree, right.tree[1]]


def _areas(reading: Reading, node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        code = region_of(reading.written(node))
        if code is None:
            raise Refused("REGION_FORM", reading.spot(node), text=reading.written(node))
        return [region_prefix(code)]
    lists = reading.scope.lists.regions
    if not isinstance(node, ast.Name):
        raise reading.strange(node)
    if node.id not in lists:
        raise Refused("NAME", reading.spot(node), name=node.id, near=nearest(node.id, lists))
    return [region_prefix(code) for code in lists[node.id]]
