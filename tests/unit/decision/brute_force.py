"""POLICY §6 a second time: random documents, and what they come to, reckoned without a line of the product."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.unit.decision.made import document

__all__ = ["LIMITS", "Document", "Limit", "Result", "documents", "expected", "text_of"]

LIMITS = {"rides": ("times per day", "LIMIT_DAY"), "heads": ("persons per week", "LIMIT_WEEK"), "pot": ("yuan per month", "LIMIT_MONTH")}
"""The names that documents share, each with one way of counting."""

_ORDER = ["SLOT_CLOSED", "FULL", "LIMIT_DAY", "LIMIT_WEEK", "LIMIT_MONTH", "NOT_ELIGIBLE", "NOT_ELIGIBLE_AGE"]  # As POLICY §2 has them.


@dataclass(frozen=True)
class Limit:
    """A cap in times, persons or fen."""

    name: str
    cap: int
    in_part: bool = False


@dataclass(frozen=True)
class Document:
    """One document of a kind that can be reckoned by hand."""

    name: str
    is_gate: bool
    least_age: int
    reason: str
    pay: tuple[str, int, int]  # A form and its two numbers.
    limits: tuple[Limit, ...]
    prefer_over: frozenset[str]
    on_top_of: frozenset[str]

    def price(self, before: int) -> int:
        """Return what is left of *before*, never more."""
        form, first, second = self.pay
        left = {"free": 0, "fixed": first, "percent": (2 * before * first + 100) // 200, "less": max(before - first, second, 0)}[form]
        return min(left, before)


@dataclass(frozen=True)
class Result:
    """What comes out."""

    outcome: str
    reason: str
    paid: int
    pile: tuple[str, ...]
    counted: Mapping[str, int]


def text_of(made: Document) -> str:
    """Write *made* in the language."""
    base = "price" if made.on_top_of else "list_price"
    form, first, second = made.pay
    yuan = [f"{fen // 100}.{fen % 100:02d}" for fen in (first, second)]
    pay = {"free": "free", "fixed": yuan[0], "percent": f"{base} * {first}%", "less": f"max({base} - {yuan[0]}, {yuan[1]})"}[form]
    more = [f"prefer_over: [{', '.join(sorted(made.prefer_over))}]"] if made.prefer_over else []
    more += [f"on_top_of: [{', '.join(sorted(made.on_top_of))}]"] if made.on_top_of else []
    return document(
        made.name, None if made.is_gate else pay, who=[f"age >= {made.least_age} else {made.reason}"],
        limits=[_limit_text(limit) for limit in made.limits], more="\n".join(more),
    )  # fmt: skip


def _limit_text(limit: Limit) -> str:
    way, reason = LIMITS[limit.name]
    cap = f"{limit.cap // 100}.{limit.cap % 100:02d}" if limit.name == "pot" else str(limit.cap)
    return f"{limit.name}: {cap} {way}{' in part' if limit.in_part else ''} else {reason}"


def expected(docs: Sequence[Document], age: int, group: int, price: int, used: Mapping[str, int]) -> list[Result]:
    """Return what may come of one tap: where piles are equal and none is preferred over the other, there is more than one."""
    counted: dict[str, int] = {}
    shut = []
    for gate in sorted((doc for doc in docs if doc.is_gate), key=lambda doc: doc.name):
        fine = _granted(gate, age, group, price, used, counted)
        if isinstance(fine, str):
            shut.append(fine)
        else:
            counted = _added(counted, fine[1])
    if shut:
        return [Result("refused", min(shut, key=_ORDER.index), 0, (), {})]
    piles, noes = [], []
    for base in (doc for doc in docs if not doc.is_gate and not doc.on_top_of):
        fine = _granted(base, age, group, price, used, counted)
        if isinstance(fine, str):
            noes.append(fine)
        else:
            piles.append(_piled(docs, base, fine, (age, group, used), counted))
            noes += piles[-1][3]
    if not piles:
        return [Result("accepted", min(noes, key=_ORDER.index) if noes else "OK", price, (), counted)]
    lowest = min(pile[1] for pile in piles)
    equal = [pile for pile in piles if pile[1] == lowest]
    best = [pile for pile in equal if not any(pile[0][0].name in other[0][0].prefer_over for other in equal)]
    reason = "OK" if lowest == price else "OK_FREE" if lowest == 0 else "OK_DISCOUNT"
    return [Result("accepted", reason, lowest, tuple(doc.name for doc in pile), sums) for pile, _, sums, _ in best or equal]


_Fine = tuple[int, dict[str, int]]
"""What is left of the price, and what a document counts."""

_Pile = tuple[list[Document], int, dict[str, int], list[str]]


def _piled(
    docs: Sequence[Document], base: Document, fine: _Fine, who: tuple[int, int, Mapping[str, int]], gates: Mapping[str, int]
) -> _Pile:
    age, group, used = who
    left, sums, pile, noes = fine[0], _added(gates, fine[1]), [base], []
    for topping in _tried_in_order([doc for doc in docs if doc.on_top_of]):
        if topping.on_top_of.isdisjoint(doc.name for doc in pile):
            continue
        more = _granted(topping, age, group, left, used, sums)
        if isinstance(more, str):
            noes.append(more)
        elif more[0] < left:
            left, sums = more[0], _added(sums, more[1])
            pile.append(topping)
    return pile, left, sums, noes


def _granted(doc: Document, age: int, group: int, before: int, used: Mapping[str, int], counted: Mapping[str, int]) -> str | _Fine:
    """Return why not, or the price and what is counted by this document."""
    if age < doc.least_age:
        return doc.reason
    saved = before if doc.is_gate else before - doc.price(before)
    for limit in doc.limits:
        here = counted.get(limit.name, 0)
        asks = {"rides": 1, "heads": group, "pot": saved}[limit.name]
        after = used.get(limit.name, 0) + (max(here, asks) if limit.name != "pot" else here + asks)
        room = limit.cap - used.get(limit.name, 0) - here
        full = room <= 0 if limit.name == "pot" and not doc.is_gate else False
        if full or (after > limit.cap and not limit.in_part):
            return LIMITS[limit.name][1]
        if limit.in_part:
            saved = min(saved, room)
    sums = {}
    for limit in doc.limits if doc.is_gate or saved else ():
        if limit.name == "pot":
            sums["pot"] = saved
        elif not counted.get(limit.name):
            sums[limit.name] = 1 if limit.name == "rides" else group
    return before - saved, sums


def _tried_in_order(docs: Sequence[Document]) -> list[Document]:
    """Return the first arrangement, by names, in which everybody stands before those he is preferred over."""
    for arranged in itertools.permutations(sorted(docs, key=lambda doc: doc.name)):
        if not any(doc.name in later.prefer_over for place, doc in enumerate(arranged) for later in arranged[place + 1 :]):
            return list(arranged)
    raise AssertionError("preferences go in a circle")


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other} if one.get(name, 0) + other.get(name, 0)}


_pays = st.one_of(
    st.just(("free", 0, 0)),
    st.tuples(st.just("fixed"), st.integers(0, 400), st.just(0)),
    st.tuples(st.just("percent"), st.integers(0, 100), st.just(0)),
    st.tuples(st.just("less"), st.integers(0, 300), st.integers(0, 150)),
)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    """Draw one to six documents: gates a, b; uses c, d, e; what stands on top of them: f, g, h."""
    return [draw(_documents_named(name)) for name in draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6, unique=True))]


@st.composite
def _documents_named(draw: st.DrawFn, name: str) -> Document:
    is_gate, is_topping = name in "ab", name in "fgh"
    names = draw(st.lists(st.sampled_from(sorted(LIMITS)), max_size=2, unique=True))
    limits = [
        Limit(limit, draw(st.integers(0, 400 if limit == "pot" else 6)), limit == "pot" and not is_gate and draw(st.booleans()))
        for limit in names
    ]
    earlier = [other for other in "cdefgh" if other < name and not is_gate]  # Against the order of names, and in no circle.
    return Document(
        name=name, is_gate=is_gate, least_age=draw(st.sampled_from([0, 60, 70])), pay=draw(_pays), limits=tuple(limits),
        reason=draw(st.sampled_from(["SLOT_CLOSED", "FULL"] if is_gate else ["NOT_ELIGIBLE", "NOT_ELIGIBLE_AGE"])),
        prefer_over=frozenset(draw(st.lists(st.sampled_from(earlier), max_size=2)) if earlier else []),
        on_top_of=frozenset(draw(st.lists(st.sampled_from("cde"), min_size=1, max_size=2)) if is_topping else []),
    )  # fmt: skip
