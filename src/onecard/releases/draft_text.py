"""A document as text in which single places are rewritten: everything else stays as it was, letter for letter. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import yaml

__all__ = ["DraftText", "is_list", "is_table"]

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ELSE: Final = "else"


class DraftText:
    """The text of a document that the strict reader has taken (`policy.reader`): no aliases, no tags, no key twice.

    Nodes are PyYAML's, for they tell where a value ends, which the reader's own do not.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Any = yaml.compose(text, Loader=_LOADER)

    def at(self, *path: str) -> Any:
        """Return the node under *path*, None where there is none; items of lists are counted from 1."""
        node = self.root
        for step in path:
            if is_table(node):
                node = next((value for key, value in node.value if key.value == step), None)
            elif is_list(node) and step.isdecimal() and 1 <= int(step) <= len(node.value):
                node = node.value[int(step) - 1]
            else:
                return None
        return node

    def entries(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the keys and values of a table; nothing of anything else."""
        yield from node.value if is_table(node) else ()

    def raw(self, node: Any) -> str:
        """Return a scalar as it stands on the page, with its quotes."""
        return self.text[node.start_mark.index : node.end_mark.index]

    def replaced(self, node: Any, new: str) -> str:
        """Return the text with a scalar, or a list or table in braces, in other words."""
        return self._spliced(node.start_mark.index, node.end_mark.index, new)

    def with_entry(self, table: Any, key: str, value: str) -> str:
        """Return the text with an entry more, in its place among numbers and before `else`."""
        keys = [entry for entry, _ in table.value]
        at = next((place for place, other in enumerate(keys) if _comes_before(key, other.value)), len(keys))
        return self._inserted(table, [(entry, end) for entry, end in table.value], at, f"{key}: {value}")

    def with_row(self, table: Any, after: Any, row: str) -> str:
        """Return the text with *row* as the entry of *table* that follows the one whose value is *after*."""
        at = 1 + next(place for place, (_, value) in enumerate(table.value) if value is after)
        return self._inserted(table, table.value, at, row)

    def with_item(self, rows: Any, at: int, item: str) -> str:
        """Return the text with *item* at the place *at* of a list, counted from 0."""
        if rows.flow_style and not rows.value:
            return self._spliced(rows.start_mark.index + 1, rows.start_mark.index + 1, item)
        dash = "" if rows.flow_style else "- "
        return self._inserted(rows, [(each, each) for each in rows.value], at, f"{dash}{item}")

    def without_item(self, rows: Any, at: int) -> str:
        """Return the text without the item at the place *at* of a list that holds another."""
        items = rows.value
        assert len(items) > 1, "what is left would be no list"
        begin, end = items[at].start_mark.index, items[at].end_mark.index
        if not rows.flow_style:  # Its line goes, with what was said about it there.
            return self._spliced(self.text.rfind("\n", 0, begin) + 1, self._line_end(end) + 1, "")
        if at + 1 < len(items):
            return self._spliced(begin, items[at + 1].start_mark.index, "")
        return self._spliced(items[at - 1].end_mark.index, end, "")

    def _inserted(self, holder: Any, entries: Sequence[tuple[Any, Any]], at: int, new: str) -> str:
        """Put *new* before the entry number *at*, behind the last where there is none: in the line in braces, else on a line."""
        if holder.flow_style:
            if at < len(entries):
                begin = entries[at][0].start_mark.index
                return self._spliced(begin, begin, f"{new}, ")
            end = self._end(entries[-1][1])
            return self._spliced(end, end, f", {new}")
        first = entries[0][0].start_mark.index
        indent = " " * (first - 1 - self.text.rfind("\n", 0, first))
        indent = indent[:-2] if is_list(holder) else indent  # The dash stands before the item.
        if at == 0:
            begin = self.text.rfind("\n", 0, first) + 1
            return self._spliced(begin, begin, f"{indent}{new}\n")
        end = self._line_end(self._end(entries[at - 1][1]))
        return self._spliced(end, end, f"\n{indent}{new}")

    def _end(self, node: Any) -> int:
        """Return where the last letter of a value stands: of a block, its end lies behind comments that follow it."""
        while not isinstance(node, yaml.ScalarNode) and not node.flow_style:
            node = node.value[-1][1] if is_table(node) else node.value[-1]
        return int(node.end_mark.index)

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _spliced(self, begin: int, end: int, new: str) -> str:
        return self.text[:begin] + new + self.text[end:]


def is_table(node: Any) -> bool:
    """Tell whether a node is a table."""
    return isinstance(node, yaml.MappingNode)


def is_list(node: Any) -> bool:
    """Tell whether a node is a list."""
    return isinstance(node, yaml.SequenceNode)


def _comes_before(key: str, other: str) -> bool:
    """Tell whether *key* stands before *other*: steps rise, and `else` is the last."""
    return other == _ELSE or (key.isdecimal() and other.isdecimal() and int(key) < int(other))
