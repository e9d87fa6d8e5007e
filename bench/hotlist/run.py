"""How big is the hotlist of a city, how fast is a change applied, how soon do 5,000 terminals hear of it, and does a tap wait?"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from bench.driver import FLEET_TOKEN, TAPS_A_SECOND, Driver, driven, p99, tap_bodies, taps_a_run
from bench.fleet import Task
from bench.hotlist.barred import BarredCards
from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from bench.town import Town, open_town
from onecard.terminals.model import Site, Terminal
from onecard.terminals.service import register_sites

__all__ = ["ROWS", "run"]

ROWS: Final = (
    "hotlist.full", "hotlist.delta", "hotlist.event.p99", "hotlist.tap.p99", "hotlist.tap.longer", "fleet.sign_in", "fleet.heartbeat",
)  # fmt: skip

_LIMITS: Final = {"bytes": 700_000.0, "apply_ms": 50.0, "event_ms": 1000.0, "longer_ms": 50.0}
_LONGER_MS_MIN: Final = 0.1  # It may come out as less than nothing, of which there is no ratio.
_MINUTE: Final = 60.0  # In which each of the fleet sends a heartbeat, and in which all should be back after the power was away.

_WANTED: Final = (
    Compared(row="hotlist.full", unit="bytes", ours="onecard", peer="plain-entries", measure="bytes", better="lower"),
    Compared(row="hotlist.full", unit="bytes", ours="onecard", peer="limit", measure="bytes", better="lower"),
    Compared(row="hotlist.delta", unit="ms", ours="onecard", peer="plain-entries", measure="apply_ms", better="lower"),
    Compared(row="hotlist.delta", unit="ms", ours="onecard", peer="limit", measure="apply_ms", better="lower"),
    Compared(row="hotlist.event.p99", unit="ms", ours="onecard", peer="limit", measure="event_ms", better="lower"),
    Compared(row="hotlist.tap.p99", unit="ms", ours="onecard", peer="quiet", measure="tap_ms", better="lower"),
    Compared(row="hotlist.tap.longer", unit="ms", ours="onecard", peer="limit", measure="longer_ms", better="lower"),
    Compared(row="fleet.sign_in", unit="terminals/s", ours="all-at-once", peer="in-a-minute", measure="signed"),
    Compared(row="fleet.heartbeat", unit="terminals/s", ours="all-at-once", peer="in-a-minute", measure="told"),
)


async def run(order: Order) -> list[Row]:
    """Build a town with its terminals and a full hotlist, then change it once a round under load."""
    async with open_town(order, (order.rounds + 2) * 2 * taps_a_run(order)) as town, _contenders(order, town) as contenders:
        return compare(await interleave(contenders, order.rounds, order.told), _WANTED)


@asynccontextmanager
async def _contenders(order: Order, town: Town) -> AsyncIterator[dict[str, Contender]]:
    terminals = await _register(town, order.size.elders // 4)
    barred = BarredCards(town, order.size.elders * 33 // 4)  # 165,000 cards beside 20,000 elders.
    await barred.fill()
    async with driven(order, town, terminals) as fleet:
        start = Task(do="sign_in", port=fleet.port, token=FLEET_TOKEN, terminals=terminals, clock=town.app.now().isoformat())
        await fleet.do(start)
        await fleet.do(Task(do="listen"))
        measured: dict[str, float] = {}  # What the last run told of the peers.
        needed = len(terminals) / _MINUTE
        yield {
            "quiet": lambda: _quiet(fleet, tap_bodies(town, order), measured),
            "onecard": lambda: _changed(barred, fleet, tap_bodies(town, order), measured),
            "plain-entries": lambda: _constant({"bytes": 26.0 + 4 * len(barred.held.entries), "apply_ms": measured.get("set_ms", 1.0)}),
            "limit": lambda: _constant(_LIMITS),
            "all-at-once": lambda: _all_at_once(barred, fleet, len(terminals)),
            "in-a-minute": lambda: _constant({"signed": needed, "told": needed}),
        }


async def _changed(barred: BarredCards, fleet: Driver, taps: list[str], measured: dict[str, float]) -> Mapping[str, float]:
    have = barred.version
    task = Task(do="change", version=have + 1, have=have, clock=barred.now().isoformat(), taps=taps, taps_a_second=TAPS_A_SECOND)
    await fleet.ask(task)
    committed_at = await barred.change()
    report = await fleet.told()
    assert report.fetched == 0, f"{report.fetched} terminals had to fetch what the event should have brought"
    heard_ms = [1000 * (at - committed_at) for at in report.heard_at]
    apply_ms, measured["set_ms"] = await barred.apply()
    longer_ms = max(_LONGER_MS_MIN, max(report.tap_ms) - measured.get("quiet_ms", 0.0))
    return {
        "bytes": float(len(barred.full)), "apply_ms": apply_ms, "event_ms": p99(heard_ms), "tap_ms": p99(report.tap_ms),
        "longer_ms": longer_ms,
    }  # fmt: skip


async def _quiet(fleet: Driver, taps: list[str], measured: dict[str, float]) -> Mapping[str, float]:
    report = await fleet.do(Task(do="tap", taps=taps, taps_a_second=TAPS_A_SECOND))
    measured["quiet_ms"] = max(report.tap_ms)
    return {"tap_ms": p99(report.tap_ms)}


async def _all_at_once(barred: BarredCards, fleet: Driver, many: int) -> Mapping[str, float]:
    clock = barred.now().isoformat()
    signed = await fleet.do(Task(do="sign_in", clock=clock))
    told = await fleet.do(Task(do="heartbeat", clock=clock, version=barred.version))
    return {"signed": many / signed.seconds, "told": many / told.seconds}


async def _constant(measures: Mapping[str, float]) -> Mapping[str, float]:
    return measures


async def _register(town: Town, many: int) -> list[str]:
    """Let the town have so many terminals more."""
    since = town.app.now().date().replace(year=2020)
    line = Site(
        site="fleet", kind="bus", scene="bus", region="330400", operator="op", name_zh="车队", name_en="Fleet", services=("ride",),
        states=((since, "live"),),
    )  # fmt: skip
    names = [f"F-{number:04d}" for number in range(many)]
    async with town.app.database.acquire("desk") as connection, connection.transaction():
        await register_sites(connection, [], [line], [Terminal(terminal=name, site="fleet", bound_on=since) for name in names])
    return names
