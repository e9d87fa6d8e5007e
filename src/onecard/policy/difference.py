"""What changes between two documents, in words of policy staff: figure, row, date, limit, fund. Pure.

Pages are compared by what is written in them: spaces, comments, the order of keys, another form of the same table say nothing.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from onecard.policy.difference_figures import figure_changes
from onecard.policy.difference_words import Change, Said, said
from onecard.policy.model import CityLists
from onecard.policy.nodes import Node, Rows, Table, Text

__all__ = ["Change", "changes_between", "written"]

_WORDS: Final = ("programme", "kind", "basis", "cycle", "as_of", "to", "department", "publicity", "in_error")
_NAMES: Final = ("prefer_over", "on_top_of", "not_with", "sums", "evidence", "after")
_TABLES: Final = ("title", "effective", "where", "limits", "funding", "let")
_SENTENCES: Final = ("who", "pay", "amount", "layers")


def changes_between(old: Table, new: Table, lists: CityLists) -> list[Change]:
    """Return what *new* says otherwise than *old*, in the order in which a document is read; nothing where both mean the same."""
    found: list[Change] = []
    for key in _WORDS:
        found += _changed((key,), old.get(key), new.get(key), lists)
    for key in _TABLES[:3]:
        found += _entries(key, old.get(key), new.get(key), lists)
    found += figure_changes(old.get("figures"), new.get("figures"), lists)
    for key in ("let", *_SENTENCES):
        found += (_entries if key == "let" else _sentences)(key, old.get(key), new.get(key), lists)
    for key in ("limits", "funding"):
        found += _entries(key, old.get(key), new.get(key), lists)
    for key in _NAMES:
        found += _members(key, old.get(key), new.get(key), lists)
    return found + _tests(old.get("tests"), new.get("tests"), lists)


def written(node: Node | None) -> str | None:
    """Return *node* in one line, as a clerk would write it; None for what is not there."""
    if node is None:
        return None
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Rows):
        return "[" + ", ".join(written(item) or "" for item in node.items) + "]"
    return "{" + ", ".join(f"{key}: {written(value)}" for key, (_, value) in node.entries.items()) + "}"


def _changed(path: Sequence[str], old: Node | None, new: Node | None, lists: CityLists) -> Iterator[Change]:
    before, after = written(old), written(new)
    if before != after:
        yield said(Said(path=tuple(path), old=before, new=after), lists)


def _entries(key: str, old: Node | None, new: Node | None, lists: CityLists) -> Iterator[Change]:
    """Compare two tables entry by entry; what is no table is compared whole."""
    if not all(isinstance(node, Table | None) for node in (old, new)):
        yield from _changed((key,), old, new, lists)
        return
    before, after = (node.entries if isinstance(node, Table) else {} for node in (old, new))
    for name in (*before, *(name for name in after if name not in before)):
        was, now = (entries[name][1] if name in entries else None for entries in (before, after))
        yield from _changed((key, name), was, now, lists)


def _sentences(key: str, old: Node | None, new: Node | None, lists: CityLists) -> Iterator[Change]:
    """Compare two lists of sentences; one that was reworded stands beside the one in its place, and is not called added and removed."""
    before, after = ([written(item) or "" for item in _items(node)] for node in (old, new))
    for tag, a, a_end, b, b_end in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for place in range(max(a_end - a, b_end - b)):
            was = before[a + place] if a + place < a_end else None
            now = after[b + place] if b + place < b_end else None
            at = b + place if now is not None else a + place
            yield said(Said(path=(key, str(at + 1)), old=was, new=now), lists)


def _members(key: str, old: Node | None, new: Node | None, lists: CityLists) -> Iterator[Change]:
    before, after = ([written(item) or "" for item in _items(node)] for node in (old, new))
    for name in dict.fromkeys((*before, *after)):
        if (name in before) != (name in after):
            yield said(Said(path=(key, name), old=name if name in before else None, new=name if name in after else None), lists)


def _tests(old: Node | None, new: Node | None, lists: CityLists) -> list[Change]:
    """Cases are no rule: it is only said how many came and went."""
    before, after = ([written(item) or "" for item in _items(node)] for node in (old, new))
    gone, come = ([case for case in these if case not in those] for these, those in ((before, after), (after, before)))
    return [said(Said(path=("tests",), old=str(len(gone)), new=str(len(come))), lists)] if gone or come else []


def _items(node: Node | None) -> Sequence[Node]:
    return () if node is None else node.items if isinstance(node, Rows) else (node,)
