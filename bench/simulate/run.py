"""How fast is a rule change over a population as generated SQL, beside SQL by hand, OpenFisca-core and a loop over rows?"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from bench.simulate.by_openfisca import by_openfisca
from bench.simulate.grouped import Grouped
from bench.simulate.rule import DAY, PERIOD, versions
from bench.simulate.uses import ROW, rides, uses_again
from onecard.app.opening import Store, open_store
from onecard.db.pool import Connection
from onecard.policy.facts import blanks
from onecard.policy.model import Programme
from onecard.policy.sql_change import change_sql
from onecard.settings.home import Home
from onecard.settings.settings import Settings
from onecard.values.days import age_on

__all__ = ["ROWS", "run"]

ROWS: Final = ("simulate", ROW)

_HERE: Final = Path(__file__).parent
_FACTS: Final = (_HERE / "facts.sql").read_text("utf-8")
_HANDWRITTEN: Final = (_HERE / "handwritten.sql").read_text("utf-8")
_COLUMNS: Final = ("gain", "lose", "same", "old", "new")
_GROUPED: Final = """\
SELECT registered_region AS region, count(*) FILTER (WHERE new > old) AS gain, count(*) FILTER (WHERE new < old) AS lose,
       count(*) FILTER (WHERE new = old) AS same, sum(old)::bigint AS old, sum(new)::bigint AS new
FROM ({changes}) AS c GROUP BY registered_region
"""
_WANTED: Final = tuple(
    Compared(row="simulate", unit="residents/s", ours="generated-sql", peer=peer) for peer in ("handwritten-sql", "openfisca", "python-row")
)


async def run(order: Order) -> list[Row]:
    """Fill a store with residents, hold all contenders to one answer, then let them reckon in turns."""
    old, new = versions()
    async with _residents(order) as (store, connection):
        ways: Mapping[str, Callable[[], Awaitable[Grouped]]] = {
            "generated-sql": lambda: _in_sql(connection, _GROUPED.format(changes=change_sql(old, new, PERIOD))),
            "handwritten-sql": lambda: _in_sql(connection, _HANDWRITTEN, DAY),
            "openfisca": lambda: _in_openfisca(connection),
            "python-row": lambda: _row_by_row(connection, old, new),
        }
        answers = {name: await way() for name, way in ways.items()}
        first = answers["generated-sql"]
        assert first and all(answer == first for answer in answers.values()), answers
        contenders = {name: _timed(way, order.size.residents) for name, way in ways.items()}
        rows = compare(await interleave(contenders, order.rounds, order.told), _WANTED)
        await rides(store, order.size.rides)
        return [*rows, *await uses_again(store, order)]


@asynccontextmanager
async def _residents(order: Order) -> AsyncIterator[tuple[Store, Connection]]:
    settings = Settings(home=Home(folder=order.home), postgres_binaries=order.binaries)
    statements = (_HERE / "residents.sql").read_text("utf-8").split("\n\n")[1:]
    async with open_store(settings) as store, store.database.acquire("migrate") as connection:
        for statement in statements:
            await connection.execute(statement, order.size.residents, timeout=600)
        await connection.execute("VACUUM ANALYZE people_subject, people_fact", timeout=600)
        yield store, connection


def _timed(way: Callable[[], Awaitable[Grouped]], many: int) -> Contender:
    async def contender() -> Mapping[str, float]:
        start = perf_counter()
        await way()
        return {"rate": many / (perf_counter() - start)}

    return contender


async def _in_sql(connection: Connection, statement: str, *arguments: Any) -> Grouped:
    rows = await connection.fetch(statement, *arguments, timeout=600)
    return {row["region"]: tuple(row[name] for name in _COLUMNS) for row in rows}


async def _in_openfisca(connection: Connection) -> Grouped:
    return by_openfisca([tuple(row) for row in await connection.fetch(_FACTS, DAY, timeout=600)])


async def _row_by_row(connection: Connection, old: Programme, new: Programme) -> Grouped:
    """Ask the generated Python of both versions about everybody, one by one, as a tap does."""
    facts, day = blanks("payout"), DAY.toordinal()
    sums: dict[str, list[int]] = {}
    for born, region, alive in await connection.fetch(_FACTS, DAY, timeout=600):
        asked = {**facts, "age": age_on(born, DAY), "registered_region": region, "alive": alive, "day": day}
        was, now = (_amount(programme, asked) for programme in (old, new))
        if was or now:
            county = sums.setdefault(region, [0, 0, 0, 0, 0])
            county[0 if now > was else 1 if now < was else 2] += 1
            county[3] += was
            county[4] += now
    return {region: (a, b, c, d, e) for region, (a, b, c, d, e) in sums.items()}


def _amount(programme: Programme, facts: Mapping[str, Any]) -> int:
    verdict = programme.judge(facts)
    return 0 if isinstance(verdict, str) else verdict[0]
