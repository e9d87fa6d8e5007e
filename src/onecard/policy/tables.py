"""Read the table of one dated row: steps, names, regions, the largest or smallest of a set; every case has its value (POLICY §3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onecard.policy.facts import Fact, vocabulary
from onecard.policy.figure import Level
from onecard.policy.findings import Refused, nearest
from onecard.policy.forms import number_of, region_of
from onecard.policy.leaves import LISTED, read_leaf
from onecard.policy.model import CityLists, Where
from onecard.policy.nodes import Node, Table, Text
from onecard.values.regions import inside, region_prefix

__all__ = ["Choice", "TableReader"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of `by`: a fact, and how its keys are meant."""

    fact: Fact
    form: str  # steps, names, regions, largest or smallest.


@dataclass(slots=True)
class TableReader:
    """Reads the tables of one figure, and remembers its smallest and largest value."""

    unit: str
    lists: CityLists
    where: Where
    low: int | None = None
    high: int = 0

    def read(self, node: Node, by: Sequence[Choice]) -> Level:
        """Return the table under *node* for the facts that still choose. Raises `Refused`."""
        if not isinstance(node, Table):
            return ["is", self._leaf(node)]
        if not by:
            raise Refused(
                "KEY.shape", node.spot, key="by", zh_shape="表按什么选", en_shape="named, where there is a table", example="by: age"
            )
        choice, rows, other = by[0], [], None
        for name, (key, value) in node.entries.items():
            level = self.read(value, by[1:])
            if name == "else":
                other = level
            else:
                rows.append((self._key(key, choice), level, key))
        self._check_cases(choice, rows, other, node)
        rows.sort(key=lambda row: _rank(choice.form, row[0], row[1]), reverse=choice.form != "smallest")
        return [choice.form, choice.fact.name, [[key, level] for key, level, _ in rows], other]

    def _leaf(self, node: Node) -> Any:
        value = read_leaf(node, self.unit, self.lists)
        if self.unit not in LISTED:
            self.low = value if self.low is None else min(self.low, value)
            self.high = max(self.high, value)
        return value

    def _key(self, key: Text, choice: Choice) -> Any:
        if choice.form == "steps":
            number = number_of(key.value)
            if number is None:
                raise Refused("NUMBER_FORM", key.spot, text=key.value)
            return number
        if choice.form == "regions":
            code = region_of(key.value)
            if code is None:
                raise Refused("REGION_FORM", key.spot, text=key.value)
            return region_prefix(code)
        names = vocabulary(choice.fact.type, self.lists)
        if key.value not in names:
            raise Refused("NAME", key.spot, name=key.value, near=nearest(key.value, [*names, "else"]))
        return key.value

    def _check_cases(self, choice: Choice, rows: list[tuple[Any, Level, Text]], other: Level | None, node: Table) -> None:
        keys = [key for key, _, _ in rows]
        if choice.form == "steps":
            for before, (after, _, text) in zip(keys, rows[1:], strict=False):
                if after <= before:
                    raise Refused("ORDER", text.spot, what=text.value)
            beyond = next((text for key, _, text in rows if key > choice.fact.high), None)
            if beyond is not None:
                raise Refused("UNREACHABLE", beyond.spot)
        missing = self._missing(choice, keys, self.where)
        if missing and other is None:
            raise Refused("GAP", node.spot, zh_what=missing, en_what=missing, hint="else: …")
        if other is not None and keys and not self._missing(choice, keys, Where()):
            raise Refused("UNREACHABLE", node.spot_of("else"))

    def _missing(self, choice: Choice, keys: list[Any], where: Where) -> str:
        """Return a case within *where* that none of *keys* covers, or nothing."""
        fact = choice.fact
        if choice.form == "steps":
            return "" if keys and keys[0] <= fact.low else f"{fact.name} {fact.low}"
        if choice.form == "names":
            told = {"service": where.service, "site_kind": where.site_kind}.get(fact.name) or ()
            names = told or vocabulary(fact.type, self.lists)
            return next((name for name in names if name not in keys), "")
        if choice.form == "regions" and fact.name == "region" and where.region:
            return next((area for area in where.region if not any(inside(area, key.ljust(6, "0")) for key in keys)), "")
        return f"{fact.name}: else"


def _rank(form: str, key: Any, level: Level) -> Any:
    if form in ("largest", "smallest"):
        return level[1]
    return len(key) if form == "regions" else key
