"""PostgreSQL answers as Python does: the shared vectors, generated subjects of every programme, random documents, edges of birth."""

import json
import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onecard.db.pool import Connection
from onecard.policy.check import check
from onecard.policy.facts import blanks
from onecard.policy.lists import read_lists
from onecard.policy.model import Facts, Programme, Source
from onecard.policy.sql_terms import Reading
from onecard.policy.to_sql import judged_sql
from onecard.policy.vectors import programme_vectors
from onecard.values.days import age_on, birthday_cut_off
from tests.database.policy.asked import differences, judged, shared, vector_cases
from tests.torture.proof import table_of, write_proof
from tests.unit.policy.generated import Said, conditions, document, facts_of, moneys

CITY = Path(__file__).parents[3] / "cities" / "jiaxing"
LISTS = read_lists((CITY / "lists.yaml").read_text("utf-8"))
SOURCES = [Source(file=path.name, content=path.read_bytes()) for path in sorted((CITY / "policies").glob("*.yaml"))]
PROGRAMMES = check(SOURCES, LISTS).programmes
SUBJECTS = 300
TORTURE = int(os.environ.get("ONECARD_SUBJECTS", "1000"))

every_programme = pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.name)
FUNDING = "  transit of region: 33.33%\n  operator: 0.50\n  donors: 33.33%\n  city-budget: rest"
RANDOM: list[Programme] = []
SHARES = [
    "  operator: 50%\n  donors: rest",
    "  operator: 0.01%\n  donors: 33.33%\n  transit: 33.33%\n  finance: rest",
    "  operator: 0.50\n  donors: 1.00\n  transit: rest",
    "  operator: 3.00\n  donors: 25%\n  transit of region: 25%\n  transit: 50%",
    "  operator: agreed_share\n  donors: 0.10\n  operator of region: rest",
]
_PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def programme_of(text: str) -> Programme | None:
    found = check([Source(file="try.yaml", content=text.encode())], LISTS).programmes
    return found[0] if found else None


@every_programme
async def test_the_shared_vectors_hold_in_postgresql(connection: Connection, programme: Programme):
    held = json.loads((CITY / "vectors" / "programmes" / f"{programme.name}.json").read_text("utf-8"))
    assert await differences(connection, programme, held["cases"]) == []


@every_programme
async def test_generated_subjects_are_judged_and_shared_alike(connection: Connection, programme: Programme):
    cases = programme_vectors(programme, LISTS, Random(f"{programme.name} in SQL").randrange, SUBJECTS)
    assert await differences(connection, programme, cases) == []


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_both_targets_agree_on_many_subjects_of_each_programme(connection: Connection, capsys):
    counted, different = Counter[str](), []
    for programme in PROGRAMMES:
        cases = list(programme_vectors(programme, LISTS, Random(f"{programme.name} in SQL at length").randrange, TORTURE))
        different += [(programme.name, found) for found in await differences(connection, programme, cases)]
        counted += Counter(subjects=len(cases), granted=sum(isinstance(case["verdict"], list) for case in cases))
        counted += Counter(shares=sum(len(case["shares"]) for case in cases))
    table = table_of(f"Python and PostgreSQL, {TORTURE} subjects of each programme, {datetime.now(UTC):%Y-%m-%d}", [
        ("programmes", len(PROGRAMMES)), ("subjects judged", counted["subjects"]), ("of them granted", counted["granted"]),
        ("amounts shared out between funds", counted["shares"]), ("answered differently", len(different)),
    ])  # fmt: skip
    with capsys.disabled():
        print("\n" + table)
    assert different == []
    if "ONECARD_TORTURE_PROOF" in os.environ:
        write_proof(Path(os.environ["ONECARD_TORTURE_PROOF"]), table, "sql subjects")


