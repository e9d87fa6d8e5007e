"""Read a document's own tests: facts told, what is counted already, and what is expected (POLICY §8)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from onecard.policy.expected import formed, read_counts, read_expected
from onecard.policy.findings import Refused, nearest
from onecard.policy.forms import age_of, day_of
from onecard.policy.limits import Limit
from onecard.policy.model import Case, Kind, Payout, Unit, Value
from onecard.policy.nodes import Node, Rows, Table, Text
from onecard.policy.periods import Period, period_of
from onecard.policy.reasons import REASONS
from onecard.policy.scope import Scope
from onecard.policy.shapes import entries_of, several_of, table_of
from onecard.policy.telling import told_value

__all__ = ["check_tested", "read_cases", "says_no"]

_EXAMPLE: Final = "{age: 65, list_price: 2.00, expect: {paid: 1.00}}"
_PAYOUT: Final = "{age: 80, period: 2024-10, expect: {amount: 60.00}}"
_OWN: Final = ("case", "on", "day", "born", "age", "then", "used", "with", "period", "expect")
_TOGETHER: Final = (("age", "born"), ("day", "on"), ("period", "on"), ("period", "day"))


def read_cases(node: Node | None, limits: Sequence[Limit], payout: Payout | None, scope: Scope) -> tuple[Case, ...]:
    """Return the cases in the order written; what is wrong is handed in."""
    if node is not None and not isinstance(node, Rows):
        scope.desk.add("KEY.shape", node.spot, key="tests", zh_shape="一列用例", en_shape="a list of cases", example=_EXAMPLE)
        return ()
    cases, units = [], {limit.rule.name: limit.rule.unit for limit in limits}
    for item in node.items if node else ():
        table = table_of(item, "tests", scope.desk, _EXAMPLE)
        if table is not None:
            cases.append(_read_case(table, units, payout, scope))
    return tuple(case for case in cases if case is not None)


def says_no(case: Case, kind: Kind) -> bool:
    """Tell whether *case* expects a no of a document of *kind*: a reason, a refusal, no amount, or in a use the whole list price."""
    expect = case.expect
    if expect.get("reason") in REASONS or expect.get("outcome") == "refused" or expect.get("programme") == "none":
        return True
    if kind == "payout":
        return bool(expect.get("amount") == 0)
    saves = str(expect.get("reason", "")).startswith("OK_")
    return kind == "use" and not saves and expect.get("paid") == case.person.get("list_price", 0)


def check_tested(cases: tuple[Case, ...], guarded: bool, table: Table, scope: Scope) -> None:
    """Hand in what no case shows (UNTESTED): one that grants, and where something can fail (*guarded*) one that does not."""
    spot = table.spot_of("tests")
    if all(says_no(case, scope.kind) for case in cases):
        example = _PAYOUT if scope.kind == "payout" else _EXAMPLE
        scope.desk.add("UNTESTED", spot, zh_what="没有一例是同意的", en_what="no case grants", hint=example)
    elif guarded and not any(says_no(case, scope.kind) for case in cases):
        scope.desk.add(
            "UNTESTED", spot, zh_what="没有一例是不同意的", en_what="no case is turned down", hint="expect: {reason: NOT_ELIGIBLE_AGE}"
        )


def _read_case(table: Table, units: Mapping[str, Unit] | None, payout: Payout | None, scope: Scope) -> Case | None:
    before = len(scope.desk.findings)
    own = {key: table.get(key) for key in _OWN}
    if own["period"] and scope.kind != "payout":
        scope.desk.add("KEY.kind", table.spot_of("period"), key="period", kind=scope.kind)
    units = None if own["with"] else units  # Others bring limits of their own.
    case = Case(
        file=scope.desk.file,
        line=table.spot.line,
        name=own["case"].value if isinstance(own["case"], Text) else "",
        person=_facts(table, scope, _OWN),
        born=formed(own["born"], "born", day_of, "DATE_FORM", scope.desk),
        age=formed(own["age"], "age", age_of, "NUMBER_FORM", scope.desk),
        on=formed(own["on"] or own["day"], "on", day_of, "DATE_FORM", scope.desk),
        then=_then(own["then"], scope),
        period=_period(own["period"], payout, scope),
        used=read_counts(own["used"], "used", units, scope.desk),
        companions=tuple(text.value for text in several_of(own["with"], "with", scope.desk)),
        expect=read_expected(own["expect"], table, units, scope),
    )
    for key, other in _TOGETHER:
        if own[key] and own[other]:
            scope.desk.add("KEY.both", table.spot_of(key), key=key, other=other)
    return case if len(scope.desk.findings) == before else None


def _facts(table: Table, scope: Scope, besides: tuple[str, ...]) -> Mapping[str, Value]:
    facts: dict[str, Value] = {}
    for name, (key, value) in table.entries.items():
        if name in besides:
            continue
        try:
            if scope.fact(name) is None:
                known = [*scope.fact_names(), *_OWN]
                raise Refused("NAME", key.spot, name=name, near=nearest(name, known))
            facts[name] = told_value(scope.fact_at(name, key.spot), value, scope.lists)
        except Refused as refused:
            scope.desk.take(refused)
    return facts


def _period(node: Node | None, payout: Payout | None, scope: Scope) -> Period | None:
    if node is None or payout is None:
        return None
    period = period_of(node.value) if isinstance(node, Text) else None
    if period is None or period.cycle != payout.cycle:
        scope.desk.add("CYCLE.form", node.spot, text=node.value if isinstance(node, Text) else "period", cycle=payout.cycle)
    return period


def _then(node: Node | None, scope: Scope) -> tuple[tuple[date, Mapping[str, Value]], ...]:
    changes = []
    for _, key, value in entries_of(node, "then", scope.desk, "{2024-10-16: {hardship: []}}"):
        day = formed(key, "then", day_of, "DATE_FORM", scope.desk)
        table = table_of(value, key.value, scope.desk, "{hardship: []}")
        if day and table:
            changes.append((day, _facts(table, scope, ())))
    return tuple(sorted(changes, key=lambda change: change[0]))
