"""The arithmetic of money, percentages, numbers and mu: which types meet, and that nothing can grow too large (POLICY §4)."""

import ast
from typing import Final

from onecard.policy.findings import Refused
from onecard.policy.forms import LARGEST
from onecard.policy.nodes import Spot
from onecard.policy.reading import Reading
from onecard.policy.scope import Typed
from onecard.policy.types import MONEY, MU, NUMBER, PERCENT, Type

__all__ = ["bounded", "in_one_type", "meets", "understand_binary"]

_SUMS: Final = (MONEY, PERCENT, NUMBER, MU)
_PRODUCTS: Final = {(MONEY, PERCENT): 10_000, (MONEY, NUMBER): 1, (MONEY, MU): 100, (NUMBER, NUMBER): 1}
"""What may be multiplied, and by what the product is divided, half up."""


def understand_binary(reading: Reading, node: ast.BinOp) -> Typed:
    """Return the tree of `a + b`, `a - b`, `a * b` or `a / 3`. Raises `Refused`."""
    spot = reading.spot(node)
    if isinstance(node.op, ast.Add) and _sum_after_difference(node):
        raise Refused("MINUS_PLUS", spot)
    if not isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        raise reading.strange(node)
    left, right = reading.understand(node.left), reading.understand(node.right)
    if isinstance(node.op, ast.Mult):
        return _product(left, right, spot)
    if isinstance(node.op, ast.Div):
        return _quotient(left, right, spot)
    left, right = in_one_type(left, right)
    if left.type not in _SUMS:
        raise meets(left, right)
    if isinstance(node.op, ast.Add):
        return bounded(Typed(["+", left.tree, right.tree], left.type, spot, left.low + right.low, left.high + right.high))
    low, high = max(left.low - right.high, 0), max(left.high - right.low, 0)
    return Typed(["-", left.tree, right.tree], left.type, spot, low, high)


def in_one_type(left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """Return both sides in one type: `1.50` beside mu is mu. Raises `Refused` (TYPE)."""
    if left.type == right.type:
        return left, right
    if left.type == MU and right.type == MONEY and right.literal:
        return left, _as_mu(right)
    if right.type == MU and left.type == MONEY and left.literal:
        return _as_mu(left), right
    raise meets(left, right)


def meets(left: Typed, right: Typed) -> Refused:
    """Return the refusal of two types beside each other, pointing at the literal if there is one."""
    place, other = (left, right) if left.literal and not right.literal else (right, left)
    hint = _money_hint(place, other) or _money_hint(other, place) or f"{left.type.en} · {right.type.en}"
    words = {"left": left.type.en, "right": right.type.en, "zh_left": left.type.zh, "zh_right": right.type.zh}
    return Refused("TYPE", place.spot, **words, hint=hint)


def bounded(typed: Typed, largest_step: int = 0) -> Typed:
    """Return *typed* if neither it nor what is reckoned on the way (*largest_step*) can pass 2^52. Raises `Refused` (RANGE)."""
    if max(typed.high, largest_step) > LARGEST:
        raise Refused("RANGE", typed.spot, most=LARGEST)
    return typed


def _product(left: Typed, right: Typed, spot: Spot) -> Typed:
    if (left.type, right.type) not in _PRODUCTS:
        left, right = right, left
    divisor = _PRODUCTS.get((left.type, right.type))
    if divisor is None:
        raise meets(right, left)
    low, high = (_half_up(a * b, divisor) for a, b in ((left.low, right.low), (left.high, right.high)))
    step = left.high * right.high
    tree = ["*", left.tree, right.tree, divisor]
    return bounded(Typed(tree, left.type, spot, low, high), step if divisor == 1 else 2 * step + divisor)


def _quotient(left: Typed, right: Typed, spot: Spot) -> Typed:
    if left.type != MONEY:
        raise meets(left, right)
    if right.type != NUMBER or not right.literal:
        raise Refused(
            "TYPE.want",
            right.spot,
            want="a whole number written out",
            zh_want="写出来的整数",
            got=right.type.en,
            zh_got=right.type.zh,
            hint="/ 3",
        )
    divisor = right.low
    if divisor == 0:
        raise Refused("NUMBER_FORM", right.spot, text="0")
    low, high = _half_up(left.low, divisor), _half_up(left.high, divisor)
    return bounded(Typed(["/", left.tree, divisor], MONEY, spot, low, high), 2 * left.high + divisor)


def _half_up(number: int, divisor: int) -> int:
    return (2 * number + divisor) // (2 * divisor)


def _sum_after_difference(node: ast.BinOp) -> bool:
    """Tell whether *node* is `a - b + c` without brackets: with them the left side begins behind the bracket."""
    left = node.left
    return isinstance(left, ast.BinOp) and isinstance(left.op, ast.Sub) and left.col_offset == node.col_offset


def _as_mu(typed: Typed) -> Typed:
    return Typed(["lit", "mu", typed.low], MU, typed.spot, typed.low, typed.high, typed.literal)


def _money_hint(number: Typed, other: Typed) -> str:
    is_number: Type = number.type
    return f"write {number.low}.00 · 写成 {number.low}.00" if number.literal and is_number == NUMBER and other.type == MONEY else ""
