"""The functions: min, max, round, round_up, round_down, has, known, default. There are no others."""

import ast
from collections.abc import Callable
from typing import Final

from onecard.policy.comparisons import name_in
from onecard.policy.facts import Fact
from onecard.policy.findings import Refused, nearest
from onecard.policy.operators import bounded, in_one_type, meets
from onecard.policy.reading import Reading
from onecard.policy.scope import FUNCTIONS, Typed
from onecard.policy.types import BOOL, DAY, MONEY, MU, NUMBER, PERCENT, REGION, TIME

__all__ = ["understand_call"]

_COMPARABLE: Final = (MONEY, PERCENT, NUMBER, MU, DAY, TIME)


def understand_call(reading: Reading, node: ast.Call) -> Typed:
    """Return the tree of a call. Raises `Refused`."""
    if not isinstance(node.func, ast.Name) or node.keywords:
        raise reading.strange(node)
    found = _CALLS.get(node.func.id)
    if found is None:
        raise Refused("NAME", reading.spot(node.func), name=node.func.id, near=nearest(node.func.id, FUNCTIONS))
    least, most, understand = found
    if not least <= len(node.args) <= most:
        example = {"has": "has(hardship, dibao)", "known": "known(agreed_price)"}.get(node.func.id, f"{node.func.id}(list_price, 2.00)")
        raise Refused("EXPR_FORM", reading.spot(node), zh_why="参数个数不对", en_why="the number of arguments is wrong", example=example)
    return understand(reading, node, node.func.id)


def _extreme(reading: Reading, node: ast.Call, name: str) -> Typed:
    parts = [reading.understand(argument) for argument in node.args]
    first = next((part for part in parts if part.type == MU), parts[0])
    parts = [in_one_type(first, part)[1] for part in parts]
    if first.type not in _COMPARABLE:
        raise meets(first, parts[-1])
    pick = min if name == "min" else max
    low, high = pick(part.low for part in parts), pick(part.high for part in parts)
    return Typed([name, *(part.tree for part in parts)], first.type, reading.spot(node), low, high)


def _round(reading: Reading, node: ast.Call, name: str) -> Typed:
    value, step = (reading.understand(argument) for argument in node.args)
    if value.type != MONEY:
        raise meets(value, step)
    if step.type != MONEY or not step.literal:
        raise Refused(
            "TYPE.want", step.spot, want="money written out", zh_want="写出来的金额", got=step.type.en, zh_got=step.type.zh, hint="0.10"
        )
    if step.low == 0:
        raise Refused("MONEY_FORM", step.spot, text=step.literal, near="0.10")
    typed = Typed([name, value.tree, step.low], MONEY, reading.spot(node), 0, value.high + step.low)
    return bounded(typed, 2 * value.high + step.low)


def _has(reading: Reading, node: ast.Call, name: str) -> Typed:
    held = reading.understand(node.args[0])
    if held.type.base != "set":
        raise Refused(
            "TYPE.want", held.spot, want="a set", zh_want="一组名称", got=held.type.en, zh_got=held.type.zh, hint="has(hardship, dibao)"
        )
    return Typed([name, held.tree, [name_in(reading, item, held.type) for item in node.args[1:]]], BOOL, reading.spot(node))


def _known(reading: Reading, node: ast.Call, name: str) -> Typed:
    fact = _fact(reading, node.args[0])
    if not fact.optional and fact.type != REGION:
        raise Refused("TYPE.want", reading.spot(node.args[0]), **_may_be_unknown(fact))
    return Typed([name, fact.name], BOOL, reading.spot(node))


def _default(reading: Reading, node: ast.Call, name: str) -> Typed:
    fact = _fact(reading, node.args[0])
    if not fact.optional:
        raise Refused("TYPE.want", reading.spot(node.args[0]), **_may_be_unknown(fact))
    value = reading.understand(node.args[1])
    told = Typed([], fact.type, reading.spot(node.args[0]), fact.low, fact.high)
    told, value = in_one_type(told, value)
    low, high = min(told.low, value.low), max(told.high, value.high)
    return Typed([name, fact.name, value.tree], value.type, reading.spot(node), low, high)


def _fact(reading: Reading, node: ast.expr) -> Fact:
    if not isinstance(node, ast.Name):
        raise reading.strange(node)
    fact = reading.scope.fact_at(node.id, reading.spot(node))
    reading.scope.facts.add(fact.name)
    return fact


def _may_be_unknown(fact: Fact) -> dict[str, str]:
    return {
        "want": "a fact that may be unknown",
        "zh_want": "可能未知的事实",
        "got": fact.type.en,
        "zh_got": fact.type.zh,
        "hint": "known(agreed_price)",
    }


_CALLS: Final[dict[str, tuple[int, int, Callable[[Reading, ast.Call, str], Typed]]]] = {
    "min": (2, 100, _extreme),
    "max": (2, 100, _extreme),
    "round": (2, 2, _round),
    "round_up": (2, 2, _round),
    "round_down": (2, 2, _round),
    "has": (2, 100, _has),
    "known": (1, 1, _known),
    "default": (2, 2, _default),
}
