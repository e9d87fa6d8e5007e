"""Read the value of a fact as a test tells it, in the form of its type and within its bounds (POLICY §4, §8)."""

from collections.abc import Callable
from typing import Final

from onecard.policy.facts import Fact, vocabulary
from onecard.policy.findings import Refused, nearest
from onecard.policy.forms import day_of, minute_of, money_hint, money_of, number_of, percent_points_of, region_of, time_hint
from onecard.policy.model import CityLists, Value
from onecard.policy.nodes import Node, Rows, Text

__all__ = ["told_value"]


def told_value(fact: Fact, node: Node, lists: CityLists) -> Value:
    """Return what *node* tells about *fact*. Raises `Refused`: the form of its type, NAME or RANGE."""
    if fact.type.base == "set":
        items = node.items if isinstance(node, Rows) else (node,)
        return frozenset(_name(fact, item, lists) for item in items)
    if fact.type.base == "name":
        return _name(fact, node, lists)
    text = _text(node, fact)
    if fact.type.base == "yes_no":
        if text.value not in ("yes", "no"):
            raise Refused("TYPE.want", text.spot, want="yes or no", zh_want="yes 或 no", got=text.value, zh_got=text.value, hint="yes · no")
        return text.value == "yes"
    form, code = _FORMS[fact.type.base]
    value = form(text.value)
    if value is None:
        near = time_hint(text.value) if code == "TIME_FORM" else money_hint(text.value)
        raise Refused(code, text.spot, text=text.value, near=near)
    if isinstance(value, int) and not fact.low <= value <= fact.high:
        raise Refused("RANGE", text.spot, most=fact.high)
    return value


def _name(fact: Fact, node: Node, lists: CityLists) -> str:
    text = _text(node, fact)
    names = vocabulary(fact.type, lists)
    if text.value not in names:
        raise Refused("NAME", text.spot, name=text.value, near=nearest(text.value, names))
    return text.value


def _text(node: Node, fact: Fact) -> Text:
    if isinstance(node, Text):
        return node
    raise Refused("KEY.shape", node.spot, key=fact.name, zh_shape="一个值", en_shape="one value", example=f"{fact.name}: …")


def _ordinal(text: str) -> int | None:
    day = day_of(text)
    return day.toordinal() if day else None


_FORMS: Final[dict[str, tuple[Callable[[str], int | str | None], str]]] = {
    "number": (number_of, "NUMBER_FORM"),
    "money": (money_of, "MONEY_FORM"),
    "mu": (money_of, "MONEY_FORM"),
    "percent": (percent_points_of, "PERCENT_FORM"),
    "time": (minute_of, "TIME_FORM"),
    "day": (_ordinal, "DATE_FORM"),
    "region": (region_of, "REGION_FORM"),
}
