"""Thousands of terminals in one process, for tests and load: they sign in, listen, tell how they do, and tap."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from onecard.device.server import Reply, Server, Unreachable
from onecard.device.tally import Tally
from onecard.values.days import CITY_ZONE, instant_of

__all__ = ["Plan", "simulate"]

TAPS_WAITING_MAX: Final = 5000
"""Taps on their way at once; one more is a failure, for nobody stands at a gate that long."""

_AGAIN_SECONDS: Final = 3.0  # A stream that ends is opened again within so long, at a random moment.
_PROGRAM: Final = "simulation-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is simulated."""

    terminals: Sequence[str]
    credentials: Sequence[dict[str, str]] = field(repr=False)  # Who taps; nobody where there is none.
    taps_a_second: float
    seconds: float
    service: str = "ride"
    list_price_fen: int = 200
    seed: int = 1


class _Terminal:
    """One of them: its own number, sequence, and what it heard last."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seq = 0
        self.hotlist = 0
        self.heartbeat_seconds = 60


async def simulate(plan: Plan, asking: Server, listening: Server, tally: Tally) -> None:
    """Drive the terminals of *plan* until its seconds are over; *tally* gathers what was seen.

    Requests go through *asking*, streams through *listening*: a stream holds its connection for ever.
    """
    fleet = _Fleet(plan, asking, listening, tally)
    await fleet.sign_in()
    fleet.listen()
    try:
        await fleet.all_hear()
        await fleet.work()
    finally:
        await fleet.end()


class _Fleet:
    def __init__(self, plan: Plan, asking: Server, listening: Server, tally: Tally) -> None:
        self._plan = plan
        self._asking = asking
        self._listening = listening
        self._tally = tally
        self._chance = random.Random(plan.seed)  # noqa: S311  # Repeatable, not secret.
        self._terminals = [_Terminal(name) for name in plan.terminals]
        self._ahead_ms = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._tapping = 0
        self._all_hear = asyncio.Event()

    async def sign_in(self) -> None:
        """Sign all in at once."""
        await self._set_clock()
        begun = perf_counter()
        await asyncio.gather(*(self._sign_in(terminal) for terminal in self._terminals))
        self._tally.signed_in_seconds = perf_counter() - begun

    def listen(self) -> None:
        """Let all hear of what moves, and tell how they do, from now on."""
        for terminal in self._terminals:
            self._begin(self._listen(terminal))
            self._begin(self._beat(terminal))

    async def all_hear(self, seconds_max: float = 60.0) -> None:
        """Return once every terminal's stream has told it something."""
        begun = perf_counter()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_hear.wait(), seconds_max)
        self._tally.listening_seconds = perf_counter() - begun

    async def work(self) -> None:
        """Tap at the pace of the plan, whatever the answers take."""
        plan, begun, number = self._plan, perf_counter(), 0
        while (gone := perf_counter() - begun) < plan.seconds:
            if not (plan.credentials and plan.taps_a_second):
                await asyncio.sleep(min(0.5, plan.seconds - gone))
                continue
            due = number / plan.taps_a_second
            if due > gone:
                await asyncio.sleep(due - gone)
            self._tap_soon(begun + due)
            number += 1

    async def end(self) -> None:
        """Let what is on its way come in, then hang up."""
        taps = [task for task in self._tasks if task.get_name() == "tap"]
        if taps:
            await asyncio.wait(taps, timeout=10)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Any, name: str = "") -> None:
        task = asyncio.create_task(work, name=name or None)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _set_clock(self) -> None:
        reply = await self._asking.post("/v1/terminals/sign-in", self._signing(self._terminals[0]))
        if reply.status == 200:
            self._ahead_ms = reply.told["clock_offset_ms"]

    def _now(self) -> str:
        return (instant_of(self._tally.wall_ms() + round(self._ahead_ms))).astimezone(CITY_ZONE).isoformat(timespec="milliseconds")

    def _signing(self, terminal: _Terminal) -> dict[str, Any]:
        return {"terminal": terminal.name, "clock": self._now(), "version": _PROGRAM}

    async def _sign_in(self, terminal: _Terminal) -> None:
        told = await self._ask("sign_in", "/v1/terminals/sign-in", self._signing(terminal))
        if told is not None:
            terminal.seq = told["last_seq"]
            terminal.hotlist = told["hotlist"]
            terminal.heartbeat_seconds = told["params"]["heartbeat_seconds"]

    async def _beat(self, terminal: _Terminal) -> None:
        await asyncio.sleep(self._chance.random() * terminal.heartbeat_seconds)
        while True:
            body = {
                "terminal": terminal.name, "clock": self._now(), "waiting": 0, "hotlist": terminal.hotlist, "bundle": "",
                "storage_ok": True, "version": _PROGRAM,
            }  # fmt: skip
            await self._ask("heartbeat", "/v1/terminals/heartbeat", body)
            await asyncio.sleep(terminal.heartbeat_seconds)

    async def _listen(self, terminal: _Terminal) -> None:
        while True:
            heard = False
            try:
                async for told in self._listening.events(terminal.name):
                    if not heard:
                        heard = True
                        self._tally.opened()
                        if self._tally.listening == len(self._terminals):
                            self._all_hear.set()
                    if told is not None:
                        await self._hear(terminal, told)
            except Unreachable as gone:
                self._tally.streams_lost += 1
                self._tally.why(str(gone))
            finally:
                self._tally.closed(heard)
            await asyncio.sleep(self._chance.random() * _AGAIN_SECONDS)

    async def _hear(self, terminal: _Terminal, told: dict[str, Any]) -> None:
        """Take a change of the hotlist: brought along by the event, or fetched."""
        version = told.get("hotlist", terminal.hotlist)
        if version == terminal.hotlist:
            return
        if "delta" not in told:
            begun = perf_counter()
            try:
                reply = await self._asking.get(f"/v1/hotlist?have={terminal.hotlist}")
            except Unreachable as gone:
                self._tally.failed("hotlist", str(gone))
                return
            self._tally.answered("hotlist", reply.status, perf_counter() - begun)
            if reply.status != 200:
                return
        terminal.hotlist = version
        self._tally.heard(version)

    def _tap_soon(self, due: float) -> None:
        if self._tapping >= TAPS_WAITING_MAX:
            self._tally.failed("tap", "too many are waiting")
        else:
            self._begin(self._tap(self._chance.choice(self._terminals), self._chance.choice(self._plan.credentials), due), "tap")

    async def _tap(self, terminal: _Terminal, credential: dict[str, str], due: float) -> None:
        terminal.seq += 1
        body = {
            "terminal": terminal.name, "seq": terminal.seq, "credential": credential, "service": self._plan.service,
            "list_price": self._plan.list_price_fen, "occurred_at": self._now(),
        }  # fmt: skip
        self._tapping += 1
        try:
            told = await self._ask("tap", "/v1/uses", body, due)
        finally:
            self._tapping -= 1
        if told is not None:
            self._tally.outcome(told["outcome"], told["reason"])

    async def _ask(self, what: str, path: str, body: dict[str, Any], due: float | None = None) -> dict[str, Any] | None:
        begun = perf_counter() if due is None else due
        try:
            reply: Reply = await self._asking.post(path, body)
        except Unreachable as gone:
            self._tally.failed(what, str(gone))
            return None
        self._tally.answered(what, reply.status, perf_counter() - begun)
        return reply.told if reply.status == 200 else None
