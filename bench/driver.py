"""What a question drives beside the town: `onecard serve`, a fleet of terminals in its own process, and taps that buses send at a pace."""

import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from bench.child import listening
from bench.fleet import Report, Task
from bench.order import Order
from bench.town import Town
from onecard.terminals.service import allow_tokens
from onecard.uses.model import Tap

__all__ = ["FLEET_TOKEN", "SECONDS", "TAPS_A_SECOND", "Driver", "driven", "p99", "tap_bodies", "taps_a_run", "use_body"]

FLEET_TOKEN: Final = "fleet"
"""One token speaks for all terminals of a town."""

TAPS_A_SECOND: Final = 500
SECONDS: Final = 4  # Of taps in one run.
_ROOT: Final = Path(__file__).resolve().parents[1]
_REPORT_BYTES_MAX: Final = 2**26


class Driver:
    """The fleet's process, and the port of the server that it drives."""

    def __init__(self, process: Process, port: int) -> None:
        self._process = process
        self.port = port

    async def do(self, task: Task) -> Report:
        """Let the fleet do *task*; no request of it may fail."""
        await self.ask(task)
        return await self.told()

    async def ask(self, task: Task) -> None:
        """Let the fleet begin."""
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(task) + b"\n")
        await self._process.stdin.drain()

    async def told(self) -> Report:
        """Return what came of it; no request may have failed."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the fleet ended"
        report = msgspec.json.decode(line, type=Report)
        assert report.failed == 0, f"{report.failed} requests failed"
        return report


@asynccontextmanager
async def driven(order: Order, town: Town, terminals: Iterable[str] = ()) -> AsyncIterator[Driver]:
    """Serve the town and lend a fleet of *terminals* beside its buses; the first task that it is given tells it of them."""
    async with town.app.database.acquire("desk") as connection, connection.transaction():
        await allow_tokens(connection, [(FLEET_TOKEN, name) for name in (*terminals, *town.app.masters.directory.terminals)])
    home = {"ONECARD_HOME": str(order.home)} | ({"ONECARD_POSTGRES_BIN": str(order.binaries)} if order.binaries else {})
    async with listening("onecard.cli.main", "serve", "--port=0", environment=home) as port:
        process = await create_subprocess_exec(
            sys.executable, "-m", "bench.fleet", stdin=PIPE, stdout=PIPE, cwd=_ROOT, limit=_REPORT_BYTES_MAX
        )
        try:
            yield Driver(process, port)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()


def taps_a_run(order: Order) -> int:
    """Return how many taps are sent in one run."""
    return min(TAPS_A_SECOND * SECONDS, order.size.uses)


def tap_bodies(town: Town, order: Order) -> list[str]:
    """Return the taps of one run as `POST /v1/uses` takes them."""
    return [msgspec.json.encode(use_body(ride.tap())).decode() for ride in town.rides(taps_a_run(order))]


def use_body(tap: Tap) -> dict[str, Any]:
    """Return *tap* as it stands in a body."""
    body = {
        "terminal": tap.terminal, "seq": tap.seq, "credential": {"kind": tap.kind, "value": tap.value}, "service": tap.service,
        "list_price": tap.list_price_fen, "occurred_at": tap.occurred_at.isoformat(),
    }  # fmt: skip
    return body if tap.offline is None else {**body, "offline": {"outcome": tap.offline.outcome, "paid": tap.offline.paid_fen}}


def p99(measured: Sequence[float]) -> float:
    """Return the 99th percentile."""
    return sorted(measured)[len(measured) * 99 // 100]