@_PATIENT
@given(condition=conditions, price=moneys, facts=st.lists(facts_of(), min_size=3, max_size=8))
async def test_random_documents_mean_the_same_in_both(connection: Connection, condition: Said, price: Said, facts: list[Facts]):
    lets = {"part": price.text, "whole": "max(part, part)"}
    programme = programme_of(document([condition], lets, ["min(list_price, whole)"], FUNDING))
    if programme is not None:  # A random sentence may rightly be refused: a row that no case reaches, a number too large.
        RANDOM.append(programme)
        assert await differences(connection, programme, vector_cases(programme, facts)) == []


def test_most_random_documents_were_asked():
    assert len(RANDOM) > 20


BY_AGE = """\
programme: by-age
kind: payout
title: {zh: 试, en: Try}
basis: none
effective: {from: 1900-01-01}
cycle: month
as_of: last day
figures:
  rate:
    unit: yuan
    by: age
    from 1900-01-01: {0: 0.00, 1: 1.00, 60: 60.00, 100: 100.00}
    from 2024-02-01: {0: 0.01, 64: 64.00}
who:
  - age != 61 else NOT_ELIGIBLE
  - age < 110 and not age == 62 else NOT_ELIGIBLE_AGE
  - 3000 >= age else BENEFIT_INACTIVE
amount:
  - rate + 0.01 if age > 80
  - rate + 0.02 if age <= 17
  - rate + 1.00 * age
funding:
  operator: 100%
tests:
  - {age: 1, expect: {amount: 1.00}}
  - {age: 61, expect: {amount: 0.00}}
"""
DAYS = [date(2023, 2, 28), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28), date(2025, 3, 1), date(2000, 12, 31)]


@pytest.mark.parametrize("day", DAYS, ids=str)
async def test_birth_dates_are_compared_as_ages_are(connection: Connection, day: date):
    programme = programme_of(BY_AGE)
    assert programme is not None
    years = (0, 1, 17, 18, 60, 61, 62, 63, 64, 81, 100, 110)
    births = [date(day.year - back, 2, 28) + timedelta(days=beside) for back in years for beside in range(4)]
    births += [birthday_cut_off(day, back) + timedelta(days=beside) for back in years for beside in (-1, 0, 1)]
    cases = [{"age": age_on(born, day), "day": day.toordinal()} for born in births]
    reading = Reading(day=day.toordinal(), ages_on=day)
    got = await judged(connection, programme, cases, reading, [born.isoformat() for born in births])
    assert got == [verdict if isinstance(verdict, str) else list(verdict) for verdict in map(programme.judge, cases)]


@pytest.mark.parametrize("shares", SHARES)
async def test_odd_fen_go_where_python_puts_them(connection: Connection, shares: str):
    programme = programme_of(document([], {}, ["list_price"], shares))
    assert programme is not None
    facts = {**blanks("use"), "region": "330481", "agreed_share": 3333}
    asked: list[tuple[Facts, int]] = [(facts, fen) for fen in (*range(400), 9_999, 10_001, 2**37)]
    assert await shared(connection, programme, asked) == [dict(programme.share(facts, fen)) for _, fen in asked]


async def test_nothing_in_a_document_breaks_out_of_a_literal(connection: Connection):
    """Names are checked long before; should one slip through, it is still only a text."""
    rule = {**PROGRAMMES[0].rule, "who": [[["in_names", ["fact", "service"], ["'; SELECT 1/0; --", "\\'||(1/0)||'"]], "O'REASON"]]}
    text = judged_sql(rule, "(SELECT 1 AS key, 'x' AS service, 5::bigint AS list_price, 65::bigint AS age)", Reading(), "key")
    assert (await connection.fetchrow(text.partition(", ARRAY[")[0].partition(" AS price")[0] + " FROM (SELECT 1 AS key, 'x' AS service, "
            "5::bigint AS list_price, 65::bigint AS age, '' AS home_region) AS f"))["reason"] == "O'REASON"  # fmt: skip


async def test_a_difference_would_be_seen(connection: Connection):
    programme = next(each for each in PROGRAMMES if each.name == "meal-subsidy")
    cases = list(programme_vectors(programme, LISTS, Random(3).randrange, 200))
    changed = replace(programme, rule={**programme.rule, "who": []})
    assert await differences(connection, changed, cases) != []
