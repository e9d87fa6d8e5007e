"""One change that the form makes to a document: the text at that place, and nothing else, becomes another. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from onecard.policy.findings import Desk
from onecard.policy.reader import read_page
from onecard.releases.draft_cells import CellKind, ages_in, row_held, sentences_of
from onecard.releases.draft_text import DraftText, is_list, is_table
from onecard.releases.errors import EditRefused

__all__ = ["Edit", "edited"]

_ELSE: Final = "else"
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_FORMS: Final[Mapping[CellKind, tuple[re.Pattern[str], str]]] = {
    "yuan": (re.compile(r"\d{1,8}\.\d{2}"), "3.00"),
    "mu": (re.compile(r"\d{1,5}\.\d{2}"), "1.50"),
    "percent": (re.compile(r"\d{1,3}(\.\d{1,2})?%"), "50%"),
    "number": (re.compile(r"\d{1,7}"), "30"),
    "day": (re.compile(_DAY), "2025-01-01"),
    "dates": (re.compile(rf"{_DAY}(\.\.{_DAY})?"), "2025-01-01 · 2025-02-01..2025-02-07"),
    "age": (re.compile(r"\d{1,3}"), "60"),
}
"""What is written is one value of its form: nothing that is filled in can become another part of the document."""
_CASE: Final = re.compile(r"[a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What the form asks for: the *value* at *path* (`draft_cells.Cell`), of a figure since a day.

    In a list of days *value* is the day that is added, or with `take` left out.
    """

    path: str
    value: str
    since: date | None = None
    act: Literal["set", "take"] = "set"


def edited(source: str, edit: Edit) -> str:
    """Return *source* with the change: comments, order and every other letter stand. Raises `EditRefused`.

    Whether the document still means something is for `policy check` to say.
    """
    if read_page(source.encode(), Desk("")) is None:
        raise EditRefused(zh_why="这份文件读不懂", en_why="the document cannot be read")
    draft, steps = DraftText(source), edit.path.split("/")
    if steps[0] == "figures" and len(steps) > 1:
        return _figure(draft, steps[1], steps[2:], edit)
    if steps[0] == "effective" and len(steps) == 2 and steps[1] in ("from", "until"):
        return _day_in_force(draft, steps[1], _formed("day", edit.value))
    if len(steps) > 2 and steps[-2] == "age":
        return _age(draft, "/".join(steps[:-2]), steps[-1], _formed("age", edit.value))
    raise _nowhere(edit.path)


def _figure(draft: DraftText, name: str, cases: Sequence[str], edit: Edit) -> str:
    unit = draft.at("figures", name, "unit")
    if unit is None or unit.value not in _FORMS:
        raise _nowhere(edit.path)
    value = _formed(unit.value, edit.value)
    by = draft.at("figures", name, "by")
    if len(cases) > (len(by.value) if is_list(by) else by is not None) or not all(_CASE.fullmatch(case) for case in cases):
        raise _nowhere(edit.path)
    if unit.value == "dates":
        return _listed(draft, name, cases, value, edit)
    if edit.since is None:
        raise EditRefused(zh_why="要写明从哪一天起", en_why="say from which day it holds")
    key, held = _held(draft, name, edit.since)
    if key == f"from {edit.since}":
        return _set_case(draft, held, cases, value, edit.path)
    return draft.with_row(draft.at("figures", name), held, f"from {edit.since}: {_written(held, cases, value, edit.path)}")


def _set_case(draft: DraftText, node: Any, cases: Sequence[str], value: str, path: str) -> str:
    """Set one case of a row that stands."""
    if not cases and not is_table(node):
        return draft.replaced(node, value)
    if not is_table(node):
        return draft.replaced(node, _written(node, cases, value, path))
    if not cases:
        raise _nowhere(path)
    inner = next((found for key, found in node.value if key.value == cases[0]), None)
    if inner is not None:
        return _set_case(draft, inner, cases[1:], value, path)
    if len(cases) > 1:
        raise _nowhere(path)
    return draft.with_entry(node, cases[0], value)


