"""Read what a payout says beside its sentences: its cycle, the days it looks at, whom it pays, beside what (POLICY §1, §6)."""

from collections.abc import Sequence
from typing import Final, TypeVar

from onecard.policy.facts import FACTS
from onecard.policy.findings import Refused, nearest
from onecard.policy.forms import number_of
from onecard.policy.funding import check_fund
from onecard.policy.heading import read_names
from onecard.policy.model import Payout
from onecard.policy.nodes import Table
from onecard.policy.periods import AS_OF, CYCLES
from onecard.policy.scope import Scope
from onecard.policy.shapes import several_of, text_of

__all__ = ["PUBLICITY_DAYS_MAX", "is_to_operator", "read_payout"]

PUBLICITY_DAYS_MAX: Final = 366
"""Working days for which a roster can hang out at most."""

_NO_EVIDENCE: Final = ("age", "home_region", "day")  # Told by the person's own record, and by the calendar.
_WITHOUT: Final = (("amount", "funding"), ("funding", "amount"), ("sums", "to"))

Word = TypeVar("Word", bound=str)


def is_to_operator(page: Table) -> bool:
    """Tell whether the payout on *page* pays an operator: then its sentences know an operator's facts and no person's."""
    return page.get("to") is not None


def read_payout(page: Table, scope: Scope) -> Payout | None:
    """Return what *page* says of its payments, or None after handing in what is wrong."""
    before = len(scope.desk.findings)
    _check_parts(page, scope)
    cycle, as_of = _one_of(page, "cycle", CYCLES, scope), _one_of(page, "as_of", AS_OF, scope)
    _one_of(page, "to", ("operator",), scope)
    payout = Payout(
        cycle=cycle or "month", as_of=as_of or "last day", to_operator=is_to_operator(page),
        sums=read_names(page.get("sums"), "sums", scope.desk), not_with=read_names(page.get("not_with"), "not_with", scope.desk),
        department=_department(page, scope), publicity_days=_publicity(page, scope), evidence=_evidence(page, scope),
    )  # fmt: skip
    return payout if len(scope.desk.findings) == before else None


def _check_parts(page: Table, scope: Scope) -> None:
    """Hand in what is missing: `amount` and `funding` come together, `sums` needs `to`, and something must be paid."""
    desk = scope.desk
    for key, other in _WITHOUT:
        if page.get(key) is not None and page.get(other) is None:
            desk.add("KEY.missing", page.spot, key=other)
    if all(page.get(key) is None for key in ("amount", "funding", "sums")):
        desk.add("KEY.missing", page.spot, key="sums" if page.get("to") is not None else "amount")
    if page.get("to") is not None and page.get("evidence") is not None:
        desk.add("KEY.person", page.spot_of("evidence"), key="evidence")


def _one_of(page: Table, key: str, words: Sequence[Word], scope: Scope) -> Word | None:
    text = text_of(page.get(key), key, scope.desk)
    if text is None:
        return None
    found = next((word for word in words if word == text.value), None)
    if found is None:
        scope.desk.add("NAME", text.spot, name=text.value, near=nearest(text.value, words))
    return found


def _department(page: Table, scope: Scope) -> str:
    text = text_of(page.get("department"), "department", scope.desk)
    try:
        return check_fund(text, text.value, 0, scope) if text else ""
    except Refused as refused:
        scope.desk.take(refused)
        return ""


def _publicity(page: Table, scope: Scope) -> int:
    text = text_of(page.get("publicity"), "publicity", scope.desk)
    days = number_of(text.value) if text else 0
    if text and not days:
        scope.desk.add("NUMBER_FORM", text.spot, text=text.value)
    elif text and days and days > PUBLICITY_DAYS_MAX:
        scope.desk.add("RANGE", text.spot, most=PUBLICITY_DAYS_MAX)
    return days or 0


def _evidence(page: Table, scope: Scope) -> tuple[str, ...]:
    names = [name for name in scope.fact_names() if name not in _NO_EVIDENCE]
    told = []
    for text in several_of(page.get("evidence"), "evidence", scope.desk):
        if text.value in names:
            told.append(text.value)
        else:
            entry = "NAME.evidence" if text.value in _NO_EVIDENCE else "NAME.kind" if text.value in FACTS else "NAME"
            scope.desk.add(entry, text.spot, name=text.value, kind=scope.called, near=nearest(text.value, names))
    return tuple(dict.fromkeys(told))
