"""From which day on a new version can decide otherwise than the one whose place it takes. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from onecard.policy.difference import Change

__all__ = ["first_day_changed"]

_WORDS_ONLY: Final = ("tests", "basis", "title.zh", "title.en")
_DAY_OF_ROW: Final = 2


def first_day_changed(changes: Sequence[Change], from_day: date) -> date | None:
    """Return the first day on which *changes* can make a difference; None where they make none.

    A figure's row makes one from its own day on. Everything else does from *from_day*, when the version begins.
    """
    days = []
    for change in changes:
        path = change.path.split(".")
        if change.path in _WORDS_ONLY or (path[0] == "figures" and path[_DAY_OF_ROW:] == ["source"]):
            continue
        if path[0] != "figures" or len(path) <= _DAY_OF_ROW or not path[_DAY_OF_ROW].startswith("from "):
            return from_day
        days.append(max(from_day, date.fromisoformat(path[_DAY_OF_ROW].removeprefix("from "))))
    return min(days, default=None)
