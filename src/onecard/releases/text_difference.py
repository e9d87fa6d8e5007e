"""Two texts line by line: what went, what came, and the lines around it, as the reader of a document sees it. Pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

__all__ = ["Hunk", "Line", "hunks_between"]

_AROUND: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `same`, `gone` or `come`, with its number in the old and the new text (0: not there)."""

    how: Literal["same", "gone", "come"]
    old: int
    new: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Changes that stand close together, with the lines around them."""

    lines: tuple[Line, ...]


def hunks_between(old: str, new: str) -> tuple[Hunk, ...]:
    """Return what differs between two texts, place by place; nothing where they are the same."""
    before, after = old.splitlines(), new.splitlines()
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    hunks = []
    for group in matcher.get_grouped_opcodes(_AROUND):
        lines: list[Line] = []
        for tag, a, a_end, b, b_end in group:
            if tag == "equal":
                lines += [Line(how="same", old=a + at + 1, new=b + at + 1, text=before[a + at]) for at in range(a_end - a)]
            else:
                lines += [Line(how="gone", old=at + 1, new=0, text=before[at]) for at in range(a, a_end)]
                lines += [Line(how="come", old=0, new=at + 1, text=after[at]) for at in range(b, b_end)]
        hunks.append(Hunk(lines=tuple(lines)))
    return tuple(hunks)
