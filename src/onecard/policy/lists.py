"""Read a city's own names from its `lists.yaml`: what a policy may say about people, places and funds."""

from onecard.policy.findings import Desk
from onecard.policy.model import CityLists
from onecard.policy.nodes import Node, Rows, Table, Text
from onecard.policy.reader import read_page
from onecard.values.error import OnecardError
from onecard.values.regions import is_region

__all__ = ["ListsUnreadable", "read_lists"]

_NAMES = ("hardship", "standing", "services", "site_kinds", "gated", "funds")
_KEYS = ("city", "region", *_NAMES, "regions", "words")


class ListsUnreadable(OnecardError):
    """A city's lists cannot be read."""

    code = "policy.lists_unreadable"
    zh = "城市名单 lists.yaml 第 {line} 行读不出来：{why}。请对照其他城市的 lists.yaml 改正。"
    en = "The city's lists.yaml cannot be read at line {line}: {why}. Compare it with another city's."


def read_lists(text: str) -> CityLists:
    """Return the lists that *text* holds; keys as in `CityLists`. Raises `ListsUnreadable`."""
    desk = Desk("lists.yaml")
    page = read_page(text.encode(), desk)
    if page is None:
        raise ListsUnreadable(line=desk.findings[0].line, why=desk.findings[0].en)
    for key, (spot, _) in page.entries.items():
        if key not in _KEYS:
            raise ListsUnreadable(line=spot.spot.line, why=f"there is no key `{key}`")
    for key in _KEYS:
        if page.get(key) is None and key not in ("words", "gated"):
            raise ListsUnreadable(line=1, why=f"`{key}` is missing")
    names = {key: _names(page.get(key)) for key in _NAMES}
    region = _text(page.get("region"))
    if not is_region(region):
        raise ListsUnreadable(line=page.spot_of("region").line, why=f"`{region}` is no region code")
    return CityLists(
        city=_text(page.get("city")),
        region=region,
        hardship=names["hardship"],
        standing=names["standing"],
        services=names["services"],
        site_kinds=names["site_kinds"],
        gated=frozenset(names["gated"]),
        regions={name: _codes(codes) for name, codes in _entries(page.get("regions"))},
        funds=names["funds"],
        words={name: _both(words) for name, words in _entries(page.get("words"))},
    )


def _text(node: Node | None) -> str:
    if not isinstance(node, Text):
        raise ListsUnreadable(line=node.spot.line if node else 1, why="a name is expected")
    return node.value


def _names(node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    return tuple(_text(item) for item in node.items) if isinstance(node, Rows) else (_text(node),)


def _codes(node: Node) -> tuple[str, ...]:
    codes = _names(node)
    for code in codes:
        if not is_region(code):
            raise ListsUnreadable(line=node.spot.line, why=f"`{code}` is no region code")
    return codes


def _entries(node: Node | None) -> list[tuple[str, Node]]:
    if node is None:
        return []
    if not isinstance(node, Table):
        raise ListsUnreadable(line=node.spot.line, why="a table is expected")
    return [(key, value) for key, (_, value) in node.entries.items()]


def _both(node: Node) -> tuple[str, str]:
    if not isinstance(node, Table):
        raise ListsUnreadable(line=node.spot.line, why="write {zh: …, en: …}")
    return _text(node.get("zh")), _text(node.get("en"))
