"""Who bears so many fen, as SQL: amounts first, then percentages cut to the fen, what is missing to the largest remainders (POLICY §6)."""

from collections.abc import Sequence

from onecard.policy.funding import WHOLE
from onecard.policy.sql_rule import SqlRule
from onecard.policy.sql_terms import half_up
from onecard.policy.sql_text import column, literal

__all__ = ["shares_of"]


def shares_of(sql: SqlRule, fen: str) -> list[tuple[str, str]]:
    """Return (fund, its part) for each line of `funding`, of *fen*, both as expressions; the parts add up to it (POLICY §6)."""
    funds = [_fund(fund, of) for fund, of, _, _ in sql.rule["funding"]]
    if len(funds) < 2:
        return [(fund, fen) for fund in funds]
    (left,) = sql.keep("whole", ["fen"], [fen])
    parts: dict[int, str] = {}
    for place, (_, _, by, tree) in enumerate(sql.rule["funding"]):
        if by == "amount":
            amount = sql.written(tree)
            parts[place] = f"LEAST({amount}, {left})"
            left = f"GREATEST({left} - {amount}, 0)"
    if parts:
        (left,) = sql.keep("rest", ["fen"], [left])
    places = [place for place, (_, _, by, _) in enumerate(sql.rule["funding"]) if by != "amount"]
    parts |= dict(zip(places, _by_percent(sql, left), strict=True))
    return [(fund, parts[place]) for place, fund in enumerate(funds)]


def _by_percent(sql: SqlRule, left: str) -> list[str]:
    """Return the parts of *left* by percentages; what cutting loses goes to the largest remainders, of equals to the earlier."""
    lines = [(by, tree) for _, _, by, tree in sql.rule["funding"] if by != "amount"]
    told = [sql.written(tree) for by, tree in lines if by == "percent"]
    points = [sql.written(tree) if by == "percent" else f"({' - '.join([literal(WHOLE), *told])})" for by, tree in lines]
    if len(points) == 1:
        return [left]
    if len(points) == 2:  # The one missing fen goes to the larger remainder, of halves to the earlier: just half up.
        first = half_up(f"{left} * {points[0]}", WHOLE)
        return [first, f"({left} - {first})"]
    places = range(len(points))
    cuts = sql.keep("cut", [f"q{n}" for n in places], [f"{left} * {point} / {WHOLE}" for point in points])
    odd = sql.keep("odd", [f"r{n}" for n in places], [f"{left} * {point} % {WHOLE}" for point in points])
    missing = f"({left} - {' - '.join(cuts)})"
    return [f"({cuts[n]} + CASE WHEN {_rank(n, odd)} < {missing} THEN 1 ELSE 0 END)" for n in places]


def _fund(fund: str, of: str | None) -> str:
    return f"{literal(fund + '-')} || {column(of)}" if of else literal(fund)


def _rank(place: int, odd: Sequence[str]) -> str:
    """Return how many other remainders come before that of *place*."""
    others = [f"({odd[n]} {'>=' if n < place else '>'} {odd[place]})::int" for n in range(len(odd)) if n != place]
    return f"({' + '.join(others)})"
