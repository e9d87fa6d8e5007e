"""The storm over a city with terminal programs: two servers, a line to each program, people, weather, and whoever kills."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from onecard.app.opening import Store
from tests.torture.gate_tally import GateTally
from tests.torture.gates import Gate
from tests.torture.home import build_home
from tests.torture.killer import Killer, plan_with_gates
from tests.torture.line import Line
from tests.torture.residents import Residents, add_residents, add_terminals
from tests.torture.servers import Server, answers
from tests.torture.tally import Tally
from tests.torture.terminals import Terminal
from tests.torture.weather import weather

__all__ = ["KILLS", "SEED", "Storm", "rage", "running", "town"]

KILLS = int(os.environ.get("ONECARD_TORTURE_GATE_KILLS", "16"))
SEED = os.environ.get("ONECARD_TORTURE_SEED", "1")
SERVERS, TAPPING = 2, 4  # Processes; terminals that speak HTTP themselves.
GATES = [("BUS-11", "bus"), ("BUS-12", "bus"), ("BUS-13", "bus"), ("CANTEEN-11", "canteen"), ("CAMPUS-11", "campus")]
DAYS = 27  # Over the run HTTP taps move through so many days; terminal programs tap now.
LOG_SHOWN = 3000
PAUSE_SECONDS = 1.0  # Before a kill at most: long enough that terminals speak with the server again now and then.
EMPTY_SECONDS_MAX = 120.0


@dataclass
class Storm:
    """What one run has at hand."""

    home: Path
    residents: Residents
    tally: Tally = field(default_factory=Tally)
    gate_tally: GateTally = field(default_factory=GateTally)
    servers: list[Server] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)


async def town(home: Path) -> Residents:
    """Build the home, more people and terminals in it, and leave it stopped."""
    living: list[Residents] = []

    async def beside(store: Store) -> None:
        await add_terminals(store, GATES)
        living.append(await add_residents(home, store, 24 + KILLS))

    await build_home(home, beside)
    return living[0]


@asynccontextmanager
async def running(storm: Storm) -> AsyncIterator[None]:
    """Serve the home twice, a line to the two for each terminal program; what goes wrong is told with the end of every log."""
    logs = storm.home.parent
    storm.servers += [Server(storm.home, logs / f"server-{number}.log", storm.tally) for number in range(SERVERS)]
    ports = [server.port for server in storm.servers]
    for terminal, site in GATES:
        line, chance = Line(ports, Random(f"{SEED} line {terminal}")), Random(f"{SEED} gate {terminal}")
        storm.lines.append(line)
        storm.gates.append(Gate(terminal, site, logs / terminal, line, storm.gate_tally, chance))
    try:
        for server in storm.servers:
            server.start()
        await asyncio.gather(*(server.settled() for server in storm.servers))
        await asyncio.gather(*(line.come() for line in storm.lines))
        await asyncio.gather(*(gate.ready() for gate in storm.gates))
        yield
        assert [await server.stop(signal.SIGTERM) for server in storm.servers] == [0] * SERVERS
    except BaseException as mistake:
        for log in (*sorted(logs.glob("*.log")), storm.home / "postgres" / "server.log"):
            mistake.add_note(f"{log.name} ends with\n{log.read_text(encoding='utf-8', errors='replace')[-LOG_SHOWN:]}")
        raise
    finally:
        await asyncio.gather(*(gate.abandon() for gate in storm.gates), *(server.abandon() for server in storm.servers))
        await asyncio.gather(*(line.close() for line in storm.lines))


async def rage(storm: Storm) -> None:
    """Tap without pause, kill by plan, let lines fail; return when everything is sent and the terminal programs have ended."""
    plan = plan_with_gates(KILLS, Random(SEED))
    killer = Killer(plan, storm.home, storm.servers, storm.tally, Random(f"{SEED} killer"), storm.gates, PAUSE_SECONDS)
    ports = [server.port for server in storm.servers]
    tapping = [
        Terminal(number, ports, storm.tally, Random(f"{SEED} terminal {number}"), lambda: DAYS - DAYS * killer.done // len(plan))
        for number in range(TAPPING)
    ]
    over, calm, chance = asyncio.Event(), asyncio.Event(), Random(f"{SEED} people")
    async with asyncio.TaskGroup() as group:
        for line in storm.lines:
            group.create_task(weather(line, calm, storm.gate_tally, Random(f"{SEED} weather {line.port}")))
        for gate in storm.gates:
            group.create_task(gate.work(over, lambda: storm.residents.shows(chance, killer.done / len(plan))))
        for terminal in tapping:
            group.create_task(terminal.work(over))
        await killer.work()
        over.set()
        calm.set()
    assert killer.done == len(plan)
    await all_is_sent(storm)


async def all_is_sent(storm: Storm) -> None:
    """Wait until servers listen and no terminal has anything left to send, and end the terminals."""
    await asyncio.gather(*(server.settled() for server in storm.servers))
    for server in storm.servers:
        await answers(server.port)
    stand = await asyncio.gather(*(gate.empty(EMPTY_SECONDS_MAX) for gate in storm.gates))
    cloned = [each["terminal"] for each in stand if each["cloned"]]
    assert not cloned, f"{cloned} are told that there are two of them"
    assert await asyncio.gather(*(gate.leave() for gate in storm.gates)) == [0] * len(storm.gates)
