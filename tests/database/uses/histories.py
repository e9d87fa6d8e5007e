"""Clients at work on two servers of one store, and what each of them saw: a history for every limit."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hypothesis import strategies as st

from onecard.uses.model import Answer, Tap
from tests.database.town import Town
from tests.database.uses.counters import Standing, Step, gives_back, leaves, takes
from tests.database.uses.linearisable import Operation

__all__ = ["GROUND", "PLACES", "RIDES_A_DAY", "Deed", "Play", "scripts"]

RIDES_A_DAY, MEALS_A_SLOT, PLACES = 30, 1, 3
GROUND = "ground"

Kind = Literal["ride", "meal", "enter", "leave", "take back", "again"]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a client does. *target* picks an earlier use of anybody, where one is meant."""

    kind: Kind
    who: str = "elder"
    group: int = 1
    target: int = 0


_deeds = st.one_of(
    st.builds(Deed, kind=st.just("ride"), who=st.sampled_from(["visitor", "elder"])),
    st.builds(Deed, kind=st.just("meal"), who=st.just("elder")),
    st.builds(Deed, kind=st.just("enter"), who=st.sampled_from(["elder", "young"]), group=st.integers(1, 3)),
    st.builds(Deed, kind=st.just("leave"), who=st.sampled_from(["elder", "young"])),
    st.builds(Deed, kind=st.sampled_from(["take back", "again"]), target=st.integers(0, 50)),
)
scripts = st.lists(st.lists(_deeds, min_size=2, max_size=7), min_size=4, max_size=10)
"""What each of four to ten clients does, in order. Clients take turns in which server they ask."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A use that was answered."""

    tap: Tap
    answer: Answer
    limit: str  # Whose history it belongs to.
    owner: str
    amount: int  # What it counted.


@dataclass(slots=True)
class Play:
    """One play of some scripts: afterwards `histories` holds what happened, by limit."""

    towns: Sequence[Town]
    at: datetime
    seqs: "itertools.count[int]"
    histories: dict[str, list[Operation[Standing]]] = field(default_factory=lambda: defaultdict(list))
    _uses: list[_Use] = field(default_factory=list)
    _ticks: "itertools.count[int]" = field(default_factory=itertools.count)

    async def perform(self, all_scripts: Sequence[Sequence[Deed]]) -> None:
        """Let every client do its deeds, all at once."""
        await asyncio.gather(*(self._client(self.towns[place % len(self.towns)], script) for place, script in enumerate(all_scripts)))

    async def empty_ground(self) -> None:
        """Let everybody leave."""
        for who in ("elder", "young"):
            await self._leave(self.towns[0], who)

    async def _client(self, town: Town, script: Sequence[Deed]) -> None:
        for deed in script:
            if deed.kind == "leave":
                await self._leave(town, deed.who)
            elif deed.kind == "take back" and self._uses:
                await self._take_back(town, self._uses[deed.target % len(self._uses)])
            elif deed.kind == "again" and self._uses:
                await self._again(town, self._uses[deed.target % len(self._uses)])
            elif deed.kind in ("ride", "meal", "enter"):
                await self._use(town, deed)

    async def _use(self, town: Town, deed: Deed) -> None:
        terminal = {"ride": "BUS-1", "meal": "CANTEEN-1", "enter": "CAMPUS-1"}[deed.kind]
        limit = GROUND if deed.kind == "enter" else f"{deed.kind} of {deed.who}"
        cap = {"ride": RIDES_A_DAY, "meal": MEALS_A_SLOT, "enter": PLACES}[deed.kind]
        amount = deed.group if deed.kind == "enter" else 1
        tap = town.tap(deed.who, terminal, next(self.seqs), occurred_at=self.at, group=deed.group)
        began = next(self._ticks)
        answer = await town.uses.tap(tap)
        assert isinstance(answer, Answer) and not answer.duplicate
        granted = _is_granted(deed.kind, answer)
        self._saw(limit, began, f"{deed} → {answer.reason}", takes(deed.who, amount, cap, granted=granted))
        self._uses.append(_Use(tap, answer, limit, deed.who, amount if granted else 0))

    async def _leave(self, town: Town, who: str) -> None:
        tap = town.tap(who, "CAMPUS-1", next(self.seqs), service="exit", occurred_at=self.at)
        began = next(self._ticks)
        answer = await town.uses.tap(tap)
        assert isinstance(answer, Answer) and answer.outcome == "accepted"
        self._saw(GROUND, began, f"{who} leaves", leaves(who))

    async def _take_back(self, town: Town, use: _Use) -> None:
        began = next(self._ticks)
        told = await town.uses.reverse(use.answer.use, "test")
        assert told is not None and told["reversed"]
        step = gives_back(use.answer.use, use.owner, use.amount, duplicate=told["duplicate"])
        self._saw(use.limit, began, f"{use.answer.use} is taken back", step)

    async def _again(self, town: Town, use: _Use) -> None:
        answer = await town.uses.tap(use.tap)
        assert isinstance(answer, Answer) and answer.duplicate
        assert (answer.outcome, answer.reason, answer.paid_fen, answer.payers) == (
            use.answer.outcome, use.answer.reason, use.answer.paid_fen, use.answer.payers
        )  # fmt: skip

    def _saw(self, limit: str, began: int, said: str, step: Step) -> None:
        self.histories[limit].append(Operation(said=said, began=began, ended=next(self._ticks), effect=step))


def _is_granted(kind: Kind, answer: Answer) -> bool:
    """Tell whether the use counted under the limit in question, and that the answer is one of the two that may be."""
    if kind == "enter":
        assert answer.reason in ("OK", "FULL")
        return answer.reason == "OK"
    programmes = {"ride": ("elder-pass-bus", "local-elder-fare"), "meal": ("meal-subsidy",)}[kind]
    granted = answer.programme in programmes
    assert granted or answer.reason in ("LIMIT_DAY", "LIMIT_SLOT", "OK_FREE", "OK_DISCOUNT")
    return granted
