"""How long does a terminal that was cut off take to hand in its uses, beside one commit a use and COPY?"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from bench.tap.peer import Credential, Use, record
from bench.tap.peers import Copy, prepare_plain_server
from bench.town import FARE_FEN, Ride, Town, open_town
from onecard.db.pool import Connection
from onecard.uses.model import Answer

__all__ = ["ROWS", "run", "upload"]

ROWS: Final = ("upload",)

_PEER_DOES_ONE_IN: Final = 4  # It is so much slower: a run of each takes about as long.

_WANTED: Final = (
    Compared(row="upload", unit="uses/s", ours="upload", peer="one-commit-per-use"),
    Compared(row="upload", unit="uses/s", ours="upload", peer="copy"),
)


async def run(order: Order) -> list[Row]:
    """Build a town, then measure every contender on its PostgreSQL, in turns."""
    async with open_town(order, (order.rounds + 2) * 2 * order.size.uses) as town, _contenders(order, town) as contenders:
        return compare(await interleave(contenders, order.rounds, order.told), _WANTED)


async def upload(town: Town, many: int) -> Mapping[str, float]:
    """Hand in *many* uses that terminals decided alone; return uses a second, each agreed to and on disk."""
    taps = [ride.tap(offline=True) for ride in town.rides(many)]
    start = perf_counter()
    outcomes = await town.app.uses.record(taps, town.app.now())
    took = perf_counter() - start
    assert all(isinstance(outcome, Answer) and outcome.upload == "agreed" for outcome in outcomes)
    return {"rate": many / took}


@asynccontextmanager
async def _contenders(order: Order, town: Town) -> AsyncIterator[dict[str, Contender]]:
    many = order.size.uses
    async with town.app.database.acquire("migrate") as connection:
        await prepare_plain_server(connection, town)
        await upload(town, many)
        copy = Copy(connection)
        await copy.prepare(many)
        yield {
            "upload": lambda: upload(town, many),
            "one-commit-per-use": lambda: _one_by_one(town, connection, max(1, many // _PEER_DOES_ONE_IN)),
            "copy": copy.rate,
        }


async def _one_by_one(town: Town, connection: Connection, many: int) -> Mapping[str, float]:
    """Do the same as a plain server does it: use by use, each in a transaction of its own."""
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
