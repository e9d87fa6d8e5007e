"""Over the whole demo population and its recorded uses, statements say of each person and each use what Python says."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from onecard.app.opening import Store
from onecard.db.pool import Connection
from onecard.decision.payments import PAID, Payment, pay
from onecard.people.model import facts_on
from onecard.policy.facts import blanks
from onecard.policy.model import Facts, Programme
from onecard.policy.periods import AS_OF, Period, period_of
from onecard.policy.sql_change import change_sql
from onecard.policy.sql_facts import recorded
from onecard.policy.sql_payout import payout_sql
from onecard.policy.sql_terms import Reading
from onecard.policy.to_sql import judged_sql
from onecard.uses.record import facts_from
from onecard.values.days import age_on
from tests.database.policy.city import write_demo
from tests.database.policy.test_to_sql import PROGRAMMES, programme_of

PAYOUT = """\
programme: try
kind: payout
title: {{zh: 试, en: Try}}
basis: none
effective: {{from: 2023-01-01, until: 2024-10-20}}
cycle: {cycle}
as_of: {as_of}
figures:
  rate:
    unit: yuan
    by: age
    from 2023-01-01: {{60: 33.33, 80: 60.01, else: 0.00}}
    from 2024-10-11: {{60: 33.34, 70: 44.44, 80: 66.67, else: 0.00}}
  need:
    unit: yuan
    by: largest hardship
    from 2023-01-01: {{tekun: 100.00, dibao: 50.01, else: 0.00}}
let:
  whole: max(rate, need) + need
who:
  - alive else BENEFIT_INACTIVE
  - age >= 60 or has(hardship, dibao, tekun) or disability > 0 else NOT_ELIGIBLE
  - registered_region in city else NOT_ELIGIBLE_REGION
  - insured_as != employee or not has(standing, public_payroll) else NOT_INSURED
amount:
  - whole + 1.00 * age if care_level >= 2
  - whole
limits:
  once: 3 times per year else LIMIT_YEAR
funding:
  province-budget: 20.00
  civil-affairs of registered_region: 33.33%
  finance: 33.33%
  city-budget: rest
tests:
  - {{age: 60, registered_region: 330400, expect: {{amount: 1.00}}}}
  - {{expect: {{amount: 0.00}}}}
"""


class Residents:
    """Everybody's dated facts, read once, for Python to be asked about."""

    def __init__(self, born: Mapping[int, tuple[date, str]], told: Mapping[int, list[tuple[str, date, str]]]) -> None:
        self.born, self._told = born, told

    def facts_on(self, subject: int, day: date) -> Facts:
        born, home = self.born[subject]
        return {**blanks("payout"), "home_region": home, "age": age_on(born, day), **facts_on(self._told.get(subject, ()), day)}

    def paid(self, programme: Programme, subject: int, period: Period) -> Payment:
        def version_on(day: date) -> Programme | None:
            held = programme.from_day <= day and (programme.until_day is None or day <= programme.until_day)
            return programme if held else None

        return pay(version_on, lambda day: self.facts_on(subject, day), period)


async def residents_of(connection: Connection) -> Residents:
    told = defaultdict(list)
    for row in await connection.fetch("SELECT subject, fact, since, value FROM people_fact_v1"):
        told[row["subject"]].append((row["fact"], row["since"], row["value"]))
    people = await connection.fetch("SELECT subject, born, home_region FROM people_subject_v1")
    return Residents({row["subject"]: (row["born"], row["home_region"]) for row in people}, told)


async def add_edges(connection: Connection) -> None:
    """Give the population people on every edge: births around month ends and leap days, facts that change and end, deaths."""
    births = [date(1944, 10, 1) + timedelta(days=n) for n in range(-2, 33)] + [date(1964, 2, 28 + n) for n in (0, 1)] + [date(2024, 10, 15)]
    rows = [(900_000 + place, born, "330481", bytes(16)) for place, born in enumerate(births)]
    await connection.executemany("INSERT INTO people_subject VALUES ($1, $2, $3, $4)", rows)
    facts = []
    for subject, born, _, _ in rows:
        facts.append((subject, "registered_region", date(2020, 1, 1), "330481" if subject % 5 else "341800"))
        if subject % 3 == 0:
            facts += [(subject, "hardship", date(2024, 10, 1), "dibao,tekun"), (subject, "hardship", date(2024, 10, 1 + subject % 30), "")]
        if subject % 7 == 0:
            facts.append((subject, "alive", date(2024, 10, 1 + subject % 28), "no"))
        if subject % 4 == 0:
            facts += [(subject, "care_level", max(born, date(2024, 9, 30)), "2"), (subject, "insured_as", date(2024, 1, 1), "employee")]
    facts = list({(subject, fact, since): (subject, fact, since, value) for subject, fact, since, value in facts}.values())
    await connection.executemany("INSERT INTO people_fact VALUES ($1, $2, $3, $4)", facts)


