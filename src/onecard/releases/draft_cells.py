"""What of a document the form can change: figures as they stand on a day, days in force, ages in sentences, days in lists. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, cast

from onecard.policy.findings import Desk
from onecard.policy.reader import read_page
from onecard.releases.draft_text import DraftText, is_list, is_table

__all__ = ["OWN_KEYS", "Cell", "CellKind", "ages_in", "cells_of", "row_held", "sentences_of"]

CellKind = Literal["yuan", "percent", "number", "mu", "dates", "day", "age"]

OWN_KEYS: Final = ("unit", "by", "source")
"""Keys of a figure that are no rows."""

_UNITS: Final = ("yuan", "percent", "number", "mu", "dates")
_SENTENCES: Final = ("let", "who", "pay", "amount")
_BEFORE: Final = re.compile(r"(?<![\w.-])(\d{1,3})(?=\s*[<>]=?\s*age(?![\w-]))")
_AFTER: Final = re.compile(r"(?<![\w.-])age\s*(?:[<>=!]=|[<>])\s*(\d{1,3})(?![\w.%-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value that the form can change. *path*: `figures/own_least/330421`, `effective/from`, `who/1/age/1`."""

    path: str
    kind: CellKind
    text: str  # As it is written.
    line: int  # From 1.


def cells_of(source: str, day: date) -> tuple[Cell, ...]:
    """Return what can be changed in *source*, figures as they stand on *day*, in the order of the page; nothing of what is no page."""
    if read_page(source.encode(), Desk("")) is None:
        return ()
    draft = DraftText(source)
    cells = [*_days(draft), *_figures(draft, day), *_ages(draft)]
    return tuple(sorted(cells, key=lambda cell: cell.line))


def row_held(draft: DraftText, name: str, day: date) -> tuple[str, Any] | None:
    """Return the key and the value of the row of a figure that holds on *day*; None where none does yet."""
    rows = [(key.value, value) for key, value in draft.entries(draft.at("figures", name)) if key.value not in OWN_KEYS]
    begun = [row for row in rows if row[0] <= f"from {day}"]
    return max(begun, key=lambda row: row[0], default=None)


def sentences_of(draft: DraftText) -> Iterator[tuple[str, Any]]:
    """Yield where each sentence stands that may ask an age, and its scalar."""
    for key in _SENTENCES:
        node = draft.at(key)
        if is_list(node):
            yield from ((f"{key}/{place}", item) for place, item in enumerate(node.value, 1) if _is_text(item))
        elif is_table(node):
            yield from ((f"{key}/{name.value}", value) for name, value in node.value if _is_text(value))
        elif node is not None:
            yield key, node


def ages_in(raw: str) -> list[tuple[int, int]]:
    """Return from where to where each age that is compared with stands in a sentence."""
    return sorted({match.span(1) for form in (_BEFORE, _AFTER) for match in form.finditer(raw)})


def _days(draft: DraftText) -> Iterator[Cell]:
    for key in ("from", "until"):
        node = draft.at("effective", key)
        if node is not None:
            yield _cell(f"effective/{key}", "day", node)


def _figures(draft: DraftText, day: date) -> Iterator[Cell]:
    for name, figure in draft.entries(draft.at("figures")):
        unit, held = draft.at("figures", name.value, "unit"), row_held(draft, name.value, day)
        if is_table(figure) and held is not None and unit is not None and unit.value in _UNITS:
            yield from _values(f"figures/{name.value}", cast(CellKind, unit.value), held[1])


def _values(path: str, kind: CellKind, node: Any) -> Iterator[Cell]:
    if is_table(node):
        for key, value in node.value:
            yield from _values(f"{path}/{key.value}", kind, value)
    else:
        yield _cell(path, kind, node)


def _ages(draft: DraftText) -> Iterator[Cell]:
    for path, node in sentences_of(draft):
        raw = draft.raw(node)
        for place, (begin, end) in enumerate(ages_in(raw), 1):
            line = node.start_mark.line + 1 + raw.count("\n", 0, begin)
            yield Cell(path=f"{path}/age/{place}", kind="age", text=raw[begin:end], line=line)


def _cell(path: str, kind: CellKind, node: Any) -> Cell:
    text = ", ".join(item.value for item in node.value) if is_list(node) else node.value
    return Cell(path=path, kind=kind, text=text, line=node.start_mark.line + 1)


def _is_text(node: Any) -> bool:
    return not is_list(node) and not is_table(node)
