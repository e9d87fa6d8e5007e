"""The real program, killed at random moments while the network comes and goes: what was shown is not lost, and counts once."""

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from onecard.app.opening import Store
from onecard.device.log import open_log
from onecard.ledger.verify import verify_ledger
from onecard.uses.plan import anonymous_salt
from tests.database.device.network import Network, network_to
from tests.database.town import CARDS, TOKEN
from tests.database.web.served import Served, serve_town

KILLS = 6
LINES = 12
SEED = 20_241_031


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    async with serve_town(store) as served:
        yield served


async def start(folder: Path, url: str) -> asyncio.subprocess.Process:
    command = [
        sys.executable,
        "-m",
        "onecard.cli.main",
        "terminal",
        "--terminal",
        "BUS-1",
        "--server",
        url,
        "--folder",
        str(folder),
        "--json",
    ]
    environment = {**os.environ, "ONECARD_TERMINAL_TOKEN": TOKEN, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe, quiet = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*command, env=environment, stdin=pipe, stdout=pipe, stderr=quiet)


async def one_life(folder: Path, network: Network, chance: random.Random, shown: dict[int, str]) -> None:
    """Let the program run, show it cards, cut the network sometimes, and kill it at a moment that it does not know."""
    process = await start(folder, network.url)
    assert process.stdin is not None
    assert process.stdout is not None
    seconds, early = 0.5 * chance.random(), chance.random() < 0.2
    killed = asyncio.get_running_loop().call_later(4 * seconds, process.kill) if early else None
    with suppress(ConnectionError):
        for number in range(LINES):
            process.stdin.write(CARDS[chance.choice(sorted(CARDS))].encode() + b"\n")
            await process.stdin.drain()
            line = await process.stdout.readline()
            if not line.endswith(b"\n"):
                break  # The kill came first: nobody was told anything.
            if killed is None:  # How long a start takes tells of the machine: only now its time begins.
                killed = asyncio.get_running_loop().call_later(seconds, process.kill)
            answer = json.loads(line)
            if answer["seq"] is not None and answer["outcome"] is not None:
                shown[answer["seq"]] = answer["outcome"]
            if number == LINES // 2 and chance.random() < 0.6:
                await network.go()
    if killed is not None:
        killed.cancel()
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
    if not network.is_there:
        await network.come()


async def test_kills_lose_nothing_that_was_shown_and_count_nothing_twice(served: Served, tmp_path: Path):
    chance, folder = random.Random(SEED), tmp_path / "bus"
    shown: dict[int, str] = {}
    async with network_to(served.url) as network:
        for _ in range(KILLS):
            await one_life(folder, network, chance, shown)
        process = await start(folder, network.url)
        await process.communicate(b"#sync\n")
    assert process.returncode == 0
    log = open_log(folder / "log.sqlite")
    assert (log.waiting_count(), "asked" in log.counts()) == (0, False)
    log.close()
    store = served.town.store
    async with store.database.acquire("audit_ro") as connection:
        rows = await connection.fetch("SELECT seq, outcome FROM ledger_use WHERE terminal = 'BUS-1'")
        checks = await verify_ledger(connection, anonymous_salt(store.keyring.hash_key))
    recorded = {row["seq"]: row["outcome"] for row in rows}
    assert len(shown) > KILLS
    assert {seq: recorded.get(seq) for seq in shown} == shown
    assert [check for check in checks if check.problems] == []