async def compare_payout(connection: Connection, residents: Residents, programme: Programme, period: Period) -> int:
    sql = payout_sql(programme, period)
    lines = {row["subject"]: row for row in await connection.fetch(sql.lines)}
    shares: dict[int, dict[str, int]] = defaultdict(dict)
    for row in await connection.fetch(sql.shares):
        shares[row["subject"]][row["fund"]] = shares[row["subject"]].get(row["fund"], 0) + row["fen"]
    for subject in residents.born:
        payment = residents.paid(programme, subject, period)
        line = lines.pop(subject, None)
        if payment.reason != PAID:
            assert line is None, (subject, payment)
            continue
        assert line is not None, (subject, payment)
        assert (line["fen"], line["day"]) == (payment.amount_fen, max(payment.day, period.first).toordinal()), (subject, payment)
        assert shares.pop(subject, {}) == dict(payment.payers), subject
    assert not lines and not shares
    return sum(len(each) for each in (await connection.fetch(sql.lines),))


@pytest.mark.long
async def test_everybody_is_paid_and_every_use_judged_as_python_does(store: Store, connection: Connection):
    await write_demo(store)
    await add_edges(connection)
    await connection.execute("ANALYZE")
    residents = await residents_of(connection)
    assert len(residents.born) > 500
    await payouts_alike(connection, residents)
    await changes_alike(connection, residents)
    await uses_alike(connection)


async def payouts_alike(connection: Connection, residents: Residents) -> None:
    cases = [(programme, name) for programme in PROGRAMMES if programme.payout and not programme.payout.to_operator
             for name in ("2024-02", "2024-10", "2023-12")]  # fmt: skip
    for as_of in AS_OF:
        for cycle, name in (("month", "2024-10"), ("quarter", "2024-Q4"), ("month", "2024-11")):
            programme = programme_of(PAYOUT.format(cycle=cycle, as_of=as_of))
            assert programme is not None
            cases.append((programme, name))
    paid = 0
    for programme, name in cases:
        period = period_of(name)
        assert period is not None
        paid += await compare_payout(connection, residents, programme, period)
    assert paid > 1_000


async def changes_alike(connection: Connection, residents: Residents) -> None:
    """Two versions beside each other say of everybody what each says alone, in one pass or in two."""
    texts = {as_of: PAYOUT.format(cycle="month", as_of=as_of) for as_of in AS_OF}
    draft = texts["last day"].replace("60: 33.34, 70", "55: 20.00, 70").replace("age >= 60 or", "age >= 55 or")
    older = texts["last day"].replace("until: 2024-10-20", "until: 2024-10-31").replace("60: 33.33, 80", "60: 30.00, 80")
    pairs = [(older, draft.replace("until: 2024-10-20", "until: 2025-12-31")), (texts["first day"], draft), (texts["every day"], older)]
    period, moved = period_of("2024-10"), set[int]()
    assert period is not None
    for pair in pairs:
        old, new = (programme_of(text) for text in pair)
        assert old is not None and new is not None
        got = {row["subject"]: (row["old"], row["new"]) for row in await connection.fetch(change_sql(old, new, period))}
        for subject in residents.born:
            paid = tuple(residents.paid(programme, subject, period).amount_fen for programme in (old, new))
            assert got.get(subject, (0, 0)) == paid, (subject, pair)
        moved |= {(was > now) - (was < now) for was, now in got.values()}
    assert moved == {-1, 0, 1}


async def uses_alike(connection: Connection) -> None:
    rows = await connection.fetch("SELECT row_number() OVER (ORDER BY terminal, seq) AS key, facts FROM ledger_use_v1")
    told: dict[int, Any] = {row["key"]: facts_from(json.loads(row["facts"])) for row in rows}
    assert len(told) > 100
    source = "(SELECT row_number() OVER (ORDER BY terminal, seq) AS key, facts FROM ledger_use_v1)"
    verdicts = set()
    for programme in PROGRAMMES:
        if programme.kind == "payout":
            continue
        sql = judged_sql(programme.rule, recorded(source, programme.facts), Reading(), "key")
        for row in await connection.fetch(sql):
            verdict = programme.judge(told[row["key"]])
            assert (row["reason"] or (row["price"], *row["caps"])) == verdict, (programme.name, told[row["key"]])
            verdicts.add((programme.name, isinstance(verdict, str)))
    assert len(verdicts) > 20


@pytest.mark.parametrize("as_of", AS_OF)
async def test_a_payout_that_is_not_in_force_pays_nobody(connection: Connection, as_of: str):
    programme = programme_of(PAYOUT.format(cycle="month", as_of=as_of))
    period = period_of("2025-06")
    assert programme is not None and period is not None
    await add_edges(connection)
    sql = payout_sql(programme, period)
    assert await connection.fetch(sql.lines) == [] == await connection.fetch(sql.shares)
