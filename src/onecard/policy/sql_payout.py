"""A payout of one period as SQL: whom it pays how much, and which funds, for the whole population at once (POLICY §6)."""

from dataclasses import dataclass
from datetime import date

from onecard.policy.model import Programme
from onecard.policy.periods import Period, days_read
from onecard.policy.sql_facts import people_on, people_on_each, recorded
from onecard.policy.sql_terms import Reading, half_up
from onecard.policy.sql_text import literal
from onecard.policy.to_sql import granted_sql, shared_sql

__all__ = ["PayoutSql", "evidence_beside", "in_force", "payout_sql"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutSql:
    """Two queries, neither with parameters. Limits and exclusions come after: they need what others are paid."""

    lines: str
    """subject, home_region, day (the ordinal whose figures hold), fen, caps, and the facts: one row for each who is paid, or granted 0."""
    shares: str
    """subject, fund, fen: who bears it; a fund that two lines of `funding` name comes in two rows."""


def payout_sql(programme: Programme, period: Period, source: str = "people_subject_v1", brought: str | None = None) -> PayoutSql:
    """Return how the version *programme* pays *period* to people of *source*; on days when it is not in force nobody earns.

    *brought* is a query of (subject, facts as JSON) that a roster file filled: the facts which the payout calls evidence are read
    from it alone, and who does not stand in it is not asked.
    """
    payout = programme.payout
    assert payout is not None and not payout.to_operator, "operators are paid from the ledger, not from the population"
    days = [(day, max(day, period.first)) for day in days_read(period, payout.as_of)]
    days = [(day, ruled) for day, ruled in days if in_force(programme, ruled)]
    if len(days) == 1 and payout.as_of != "every day":
        return _of_one_day(programme, *days[0], source, brought)
    return _of_several_days(programme, days, period.days if payout.as_of == "every day" else 0, source, brought)


def in_force(programme: Programme, day: date) -> bool:
    """Tell whether this version holds on *day*, as far as its own days say."""
    return programme.from_day <= day and (programme.until_day is None or day <= programme.until_day)


def _of_one_day(programme: Programme, day: date, ruled: date, source: str, brought: str | None) -> PayoutSql:
    """Everything is known beforehand: figures are chosen and ages are birth dates."""
    reading = Reading(day=ruled.toordinal(), ages_on=day)
    columns = ("subject", "home_region", "born", *_columns(programme))
    people = evidence_beside(programme, people_on(day, _told(programme, brought), source), brought)
    granted = granted_sql(programme.rule, people, reading, columns)
    lines = f"SELECT g.*, {literal(ruled.toordinal())} AS day FROM (\n{granted}) AS g"
    return PayoutSql(lines=lines, shares=shared_sql(programme.rule, f"({granted})", reading, "subject"))


def _of_several_days(
    programme: Programme, days: list[tuple[date, date]], divisor: int, source: str, brought: str | None
) -> PayoutSql:  # fmt: skip
    """Each row has its day; the one that gives most stays, of equal ones the earliest. *divisor* is 0 or the days of the period."""
    columns = ("subject", "home_region", "day", "age", *_columns(programme))
    people = people_on_each(days or [(date.min, date.min)], _told(programme, brought), source)
    people = evidence_beside(programme, people, brought)
    granted = granted_sql(programme.rule, people, Reading(), columns)
    if not days:
        granted += " AND false"
    best = f"SELECT DISTINCT ON (g.subject) g.*, (sum(g.fen) OVER (PARTITION BY g.subject))::bigint AS total FROM (\n{granted}) AS g"
    best += "\nORDER BY g.subject, g.fen DESC, g.day"
    fen = half_up("b.total", divisor) if divisor else "b.fen"
    listed = ", ".join(f'b."{name}"' for name in columns)
    lines = f"SELECT {listed}, {fen} AS fen, b.caps FROM (\n{best}) AS b"
    return PayoutSql(lines=lines, shares=shared_sql(programme.rule, f"({lines})", Reading(), "subject"))


def _columns(programme: Programme) -> list[str]:
    return [name for name in programme.facts if name not in ("age", "day", "home_region")]


def evidence_beside(programme: Programme, people: str, brought: str | None) -> str:
    """Return the relation *people* with the facts that a roster file *brought* of each, where one did."""
    assert programme.payout is not None
    if brought is None:
        return people
    return recorded(f"(SELECT p.*, e.facts FROM {people} AS p JOIN ({brought}) AS e USING (subject))", programme.payout.evidence)


def _told(programme: Programme, brought: str | None) -> list[str]:
    """Return the facts that are looked up in what is known of people."""
    assert programme.payout is not None
    return [name for name in programme.facts if brought is None or name not in programme.payout.evidence]
