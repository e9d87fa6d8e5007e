"""A roster as SQL: the lines of one payout for one period and area, each with its facts and with who bears it; and who else pays them."""

from collections.abc import Mapping

from onecard.policy.model import Programme
from onecard.policy.periods import Period, days_read
from onecard.policy.sql_facts import people_on
from onecard.policy.sql_payout import evidence_beside, in_force, payout_sql
from onecard.policy.sql_rule import SqlRule
from onecard.policy.sql_shares import shares_of
from onecard.policy.sql_terms import Reading, SqlTerms
from onecard.policy.sql_text import column, literal
from onecard.policy.to_sql import judged_sql

__all__ = ["amounts_sql", "brought_sql", "paid_sql", "people_of", "refused_sql", "roster_sql"]


def people_of(prefix: str) -> str:
    """Return the people whose home region begins with *prefix*, as a source of `payout_sql`."""
    assert prefix.isdigit()
    return f"(SELECT p.* FROM people_subject_v1 AS p WHERE p.home_region ^@ {literal(prefix)})"


def brought_sql(roster: str) -> str:
    """Return what the roster file of *roster* brought: subject, facts."""
    return f"SELECT e.subject, e.facts FROM payouts_evidence AS e WHERE e.roster = {literal(roster)}"


def paid_sql(cycle: str) -> str:
    """Return what the lists of *cycle* pay: subject, fen."""
    held = "l.state NOT IN ('excluded', 'waived')"
    return f"SELECT l.subject, l.amount_fen AS fen FROM payouts_line AS l WHERE l.cycle = {literal(cycle)} AND l.operator = '' AND {held}"


def roster_sql(programme: Programme, period: Period, source: str, brought: str | None = None) -> str:
    """Return a query of everybody who is paid more than nothing: subject, region, day, fen, facts, funds, shares.

    *facts* (JSON) are all that the rule can ask, as they stood on *day*: the line is explained and reckoned again from them.
    *shares* are in fen and add up to *fen*. Limits and exclusions are not in it.
    """
    lines, reading, day = payout_sql(programme, period, source, brought).lines, *_reading(programme, period)
    sql = SqlRule(programme.rule, reading)
    funds, shares = _borne(sql)
    facts = _facts(programme, reading)
    return f"SELECT f.subject, f.home_region, {day}, f.fen, {facts}, {funds}, {shares}\nFROM ({lines}) AS f{sql.beside}\nWHERE f.fen > 0"


def refused_sql(programme: Programme, period: Period, source: str, brought: str) -> str:
    """Return a query of those whom a roster file *brought* and the rule pays nothing as of the last day looked at: subject, reason."""
    assert programme.payout is not None
    day = days_read(period, programme.payout.as_of)[-1]
    told = [name for name in programme.facts if name not in programme.payout.evidence]
    people = evidence_beside(programme, people_on(day, told, source), brought)
    judged = judged_sql(programme.rule, people, Reading(day=max(day, period.first).toordinal(), ages_on=day), "subject")
    return f"SELECT j.subject, COALESCE(j.reason, 'NOT_ELIGIBLE') AS reason FROM ({judged}) AS j WHERE j.reason IS NOT NULL OR j.price = 0"


def amounts_sql(mine: str, others: Mapping[str, str]) -> str:
    """Return a query of what *others* (programme → query of subject, fen) pay those whom *mine* (subject, …, fen) pays.

    Columns: subject, mine (fen), programme, fen.
    """
    each = (f"SELECT {literal(name)} AS programme, o.subject, o.fen FROM ({sql}) AS o" for name, sql in others.items())
    listed = "\nUNION ALL\n".join(each)
    return f"SELECT m.subject, m.fen AS mine, o.programme, o.fen FROM ({mine}) AS m JOIN (\n{listed}) AS o USING (subject)\nWHERE o.fen > 0"


def _reading(programme: Programme, period: Period) -> tuple[Reading, str]:
    """Return how the facts stand in the lines of `payout_sql`, and the day on which they were read."""
    assert programme.payout is not None
    days = [day for day in days_read(period, programme.payout.as_of) if in_force(programme, max(day, period.first))]
    if len(days) != 1 or programme.payout.as_of == "every day":
        return Reading(), "DATE '0001-01-01' + (f.day - 1)::integer"
    return Reading(day=max(days[0], period.first).toordinal(), ages_on=days[0]), f"DATE {literal(days[0].isoformat())}"


def _facts(programme: Programme, reading: Reading) -> str:
    terms = SqlTerms({}, reading, {})
    return f"jsonb_build_object({', '.join(f'{literal(name)}, {terms.fact(name)}' for name in programme.facts)})"


def _borne(sql: SqlRule) -> tuple[str, str]:
    """Return the funds and their parts as two arrays; a part of nothing is left out, which happens to the smallest amounts alone."""
    lines = shares_of(sql, column("fen"))
    funds, parts = (f"ARRAY[{', '.join(each)}]" for each in zip(*lines, strict=True))
    if len(lines) == 1:
        return f"{funds}::text[]", f"{parts}::bigint[]"
    some = " AND ".join(f"{part} > 0" for _, part in lines)
    rows = ", ".join(f"({at}, {fund}, {part})" for at, (fund, part) in enumerate(lines))

    def kept(name: str) -> str:
        return f"ARRAY(SELECT p.{name} FROM (VALUES {rows}) AS p(at, fund, part) WHERE p.part > 0 ORDER BY p.at)"

    texts = ((funds, kept("fund"), "text"), (parts, kept("part"), "bigint"))
    first, second = (f"CASE WHEN {some} THEN {whole} ELSE {few} END::{base}[]" for whole, few, base in texts)
    return first, second
