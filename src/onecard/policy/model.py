"""What a checked programme is: frozen values from which taps, explanations and other targets are made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from onecard.policy.periods import AsOf, Cycle, Period

__all__ = [
    "AskedCondition",
    "Case",
    "CityLists",
    "Facts",
    "Finding",
    "Judge",
    "Kind",
    "LimitRule",
    "Payout",
    "Per",
    "Programme",
    "Share",
    "Source",
    "Trace",
    "Tree",
    "Value",
    "Where",
]

Kind = Literal["gate", "use", "payout", "claim"]
Unit = Literal["times", "persons", "yuan"]
Per = Literal["slot", "day", "week", "month", "year", "life", "at_once"]

Value = int | str | bool | frozenset[str] | None
"""Money is fen, a percentage 1/10,000, mu 1/100, a day `date.toordinal()`, a time the minute of the day, a region six
digits ('' when blank), a name its text, a set a frozenset; None only for a fact marked ? that nobody told."""

Facts = Mapping[str, Value]
"""Every fact that the kind knows, blanks filled in (POLICY §4, §5)."""

Judge = Callable[[Facts], "str | tuple[int, ...]"]
"""The reason (a text) where a condition fails; else the price in fen, then each limit's cap.

For a gate it is the list price, for a payout the amount of `amount` as of one day, 0 where there is none."""

Share = Callable[[Facts, int], "tuple[tuple[str, int], ...]"]
"""Who bears so many fen: (fund, fen) in the order of the document, none of 0, which add up to it exactly."""

Tree = list[Any]
"""A typed expression as plain lists: ["op", …]; the source of every target (POLICY §10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One document as it came: where from, and its bytes."""

    file: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One mistake, and how to mend it. `note` findings leave a document good."""

    file: str
    line: int  # From 1.
    column: int  # From 1.
    code: str  # POLICY §9.
    zh: str
    en: str
    hint: str
    note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CityLists:
    """A city's own names: what a policy may say about its people, places and funds."""

    city: str
    region: str  # The city itself, e.g. 330400.
    hardship: tuple[str, ...]
    standing: tuple[str, ...]
    services: tuple[str, ...]
    site_kinds: tuple[str, ...]
    gated: frozenset[str]  # Site kinds that let nobody in without a gate in force.
    regions: Mapping[str, tuple[str, ...]]  # Name of a region list → its codes.
    funds: tuple[str, ...]
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # Any of these names → (zh, en).


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which occasions ask a document; an empty tuple means any."""

    region: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    site_kind: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    site: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule:
    """How a named limit counts. The cap is told by `Judge`, in times, persons or fen."""

    name: str
    unit: Unit
    per: Per
    of_site: bool
    in_part: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """What only a payout says: for which periods, when its facts are read, whom it pays, and beside what (POLICY §6)."""

    cycle: Cycle
    as_of: AsOf
    to_operator: bool  # Else a person is paid.
    sums: tuple[str, ...]  # Programmes whose recorded payers pay an operator what they granted there.
    not_with: tuple[str, ...]  # Programmes beside which it is not paid.
    department: str  # A fund, whose approver signs; '' where none does.
    publicity_days: int  # Working days of public notice; 0: none.
    evidence: tuple[str, ...]  # Facts that each line of a roster file must bring; empty: computed from the population.


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCondition:
    """One condition that was asked, with what it saw."""

    programme: str
    reason: str  # What is said where it does not hold.
    text: str  # The condition as written.
    zh: str  # The same in words a resident understands.
    en: str
    facts: Mapping[str, Value]  # The facts it reads, with their values.
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The slow twin of `Judge`: the same verdict, and everything that was asked on the way, in order."""

    conditions: tuple[AskedCondition, ...]
    verdict: str | tuple[int, ...]
    row: str | None  # The row of `pay` or `amount` that held, as written.


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case of a document's own tests, read and typed, nothing derived yet (POLICY §8)."""

    file: str
    line: int
    name: str
    person: Facts  # Facts told about person, occasion, site; only those written.
    born: date | None
    age: tuple[int, int] | None  # Years and days: 59y364d.
    on: date | None
    then: tuple[tuple[date, Facts], ...]  # Facts that change from that day, by day.
    period: Period | None  # Of a payout.
    used: Mapping[str, int]  # Limit name → times, persons or fen.
    companions: tuple[str, ...]  # `with`.
    expect: Mapping[str, Any]  # paid, amount, payers and used in fen or counts; reason, outcome, programme as text.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Programme:
    """One version of one document, checked and ready to be asked."""

    name: str
    version: int
    kind: Kind
    title_zh: str
    title_en: str
    basis: str
    from_day: date
    until_day: date | None  # Included.
    where: Where
    facts: tuple[str, ...]  # Every fact the document can ask, sorted; a record keeps these.
    limits: tuple[LimitRule, ...]
    prefer_over: tuple[str, ...]
    on_top_of: tuple[str, ...]
    in_error: str  # The fund that bears what was granted offline beyond the rule.
    payout: Payout | None  # Of a payout alone.
    judge: Judge
    share: Share
    trace: Callable[[Facts], Trace]
    rule: Mapping[str, Any]  # The document as JSON: typed trees, for other people's terminals.
    source: str
    digest: str  # SHA-256 of the source, hex.
    cases: Sequence[Case]
