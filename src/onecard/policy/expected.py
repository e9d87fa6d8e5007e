"""Read what a test expects and what it says is counted already: money in fen, counts by the unit of their limit (POLICY §8)."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from onecard.policy.findings import Desk, nearest
from onecard.policy.forms import money_hint, money_of, number_of
from onecard.policy.model import Unit
from onecard.policy.nodes import Node, Table, Text
from onecard.policy.reasons import REASONS
from onecard.policy.scope import Scope
from onecard.policy.shapes import check_keys, entries_of, table_of

__all__ = ["RECORDED", "formed", "read_counts", "read_expected"]

T = TypeVar("T")

_KEYS: Final[Mapping[bool, tuple[str, ...]]] = {
    False: ("paid", "reason", "outcome", "payers", "programme", "used"),
    True: ("amount", "reason", "payers", "programme"),
}
"""What a case may expect: of a use or gate, and of a payout."""
RECORDED: Final = "as recorded"
"""What stands among the expected payers for all that `sums` pays (POLICY §8)."""
_GRANTED: Final = ("OK", "OK_FREE", "OK_DISCOUNT")


def read_expected(node: Node | None, case: Table, units: Mapping[str, Unit] | None, scope: Scope) -> Mapping[str, Any]:
    """Return `expect` of one *case*; what is wrong is handed in. *units* as for `read_counts`."""
    if node is None:
        scope.desk.add("KEY.missing", case.spot, key="expect")
        return {}
    pays = scope.kind == "payout"
    table = table_of(node, "expect", scope.desk, "{amount: 60.00}" if pays else "{paid: 1.00}")
    if table is None:
        return {}
    check_keys(table, _KEYS[pays], (), scope.desk)
    expected: dict[str, Any] = {}
    for key, (_, value) in table.entries.items():
        if key not in _KEYS[pays]:
            continue
        if key in ("paid", "amount"):
            expected[key] = formed(value, key, money_of, "MONEY_FORM", scope.desk)
        elif key == "payers":
            expected[key] = _payers(value, scope)
        elif key == "used":
            expected[key] = read_counts(value, key, units, scope.desk)
        else:
            expected[key] = _word(key, value, scope.desk)
    return expected


def read_counts(node: Node | None, key: str, units: Mapping[str, Unit] | None, desk: Desk) -> Mapping[str, int]:
    """Return limit → count or fen.

    *units* are those of the document's limits; None where other documents bring more: then two decimals say that money is meant.
    """
    counts: dict[str, int] = {}
    for name, text, value in entries_of(node, key, desk, "{elder-rides: 29}"):
        if units is not None and name not in units:
            desk.add("NAME", text.spot, name=name, near=nearest(name, units) or "limits: …")
            continue
        written = isinstance(value, Text) and "." in value.value
        money = written if units is None else units[name] == "yuan"
        form, code = (money_of, "MONEY_FORM") if money else (number_of, "NUMBER_FORM")
        counts[name] = formed(value, name, form, code, desk) or 0
    return counts


def formed(node: Node | None, key: str, form: Callable[[str], T | None], code: str, desk: Desk) -> T | None:
    """Return the value under *key* in *form*, or None after handing in *code*; silent where it is missing."""
    if node is None:
        return None
    value = form(node.value) if isinstance(node, Text) else None
    if value is None:
        text = node.value if isinstance(node, Text) else key
        desk.add(code, node.spot, text=text, near=money_hint(text))
    return value


def _payers(node: Node, scope: Scope) -> Mapping[str, int]:
    funds = scope.lists.funds
    payers: dict[str, int] = {}
    for name, text, value in entries_of(node, "payers", scope.desk, "{transit-330400: 1.00}"):
        recorded = scope.to_operator and name == RECORDED
        if not recorded and name not in funds and name.rpartition("-")[0] not in funds:
            scope.desk.add("FUND", text.spot, fund=name, near=nearest(name, funds))
        payers[name] = formed(value, name, money_of, "MONEY_FORM", scope.desk) or 0
    return payers


def _word(key: str, node: Node, desk: Desk) -> str:
    value = node.value if isinstance(node, Text) else ""
    if not value:
        desk.add("KEY.shape", node.spot, key=key, zh_shape="一个词", en_shape="a word", example=f"{key}: OK")
    elif key == "reason" and value not in REASONS and value not in _GRANTED:
        desk.add("REASON", node.spot, reason=value, near=nearest(value.upper(), [*REASONS, *_GRANTED]))
    elif key == "outcome" and value not in ("accepted", "refused"):
        desk.add("NAME", node.spot, name=value, near="accepted · refused")
    return value