def _written(node: Any, cases: Sequence[str], value: str, path: str) -> str:
    """Return a row's value in one line, with one case set: a row holds everything from its day on, so what stays is said again."""
    if not is_table(node):
        if len(cases) > 1 or is_list(node):
            raise _nowhere(path)
        return f"{{{cases[0]}: {value}, {_ELSE}: {node.value}}}" if cases else value
    if not cases:
        raise _nowhere(path)
    told = {key.value: inner for key, inner in node.value}
    if cases[0] not in told and len(cases) > 1:
        raise _nowhere(path)
    parts = {key: _written(inner, cases[1:], value, path) if key == cases[0] else _flow(inner) for key, inner in told.items()}
    parts.setdefault(cases[0], value)
    return "{" + ", ".join(f"{key}: {parts[key]}" for key in _in_order([*parts])) + "}"


def _in_order(keys: Sequence[str]) -> list[str]:
    """Return the keys of a table with a new one, which stands last, in its place: steps rise, `else` ends."""
    if all(key.isdecimal() or key == _ELSE for key in keys):
        return sorted(keys, key=lambda key: (key == _ELSE, int(key) if key != _ELSE else 0))
    return sorted(keys, key=lambda key: key == _ELSE)


def _flow(node: Any) -> str:
    if is_table(node):
        return "{" + ", ".join(f"{key.value}: {_flow(value)}" for key, value in node.value) + "}"
    return "[" + ", ".join(_flow(item) for item in node.value) + "]" if is_list(node) else str(node.value)


def _listed(draft: DraftText, name: str, cases: Sequence[str], value: str, edit: Edit) -> str:
    """Put a day into the list that holds on that day, or take it out."""
    key, node = _held(draft, name, _date(value.partition("..")[0]))
    node = draft.at("figures", name, key, *cases)
    if node is None or is_table(node):
        raise _nowhere(edit.path)
    days = [item.value for item in node.value] if is_list(node) else [node.value]
    if edit.act == "take":
        if value not in days or len(days) == 1:
            raise EditRefused(zh_why=f"名单里没有 {value}，或只剩这一天", en_why=f"{value} is not in the list, or is all that it holds")
        return draft.without_item(node, days.index(value))
    if value in days:
        raise EditRefused(zh_why=f"名单里已经有 {value}", en_why=f"{value} is in the list already")
    if not is_list(node):
        return draft.replaced(node, f"[{', '.join(sorted([*days, value]))}]")
    return draft.with_item(node, next((place for place, day in enumerate(days) if value < day), len(days)), value)


def _held(draft: DraftText, name: str, since: date) -> tuple[str, Any]:
    found = row_held(draft, name, since)
    if found is None:
        raise EditRefused(zh_why=f"“{name}”在 {since} 还没有数", en_why=f"{name} has no value on {since} yet")
    return found


def _day_in_force(draft: DraftText, key: str, value: str) -> str:
    table, node = draft.at("effective"), draft.at("effective", key)
    if node is not None:
        return draft.replaced(node, value)
    if not is_table(table):
        raise _nowhere(f"effective/{key}")
    return draft.with_row(table, table.value[-1][1], f"{key}: {value}")


def _age(draft: DraftText, path: str, place: str, value: str) -> str:
    node = dict(sentences_of(draft)).get(path)
    raw = "" if node is None else draft.raw(node)
    ages = ages_in(raw)
    if not place.isdecimal() or not 1 <= int(place) <= len(ages):
        raise _nowhere(f"{path}/age/{place}")
    begin, end = ages[int(place) - 1]
    return draft.replaced(node, raw[:begin] + value + raw[end:])


def _formed(kind: CellKind, text: str) -> str:
    form, example = _FORMS[kind]
    if not form.fullmatch(text, 0, 40) or not text.isascii():
        raise EditRefused(zh_why=f"“{text[:40]}”写法不对，应如 {example}", en_why=f"'{text[:40]}' is not of the form {example}")
    if kind in ("day", "dates"):
        for day in text.split(".."):
            _date(day)
    return text


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise EditRefused(zh_why=f"没有 {text} 这一天", en_why=f"there is no day {text}") from None


def _nowhere(path: str) -> EditRefused:
    return EditRefused(zh_why=f"这里不能用表单改：{path[:80]}", en_why=f"the form cannot change {path[:80]}")
