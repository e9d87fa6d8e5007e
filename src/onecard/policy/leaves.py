"""Read the values of figures, each in the form its unit asks for (POLICY §3)."""

from collections.abc import Callable
from typing import Any, Final

from onecard.policy.findings import Refused
from onecard.policy.forms import LARGEST, day_of, hours_of, money_hint, money_of, number_of, percent_points_of, region_of, time_hint
from onecard.policy.model import CityLists
from onecard.policy.nodes import Node, Rows, Text
from onecard.policy.types import DATES, HOURS, MONEY, MU, NUMBER, PERCENT, REGIONS, Type
from onecard.values.regions import region_prefix

__all__ = ["LISTED", "UNITS", "read_leaf"]

UNITS: Final[dict[str, Type]] = {
    "yuan": MONEY,
    "percent": PERCENT,
    "number": NUMBER,
    "mu": MU,
    "hours": HOURS,
    "regions": REGIONS,
    "dates": DATES,
}
LISTED: Final = ("hours", "regions", "dates")
"""Units whose values may be lists."""

_SCALARS: Final[dict[str, tuple[Callable[[str], int | None], str]]] = {
    "yuan": (money_of, "MONEY_FORM"),
    "percent": (percent_points_of, "PERCENT_FORM"),
    "number": (number_of, "NUMBER_FORM"),
    "mu": (money_of, "MONEY_FORM"),
}


def read_leaf(node: Node, unit: str, lists: CityLists) -> Any:
    """Return the value of one row: a whole number, or for `hours`, `regions`, `dates` a list. Raises `Refused`."""
    if unit not in LISTED:
        return _scalar(_text(node), unit)
    items = [_text(item) for item in node.items] if isinstance(node, Rows) else [_text(node)]
    if unit == "regions":
        return sorted({prefix for item in items for prefix in _areas(item, lists)})
    spans = [_hours(item) if unit == "hours" else _dates(item) for item in items]
    for before, after, item in zip(spans, spans[1:], items[1:], strict=False):
        if after[0] < before[1] or (unit == "dates" and after[0] == before[1]):
            raise Refused("ORDER", item.spot, what=item.value)
    return spans


def _text(node: Node) -> Text:
    if isinstance(node, Text):
        return node
    raise Refused("KEY.shape", node.spot, key="-", zh_shape="一个值", en_shape="one value", example="2.00")


def _scalar(text: Text, unit: str) -> int:
    form, code = _SCALARS[unit]
    value = form(text.value)
    if value is None:
        raise Refused(code, text.spot, text=text.value, near=money_hint(text.value))
    if value > LARGEST:
        raise Refused("RANGE", text.spot, most=LARGEST)
    return value


def _areas(text: Text, lists: CityLists) -> list[str]:
    codes = lists.regions.get(text.value) or (region_of(text.value),)
    if codes[0] is None:
        raise Refused("REGION_FORM", text.spot, text=text.value)
    return [region_prefix(code) for code in codes if code]


def _hours(text: Text) -> list[int]:
    span = hours_of(text.value)
    if span is None:
        raise Refused("TIME_FORM", text.spot, text=text.value, near=f"08:00-11:30 ({time_hint(text.value)})")
    if span[0] >= span[1]:
        raise Refused("ORDER", text.spot, what=text.value)
    return list(span)


def _dates(text: Text) -> list[int]:
    begin, dots, end = text.value.partition("..")
    first, last = day_of(begin), day_of(end) if dots else day_of(begin)
    if first is None or last is None:
        raise Refused("DATE_FORM", text.spot, text=text.value)
    if last < first:
        raise Refused("ORDER", text.spot, what=text.value)
    return [first.toordinal(), last.toordinal()]
