"""The tests that documents carry: each case decided like a tap, the answer held against what it expects (POLICY §8). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onecard.decision.case_answers import CaseFailure, born_of, compared, facts_told, failed
from onecard.decision.decide import decide
from onecard.decision.limits import counter_of
from onecard.decision.model import BLANKS, Counter, Decision, Occasion, Subject
from onecard.decision.payout_cases import run_payout_case
from onecard.decision.rulebook import RuleBook
from onecard.policy.model import Case, CityLists, LimitRule, Programme, Value
from onecard.values.days import age_on

__all__ = ["CaseFailure", "run_cases"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Staged:
    """A case with everything that it left out filled in."""

    subject: Subject
    occasion: Occasion
    rules: RuleBook
    limits: Mapping[str, LimitRule]


def run_cases(programme: Programme, at_hand: Sequence[Programme], lists: CityLists) -> list[CaseFailure]:
    """Run every case of *programme*; documents that a case names in `with` come from *at_hand*."""
    return [failure for case in programme.cases if (failure := _run(case, programme, at_hand, lists)) is not None]


def _run(case: Case, programme: Programme, at_hand: Sequence[Programme], lists: CityLists) -> CaseFailure | None:
    documents = [programme]
    for name in case.companions:
        named = [other for other in at_hand if other.name == name]
        if not named:
            return failed(case, f"with: {name}", "no such document at hand")
        documents += named
    if programme.kind == "payout":
        return run_payout_case(case, programme, documents, lists)
    staged = _stage(case, programme, documents, lists)
    used = {counter_of(rule, staged.occasion): case.used.get(name, 0) for name, rule in staged.limits.items()}
    decision = decide(staged.subject, staged.occasion, staged.rules, used)
    return compared(case, _seen(decision, staged, used), staged.limits)


def _stage(case: Case, programme: Programme, documents: Sequence[Programme], lists: CityLists) -> _Staged:
    day = case.on or max(document.from_day for document in documents)
    told = facts_told(case, day)
    where = programme.where
    service = _first(told.get("service"), where.service, "entry")
    site_kind = _first(told.get("site_kind"), where.site_kind, "bus")
    region = _first(told.get("region"), where.region, lists.region)
    list_price = told.get("list_price", 0)
    assert isinstance(list_price, int)
    facts: dict[str, Value] = {
        **BLANKS, "home_region": lists.region, "day_kind": "workday", "weekday": "mon", "time": 720, "price": list_price, **told,
        "age": age_on(born_of(case, day), day), "day": day.toordinal(), "service": service, "site_kind": site_kind, "region": region,
    }  # fmt: skip
    rules = RuleBook(documents, gated=lists.gated)
    occasion = Occasion(
        facts=facts, day=day, service=service, site=_first(None, where.site, "site"), site_kind=site_kind,
        operator=_first(None, where.operator, "an-operator"), region=region, slot=service, list_price_fen=list_price,
    )  # fmt: skip
    limits = {rule.name: rule for document in documents for rule in document.limits}
    return _Staged(subject=Subject(facts={}), occasion=occasion, rules=rules, limits=limits)


def _first(told: Value, where: Sequence[str], otherwise: str) -> str:
    if isinstance(told, str):
        return told
    return where[0] if where else otherwise


def _seen(decision: Decision, staged: _Staged, used: Mapping[Counter, int]) -> dict[str, Any]:
    stands = dict(used)
    for count in decision.counts:
        stands[count.counter] = stands.get(count.counter, 0) + count.counted
    return {
        "paid": decision.paid_fen,
        "reason": decision.reason,
        "outcome": decision.outcome,
        "payers": dict(decision.payers),
        "programme": decision.programme or "none",
        "used": {name: stands[counter_of(rule, staged.occasion)] for name, rule in staged.limits.items()},
    }
