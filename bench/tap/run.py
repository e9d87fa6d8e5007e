"""What does a durable tap cost: in process, through HTTP, alone; beside pgbench, COPY, a plain server and a bare commit?"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from statistics import median
from time import perf_counter
from typing import Final

import msgspec

from bench.child import listening, output_of
from bench.load import Job, Seen, request_bytes
from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from bench.tap.peers import Copy, Pgbench, commit_one_row, prepare_bare, prepare_plain_server
from bench.town import FARE_FEN, Ride, Town, open_town
from onecard.db.pool import Connection
from onecard.uses.model import Answer

__all__ = ["ROWS", "run", "tap_all"]

ROWS: Final = ("tap.process", "tap.http", "tap.http.p99", "tap.lone")

_WANTED: Final = (
    Compared(row="tap.process", unit="uses/s", ours="process", peer="pgbench-tpcb"),
    Compared(row="tap.process", unit="uses/s", ours="process", peer="copy"),
    Compared(row="tap.http", unit="uses/s", ours="http", peer="fastapi-asyncpg"),
    Compared(row="tap.http.p99", unit="ms", ours="http", peer="fastapi-asyncpg", measure="p99", better="lower"),
    Compared(row="tap.lone", unit="uses/s", ours="lone", peer="one-row-commit"),
)


async def run(order: Order) -> list[Row]:
    """Build a town, then measure every contender on its PostgreSQL, in turns."""
    size = order.size
    taps_a_round = 3 * size.uses + size.lone  # In process, over HTTP to us and to the peer, and alone.
    async with open_town(order, (order.rounds + 2) * taps_a_round) as town, _contenders(order, town) as contenders:
        return compare(await interleave(contenders, order.rounds, order.told), _WANTED)


async def tap_all(town: Town, rides: Iterable[Ride], waiting: int) -> float:
    """Tap all *rides* through the lanes with so many *waiting* at any time; return the seconds it took."""
    taps = iter([(ride.tap(), ride.elder.paid_fen) for ride in rides])

    async def one_after_the_other() -> None:
        for tap, paid_fen in taps:
            answer = await town.app.uses.tap(tap)
            assert isinstance(answer, Answer) and answer.paid_fen == paid_fen, answer

    start = perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(waiting)))
    return perf_counter() - start


@asynccontextmanager
async def _contenders(order: Order, town: Town) -> AsyncIterator[dict[str, Contender]]:
    """Lend all contenders, ready to run."""
    size = order.size
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(town.app.database.acquire("migrate"))
        pgbench, copy = Pgbench(town.url, order.binaries), Copy(connection)
        await pgbench.prepare(connection, size.pgbench_scale)
        await prepare_bare(connection)
        await prepare_plain_server(connection, town)
        await tap_all(town, town.rides(size.uses), size.waiting)
        await copy.prepare()
        home = {"ONECARD_HOME": str(order.home)} | ({"ONECARD_POSTGRES_BIN": str(order.binaries)} if order.binaries else {})
        ours = await stack.enter_async_context(listening("onecard.cli.main", "serve", "--port=0", environment=home))
        peer = await stack.enter_async_context(listening("bench.tap.peer", town.url, "T-", environment={}))
        numbers = count()
        yield {
            "process": lambda: _in_process(town, size.uses, size.waiting),
            "pgbench-tpcb": lambda: pgbench.rate(size.uses),
            "copy": copy.rate,
            "http": lambda: _over_http(town, size.uses, size.waiting, ours),
            "fastapi-asyncpg": lambda: _over_http(town, size.uses, size.waiting, peer),
            "lone": lambda: _alone(town, size.lone),
            "one-row-commit": lambda: _bare(connection, numbers, size.lone),
        }


async def _in_process(town: Town, many: int, waiting: int) -> Mapping[str, float]:
    return {"rate": many / await tap_all(town, town.rides(many), waiting)}


async def _over_http(town: Town, many: int, connections: int, port: int) -> Mapping[str, float]:
    """Send *many* taps from a process of its own; every answer says what the ride had to cost."""
    rides = town.rides(many)
    job = Job(port=port, connections=connections, requests=[_request(ride) for ride in rides])
    said = await output_of([sys.executable, "-m", "bench.load"], msgspec.msgpack.encode(job), environment={})
    seen = msgspec.json.decode(said, type=Seen)
    assert (seen.answers, seen.complaint) == (many, ""), seen
    assert seen.paid_fen == sum(ride.elder.paid_fen for ride in rides), seen
    return {"rate": many / seen.seconds, "p99": seen.p99_ms, "median": seen.median_ms}


def _request(ride: Ride) -> bytes:
    tap = ride.tap()
    body = {
        "terminal": tap.terminal, "seq": tap.seq, "credential": {"kind": "card", "value": tap.value}, "service": tap.service,
        "list_price": FARE_FEN, "occurred_at": tap.occurred_at.isoformat(),
    }  # fmt: skip
    return request_bytes("/v1/uses", msgspec.json.encode(body), token=tap.terminal)


async def _alone(town: Town, many: int) -> Mapping[str, float]:
    """Return how many taps a second one terminal gets through that waits for each answer: 1 ÷ the median."""
    taken = []
    for ride in town.rides(many):
        start = perf_counter()
        await town.app.uses.tap(ride.tap())
        taken.append(perf_counter() - start)
    return {"rate": 1 / median(taken)}


async def _bare(connection: Connection, numbers: Iterable[int], many: int) -> Mapping[str, float]:
    taken = []
    for _, number in zip(range(many), numbers, strict=False):
        start = perf_counter()
        await commit_one_row(connection, number)
        taken.append(perf_counter() - start)
    return {"rate": 1 / median(taken)}
