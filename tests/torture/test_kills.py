"""Servers and PostgreSQL are killed at random moments under load; what was acknowledged stands, once, within all limits.

ONECARD_TORTURE_KILLS says how many (60), ONECARD_TORTURE_SEED which plan, ONECARD_TORTURE_PROOF the page to write into.
"""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.torture.home import build_home
from tests.torture.killer import Killer, plan_of
from tests.torture.proof import table_of, write_proof
from tests.torture.reckoning import reckon, verified
from tests.torture.servers import Server, answers
from tests.torture.tally import Tally
from tests.torture.terminals import TERMINALS, Terminal

KILLS = int(os.environ.get("ONECARD_TORTURE_KILLS", "60"))
SEED = os.environ.get("ONECARD_TORTURE_SEED", "1")
SERVERS = 2
LOG_SHOWN = 3000  # Characters of each log, where something went wrong.
SECONDS_A_KILL_MAX = 10
DAYS = 27  # Over the run taps move through so many days, so that there are always limits with room, and full ones.


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="onecard-torture-"))
    folder.chmod(0o755)
    yield folder / ".onecard"
    shutil.rmtree(folder, ignore_errors=True)  # Where a test failed, PostgreSQL may still be on its way out.


@pytest.mark.torture
@pytest.mark.timeout(120 + SECONDS_A_KILL_MAX * KILLS)
async def test_no_kill_loses_repeats_or_passes_a_limit(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await build_home(home)
    tally = Tally()
    await storm(home, tally)
    problems = await reckon(home, tally)
    checks = verified(home)["checks"]
    examined = [(f"verify: {check['name']}, examined", check["examined"]) for check in checks]
    rows = [*tally.rows(), ("lost, repeated, changed or beyond a limit", len(problems)), *examined]
    heading = f"{sum(tally.kills.values())} kills under load, seed {SEED}, {datetime.now(UTC):%Y-%m-%d}"
    with capsys.disabled():
        print("\n" + table_of(heading, rows))
    assert problems == []
    assert [check for check in checks if not check["ok"]] == []
    assert sum(tally.kills.values()) == KILLS
    assert tally.duplicates > 0 and tally.conflicts and tally.reversed
    if "ONECARD_TORTURE_PROOF" in os.environ:
        write_proof(Path(os.environ["ONECARD_TORTURE_PROOF"]), table_of(heading, rows))


async def storm(home: Path, tally: Tally) -> None:
    """Serve *home* twice, tap without pause, kill by plan; return when all that was begun is answered and all has stopped."""
    servers = [Server(home, home.with_name(f"server-{number}.log"), tally) for number in range(SERVERS)]
    try:
        for server in servers:
            server.start()
        await asyncio.gather(*(server.settled() for server in servers))
        killer = Killer(plan_of(KILLS, Random(SEED)), home, servers, tally, Random(f"{SEED} killer"))
        terminals = [
            Terminal(number, [server.port for server in servers], tally, Random(f"{SEED} terminal {number}"), lambda: day_back(killer))
            for number in range(TERMINALS)
        ]
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for terminal in terminals:
                group.create_task(terminal.work(over))
            await killer.work()
            over.set()
        await asyncio.gather(*(server.settled() for server in servers))
        for server in servers:  # Who has just been started again says that he is ready a moment before he listens for signals.
            await answers(server.port)
        assert [await server.stop(by) for server, by in zip(servers, (signal.SIGINT, signal.SIGTERM), strict=True)] == [0, 0]
    except BaseException as mistake:
        for log in (*sorted(home.parent.glob("server-*.log")), home / "postgres" / "server.log"):
            mistake.add_note(f"{log.name} ends with\n{log.read_text(encoding='utf-8', errors='replace')[-LOG_SHOWN:]}")
        raise
    finally:
        await asyncio.gather(*(server.abandon() for server in servers))


def day_back(killer: Killer) -> int:
    """Return how many days ago taps happen now: first long ago, in the end today."""
    return DAYS - DAYS * killer.done // KILLS
