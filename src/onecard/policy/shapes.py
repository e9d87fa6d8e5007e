"""Read plain shapes: a text, one name or a list of them, a table with known keys; and the names a clerk may choose."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from onecard.policy.findings import Desk, Refused, nearest
from onecard.policy.nodes import Node, Rows, Table, Text

__all__ = ["NAME_FORM", "check_keys", "entries_of", "name_of", "several_of", "table_of", "text_of"]

NAME_FORM: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
"""Programmes, limits and funds: `elder-pass-bus`."""

_NAME_MAX: Final = 60


def text_of(node: Node | None, key: str, desk: Desk) -> Text | None:
    """Return the text under *key*, or None after handing in that it is none; silent where it is missing."""
    if node is None or isinstance(node, Text):
        return node
    desk.add("KEY.shape", node.spot, key=key, zh_shape="一段文字", en_shape="a text", example=f"{key}: …")
    return None


def table_of(node: Node | None, key: str, desk: Desk, example: str) -> Table | None:
    """Return the table under *key*, or None after handing in that it is none; silent where it is missing."""
    if node is None or isinstance(node, Table):
        return node
    desk.add("KEY.shape", node.spot, key=key, zh_shape="一张表", en_shape="a table", example=example)
    return None


def entries_of(node: Node | None, key: str, desk: Desk, example: str) -> Iterator[tuple[str, Text, Node]]:
    """Yield (key, its text, value) of the table under *key*."""
    table = table_of(node, key, desk, example)
    for name, (text, value) in table.entries.items() if table else ():
        yield name, text, value


def several_of(node: Node | None, key: str, desk: Desk) -> list[Text]:
    """Return one value or a list of them as a list of texts; what is no text is handed in."""
    items = () if node is None else node.items if isinstance(node, Rows) else (node,)
    texts = [text_of(item, key, desk) for item in items]
    return [text for text in texts if text is not None]


def check_keys(table: Table, allowed: Collection[str], required: Collection[str], desk: Desk) -> None:
    """Hand in every key of *table* that is unknown (KEY, with the nearest) or missing."""
    for name, (text, _) in table.entries.items():
        if name not in allowed:
            desk.add("KEY", text.spot, key=name, near=nearest(name, allowed))
    for name in required:
        if name not in table.entries:
            desk.add("KEY.missing", table.spot, key=name)


def name_of(text: Text, form: re.Pattern[str] = NAME_FORM, example: str = "a-z 0-9 -") -> str:
    """Return *text* as a name. Raises `Refused` (NAME)."""
    if not form.fullmatch(text.value) or len(text.value) > _NAME_MAX:
        raise Refused("NAME.form", text.spot, name=text.value, form=example)
    return text.value
