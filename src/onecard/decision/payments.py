"""What a person, or an operator, is paid for one period: which days are looked at, how much, and who bears it (POLICY §6). Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from onecard.decision.limits import window_start
from onecard.decision.model import Counter, Used
from onecard.decision.rulebook import preferred
from onecard.policy.model import Facts, Programme, Trace
from onecard.policy.periods import Period, days_read

__all__ = ["NOT_IN_FORCE", "PAID", "FactsOn", "Payment", "VersionOn", "explained", "pay", "taken_together"]

PAID = "OK"
NOT_IN_FORCE = "BENEFIT_INACTIVE"
"""Why nothing is paid as of a day on which no version of the programme holds."""

FactsOn = Callable[[date], Facts]
"""Every fact of a payout as it stands on a civil day, blanks filled in; `day` is set here."""

VersionOn = Callable[[date], Programme | None]
"""The version of the programme that holds on a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One line of a roster: amount = Σ payers + Σ recorded, in fen."""

    programme: Programme | None  # The version that paid, or said no; None where none was in force.
    period: Period
    day: date  # On which it was read who pays; where days differ, the first of those that give most.
    facts: Facts  # What the version could ask, as it stood that day: it is explained and paid again from these.
    reason: str
    amount_fen: int
    payers: tuple[tuple[str, int], ...]  # Of `amount`, in the order of the document.
    recorded: tuple[tuple[str, int], ...] = ()  # What `sums` pays, from the payers recorded.
    carried: tuple[tuple[str, int], ...] = ()  # A sum below zero: it goes into the next period instead.
    counts: Mapping[Counter, int] = field(default_factory=dict)  # What paying it adds to its limits.

    def __post_init__(self) -> None:
        assert self.amount_fen == sum(fen for _, fen in (*self.payers, *self.recorded))
        assert self.reason == PAID or not self.amount_fen


@dataclass(frozen=True, slots=True)
class _AsOf:
    """What one version says of the facts of one day."""

    day: date
    programme: Programme | None
    facts: Facts
    verdict: str | tuple[int, ...]

    @property
    def rank(self) -> tuple[bool, int]:
        """What the days are compared by: one that grants before one that does not, then by the amount."""
        return (False, 0) if isinstance(self.verdict, str) else (True, self.verdict[0])


def pay(
    version_on: VersionOn, facts_on: FactsOn, period: Period, *, recorded: Mapping[str, int] | None = None, used: Used | None = None
) -> Payment:
    """Return what is paid for *period*.

    *recorded* (fund → fen, negative for what was taken back) is what the programmes of `sums` granted there and is not frozen;
    *used* is what was counted before under the programme's limits. Never raises for checked documents and facts within POLICY §4.
    """
    ruling = version_on(period.last) or version_on(period.first)
    days = days_read(period, ruling.payout.as_of) if ruling and ruling.payout else (period.last,)
    seen = [_as_of(day, version_on, facts_on, period) for day in days]
    best = max(seen, key=lambda each: each.rank)  # Of equal ones the earliest.
    if isinstance(best.verdict, str) or best.programme is None:
        return _nothing(best, period, str(best.verdict))
    total_fen = sum(each.rank[1] for each in seen)
    every_day = best.programme.payout is not None and best.programme.payout.as_of == "every day"
    amount_fen = (2 * total_fen + len(days)) // (2 * len(days)) if every_day else best.rank[1]
    return _limited(best, best.programme, period, amount_fen, recorded or {}, used or {})


def taken_together(payments: Iterable[Payment]) -> list[Payment]:
    """Return which of one person's *payments* for one period are paid beside each other, the largest first (`not_with`).

    Of equal amounts the preferred programme comes first; what excludes one already taken is left out. Those of nothing are not taken.
    """
    waiting = {p.programme: p for p in payments if p.programme is not None and p.reason == PAID}
    taken: list[Payment] = []
    while waiting:
        most = max(payment.amount_fen for payment in waiting.values())
        first = preferred([programme for programme, payment in waiting.items() if payment.amount_fen == most])
        payment = waiting.pop(first)
        if not any(_exclude(first, other.programme) for other in taken):
            taken.append(payment)
    return taken


def explained(payment: Payment) -> Trace | None:
    """Return every condition that was asked for *payment*, in words, and the row of `amount` that held; None where none was in force."""
    return payment.programme.trace(payment.facts) if payment.programme else None


def _as_of(day: date, version_on: VersionOn, facts_on: FactsOn, period: Period) -> _AsOf:
    ruled = max(day, period.first)  # Figures and `effective` are never read on a day before the period.
    programme = version_on(ruled)
    facts = {**facts_on(day), "day": ruled.toordinal()}
    return _AsOf(day, programme, facts, programme.judge(facts) if programme else NOT_IN_FORCE)


def _limited(
    best: _AsOf, programme: Programme, period: Period, amount_fen: int, recorded: Mapping[str, int], used: Used
) -> Payment:  # fmt: skip
    assert not isinstance(best.verdict, str)
    counts: dict[Counter, int] = {}
    for rule, cap in zip(programme.limits, best.verdict[1:], strict=True):
        counter = Counter("", window_start(rule.per, max(best.day, period.first)), rule.name, "")
        room = cap - used.get(counter, 0)
        if rule.in_part and 0 < room < amount_fen:
            amount_fen = room
        if room < (amount_fen if rule.unit == "yuan" else 1) or room <= 0:
            return _nothing(best, period, rule.reason)
        counts[counter] = 0 if rule.unit == "yuan" else 1
    yuan = {rule.name for rule in programme.limits if rule.unit == "yuan"}
    granted = tuple(sorted((fund, fen) for fund, fen in recorded.items() if fen))
    below = sum(fen for _, fen in granted) < 0
    paid = () if below else granted
    return Payment(
        programme=programme, period=period, day=best.day, facts=_asked(best), reason=PAID,
        amount_fen=amount_fen + sum(fen for _, fen in paid), payers=programme.share(best.facts, amount_fen), recorded=paid,
        carried=granted if below else (),
        counts={counter: amount_fen if counter.name in yuan else one for counter, one in counts.items()} if amount_fen else {},
    )  # fmt: skip


def _nothing(best: _AsOf, period: Period, reason: str) -> Payment:
    return Payment(
        programme=best.programme, period=period, day=best.day, facts=_asked(best), reason=reason, amount_fen=0, payers=()
    )  # fmt: skip


def _asked(best: _AsOf) -> Facts:
    return {name: best.facts[name] for name in best.programme.facts} if best.programme else {}


def _exclude(one: Programme, other: Programme | None) -> bool:
    """Tell whether either says that it is not paid beside the other: one side is enough."""
    assert other is not None and one.payout is not None and other.payout is not None
    return other.name in one.payout.not_with or one.name in other.payout.not_with
