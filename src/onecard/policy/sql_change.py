"""Two versions of a payout beside each other as SQL: what each person is paid by the one and by the other, and which funds bear it."""

from collections.abc import Sequence
from datetime import date

from onecard.policy.model import Programme
from onecard.policy.periods import Period, days_read
from onecard.policy.sql_facts import people_on
from onecard.policy.sql_payout import in_force, payout_sql
from onecard.policy.sql_rule import SqlRule
from onecard.policy.sql_terms import Reading
from onecard.policy.sql_text import column

__all__ = ["change_sql", "fund_change_sql"]

_KEPT = ("subject", "born", "home_region", "registered_region")


def change_sql(old: Programme, new: Programme, period: Period, source: str = "people_subject_v1") -> str:
    """Return a query of everybody whom *old* or *new* pays for *period*: subject, born, home_region, registered_region, old, new (fen).

    Limits and exclusions are not in it. Where both look at the same day the people are read once; PostgreSQL draws by itself out of the two
    what they ask of the birth date, so that nobody has a fact looked up whom his age leaves out already.
    """
    day = _one_day(old, new, period)
    return _joined(old, new, period, source) if day is None else _at_once(old, new, day, max(day, period.first), source)


def fund_change_sql(old: Sequence[Programme], new: Sequence[Programme], period: Period, source: str = "people_subject_v1") -> str:
    """Return a query of everybody whom one of *old* or *new* pays for *period*, fund by fund, in order of subject and fund:

    subject, born, home_region, registered_region, fund, old, new (fen). Each payout by itself: limits and exclusions are not in it.
    """
    sides = [(payout_sql(each, period, source).shares, "b.fen, 0::bigint") for each in old]
    sides += [(payout_sql(each, period, source).shares, "0::bigint, b.fen") for each in new]
    borne = "\nUNION ALL ".join(f"SELECT b.subject, b.fund, {fen} FROM (\n{shares}) AS b" for shares, fen in sides)
    sums = "c.subject, c.fund, sum(c.old)::bigint AS old, sum(c.new)::bigint AS new"
    summed = f"SELECT {sums} FROM (\n{borne}) AS c (subject, fund, old, new)"
    people = people_on(period.last, ["registered_region"], source)
    kept = ", ".join(column(name) for name in _KEPT if name != "subject")
    return (
        f"SELECT g.subject, {kept}, g.fund, g.old, g.new\nFROM (\n{summed}\nGROUP BY c.subject, c.fund) AS g\n"
        f"JOIN {people} AS f USING (subject)\nORDER BY g.subject, g.fund"
    )


def _one_day(old: Programme, new: Programme, period: Period) -> date | None:
    """Return the day that both look at, if it is one and both are in force then."""
    looked = {days_read(period, programme.payout.as_of) for programme in (old, new) if programme.payout}
    days = looked.pop()
    one = not looked and len(days) == 1 and all(in_force(programme, max(days[0], period.first)) for programme in (old, new))
    return days[0] if one else None


def _at_once(old: Programme, new: Programme, day: date, ruled: date, source: str) -> str:
    facts = sorted({*old.facts, *new.facts, "registered_region"})
    reading = Reading(day=ruled.toordinal(), ages_on=day)
    rules = [SqlRule(programme.rule, reading, prefix) for programme, prefix in ((old, "old_"), (new, "new_"))]
    paid = [f"CASE WHEN {rule.holds()} THEN {rule.borne()} ELSE 0 END" for rule in rules]
    beside = "".join(rule.beside for rule in rules)
    kept = ", ".join(column(name) for name in _KEPT)
    whole = " OR ".join(f"({rule.holds()})" for rule in rules)
    return f"SELECT {kept}, {paid[0]} AS old, {paid[1]} AS new\nFROM {people_on(day, facts, source)} AS f{beside}\nWHERE {whole}"


def _joined(old: Programme, new: Programme, period: Period, source: str) -> str:
    """Read the people once for each: their days differ."""
    lines = [f"(SELECT g.subject, g.fen FROM (\n{payout_sql(programme, period, source).lines}) AS g)" for programme in (old, new)]
    people = people_on(period.last, ["registered_region"], source)
    kept = ", ".join(column(name) for name in _KEPT)
    return (
        f"SELECT {kept}, COALESCE(a.fen, 0) AS old, COALESCE(b.fen, 0) AS new\nFROM {lines[0]} AS a\n"
        f"FULL JOIN {lines[1]} AS b USING (subject)\nJOIN {people} AS f USING (subject)"
    )
