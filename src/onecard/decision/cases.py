"""The tests that documents carry: each case decided like a tap, the answer held against what it expects (POLICY §8). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from onecard.decision.decide import decide
from onecard.decision.limits import counter_of
from onecard.decision.model import BLANKS, Counter, Decision, Occasion, Subject
from onecard.decision.rulebook import RuleBook
from onecard.policy.model import Case, CityLists, LimitRule, Programme, Value
from onecard.values.days import age_on, birthday_cut_off
from onecard.values.money import yuan

__all__ = ["CaseFailure", "run_cases"]

_PLAIN_AGE = 40  # A person of whom a case says neither age nor birth (POLICY §8).


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailure:
    """One case that came out otherwise."""

    file: str
    line: int
    case: str
    expected: str
    got: str


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
            return _failure(case, f"with: {name}", "no such document at hand")
        documents += named
    staged = _stage(case, programme, documents, lists)
    used = {counter_of(rule, staged.occasion): case.used.get(name, 0) for name, rule in staged.limits.items()}
    decision = decide(staged.subject, staged.occasion, staged.rules, used)
    seen = _seen(decision, staged, used)
    differing = {key: wanted for key, wanted in case.expect.items() if not _same(key, wanted, seen)}
    if not differing:
        return None
    got = {key: _shown(key, wanted, seen) for key, wanted in differing.items()}
    return _failure(case, _said(differing, staged.limits), _said(got, staged.limits))


def _stage(case: Case, programme: Programme, documents: Sequence[Programme], lists: CityLists) -> _Staged:
    day = case.on or max(document.from_day for document in documents)
    told: dict[str, Value] = dict(case.person)
    for since, changed in case.then:
        if since <= day:
            told.update(changed)
    where = programme.where
    service = _first(told.get("service"), where.service, "entry")
    site_kind = _first(told.get("site_kind"), where.site_kind, "bus")
    region = _first(told.get("region"), where.region, lists.region)
    list_price = told.get("list_price", 0)
    assert isinstance(list_price, int)
    facts: dict[str, Value] = {
        **BLANKS, "home_region": lists.region, "day_kind": "workday", "weekday": "mon", "time": 720, "price": list_price, **told,
        "age": _age(case, day), "day": day.toordinal(), "service": service, "site_kind": site_kind, "region": region,
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


def _age(case: Case, day: date) -> int:
    if case.born is not None:
        return age_on(case.born, day)
    if case.age is None:
        return _PLAIN_AGE
    years, days = case.age  # 59y364d is a birth date too: the first that is so many years and days ago.
    return age_on(birthday_cut_off(day - timedelta(days=days), years), day)


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


def _same(key: str, wanted: Any, seen: Mapping[str, Any]) -> bool:
    if key == "used":
        return all(seen["used"].get(name) == amount for name, amount in wanted.items())
    return bool(seen[key] == wanted)


def _shown(key: str, wanted: Any, seen: Mapping[str, Any]) -> Any:
    return {name: seen["used"].get(name) for name in wanted} if key == "used" else seen[key]


def _said(outcome: Mapping[str, Any], limits: Mapping[str, LimitRule]) -> str:
    """Write what a case expects, or got, the way the case writes it."""
    return ", ".join(f"{key}: {_written(key, value, limits)}" for key, value in outcome.items())


def _written(key: str, value: Any, limits: Mapping[str, LimitRule]) -> str:
    if key == "paid":
        return yuan(value)
    if key == "payers":
        return _braces((fund, yuan(fen)) for fund, fen in value.items())
    if key == "used":
        return _braces((name, yuan(amount) if limits[name].unit == "yuan" else str(amount)) for name, amount in value.items())
    return str(value)


def _braces(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{name}: {text}" for name, text in pairs) + "}"


def _failure(case: Case, expected: str, got: str) -> CaseFailure:
    return CaseFailure(file=case.file, line=case.line, case=case.name, expected=expected, got=got)
