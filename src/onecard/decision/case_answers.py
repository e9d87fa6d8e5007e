"""What a case of a document expects beside what came out: compared key by key, and written the way the case writes it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from onecard.policy.model import Case, LimitRule, Value
from onecard.values.days import birthday_cut_off
from onecard.values.money import yuan

__all__ = ["CaseFailure", "born_of", "compared", "facts_told", "failed"]

_PLAIN_AGE = 40  # A person of whom a case says neither age nor birth (POLICY §8).


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailure:
    """One case that came out otherwise."""

    file: str
    line: int
    case: str
    expected: str
    got: str


def born_of(case: Case, day: date) -> date:
    """Return when the person of *case* was born, whose age it tells as of *day*."""
    if case.born is not None:
        return case.born
    years, days = case.age or (_PLAIN_AGE, 0)  # 59y364d is a birth date too: the first that is so many years and days ago.
    return birthday_cut_off(day - timedelta(days=days), years)


def facts_told(case: Case, day: date) -> dict[str, Value]:
    """Return the facts that *case* tells, as they stand on *day*."""
    told: dict[str, Value] = dict(case.person)
    for since, changed in case.then:
        if since <= day:
            told.update(changed)
    return told


def compared(case: Case, seen: Mapping[str, Any], limits: Mapping[str, LimitRule]) -> CaseFailure | None:
    """Return how *seen* differs from what *case* expects, or None where it does not."""
    differing = {key: wanted for key, wanted in case.expect.items() if not _same(key, wanted, seen)}
    if not differing:
        return None
    got = {key: _shown(key, wanted, seen) for key, wanted in differing.items()}
    return failed(case, _said(differing, limits), _said(got, limits))


def failed(case: Case, expected: str, got: str) -> CaseFailure:
    """Return the failure of *case*."""
    return CaseFailure(file=case.file, line=case.line, case=case.name, expected=expected, got=got)


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
    if key in ("paid", "amount"):
        return yuan(value)
    if key == "payers":
        return _braces((fund, yuan(fen)) for fund, fen in value.items())
    if key == "used":
        return _braces((name, yuan(amount) if limits[name].unit == "yuan" else str(amount)) for name, amount in value.items())
    return str(value)


def _braces(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{name}: {text}" for name, text in pairs) + "}"
