"""Who is killed, when: servers, PostgreSQL and terminal programs, each while taps are being answered."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.database.db.homes import alive, postmaster_of
from tests.torture.gates import Gate
from tests.torture.servers import Server
from tests.torture.tally import Tally

__all__ = ["Killer", "plan_of", "plan_with_gates"]

SERVER, ALL_SERVERS, POSTMASTER, BACKEND = "one server of two", "all servers at once", "postmaster", "one backend"
GATE = "one terminal program"

_ANSWERS_BETWEEN = 8
_PROGRESS_SECONDS_MAX = 40.0
_ANSWERS_OF_A_GATE = 3
_STARTING = 0.15  # So often a program is killed that may still be on its way up.
_WANTED_WITHIN_SECONDS = 2.0


def plan_of(kills: int, random: Random) -> list[str]:
    """Return who is killed, in order: half servers (now and then all at once), half PostgreSQL (two in three the postmaster)."""
    servers = [ALL_SERVERS if place % 15 == 14 else SERVER for place in range(kills - kills // 2)]
    postgres = [BACKEND if place % 3 == 2 else POSTMASTER for place in range(kills // 2)]
    plan = [*servers, *postgres]
    random.shuffle(plan)
    return plan


def plan_with_gates(kills: int, random: Random) -> list[str]:
    """Return who is killed, in order: half terminal programs, half servers (now and then all at once); for every five of these
    PostgreSQL once more."""
    servers = [ALL_SERVERS if place % 10 == 9 else SERVER for place in range(kills // 2)]
    postgres = [BACKEND if place % 3 == 2 else POSTMASTER for place in range(kills // 5)]
    plan = [*servers, *postgres, *[GATE] * (kills - kills // 2)]
    random.shuffle(plan)
    return plan


class Killer:
    """Carries out a plan."""

    def __init__(
        self, plan: Sequence[str], home: Path, servers: Sequence[Server], tally: Tally, random: Random, gates: Sequence[Gate] = (),
        pause_seconds: float = 0.3,
    ) -> None:  # fmt: skip
        self.done = 0
        self._plan = plan
        self._home = home
        self._servers = servers
        self._gates = gates
        self._pause_seconds = pause_seconds
        self._tally = tally
        self._random = random

    async def work(self) -> None:
        """Kill them all, one after another; between two kills some taps are answered."""
        for victim in self._plan:
            await asyncio.sleep(self._random.uniform(0.0, self._pause_seconds))
            await self._kill(victim)
            self._tally.kills[victim] = self._tally.kills.get(victim, 0) + 1
            self.done += 1
            await self._some_are_answered(victim)

    async def _kill(self, victim: str) -> None:
        if victim == GATE:
            await self._kill_gate()
        elif victim == SERVER:
            await (await self._one_ready()).kill()
        elif victim == ALL_SERVERS:
            for server in self._servers:
                await server.settled()
            await asyncio.gather(*(server.kill() for server in self._servers))
        else:
            await self._kill_postgres(victim)

    async def _kill_gate(self) -> None:
        """Mostly one that the server answers, between a line and its answer; now and then one that is starting."""
        if self._random.random() < _STARTING:
            gate = await self._a_gate(0, lambda gate: not gate.answers)
        else:
            gate = await self._a_gate(_ANSWERS_OF_A_GATE, lambda gate: gate.is_online)
            async with asyncio.timeout(_PROGRESS_SECONDS_MAX):
                await gate.asked.wait()
            await asyncio.sleep(self._random.uniform(0, gate.answer_seconds))
        gate.kill()

    async def _a_gate(self, answers: int, wanted: Callable[[Gate], bool]) -> Gate:
        """Return one that has given so many *answers* since its start; a *wanted* one if there is any within a moment."""
        begun = time.monotonic()
        while True:
            found = [gate for gate in self._gates if gate.lives and gate.answers >= answers]
            best = [gate for gate in found if wanted(gate)]
            if best or (found and time.monotonic() - begun > _WANTED_WITHIN_SECONDS):
                return self._random.choice(best or found)
            assert time.monotonic() - begun < _PROGRESS_SECONDS_MAX, "no terminal program answers"
            await asyncio.sleep(0.02)

    async def _kill_postgres(self, victim: str) -> None:
        while True:
            postmaster = await self._postmaster()
            with suppress(OSError):  # It may have ended by itself just now.
                if found := [postmaster] if victim == POSTMASTER else backends_of(postmaster):
                    os.kill(self._random.choice(found), signal.SIGKILL)
                    return
            await asyncio.sleep(0.02)

    async def _one_ready(self) -> Server:
        while not (ready := [server for server in self._servers if server.ready.is_set()]):
            await asyncio.gather(*(server.settled() for server in self._servers))
        return self._random.choice(ready)

    async def _postmaster(self) -> int:
        """Return the running server's process; what a stale file names may be somebody else by now."""
        data = self._home / "postgres" / "data"
        async with asyncio.timeout(_PROGRESS_SECONDS_MAX):
            while not ((postmaster := postmaster_of(self._home)) and works_in(data, postmaster)):
                await asyncio.sleep(0.02)
        return postmaster

    async def _some_are_answered(self, victim: str) -> None:
        enough = len(self._tally.answers) + _ANSWERS_BETWEEN
        latest = time.monotonic() + _PROGRESS_SECONDS_MAX
        while len(self._tally.answers) < enough:
            assert time.monotonic() < latest, (
                f"after the kill of {victim}, number {self.done}, nothing is answered for {_PROGRESS_SECONDS_MAX} s"
            )
            await asyncio.sleep(0.01)


def works_in(folder: Path, process: int) -> bool:
    """Tell whether *process* lives and works in *folder*, as PostgreSQL does in its data."""
    try:
        return alive(process) and Path(f"/proc/{process}/cwd").resolve(strict=True) == folder
    except OSError:
        return False


def backends_of(postmaster: int) -> list[int]:
    """Return the processes by which clients of *postmaster* are served."""
    found = []
    for child in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="ascii").split():
        try:
            said = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if said.startswith(b"postgres: onecard_lane"):
            found.append(int(child))
    return found
