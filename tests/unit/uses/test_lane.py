"""How lanes share what waits: all as one batch where few do, in parts where many do and more than one lane is idle."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from onecard.uses.lane import SHARED_FROM, Lanes, Outcome
from onecard.uses.model import Answer, Tap

NOON = datetime(2024, 10, 31, 12, tzinfo=UTC)


def tap(seq: int) -> Tap:
    return Tap(terminal="T", seq=seq, kind="card", value="A", service="ride", list_price_fen=200, occurred_at=NOON)


class Store:
    """Remembers which lane was given what, and answers when it is let."""

    def __init__(self) -> None:
        self.batches: list[tuple[int, list[int]]] = []
        self.open = asyncio.Event()

    async def __call__(self, number: int, taps: Sequence[Tap], received_at: datetime, own: set[UUID]) -> Sequence[Outcome]:
        self.batches.append((number, [each.seq for each in taps]))
        await self.open.wait()
        return [
            Answer(
                use=f"T.{each.seq}", outcome="accepted", reason="OK", list_price_fen=200, paid_fen=200, payers=(), programme=None,
                version=None,
            )
            for each in taps
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("many", "lanes", "sizes"),
    [
        pytest.param(1, 2, [1], id="one tap"),
        pytest.param(SHARED_FROM - 1, 2, [SHARED_FROM - 1], id="few are one batch"),
        pytest.param(64, 2, [32, 32], id="many are shared by two"),
        pytest.param(65, 2, [33, 32], id="an odd one goes with the first"),
        pytest.param(90, 3, [30, 30, 30], id="by three: the rest is still shared while it is many"),
        pytest.param(3000, 2, [1000, 1000], id="a batch never passes its limit; what is left waits"),
    ],
)
async def test_what_waits_is_shared_between_idle_lanes(many: int, lanes: int, sizes: list[int]):
    store = Store()
    served = Lanes(store, lambda: NOON, lanes=lanes)
    answers = [served.submit(tap(seq)) for seq in range(many)]
    served.start()
    await asyncio.sleep(0.01)
    assert [len(seqs) for _, seqs in store.batches] == sizes
    store.open.set()
    told = await asyncio.gather(*answers)
    await served.stop()
    assert [answer.use for answer in told if isinstance(answer, Answer)] == [f"T.{seq}" for seq in range(many)]
    assert [seq for _, seqs in store.batches for seq in seqs] == list(range(many))


async def test_a_lane_that_comes_back_alone_takes_all_that_gathered():
    store = Store()
    served = Lanes(store, lambda: NOON, lanes=2)
    served.start()
    waiting = [served.submit(tap(0))]
    await asyncio.sleep(0.01)
    waiting += [served.submit(tap(seq)) for seq in range(1, 101)]
    await asyncio.sleep(0.01)
    assert [len(seqs) for _, seqs in store.batches] == [1, 100]
    store.open.set()
    await asyncio.gather(*waiting)
    await served.stop()
