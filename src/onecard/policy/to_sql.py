"""Write a document as SQL, the second target: who is granted what, and who bears it, for a whole relation of facts at once.

A statement here is text; a room's store runs it. What a document says stands in it as literals of `sql_text` alone.
"""

from collections.abc import Sequence

from onecard.policy.sql_rule import Rule, SqlRule
from onecard.policy.sql_shares import shares_of
from onecard.policy.sql_terms import Reading
from onecard.policy.sql_text import column

__all__ = ["granted_sql", "judged_sql", "shared_sql"]


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
    lines = shares_of(sql, "f.fen")
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
