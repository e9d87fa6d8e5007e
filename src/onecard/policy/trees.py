"""The shape of typed trees: which parts of one are trees again, and what it reads through figures and lets (POLICY §10).

["lit", type, value] · ["fact", name] · ["figure", name] · ["let", name] · ["areas", [prefix, …]]
["+" or "-", a, b] · ["*", a, b, divisor] · ["/", a, divisor] · ["min" or "max", a, b, …] · ["round…", a, step]
["<" …, a, b] · ["and" or "or", a, b, …] · ["not", a] · ["rows", [[condition or null, value], …]]
["has", set, [name, …]] · ["in_names", a, [name, …]] · ["in_areas", a, [prefix, …]] · ["in_region", a, b]
["in_figure" or "in_hours" or "in_dates", a, figure] · ["known", fact] · ["default", fact, value]
"""

from collections.abc import Iterator, Mapping
from typing import Final

from onecard.policy.figure import Figure
from onecard.policy.model import Tree

__all__ = ["depth_of", "facts_read", "parts_of", "read_by"]

_LEAVES: Final = frozenset({"lit", "fact", "figure", "let", "areas", "known"})
_FIRST_ONLY: Final = frozenset({"has", "in_names", "in_areas", "in_figure", "in_hours", "in_dates", "/", "round", "round_up", "round_down"})


def parts_of(tree: Tree) -> list[Tree]:
    """Return the trees that *tree* is made of, in the order written."""
    kind = tree[0]
    if kind in _LEAVES:
        return []
    if kind in _FIRST_ONLY:
        return [tree[1]]
    if kind == "default":
        return [tree[2]]
    if kind == "rows":
        return [part for condition, value in tree[1] for part in (condition, value) if part is not None]
    return tree[1:3] if kind == "*" else tree[1:]


def read_by(tree: Tree, figures: Mapping[str, Figure]) -> Iterator[tuple[str, str]]:
    """Yield ("fact" or "let", name) of all that *tree* names itself, the facts that choose in its figures included."""
    kind = tree[0]
    if kind in ("fact", "let"):
        yield kind, tree[1]
    elif kind in ("known", "default"):
        yield "fact", tree[1]
    elif kind == "figure" or kind in ("in_figure", "in_hours", "in_dates"):
        yield from (("fact", fact) for fact in figures[tree[-1]].facts)
    for part in parts_of(tree):
        yield from read_by(part, figures)


def facts_read(tree: Tree, figures: Mapping[str, Figure], lets: Mapping[str, Tree]) -> set[str]:
    """Return every fact that *tree* asks, through lets too."""
    facts: set[str] = set()
    followed: set[str] = set()
    waiting = [tree]
    while waiting:
        for kind, name in read_by(waiting.pop(), figures):
            if kind == "fact":
                facts.add(name)
            elif name not in followed:
                followed.add(name)
                waiting.append(lets[name])
    return facts


def depth_of(tree: Tree, depths: Mapping[str, int]) -> int:
    """Return how many levels *tree* has, those of the lets in it (*depths*) included: whoever follows it must come to its end."""
    if tree[0] == "let":
        return 1 + depths[tree[1]]
    return 1 + max((depth_of(part, depths) for part in parts_of(tree)), default=0)
