"""Read a document's own tests: facts told, what is counted already, and what is expected (POLICY §8)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from onecard.policy.findings import Desk, Refused, nearest
from onecard.policy.forms import age_of, day_of, money_hint, money_of, number_of
from onecard.policy.model import Case, Kind, Value
from onecard.policy.nodes import Node, Rows, Table, Text
from onecard.policy.reasons import REASONS
from onecard.policy.scope import Scope
from onecard.policy.shapes import check_keys, entries_of, several_of, table_of
from onecard.policy.telling import told_value

__all__ = ["check_tested", "read_cases", "says_no"]

T = TypeVar("T")

_EXAMPLE: Final = "{age: 65, list_price: 2.00, expect: {paid: 1.00}}"
_OWN: Final = ("case", "on", "day", "born", "age", "then", "used", "with", "expect")
_EXPECTED: Final = ("paid", "reason", "outcome", "payers", "programme", "used")


def read_cases(node: Node | None, scope: Scope) -> tuple[Case, ...]:
    """Return the cases in the order written; what is wrong is handed in."""
    if node is not None and not isinstance(node, Rows):
        scope.desk.add("KEY.shape", node.spot, key="tests", zh_shape="一列用例", en_shape="a list of cases", example=_EXAMPLE)
        return ()
    cases = []
    for item in node.items if node else ():
        table = table_of(item, "tests", scope.desk, _EXAMPLE)
        if table is not None:
            cases.append(_read_case(table, scope))
    return tuple(case for case in cases if case is not None)


def says_no(case: Case, kind: Kind) -> bool:
    """Tell whether *case* expects that a document of *kind* does not grant: a reason, a refusal, or in a use the whole list price."""
    expect = case.expect
    if expect.get("reason") in REASONS or expect.get("outcome") == "refused" or expect.get("programme") == "none":
        return True
    saves = str(expect.get("reason", "")).startswith("OK_")
    return kind == "use" and not saves and expect.get("paid") == case.person.get("list_price", 0)


def check_tested(cases: tuple[Case, ...], guarded: bool, table: Table, scope: Scope) -> None:
    """Hand in what no case shows (UNTESTED): one that grants, and where something can fail (*guarded*) one that does not."""
    spot = table.spot_of("tests")
    if all(says_no(case, scope.kind) for case in cases):
        scope.desk.add("UNTESTED", spot, zh_what="没有一例是同意的", en_what="no case grants", hint=_EXAMPLE)
    elif guarded and not any(says_no(case, scope.kind) for case in cases):
        scope.desk.add(
            "UNTESTED", spot, zh_what="没有一例是不同意的", en_what="no case is turned down", hint="expect: {reason: NOT_ELIGIBLE_AGE}"
        )


def _read_case(table: Table, scope: Scope) -> Case | None:
    before = len(scope.desk.findings)
    own = {key: table.get(key) for key in _OWN}
    case = Case(
        file=scope.desk.file,
        line=table.spot.line,
        name=own["case"].value if isinstance(own["case"], Text) else "",
        person=_facts(table, scope, _OWN),
        born=_value(own["born"], "born", day_of, "DATE_FORM", scope.desk),
        age=_value(own["age"], "age", age_of, "NUMBER_FORM", scope.desk),
        on=_value(own["on"] or own["day"], "on", day_of, "DATE_FORM", scope.desk),
        then=_then(own["then"], scope),
        used={
            key.value: _amount(key, value, scope.desk) for _, key, value in entries_of(own["used"], "used", scope.desk, "{elder-rides: 29}")
        },
        companions=tuple(text.value for text in several_of(own["with"], "with", scope.desk)),
        expect=_expect(own["expect"], table, scope),
    )
    for key, other in (("age", "born"), ("day", "on")):
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


def _then(node: Node | None, scope: Scope) -> tuple[tuple[date, Mapping[str, Value]], ...]:
    changes = []
    for _, key, value in entries_of(node, "then", scope.desk, "{2024-10-16: {hardship: []}}"):
        day = _value(key, "then", day_of, "DATE_FORM", scope.desk)
        table = table_of(value, key.value, scope.desk, "{hardship: []}")
        if day and table:
            changes.append((day, _facts(table, scope, ())))
    return tuple(sorted(changes, key=lambda change: change[0]))


def _expect(node: Node | None, case: Table, scope: Scope) -> Mapping[str, Any]:
    if node is None:
        scope.desk.add("KEY.missing", case.spot, key="expect")
        return {}
    table = table_of(node, "expect", scope.desk, "{paid: 1.00}")
    expect: dict[str, Any] = {}
    if table is None:
        return expect
    check_keys(table, _EXPECTED, (), scope.desk)
    for key, (text, value) in table.entries.items():
        if key == "paid":
            expect[key] = _value(value, key, money_of, "MONEY_FORM", scope.desk)
        elif key == "payers":
            expect[key] = {
                fund.value: _payer(fund, part, scope) for _, fund, part in entries_of(value, key, scope.desk, "{transit-330400: 1.00}")
            }
        elif key == "used":
            expect[key] = {
                name.value: _amount(name, part, scope.desk) for _, name, part in entries_of(value, key, scope.desk, "{elder-rides: 30}")
            }
        elif key in _EXPECTED:
            expect[key] = _word(text, value, scope.desk)
    return expect


def _word(key: Text, node: Node, desk: Desk) -> str:
    value = node.value if isinstance(node, Text) else ""
    if not value:
        desk.add("KEY.shape", node.spot, key=key.value, zh_shape="一个词", en_shape="a word", example=f"{key.value}: OK")
    elif key.value == "reason" and value not in REASONS and value not in ("OK", "OK_FREE", "OK_DISCOUNT"):
        desk.add("REASON", node.spot, reason=value, near=nearest(value.upper(), [*REASONS, "OK", "OK_FREE", "OK_DISCOUNT"]))
    elif key.value == "outcome" and value not in ("accepted", "refused"):
        desk.add("NAME", node.spot, name=value, near="accepted · refused")
    return value


def _payer(fund: Text, part: Node, scope: Scope) -> int:
    funds = scope.lists.funds
    if fund.value not in funds and fund.value.rpartition("-")[0] not in funds:
        scope.desk.add("FUND", fund.spot, fund=fund.value, near=nearest(fund.value, funds))
    return _value(part, fund.value, money_of, "MONEY_FORM", scope.desk) or 0


def _amount(name: Text, node: Node, desk: Desk) -> int:
    """A count, or fen where two decimals are written."""
    money = isinstance(node, Text) and "." in node.value
    return _value(node, name.value, money_of if money else number_of, "MONEY_FORM" if money else "NUMBER_FORM", desk) or 0


def _value(node: Node | None, key: str, form: Callable[[str], T | None], code: str, desk: Desk) -> T | None:
    if node is None:
        return None
    value = form(node.value) if isinstance(node, Text) else None
    if value is None:
        text = node.value if isinstance(node, Text) else key
        desk.add(code, node.spot, text=text, near=money_hint(text))
    return value
