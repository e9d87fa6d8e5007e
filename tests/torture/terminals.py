"""Terminals under load: they tap, upload, take back, hang up, and send again until they are answered."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from tests.database.town import TOKEN
from tests.torture.home import CARDS, EVENING
from tests.torture.tally import Tally
from tests.torture.wire import Wire

__all__ = ["TERMINALS", "Terminal"]

TERMINALS = 12
"""How many run at once. They share the town's terminal names; each has seqs of its own."""

_ANSWER_SECONDS_MAX = 20.0
_DELIVERY_SECONDS_MAX = 60.0
_RIDES, _MEALS, _SCHOOL = ("BUS-1", "BUS-2"), "CANTEEN-1", "CAMPUS-1"

Body = dict[str, Any]


class Terminal:
    """One of them. Its deeds follow from *random*; *day_back* tells around which day it taps now."""

    def __init__(self, number: int, ports: Sequence[int], tally: Tally, random: Random, day_back: Callable[[], int]) -> None:
        self._number = number
        self._wires = [Wire(port, TOKEN) for port in ports]
        self._tally = tally
        self._random = random
        self._day_back = day_back
        self._taps = 0
        self._done: list[Body] = []

    async def work(self, over: asyncio.Event) -> None:
        """Work until *over*; what was begun is brought to its answer."""
        deeds = [self._tap, self._upload, self._again, self._other_content, self._take_back, self._hang_up]
        try:
            while not over.is_set():
                (deed,) = self._random.choices(deeds, weights=[60, 10, 10, 4, 10, 6])
                await deed()
                await asyncio.sleep(self._random.uniform(0, 0.02))
        finally:
            for wire in self._wires:
                wire.close()

    async def _tap(self) -> None:
        await self._deliver_tap(self._new_tap())

    async def _upload(self) -> None:
        taps = [self._with_offline_answer(self._new_tap()) for _ in range(self._random.randint(2, 12))]
        status, told = await self._deliver("/v1/uses/batch", {"uses": taps})
        if status != 200 or any("problem" in answer for answer in told["answers"]):
            self._tally.mistakes.append(f"an upload was answered {status}: {told}")
            return
        for answer in told["answers"]:
            self._tally.acknowledge(answer)
        self._done += taps

    async def _again(self) -> None:
        if self._done:
            duplicates = self._tally.duplicates
            await self._deliver_tap(self._random.choice(self._done))
            if self._tally.duplicates == duplicates:
                self._tally.mistakes.append("a tap that was acknowledged came again and was no duplicate")

    async def _other_content(self) -> None:
        if self._done:
            tap = self._random.choice(self._done)
            status, told = await self._deliver("/v1/uses", {**tap, "credential": {"kind": "card", "value": "C99999999"}})
            if status != 409 or not told["type"].endswith("/seq-reused"):
                self._tally.mistakes.append(f"other content under a taken key was answered {status}: {told}")
            self._tally.conflicts.add(f"{tap['terminal']}.{tap['seq']}")

    async def _take_back(self) -> None:
        if self._done:
            tap = self._random.choice(self._done)
            use = f"{tap['terminal']}.{tap['seq']}"
            status, told = await self._deliver(f"/v1/uses/{use}/reversal", {"reason": "torture"})
            if status != 200:
                self._tally.mistakes.append(f"a reversal of {use} was answered {status}: {told}")
            self._tally.reversed.add(use)

    async def _hang_up(self) -> None:
        tap = self._new_tap()
        try:
            await self._random.choice(self._wires).send_and_hang_up("/v1/uses", tap)
            self._tally.hung_up += 1
        except OSError:
            pass  # That server is down; the tap is delivered all the same.
        await self._deliver_tap(tap)

    async def _deliver_tap(self, tap: Body) -> None:
        status, told = await self._deliver("/v1/uses", tap)
        if status == 200:
            self._tally.acknowledge(told)
            self._done.append(tap)
        else:
            self._tally.mistakes.append(f"a tap was answered {status}: {told}")

    async def _deliver(self, path: str, body: Body) -> tuple[int, Any]:
        """Send until answered, by whichever server lives. Never gives up before all servers must have come back."""
        latest = time.monotonic() + _DELIVERY_SECONDS_MAX
        while time.monotonic() < latest:
            wire = self._random.choice(self._wires)
            self._tally.sent += 1
            try:
                async with asyncio.timeout(_ANSWER_SECONDS_MAX):
                    status, told = await wire.ask(path, body)
                if status != 503:
                    return status, told
                self._tally.busy += 1
            except ConnectionRefusedError:  # That server is down, and never saw it.
                self._tally.sent -= 1
                await asyncio.sleep(0.01)
                continue
            except (OSError, EOFError):  # TimeoutError is an OSError.
                wire.close()
            self._tally.resent += 1
            await asyncio.sleep(self._random.uniform(0.02, 0.2))
        raise AssertionError(f"terminal {self._number} got no answer to {path} in {_DELIVERY_SECONDS_MAX} s")

    def _new_tap(self) -> Body:
        self._taps += 1
        day = self._day_back() + self._random.randint(0, 1)
        (what,) = self._random.choices(["ride", "meal", "entry", "exit"], weights=[60, 20, 10, 10])
        terminal, service, price = {
            "ride": (self._random.choice(_RIDES), "ride", 200),
            "meal": (_MEALS, self._random.choice(["lunch", "dinner"]), 1500),
            "entry": (_SCHOOL, "entry", 0),
            "exit": (_SCHOOL, "exit", 0),
        }[what]
        return {
            "terminal": terminal, "seq": self._taps * TERMINALS + self._number + 1, "service": service, "list_price": price,
            "credential": {"kind": "card", "value": self._random.choice(CARDS)}, "group": self._random.randint(1, 2),
            "occurred_at": (EVENING - timedelta(days=day)).isoformat(),
        }  # fmt: skip

    def _with_offline_answer(self, tap: Body) -> Body:
        """Half of what is uploaded was decided by the terminal alone, not always as the rules would have it."""
        if self._random.random() < 0.5:
            return tap
        paid = self._random.choice([0, tap["list_price"] // 2, tap["list_price"]])
        answer = {"outcome": "accepted", "paid": paid} if self._random.random() < 0.8 else {"outcome": "refused", "paid": 0}
        return {**tap, "offline": answer}
