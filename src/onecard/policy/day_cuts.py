"""On which days a document begins to say something else: between two of them one day is as good as another. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from onecard.policy.figure import Level
from onecard.policy.model import Tree
from onecard.policy.trees import parts_of

__all__ = ["day_cuts"]

_DAY = ["fact", "day"]


def day_cuts(rule: Mapping[str, Any]) -> frozenset[int] | None:
    """Return the days (ordinals) on which *rule* (`Programme.rule`) may begin to say something else for the same other facts.

    None where it reckons with the day itself, and not only looks which row of a figure holds or whether a day is listed.
    """
    if any(map(_reckons, _trees(rule))):
        return None
    cuts: set[int] = set()
    for figure in rule["figures"].values():
        cuts.update(begin for begin, _ in figure["rows"])
        if figure["unit"] == "dates":
            for _, level in figure["rows"]:
                cuts.update(edge for first, last in _spans(level) for edge in (first, last + 1))
    return frozenset(cuts)


def _trees(rule: Mapping[str, Any]) -> Iterator[Tree]:
    yield from (tree for tree, _ in rule["who"])
    yield from (tree for _, tree in rule["let"])
    yield from (tree for row in rule["pay"] for tree in row[:2] if tree is not None)
    yield from (limit["cap"] for limit in rule["limits"])
    yield from (part[3] for part in rule["funding"] if part[3] is not None)


def _reckons(tree: Tree) -> bool:
    """Tell whether the day stands in *tree* otherwise than in `day in DATES`."""
    if tree == _DAY:
        return True
    return not (tree[0] == "in_dates" and tree[1] == _DAY) and any(map(_reckons, parts_of(tree)))


def _spans(level: Level) -> Iterator[tuple[int, int]]:
    if level[0] == "is":
        yield from level[1]
        return
    for _, inner in level[2]:
        yield from _spans(inner)
    if level[3] is not None:
        yield from _spans(level[3])
