"""How long do buses that were cut off for a day take to hand in their uses, beside one commit a use and COPY; and who taps meanwhile?"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter
from typing import Final

import msgspec

from bench.batch.day_offline import Handed, LostCards, hand_in, verdicts
from bench.driver import FLEET_TOKEN, TAPS_A_SECOND, Driver, driven, p99, tap_bodies, use_body
from bench.fleet import Task
from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from bench.tap.peer import Credential, Use, record
from bench.tap.peers import Copy, prepare_plain_server
from bench.town import FARE_FEN, Ride, Town, open_town
from onecard.db.pool import Connection
from onecard.web.wire import BATCH_USES_MAX

__all__ = ["ROWS", "run"]

ROWS: Final = ("upload", "upload.tap.p99", "upload.beside-taps")

_ONE_BY_ONE_DOES_ONE_IN: Final = 50  # It is so much slower: a run of each takes some seconds.
_WRITTEN: Final = ("ledger_leaf", "ledger_use", "ledger_accumulator", "ledger_place", "ledger_posting", "ledger_offline_answer")
_LOST_CARDS: Final = 1_000

_PEERS: Final = ("one-commit-per-use", "plain-server", "copy")
_WANTED: Final = (
    *(Compared(row="upload", unit="uses/s", ours="upload", peer=peer) for peer in _PEERS),
    Compared(row="upload.tap.p99", unit="ms", ours="both", peer="quiet", measure="tap_ms", better="lower"),
    Compared(row="upload.beside-taps", unit="uses/s", ours="both", peer="one-commit-per-use"),
)


async def run(order: Order) -> list[Row]:
    """Build a town, then measure every contender on its PostgreSQL, in turns."""
    async with open_town(order, (order.rounds + 2) * 3 * order.size.uploaded) as town, _contenders(order, town) as contenders:
        return compare(await interleave(contenders, order.rounds, order.told), _WANTED)


@asynccontextmanager
async def _contenders(order: Order, town: Town) -> AsyncIterator[dict[str, Contender]]:
    many, lost = order.size.uploaded, LostCards(_LOST_CARDS)
    few = max(10, many // _ONE_BY_ONE_DOES_ONE_IN)
    await lost.register(town)
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(town.app.database.acquire("migrate"))
        await prepare_plain_server(connection, town)
        await _upload(town, hand_in(town, many, lost))
        copy = Copy(connection, _WRITTEN)
        await copy.prepare()
        fleet = await stack.enter_async_context(driven(order, town))
        yield {
            "upload": lambda: _upload(town, hand_in(town, many, lost)),
            "one-commit-per-use": lambda: _one_by_one(town, hand_in(town, few, lost)),
            "plain-server": lambda: _by_plain_server(town, connection, few),
            "copy": copy.rate,
            "quiet": lambda: _taps(town, order, fleet, []),
            "both": lambda: _taps(town, order, fleet, _batches(hand_in(town, many, lost))),
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


async def _taps(town: Town, order: Order, fleet: Driver, uploads: list[str]) -> Mapping[str, float]:
    """Tap through the server at a pace, whatever the answers take, and send *uploads* one after the other meanwhile."""
    taps = tap_bodies(town, order)
    task = Task(do="tap", port=fleet.port, token=FLEET_TOKEN, taps=taps, taps_a_second=TAPS_A_SECOND, uploads=uploads)
    report = await fleet.do(task)
    rate = report.uploaded * BATCH_USES_MAX / report.upload_seconds if uploads else 0.0
    return {"tap_ms": p99(report.tap_ms), "rate": rate}


def _batches(handed: Handed) -> list[str]:
    """Return *handed* as bodies of `POST /v1/uses/batch`, the first one last."""
    bodies = [use_body(tap) for tap in handed.taps]
    batches = [bodies[first : first + BATCH_USES_MAX] for first in range(0, len(bodies), BATCH_USES_MAX)]
    return [msgspec.json.encode({"uses": batch}).decode() for batch in reversed(batches)]


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
