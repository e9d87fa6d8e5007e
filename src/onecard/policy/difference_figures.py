"""What changes in figures: each cell that means another value, on each day from which one of the two documents has a row. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from onecard.policy.difference_words import Change, Said, said
from onecard.policy.facts import FACTS
from onecard.policy.forms import number_of, region_of
from onecard.policy.model import CityLists
from onecard.policy.nodes import Node, Rows, Table, Text
from onecard.values.regions import inside

__all__ = ["figure_changes"]

_OWN: Final = ("unit", "by", "source")
_ELSE: Final = "else"


def figure_changes(old: Node | None, new: Node | None, lists: CityLists) -> Iterator[Change]:
    """Yield what changes between two tables of figures."""
    before, after = _figures(old), _figures(new)
    for name in (*before, *(name for name in after if name not in before)):
        yield from _figure(name, before.get(name), after.get(name), lists)


def _figure(name: str, old: Table | None, new: Table | None, lists: CityLists) -> Iterator[Change]:
    if old is None or new is None:
        whole = [None if table is None else _in_short(table) for table in (old, new)]
        yield said(Said(path=("figures", name), old=whole[0], new=whole[1]), lists)
        return
    for key in _OWN:
        was, now = (_flat(table.get(key)) for table in (old, new))
        if was != now:
            yield said(Said(path=("figures", name, key), old=was, new=now), lists)
    unit, by = _flat(new.get("unit")) or "", [word.split(" ")[-1] for word in _words(new.get("by"))]
    begins = sorted({key for table in (old, new) for key in table.entries if key not in _OWN})
    for begin in begins:
        yield from _cells(("figures", name, begin), _held(old, begin), _held(new, begin), by, unit, lists)


def _cells(path: tuple[str, ...], old: Node | None, new: Node | None, by: Sequence[str], unit: str, lists: CityLists) -> Iterator[Change]:
    """Compare what both say in each case that either names; a value in place of a table holds for all."""
    if isinstance(old, Table) or isinstance(new, Table):
        fact = by[0] if by else ""
        keys = dict.fromkeys(chain.from_iterable(node.entries for node in (old, new) if isinstance(node, Table)))
        for key in keys:
            yield from _cells((*path, key), _case(old, key, fact), _case(new, key, fact), by[1:], unit, lists)
        return
    was, now = _flat(old), _flat(new)
    if was != now:
        yield said(Said(path=path, old=was, new=now, unit=unit), lists)


def _case(node: Node | None, key: str, fact: str) -> Node | None:
    """Return what *node* says of the case *key*, named there or not: the step below, the narrowest region around it, `else`."""
    if not isinstance(node, Table):
        return node
    if key in node.entries or key == _ELSE:
        return node.get(key)
    base = FACTS[fact].type.base if fact in FACTS else ""
    keys = [other for other in node.entries if other != _ELSE]
    if base == "number":
        steps = [(number_of(other) or 0, other) for other in keys if (number_of(other) or 0) <= (number_of(key) or 0)]
        return node.get(max(steps)[1] if steps else _ELSE)
    if base == "region" and region_of(key):
        around = [other for other in keys if region_of(other) and inside(key, other)]
        return node.get(min(around, key=lambda other: other.count("0")) if around else _ELSE)
    return node.get(_ELSE)


def _held(table: Table, begin: str) -> Node | None:
    """Return the row of *table* that holds from the day *begin* on; nothing before its first."""
    held = [key for key in table.entries if key not in _OWN and key <= begin]
    return table.get(max(held)) if held else None


def _figures(node: Node | None) -> Mapping[str, Table]:
    entries = node.entries if isinstance(node, Table) else {}
    return {name: value for name, (_, value) in entries.items() if isinstance(value, Table)}


def _in_short(table: Table) -> str:
    rows = [f"{key}: {_flat(value)}" for key, (_, value) in table.entries.items() if key not in ("by", "source")]
    return ", ".join(rows)


def _words(node: Node | None) -> list[str]:
    items = () if node is None else node.items if isinstance(node, Rows) else (node,)
    return [item.value for item in items if isinstance(item, Text)]


def _flat(node: Node | None) -> str | None:
    if node is None or isinstance(node, Text):
        return node.value if node else None
    if isinstance(node, Rows):
        return ", ".join(_flat(item) or "" for item in node.items)
    return "{" + ", ".join(f"{key}: {_flat(value)}" for key, (_, value) in node.entries.items()) + "}"
