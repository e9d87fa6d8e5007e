"""Read a page strictly: YAML events with their places, nothing resolved, nothing repeated, nothing deep, nothing large."""

from collections.abc import Iterator
from typing import Any, Final

import yaml

from onecard.policy.findings import Desk, Refused
from onecard.policy.nodes import Node, Rows, Spot, Table, Text

__all__ = ["DEPTH_MAX", "SIZE_MAX", "read_page"]

SIZE_MAX: Final = 64 * 1024
DEPTH_MAX: Final = 12

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIRST: Final = Spot(1, 1)


def read_page(content: bytes, desk: Desk) -> Table | None:
    """Return the table that *content* holds, or None after handing in why not (`YAML_…`)."""
    if len(content) > SIZE_MAX:
        desk.add("YAML_SIZE", _FIRST, size=len(content), most=SIZE_MAX)
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        desk.add("YAML_FORM.utf8", _spot_of_byte(content, error.start))
        return None
    try:
        page = _Reader(text, desk).page()
    except Refused as refused:
        desk.take(refused)
        return None
    except yaml.YAMLError as error:
        why = getattr(error, "problem", None) or "there is a control character"
        desk.add("YAML_DEPTH" if "nesting depth" in why else "YAML_FORM", _spot_of_error(error), why=why, most=DEPTH_MAX)
        return None
    return page if desk.good else None


class _Reader:
    """Builds nodes from events; what is merely wrong in one place is handed in, what makes the rest meaningless is raised."""

    def __init__(self, text: str, desk: Desk) -> None:
        self._text = text
        self._desk = desk
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)

    def page(self) -> Table:
        next(self._events)  # The stream begins.
        begin = next(self._events)
        if isinstance(begin, yaml.StreamEndEvent):
            raise Refused("YAML_EMPTY.page", _FIRST)
        if begin.version or begin.tags:
            raise Refused("YAML_TAG", _spot(begin))
        node = self._node(next(self._events), 1, "-", None)
        next(self._events)  # The document ends.
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise Refused("YAML_FORM.two", _spot(after))
        if not isinstance(node, Table):
            raise Refused("YAML_FORM.table", node.spot)
        return node

    def _node(self, event: Any, depth: int, key: str, key_spot: Spot | None) -> Node:
        spot = _spot(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise Refused("YAML_ALIAS", spot)
        if event.tag is not None:
            raise Refused("YAML_TAG", spot)
        if isinstance(event, yaml.ScalarEvent):
            if not event.value.strip():
                self._desk.add("YAML_EMPTY", key_spot or spot, key=key)
            return self._scalar(event, spot)
        if depth > DEPTH_MAX:
            raise Refused("YAML_DEPTH", spot, most=DEPTH_MAX)
        return self._rows(spot, depth) if isinstance(event, yaml.SequenceStartEvent) else self._table(spot, depth)

    def _scalar(self, event: Any, spot: Spot) -> Text:
        value: str = event.value
        quoted = 0 if event.implicit[0] else 1
        begin = event.start_mark.index + quoted
        verbatim = self._text[begin : begin + len(value)] == value and "\n" not in value
        return Text(value, spot, Spot(spot.line, spot.column + quoted), verbatim)

    def _rows(self, spot: Spot, depth: int) -> Rows:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1, "-", None))
        return Rows(tuple(items), spot)

    def _table(self, spot: Spot, depth: int) -> Table:
        entries: dict[str, tuple[Text, Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, depth + 1)
            value = self._node(next(self._events), depth + 1, key.value, key.spot)
            if key.value in entries:
                self._desk.add("YAML_TWICE", key.spot, key=key.value)
            else:
                entries[key.value] = (key, value)
        return Table(entries, spot)

    def _key(self, event: Any, depth: int) -> Text:
        key = None
        if not isinstance(event, yaml.ScalarEvent) or event.value.strip():
            key = self._node(event, depth, "-", None)
        if not isinstance(key, Text):
            raise Refused("YAML_KEY", _spot(event))
        return key


def _spot(event: Any) -> Spot:
    return Spot(event.start_mark.line + 1, event.start_mark.column + 1)


def _spot_of_error(error: yaml.YAMLError) -> Spot:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Spot(mark.line + 1, mark.column + 1) if mark else _FIRST


def _spot_of_byte(content: bytes, index: int) -> Spot:
    before = content[:index]
    line = before.count(b"\n")
    return Spot(line + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1)
