"""How long do buses that were cut off for a day take to hand in their uses, beside one commit a use and COPY?"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

from bench.batch.day_offline import Handed, LostCards, hand_in, verdicts
from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from bench.tap.peer import Credential, Use, record
from bench.tap.peers import Copy, prepare_plain_server
from bench.town import FARE_FEN, Ride, Town, open_town
from onecard.db.pool import Connection
from onecard.web.wire import BATCH_USES_MAX

__all__ = ["ROWS", "run"]

ROWS: Final = ("upload",)

_ONE_BY_ONE_DOES_ONE_IN: Final = 50  # It is so much slower: a run of each takes some seconds.
_WRITTEN: Final = ("ledger_leaf", "ledger_use", "ledger_accumulator", "ledger_place", "ledger_posting", "ledger_offline_answer")
_LOST_CARDS: Final = 1_000

_PEERS: Final = ("one-commit-per-use", "plain-server", "copy")
_WANTED: Final = tuple(Compared(row="upload", unit="uses/s", ours="upload", peer=peer) for peer in _PEERS)


async def run(order: Order) -> list[Row]:
    """Build a town, then measure every contender on its PostgreSQL, in turns."""
    async with open_town(order, (order.rounds + 2) * 2 * order.size.uploaded) as town, _contenders(order, town) as contenders:
        return compare(await interleave(contenders, order.rounds, order.told), _WANTED)


@asynccontextmanager
async def _contenders(order: Order, town: Town) -> AsyncIterator[dict[str, Contender]]:
    many, lost = order.size.uploaded, LostCards(_LOST_CARDS)
    few = max(10, many // _ONE_BY_ONE_DOES_ONE_IN)
    await lost.register(town)
    async with town.app.database.acquire("migrate") as connection:
        await prepare_plain_server(connection, town)
        await _upload(town, hand_in(town, many, lost))
        copy = Copy(connection, _WRITTEN)
        await copy.prepare()
        yield {
            "upload": lambda: _upload(town, hand_in(town, many, lost)),
            "one-commit-per-use": lambda: _one_by_one(town, hand_in(town, few, lost)),
            "plain-server": lambda: _by_plain_server(town, connection, few),
            "copy": copy.rate,
        }


async def _upload(town: Town, handed: Handed) -> Mapping[str, float]:
    """Hand all in by batches; return uses a second, each decided as it must be and on disk."""
    many, outcomes = len(handed.taps), []
    start = perf_counter()
    for first in range(0, many, BATCH_USES_MAX):
        outcomes += await town.app.uses.record(handed.taps[first : first + BATCH_USES_MAX], town.app.now())
    took = perf_counter() - start
    assert verdicts(outcomes) == handed.expected, (verdicts(outcomes), handed.expected)
    return {"rate": many / took}


async def _one_by_one(town: Town, handed: Handed) -> Mapping[str, float]:
    """Hand all in as single taps, one after the other: the same decisions and the same rows, a transaction for each use."""
    start = perf_counter()
    outcomes = [await town.app.uses.tap(tap) for tap in handed.taps]
    took = perf_counter() - start
    assert verdicts(outcomes) == handed.expected, (verdicts(outcomes), handed.expected)
    return {"rate": len(handed.taps) / took}


async def _by_plain_server(town: Town, connection: Connection, many: int) -> Mapping[str, float]:
    """Let the plain server do it, use by use, each in a transaction of its own."""
    uses = [_use(ride) for ride in town.rides(many)]
    start = perf_counter()
    for use in uses:
        await record(connection, use)
    return {"rate": many / (perf_counter() - start)}


def _use(ride: Ride) -> Use:
    tap = ride.tap()
    credential = Credential(kind="card", value=tap.value)
    return Use(
        terminal=tap.terminal, seq=tap.seq, credential=credential, service="ride", list_price=FARE_FEN, occurred_at=tap.occurred_at
    )  # fmt: skip
