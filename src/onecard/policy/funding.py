"""Read `funding`: who bears it, in amounts, percentages and a rest that make the whole (POLICY §2, §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from onecard.policy.expression import understand
from onecard.policy.facts import FACTS
from onecard.policy.findings import Refused, nearest
from onecard.policy.model import Tree
from onecard.policy.nodes import Node, Spot, Text
from onecard.policy.reach import State
from onecard.policy.scope import Scope, Typed
from onecard.policy.sentences import sentence_tokens
from onecard.policy.shapes import entries_of, text_of
from onecard.policy.types import MONEY, PERCENT

__all__ = ["WHOLE", "Part", "check_fund", "check_places", "read_funding", "split_by_percent"]

_EXAMPLE: Final = "transit of region: 100%"
WHOLE: Final = 10_000
"""100 % in 1/10,000."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of `funding`."""

    fund: str
    of: str  # The fact that says whose fund it is, or ''.
    by: Literal["amount", "percent", "rest"]
    tree: Tree
    spot: Spot


def read_funding(node: Node | None, spot: Spot, scope: Scope) -> list[Part]:
    """Return the lines of `funding`; what is wrong is handed in, also where the shares do not make the whole."""
    read: list[tuple[Part, Typed | None]] = []
    before = len(scope.desk.findings)
    for _, key, value in entries_of(node, "funding", scope.desk, _EXAMPLE):
        text = text_of(value, key.value, scope.desk)
        if text is None:
            continue
        try:
            read.append(_read_part(key, text, scope))
        except Refused as refused:
            scope.desk.take(refused)
    if len(scope.desk.findings) == before and node is not None:
        _check_shares(read, spot, scope)
    return [part for part, _ in read]


def check_fund(text: Text, name: str, offset: int, scope: Scope) -> str:
    """Return *name* as one of the city's funds. Raises `Refused` (FUND)."""
    if name not in scope.lists.funds:
        raise Refused("FUND", text.at(offset), fund=name, near=nearest(name, scope.lists.funds))
    return name


def check_places(parts: Sequence[Part], state: State | None, scope: Scope) -> None:
    """Hand in each `of FACT` that may be blank though `who` holds (FUND_PLACE)."""
    for part in parts:
        fact = FACTS.get(part.of)
        if fact is None or state is None:
            continue
        domain = state.domains.get(fact.name)
        named = fact.type.base == "name" and isinstance(domain, frozenset) and fact.blank not in domain
        if not (fact.always or fact.name in state.present or named):
            scope.desk.add("FUND_PLACE", part.spot, fact=fact.name)


def split_by_percent(fen: int, points: Sequence[int]) -> list[int]:
    """Return *fen* in parts of *points* (1/10,000, together 10,000): cut to the fen, what misses to the largest remainders.

    Of equal remainders the earlier part gets the fen (POLICY §6).
    """
    parts = [fen * point // WHOLE for point in points]
    missing = fen - sum(parts)
    if missing:
        by_remainder = sorted(range(len(points)), key=lambda place: (-(fen * points[place] % WHOLE), place))
        for place in by_remainder[:missing]:
            parts[place] += 1
    return parts


def _read_part(key: Text, text: Text, scope: Scope) -> tuple[Part, Typed | None]:
    words = key.value.split(" ")
    if len(words) not in (1, 3) or (len(words) == 3 and words[1] != "of"):
        raise Refused("FUND.form", key.spot, text=key.value)
    fund, of = check_fund(key, words[0], 0, scope), words[2] if len(words) == 3 else ""
    spot = key.at(len(words[0]) + 4) if of else key.spot
    if of:
        fact = scope.fact_at(of, spot)
        if fact.type.base not in ("region", "name") or fact.secret:
            raise Refused("FUND.of", spot, fact=of)
        scope.facts.add(of)
    if text.value == "rest":
        return Part(fund, of, "rest", ["lit", "percent", 0], spot), None
    typed = understand(text, sentence_tokens(text), scope)
    if typed.type not in (MONEY, PERCENT):
        words_of = {"want": "money, percent or `rest`", "zh_want": "金额、百分比或 rest", "got": typed.type.en, "zh_got": typed.type.zh}
        raise Refused("TYPE.want", typed.spot, **words_of, hint="100%")
    return Part(fund, of, "percent" if typed.type == PERCENT else "amount", typed.tree, spot), typed


def _check_shares(read: list[tuple[Part, Typed | None]], spot: Spot, scope: Scope) -> None:
    rests = [part for part, _ in read if part.by == "rest"]
    percents = [typed for part, typed in read if part.by == "percent" and typed is not None]
    low, high = sum(typed.low for typed in percents), sum(typed.high for typed in percents)
    if len(rests) > 1:
        scope.desk.add("SHARES.rest", rests[1].spot)
    elif high > WHOLE or (not rests and low != WHOLE):
        shown = f"{low / 100:g}%" if low == high else f"{low / 100:g}% … {high / 100:g}%"
        scope.desk.add("SHARES", spot, sum=shown)
