"""A case of a payout, with everything that it left out filled in, paid like a line of a roster (POLICY §6, §8). Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from onecard.decision.case_answers import CaseFailure, born_of, compared, facts_told, failed
from onecard.decision.limits import window_start
from onecard.decision.model import Counter
from onecard.decision.payments import PAID, Payment, VersionOn, pay, taken_together
from onecard.policy.expected import RECORDED
from onecard.policy.facts import blanks
from onecard.policy.model import Case, CityLists, Facts, Programme
from onecard.policy.periods import Period, days_read, period_with
from onecard.values.days import age_on

__all__ = ["run_payout_case"]


def run_payout_case(case: Case, programme: Programme, documents: Sequence[Programme], lists: CityLists) -> CaseFailure | None:
    """Pay what *programme* and the other payouts among *documents* pay in *case*, and compare."""
    period = _period(case, programme, documents)
    if period is None:
        return failed(case, f"on: {case.on}", "the calendar ends within this period")
    payments = [_paid(case, payout, period, lists) for payout in documents if payout.kind == "payout"]
    return compared(case, _seen(payments), {rule.name: rule for each in documents for rule in each.limits})


def _period(case: Case, programme: Programme, documents: Sequence[Programme]) -> Period | None:
    """Return the period of *case*; left out, the first whose facts are read when all documents are in force."""
    if case.period is not None:
        return case.period
    assert programme.payout is not None
    cycle, as_of = programme.payout.cycle, programme.payout.as_of
    if case.on is not None:
        return period_with(cycle, case.on)
    begin = max(document.from_day for document in documents)
    period = period_with(cycle, begin)
    if period is None or max(days_read(period, as_of)[0], period.first) >= begin:
        return period
    return period_with(cycle, date.fromordinal(period.last.toordinal() + 1)) if period.last < date.max else None


def _paid(case: Case, programme: Programme, period: Period, lists: CityLists) -> Payment:
    payout = programme.payout
    assert payout is not None
    born = born_of(case, days_read(period, payout.as_of)[0])

    def facts_on(day: date) -> Facts:
        facts = {**blanks("payout"), "region": lists.region, "home_region": lists.region, **facts_told(case, day)}
        return facts if payout.to_operator else {**facts, "age": age_on(born, day)}

    told = facts_told(case, period.last)
    granted, frozen = told.get("granted", 0), told.get("frozen", 0)
    assert isinstance(granted, int) and isinstance(frozen, int)
    recorded = {RECORDED: granted - frozen} if payout.sums else {}
    return pay(_in_force(programme), facts_on, period, recorded=recorded, used=_used(case, programme, period))


def _in_force(programme: Programme) -> VersionOn:
    def version_on(day: date) -> Programme | None:
        begun = programme.from_day <= day
        return programme if begun and (programme.until_day is None or day <= programme.until_day) else None

    return version_on


def _used(case: Case, programme: Programme, period: Period) -> Mapping[Counter, int]:
    """Return what the case counts as used before, in every window that a day of *period* may fall in."""
    assert programme.payout is not None
    days = [max(day, period.first) for day in days_read(period, programme.payout.as_of)]
    return {
        Counter("", window_start(rule.per, day), rule.name, ""): case.used[rule.name]
        for rule in programme.limits
        if rule.name in case.used
        for day in days
    }


def _seen(payments: Sequence[Payment]) -> dict[str, Any]:
    """Return what a case may expect: of all that is paid together; the reason is the document's own where nothing is."""
    taken = taken_together(payments)
    payers: dict[str, int] = {}
    for payment in taken:
        for fund, fen in (*payment.payers, *payment.recorded):
            payers[fund] = payers.get(fund, 0) + fen
    return {
        "amount": sum(payment.amount_fen for payment in taken),
        "reason": PAID if taken else payments[0].reason,
        "payers": payers,
        "programme": "+".join(payment.programme.name for payment in taken if payment.programme) or "none",
    }
