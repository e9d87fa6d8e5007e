"""Write a document as SQL, the second target: who is granted what, and who bears it, for a whole relation of facts at once.

A statement here is text; a room's store runs it. What a document says stands in it as literals of `sql_text` alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from onecard.policy.funding import WHOLE
from onecard.policy.model import Tree
from onecard.policy.sql_terms import Reading, SqlTerms, half_up
from onecard.policy.sql_text import column, literal
from onecard.policy.trees import parts_of

__all__ = ["SqlRule", "granted_sql", "judged_sql", "shared_sql"]

Rule = Mapping[str, Any]
"""A document as JSON (`Programme.rule`)."""

_INLINE_MAX: Final = 60  # Nodes that are written again where a `let` is named; what would be more is reckoned once, beside the row.


class SqlRule:
    """The expressions of one rule over a relation `f`, and what must stand beside it (`beside`) for them to be read."""

    def __init__(self, rule: Rule, reading: Reading, prefix: str = "") -> None:
        """Write *rule*; *prefix* tells what stands beside the relation from that of another rule."""
        self.rule, self._prefix = rule, prefix
        self._beside: list[str] = []
        self._texts: dict[str, str] = {}
        self._weights: dict[str, int] = {}
        self._terms = SqlTerms(rule["figures"], reading, self._texts)
        for name, tree in rule["let"]:
            self._take(name, tree)
        self.conditions: list[tuple[str, str]] = [(self._terms.written(tree), reason) for tree, reason in rule["who"]]
        self.caps: list[str] = [self._terms.written(limit["cap"]) for limit in rule["limits"]]

    @property
    def beside(self) -> str:
        """What follows the relation in FROM."""
        return "".join(self._beside)

    def reason(self) -> str:
        """Return the reason that is said, or NULL where every condition holds."""
        if not self.conditions:
            return "NULL::text"
        whens = "".join(f" WHEN NOT {text} THEN {literal(reason)}" for text, reason in self.conditions)
        return f"CASE{whens} END"

    def holds(self, facts: frozenset[str] | None = None) -> str:
        """Return whether every condition holds; with *facts*, every one that asks no others."""
        asked = zip(self.conditions, self.rule["who"], strict=True)
        return " AND ".join(text for (text, _), (tree, _) in asked if facts is None or self._facts_of(tree) <= facts) or "true"

    def price(self) -> str:
        """Return the price of a use, the list price of a gate, the amount of a payout, in fen."""
        rule = self.rule
        base = column(rule["base"]) if rule["base"] else None
        if not rule["pay"]:
            return base or literal(0)
        text = self._terms.written(["rows", [row[:2] for row in rule["pay"]]])
        return f"LEAST({text}, {base})" if base else text

    def borne(self) -> str:
        """Return how many fen the funds bear: what a use saves, or the whole amount of a payout."""
        return f"({column(self.rule['base'])} - {self.price()})" if self.rule["base"] else self.price()

    def keep(self, alias: str, names: Sequence[str], values: Sequence[str]) -> list[str]:
        """Reckon *values* once a row, beside the relation, and return how they are read."""
        listed = ", ".join(f"{value} AS {name}" for name, value in zip(names, values, strict=True))
        alias = self._prefix + alias
        self._beside.append(f"\nCROSS JOIN LATERAL (SELECT {listed} OFFSET 0) AS {alias}")  # OFFSET 0: not written in again by the planner.
        return [f"{alias}.{name}" for name in names]

    def shares(self, fen: str) -> list[tuple[str, str]]:
        """Return (fund, its part) for each line of `funding`, of *fen*, both as expressions; the parts add up to it (POLICY §6)."""
        funds = [_fund(fund, of) for fund, of, _, _ in self.rule["funding"]]
        if len(funds) < 2:
            return [(fund, fen) for fund in funds]
        (left,) = self.keep("whole", ["fen"], [fen])
        parts: dict[int, str] = {}
        for place, (_, _, by, tree) in enumerate(self.rule["funding"]):
            if by == "amount":
                amount = self._terms.written(tree)
                parts[place] = f"LEAST({amount}, {left})"
                left = f"GREATEST({left} - {amount}, 0)"
        if parts:
            (left,) = self.keep("rest", ["fen"], [left])
        places = [place for place, (_, _, by, _) in enumerate(self.rule["funding"]) if by != "amount"]
        parts |= dict(zip(places, self._by_percent(left), strict=True))
        return [(fund, parts[place]) for place, fund in enumerate(funds)]

    def _by_percent(self, left: str) -> list[str]:
        """Return the parts of *left* by percentages; what cutting loses goes to the largest remainders, of equals to the earlier."""
        lines = [(by, tree) for _, _, by, tree in self.rule["funding"] if by != "amount"]
        told = [self._terms.written(tree) for by, tree in lines if by == "percent"]
        points = [self._terms.written(tree) if by == "percent" else f"({' - '.join([literal(WHOLE), *told])})" for by, tree in lines]
        if len(points) == 1:
            return [left]
        if len(points) == 2:  # The one missing fen goes to the larger remainder, of halves to the earlier: just half up.
            first = half_up(f"{left} * {points[0]}", WHOLE)
            return [first, f"({left} - {first})"]
        places = range(len(points))
        cuts = self.keep("cut", [f"q{n}" for n in places], [f"{left} * {point} / {WHOLE}" for point in points])
        odd = self.keep("odd", [f"r{n}" for n in places], [f"{left} * {point} % {WHOLE}" for point in points])
        missing = f"({left} - {' - '.join(cuts)})"
        return [f"({cuts[n]} + CASE WHEN {_rank(n, odd)} < {missing} THEN 1 ELSE 0 END)" for n in places]

    def _take(self, name: str, tree: Tree) -> None:
        text, weight = self._terms.written(tree), self._weight(tree)
        if weight * self._named(name) > _INLINE_MAX:
            (text,) = self.keep(f"l{len(self._texts)}", ["v"], [text])
            weight = 1
        self._texts[name], self._weights[name] = text, weight

    def _facts_of(self, tree: Tree) -> frozenset[str]:
        """Return the facts that *tree* asks, through figures and lets too."""
        own = {tree[1]} if tree[0] in ("fact", "known", "default") else set()
        if tree[0] == "let":
            own |= self._facts_of(dict(self.rule["let"])[tree[1]])
        elif tree[0] in ("figure", "in_figure", "in_hours", "in_dates"):
            own |= {fact for _, level in self.rule["figures"][tree[-1]]["rows"] for fact in _choosing(level)}
        return frozenset(own).union(*map(self._facts_of, parts_of(tree)))

    def _weight(self, tree: Tree) -> int:
        """Return how many nodes *tree* is written as, the values of its figures included."""
        if tree[0] == "let":
            return self._weights[tree[1]]
        figure = self.rule["figures"].get(tree[-1]) if tree[0] in ("figure", "in_figure", "in_hours", "in_dates") else None
        return 1 + sum(map(self._weight, parts_of(tree))) + (sum(_leaves(level) for _, level in figure["rows"]) if figure else 0)

    def _named(self, name: str) -> int:
        """Return how often a sentence names the `let`; the price is written once for what is paid and once for what is borne."""
        rule = self.rule
        trees = [*(tree for _, tree in rule["let"]), *(tree for tree, _ in rule["who"]), *(limit["cap"] for limit in rule["limits"])]
        trees += [tree for _, _, _, tree in rule["funding"]] * 2
        trees += [tree for row in rule["pay"] for tree in row[:2] if tree] * 2
        return sum(_times(name, tree) for tree in trees)


def judged_sql(rule: Rule, relation: str, reading: Reading, key: str) -> str:
    """Return a query that says of every row of *relation* (columns *key* and the rule's facts) what `judge` says:

    key, reason (NULL where it grants), price, caps (in the order of the limits).
    """
    sql = SqlRule(rule, reading)
    caps = f"ARRAY[{', '.join(sql.caps)}]::bigint[]"
    price = sql.price()
    return f"SELECT {column(key)}, {sql.reason()} AS reason, {price} AS price, {caps} AS caps\nFROM {relation} AS f{sql.beside}"


def shared_sql(rule: Rule, relation: str, reading: Reading, key: str) -> str:
    """Return a query that says of every row of *relation*, whose column `fen` is to be borne, what `share` says: key, fund, fen.

    A fund that two lines name comes in two rows; none is of 0.
    """
    sql = SqlRule(rule, reading)
    lines = sql.shares("f.fen")
    if not lines:
        return f"SELECT {column(key)}, NULL::text AS fund, 0::bigint AS fen\nFROM {relation} AS f WHERE false"
    return f"SELECT {column(key)}, p.fund, p.fen\nFROM {relation} AS f{sql.beside}\n{_unfolded(lines)}\nWHERE p.fen > 0"


def granted_sql(rule: Rule, relation: str, reading: Reading, keys: Sequence[str]) -> str:
    """Return a query of the rows of *relation* that are granted: *keys*, what the funds bear of it in fen, and the caps.

    Conditions stand in WHERE: an index or a birth date throws most rows out before their other facts are looked up.
    """
    sql = SqlRule(rule, reading)
    fen, caps = sql.borne(), f"ARRAY[{', '.join(sql.caps)}]::bigint[]"
    listed = ", ".join(column(key) for key in keys)
    return f"SELECT {listed}, {fen} AS fen, {caps} AS caps\nFROM {relation} AS f{sql.beside}\nWHERE {sql.holds()}"


def _unfolded(lines: Sequence[tuple[str, str]]) -> str:
    values = ", ".join(f"({fund}, {part})" for fund, part in lines)
    return f"CROSS JOIN LATERAL (VALUES {values}) AS p(fund, fen)"


def _fund(fund: str, of: str | None) -> str:
    return f"{literal(fund + '-')} || {column(of)}" if of else literal(fund)


def _rank(place: int, odd: Sequence[str]) -> str:
    """Return how many other remainders come before that of *place*."""
    others = [f"({odd[n]} {'>=' if n < place else '>'} {odd[place]})::int" for n in range(len(odd)) if n != place]
    return f"({' + '.join(others)})"


def _choosing(level: Sequence[Any]) -> set[str]:
    if level[0] == "is":
        return set()
    return {level[1]}.union(*(_choosing(inner) for _, inner in level[2]), _choosing(level[3]) if level[3] else set())


def _leaves(level: Sequence[Any]) -> int:
    if level[0] == "is":
        return len(level[1]) if isinstance(level[1], list) else 1
    return sum(_leaves(inner) for _, inner in level[2]) + (_leaves(level[3]) if level[3] else 0)


def _times(name: str, tree: Tree) -> int:
    return 1 if tree == ["let", name] else sum(_times(name, part) for part in parts_of(tree))
