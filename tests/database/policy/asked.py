"""Subjects put to PostgreSQL in batches: what a rule's statement says of each, in the form in which Python says it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from onecard.db.pool import Connection
from onecard.policy.facts import FACTS
from onecard.policy.model import Facts, Programme, Value
from onecard.policy.sql_facts import SQL_TYPES
from onecard.policy.sql_terms import Reading
from onecard.policy.to_sql import judged_sql, shared_sql

__all__ = ["BATCH", "differences", "judged", "shared", "vector_cases"]

BATCH = 2_000  # Subjects in one statement.

Verdict = str | list[int]


def relation(facts: Sequence[str]) -> str:
    """Return the rows of `$1`, a JSON array of objects, as a relation of facts with a `key`; `fen` and `born` too where they come along."""
    columns = ", ".join(f'"{name}" {SQL_TYPES[FACTS[name].type.base]}' for name in facts)
    return f"(SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(key bigint, fen bigint, born date{columns and f', {columns}'}))"


async def judged(connection: Connection, programme: Programme, cases: Sequence[Facts], reading: Reading | None = None,
                 births: Sequence[str] = ()) -> list[Verdict]:  # fmt: skip
    """Return what PostgreSQL judges of each of *cases*."""
    sql = judged_sql(programme.rule, relation(programme.facts), reading or Reading(), "key")
    rows = [{**_written(facts, programme.facts), "key": place} for place, facts in enumerate(cases)]
    for row, born in zip(rows, births, strict=False):
        row["born"] = born
    found = await connection.fetch(f"{sql} ORDER BY f.key", json.dumps(rows))
    assert len(found) == len(cases)
    return [row["reason"] or [row["price"], *row["caps"]] for row in found]


async def shared(connection: Connection, programme: Programme, asked: Sequence[tuple[Facts, int]]) -> list[dict[str, int]]:
    """Return who bears so many fen of each of *asked*: fund → fen."""
    sql = shared_sql(programme.rule, relation(programme.facts), Reading(), "key")
    rows = [{**_written(facts, programme.facts), "key": place, "fen": fen} for place, (facts, fen) in enumerate(asked)]
    told: list[dict[str, int]] = [{} for _ in asked]
    for row in await connection.fetch(sql, json.dumps(rows)):
        told[row["key"]][row["fund"]] = told[row["key"]].get(row["fund"], 0) + row["fen"]
    return told


async def differences(connection: Connection, programme: Programme, cases: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Put shared vectors of *programme* to PostgreSQL; return those it answers otherwise."""
    cases, different = list(cases), []
    for begin in range(0, len(cases), BATCH):
        batch = cases[begin : begin + BATCH]
        got = await judged(connection, programme, [case["facts"] for case in batch])
        different += [(case, verdict) for case, verdict in zip(batch, got, strict=True) if verdict != case["verdict"]]
        asked = [(case["facts"], fen, dict(parts)) for case in batch for fen, parts in case["shares"]]
        parts = await shared(connection, programme, [(facts, fen) for facts, fen, _ in asked])
        different += [(facts, fen, told) for (facts, fen, wanted), told in zip(asked, parts, strict=True) if told != wanted]
    return different


def vector_cases(programme: Programme, cases: Iterable[Facts]) -> list[dict[str, Any]]:
    """Return *cases* with what Python says of them, in the form of shared vectors."""
    made = []
    for facts in cases:
        verdict = programme.judge(facts)
        fens = [0, 1, 100, 333, verdict[0]] if isinstance(verdict, tuple) else []
        shares = [[fen, [list(part) for part in programme.share(facts, fen)]] for fen in fens]
        made.append({"facts": facts, "verdict": verdict if isinstance(verdict, str) else list(verdict), "shares": shares})
    return made


def _written(facts: Facts, names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(facts[name]) for name in names}


def _plain(value: Value) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value
