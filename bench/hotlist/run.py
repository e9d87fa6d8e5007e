"""How big is the hotlist of a city, how fast is a change applied, how soon do 5,000 terminals hear of it, and does a tap wait?"""

import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec

from bench.child import listening
from bench.hotlist.barred import BarredCards
from bench.hotlist.fleet import Report, Task
from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from bench.town import FARE_FEN, Ride, Town, open_town
from onecard.terminals.model import Site, Terminal
from onecard.terminals.service import allow_tokens, register_sites

__all__ = ["ROWS", "run"]

ROWS: Final = ("hotlist.full", "hotlist.delta", "hotlist.event.p99", "hotlist.tap.p99")

TAPS_A_SECOND: Final = 500
SECONDS: Final = 4  # Of taps around each change.
_TOKEN: Final = "fleet"
_ROOT: Final = Path(__file__).resolve().parents[2]
_REPORT_BYTES_MAX: Final = 2**26
_LIMITS: Final = {"bytes": 700_000.0, "apply_ms": 50.0, "event_ms": 1000.0}

_WANTED: Final = (
    Compared(row="hotlist.full", unit="bytes", ours="onecard", peer="plain-entries", measure="bytes", better="lower"),
    Compared(row="hotlist.full", unit="bytes", ours="onecard", peer="limit", measure="bytes", better="lower"),
    Compared(row="hotlist.delta", unit="ms", ours="onecard", peer="plain-entries", measure="apply_ms", better="lower"),
    Compared(row="hotlist.delta", unit="ms", ours="onecard", peer="limit", measure="apply_ms", better="lower"),
    Compared(row="hotlist.event.p99", unit="ms", ours="onecard", peer="limit", measure="event_ms", better="lower"),
    Compared(row="hotlist.tap.p99", unit="ms", ours="onecard", peer="quiet", measure="tap_ms", better="lower"),
)



async def run(order: Order) -> list[Row]:
    """Build a town with its terminals and a full hotlist, then change it once a round under load."""
    async with open_town(order, (order.rounds + 2) * 2 * _taps_a_run(order)) as town, _contenders(order, town) as contenders:
        return compare(await interleave(contenders, order.rounds, order.told), _WANTED)


@asynccontextmanager
async def _contenders(order: Order, town: Town) -> AsyncIterator[dict[str, Contender]]:
    terminals = await _register(town, order.size.elders // 4)
    barred = BarredCards(town, order.size.elders * 33 // 4)  # 165,000 cards beside 20,000 elders.
    await barred.fill()
    home = {"ONECARD_HOME": str(order.home)} | ({"ONECARD_POSTGRES_BIN": str(order.binaries)} if order.binaries else {})
    async with listening("onecard.cli.main", "serve", "--port=0", environment=home) as port, _fleet() as fleet:
        clock = town.app.now().isoformat()
        signed = await _do(fleet, Task(do="sign_in", port=port, token=_TOKEN, terminals=terminals, clock=clock))
        assert signed.failed == 0, f"{signed.failed} of {len(terminals)} could not sign in"
        await _do(fleet, Task(do="listen"))
        measured: dict[str, float] = {}  # What the last change told of the peer.
        yield {
            "onecard": lambda: _changed(barred, fleet, _taps(town, order), measured),
            "plain-entries": lambda: _constant({"bytes": 26.0 + 4 * len(barred.held.entries), "apply_ms": measured.get("set_ms", 1.0)}),
            "quiet": lambda: _quiet(fleet, _taps(town, order)),
            "limit": lambda: _constant(_LIMITS),
        }


async def _changed(barred: BarredCards, fleet: Process, taps: list[str], measured: dict[str, float]) -> Mapping[str, float]:
    have = barred.version
    task = Task(do="change", version=have + 1, have=have, clock=barred.now().isoformat(), taps=taps, taps_a_second=TAPS_A_SECOND)
    await _ask(fleet, task)
    committed_at = await barred.change()
    report = await _told(fleet)
    assert report.failed == 0, f"{report.failed} requests failed"
    heard_ms = sorted(1000 * (at - committed_at) for at in report.heard_at)
    apply_ms, measured["set_ms"] = await barred.apply()
    return {"bytes": float(len(barred.full)), "apply_ms": apply_ms, "event_ms": _p99(heard_ms), "tap_ms": _p99(sorted(report.tap_ms))}


async def _quiet(fleet: Process, taps: list[str]) -> Mapping[str, float]:
    report = await _do(fleet, Task(do="tap", taps=taps, taps_a_second=TAPS_A_SECOND))
    assert report.failed == 0, f"{report.failed} taps failed"
    return {"tap_ms": _p99(sorted(report.tap_ms))}


async def _constant(measures: Mapping[str, float]) -> Mapping[str, float]:
    return measures


async def _register(town: Town, many: int) -> list[str]:
    """Let the town have so many terminals more; one token speaks for them and for the buses."""
    since = town.app.now().date().replace(year=2020)
    line = Site(
        site="fleet", kind="bus", scene="bus", region="330400", operator="op", name_zh="车队", name_en="Fleet", services=("ride",),
        states=((since, "live"),),
    )  # fmt: skip
    names = [f"F-{number:04d}" for number in range(many)]
    async with town.app.database.acquire("desk") as connection, connection.transaction():
        await register_sites(connection, [], [line], [Terminal(terminal=name, site="fleet", bound_on=since) for name in names])
        await allow_tokens(connection, [(_TOKEN, name) for name in (*names, *town.app.masters.directory.terminals)])
    return names


def _taps_a_run(order: Order) -> int:
    return min(TAPS_A_SECOND * SECONDS, order.size.uses)


def _taps(town: Town, order: Order) -> list[str]:
    return [_body(ride) for ride in town.rides(_taps_a_run(order))]


def _body(ride: Ride) -> str:
    tap = ride.tap()
    body = {
        "terminal": tap.terminal, "seq": tap.seq, "credential": {"kind": "card", "value": tap.value}, "service": tap.service,
        "list_price": FARE_FEN, "occurred_at": tap.occurred_at.isoformat(),
    }  # fmt: skip
    return msgspec.json.encode(body).decode()


def _p99(rising: Sequence[float]) -> float:
    return rising[len(rising) * 99 // 100]


@asynccontextmanager
async def _fleet() -> AsyncIterator[Process]:
    """Lend the fleet's process."""
    fleet = await create_subprocess_exec(
        sys.executable, "-m", "bench.hotlist.fleet", stdin=PIPE, stdout=PIPE, cwd=_ROOT, limit=_REPORT_BYTES_MAX
    )
    try:
        yield fleet
    finally:
        assert fleet.stdin is not None
        fleet.stdin.close()
        await fleet.wait()


async def _do(fleet: Process, task: Task) -> Report:
    await _ask(fleet, task)
    return await _told(fleet)


async def _ask(fleet: Process, task: Task) -> None:
    assert fleet.stdin is not None
    fleet.stdin.write(msgspec.json.encode(task) + b"\n")
    await fleet.stdin.drain()


async def _told(fleet: Process) -> Report:
    assert fleet.stdout is not None
    line = await fleet.stdout.readline()
    assert line, "the fleet ended"
    return msgspec.json.decode(line, type=Report)
