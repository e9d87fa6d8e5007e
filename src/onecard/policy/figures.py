"""Read `figures`: dated numbers and tables, each with its unit (POLICY §3)."""

import keyword
import re
from datetime import date
from typing import Final

from onecard.policy.facts import FACTS
from onecard.policy.figure import Figure, Level
from onecard.policy.findings import Refused, nearest
from onecard.policy.forms import day_of
from onecard.policy.leaves import LISTED, UNITS
from onecard.policy.model import Where
from onecard.policy.nodes import Node, Rows, Spot, Table, Text
from onecard.policy.scope import FUNCTIONS, WORDS, Scope
from onecard.policy.shapes import entries_of, name_of, several_of, table_of, text_of
from onecard.policy.tables import Choice, TableReader

__all__ = ["declared_name", "read_figures"]

_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_EXAMPLE: Final = "rate: {unit: yuan, from 2024-01-01: 2.00}"


def read_figures(node: Node | None, where: Where, from_day: date, basis: str, scope: Scope) -> None:
    """Read the table of figures into *scope*; what is wrong is handed in."""
    for _, key, value in entries_of(node, "figures", scope.desk, _EXAMPLE):
        table = table_of(value, key.value, scope.desk, _EXAMPLE)
        scope.refused.add(key.value)
        try:
            name = declared_name(key, scope)
            if table is not None:
                scope.figures[name] = _read_figure(name, key.spot, table, where, from_day, basis, scope)
                scope.refused.discard(key.value)
        except Refused as refused:
            scope.desk.take(refused)


def declared_name(key: Text, scope: Scope) -> str:
    """Return *key* as the name of a figure or a `let`: nothing else may be called so. Raises `Refused` (NAME)."""
    name = name_of(key, _IDENTIFIER, "a-z 0-9 _")
    taken = (
        name in FACTS or name in FUNCTIONS or name in WORDS or name in scope.lists.regions or name in scope.figures or name in scope.lets
    )
    if taken or keyword.iskeyword(name):
        raise Refused("NAME.taken", key.spot, name=name)
    return name


def _read_figure(name: str, spot: Spot, table: Table, where: Where, from_day: date, basis: str, scope: Scope) -> Figure:
    unit = _unit(table, scope)
    by = _by(table, unit, scope)
    source = text_of(table.get("source"), "source", scope.desk)
    reader = TableReader(unit, scope.lists, where)
    rows: list[tuple[int, Level]] = []
    for key, (text, value) in table.entries.items():
        if key in ("unit", "by", "source"):
            continue
        begin = _begin(text)
        if rows and begin.toordinal() <= rows[-1][0]:
            raise Refused("ORDER", text.spot, what=text.value)
        if not rows and begin > from_day:
            day = str(from_day)
            raise Refused("GAP", text.spot, zh_what=f"{day} 起的数", en_what=f"the value from {day} on", hint=f"from {day}: …")
        rows.append((begin.toordinal(), reader.read(value, by)))
    if not rows:
        raise Refused("KEY.missing", spot, key=f"from {from_day}")
    return Figure(
        name=name,
        unit=unit,
        type=UNITS[unit],
        by=tuple(choice.fact.name for choice in by),
        rows=tuple(rows),
        low=reader.low or 0,
        high=reader.high,
        source=source.value if source else basis,
        spot=spot,
    )


def _unit(table: Table, scope: Scope) -> str:
    node = table.get("unit")
    if node is None:
        raise Refused("KEY.missing", table.spot, key="unit")
    text = text_of(node, "unit", scope.desk)
    value = text.value if text else ""
    if value not in UNITS:
        raise Refused("NAME", node.spot, name=value, near=nearest(value, UNITS))
    return value


def _begin(key: Text) -> date:
    word, _, written = key.value.partition(" ")
    if word != "from":
        raise Refused("KEY", key.spot, key=key.value, near=nearest(key.value, ["unit", "by", "source", "from 2024-01-01"]))
    day = day_of(written.strip())
    if day is None:
        raise Refused("DATE_FORM", key.at(5), text=written)
    return day


def _by(table: Table, unit: str, scope: Scope) -> list[Choice]:
    node = table.get("by")
    texts = several_of(node, "by", scope.desk)
    if isinstance(node, Rows) and not texts:
        raise Refused("KEY.shape", node.spot, key="by", zh_shape="事实的名称", en_shape="the name of a fact", example="by: age")
    choices = [_choice(text, scope) for text in texts]
    for text, choice in zip(texts, choices, strict=True):
        sized = choice.form in ("largest", "smallest")
        if sized and (text is not texts[-1] or unit in LISTED):
            words = {"want": "last in `by`, of a number", "zh_want": "放在 by 的最后，且是数", "got": text.value, "zh_got": text.value}
            raise Refused("TYPE.want", text.spot, **words, hint="[age, largest hardship]")
    return choices


def _choice(text: Text, scope: Scope) -> Choice:
    first, _, last = text.value.rpartition(" ")
    offset = len(first) + 1 if first else 0
    fact = scope.fact_at(last, text.at(offset))
    if fact.optional:
        raise Refused("UNGUARDED", text.at(offset), fact=fact.name)
    form = {"number": "steps", "region": "regions", "name": "names", "set": first}.get(fact.type.base, "")
    if form not in ("steps", "regions", "names", "largest", "smallest") or (first and form != first):
        got = {"got": f"{first} {fact.type.en}".strip(), "zh_got": fact.type.zh}
        hint = "largest hardship" if fact.type.base == "set" else "age · region · insured_as"
        raise Refused(
            "TYPE.want",
            text.spot,
            want="a number, a region, a name, or largest/smallest of a set",
            zh_want="整数、地区、名称或一组中的最大最小",
            **got,
            hint=hint,
        )
    scope.facts.add(fact.name)
    return Choice(fact, form)
