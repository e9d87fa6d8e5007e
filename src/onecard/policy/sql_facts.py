"""Relations from which rules are asked: people on a day, people on each of some days, recorded facts; each with a column for every fact.

They read the views that other rooms offer (`people_subject_v1`, `people_fact_v1`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from onecard.policy.facts import FACTS, Fact
from onecard.policy.model import Value
from onecard.policy.sql_text import day_literal, literal, texts

__all__ = ["SQL_TYPES", "people_on", "people_on_each", "recorded"]

SQL_TYPES: Final[Mapping[str, str]] = {
    "yes_no": "boolean", "region": "text", "name": "text", "set": "text[]",
    **dict.fromkeys(("money", "percent", "number", "mu", "day", "time"), "bigint"),
}  # fmt: skip
"""How a fact stands in a relation, by the base of its type."""

_ON_SUBJECT: Final = ("age", "home_region", "day")  # Not looked up: they stand on the person, and on the day itself.


def people_on(day: date, facts: Iterable[str], source: str = "people_subject_v1") -> str:
    """Return everybody as he stands on *day*: subject, born, home_region, and those of *facts* that are told of people.

    *source* may be any relation with the columns of `people_subject_v1`: some of the people.
    """
    return _people(source, "s.born", day_literal(day), facts)


def people_on_each(days: Sequence[tuple[date, date]], facts: Iterable[str], source: str = "people_subject_v1") -> str:
    """Return everybody as he stands on each of *days*, with his `age` and `day` (an ordinal).

    A pair is the day of the facts and the day whose figures hold.
    """
    listed = ", ".join(f"({day_literal(day)}, {literal(ruled.toordinal())})" for day, ruled in days)
    later = "to_char(s.born, 'MMDD') > to_char(d.facts_on, 'MMDD')"
    age = f"(date_part('year', d.facts_on) - date_part('year', s.born))::bigint - CASE WHEN {later} THEN 1 ELSE 0 END"
    return _people(f"{source} AS s CROSS JOIN (VALUES {listed}) AS d(facts_on, day)", f"d.day, {age} AS age", "d.facts_on", facts)


def recorded(source: str, facts: Iterable[str]) -> str:
    """Return the rows of *source* with their column `facts` unfolded: JSON that leaves out what is blank.

    *source* is a view or a query in brackets, such as `ledger_use_v1`; its columns must bear no name of a fact.
    """
    listed = "".join(f', {_from_json(FACTS[name])} AS "{name}"' for name in facts)
    return f"(SELECT u.*{listed} FROM {source} AS u)"


def _people(source: str, more: str, day: str, facts: Iterable[str]) -> str:
    names = [name for name in facts if name not in _ON_SUBJECT]
    listed = "".join(f', {_from_text(FACTS[name], f"t{place}.value")} AS "{name}"' for place, name in enumerate(names))
    looks = "".join(_looked_up(name, place, day) for place, name in enumerate(names))
    source = source if " AS s" in source else f"{source} AS s"
    return f"(SELECT s.subject, s.home_region, {more}{listed}\n  FROM {source}{looks})"


def _looked_up(name: str, place: int, day: str) -> str:
    """The last that was told of a fact until *day*: one step along the key, and only for those whom the birth date leaves in."""
    told = f"t.subject = s.subject AND t.fact = {literal(name)} AND t.since <= {day}"
    return f"\n  LEFT JOIN LATERAL (SELECT t.value FROM people_fact_v1 AS t WHERE {told} ORDER BY t.since DESC LIMIT 1) AS t{place} ON true"


def _from_text(fact: Fact, text: str) -> str:
    """Return the value that the *text* of a dated fact stands for, blank where there is none (people.model.read_fact)."""
    match fact.type.base:
        case "set":
            text = f"string_to_array({text}, ',')"
        case "yes_no":
            text = f"{text} = 'yes'"
        case "region" | "name":
            pass
        case _:
            text = f"{text}::bigint"
    return f"COALESCE({text}, {_blank(fact.blank)})"


def _from_json(fact: Fact) -> str:
    name = literal(fact.name)
    if fact.type.base == "set":
        return f"ARRAY(SELECT jsonb_array_elements_text(u.facts -> {name}))"
    told = f"(u.facts ->> {name})::{SQL_TYPES[fact.type.base]}"
    return told if fact.optional else f"COALESCE({told}, {_blank(fact.blank)})"


def _blank(blank: Value) -> str:
    assert blank is not None
    return texts(sorted(blank)) if isinstance(blank, frozenset) else literal(blank)
