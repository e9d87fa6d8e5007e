"""Group commit: a lane takes all that wait, decides it as one batch and answers when it is on disk. No timer.

A batch is what arrived while the last one was committing (docs/decisions). Two lanes overlap: while one waits for the
disk, the other decides. Where many wait and both are idle, they share them.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog

from onecard.db.faults import Conflict, DataRefused, StoreLost
from onecard.ledger.model import BATCH_RECORDS_MAX
from onecard.uses.model import Answer, Tap
from onecard.uses.plan import SeqReused
from onecard.values.error import OnecardError

__all__ = ["ATTEMPTS_MAX", "Lanes", "Overloaded", "StoreSilent", "TapUnfit"]

ATTEMPTS_MAX = 50
LANES = 2
SHARED_FROM = 32  # Below, a second batch costs more than its overlapping saves.
QUEUE_AGE_SECONDS_MAX = 1.0
LOST_WAIT_SECONDS = 0.2
LOST_SECONDS_MAX = 3.0

log = structlog.get_logger(__name__)


class Overloaded(OnecardError):
    """What waits has waited too long already: better a clear no than a late answer."""

    code = "uses.overloaded"
    http_status = 503
    exit_code = 3
    zh = "系统繁忙，请 {retry_after} 秒后重试。这一笔没有记录。"
    en = "Busy: try again in {retry_after} s. This use was not recorded."


class StoreSilent(OnecardError):
    """The store did not come back in time; whether the use is recorded is unknown until it is sent again."""

    code = "uses.store_silent"
    http_status = 503
    exit_code = 3
    zh = "数据库暂时无法访问，请 {retry_after} 秒后用同一序号重新发送。"
    en = "The store cannot be reached. Send it again with the same seq in {retry_after} s."


class TapUnfit(OnecardError):
    """The store refuses this one record. Nothing of it was written."""

    code = "uses.unfit"
    zh = "这一笔的内容无法保存，没有记录。请检查各字段。"
    en = "This use cannot be stored as it is; nothing was recorded. Check its fields."


Outcome = Answer | SeqReused


class CommitOnce(Protocol):
    """Reads, decides and writes one batch, once. *own* grows by the batch that was tried, before it is sent."""

    async def __call__(self, number: int, taps: Sequence[Tap], received_at: datetime, own: set[UUID]) -> Sequence[Outcome]:
        """Return the outcomes in order. Raises `Conflict`, `DataRefused`, `StoreLost`."""


@dataclass(slots=True)
class _Waiting:
    tap: Tap
    since: float
    answer: "asyncio.Future[Outcome]"


class Lanes:
    """The queue before the store, and the workers that empty it."""

    def __init__(self, attempt: CommitOnce, clock: Callable[[], datetime], *, lanes: int = LANES) -> None:
        """*attempt* reads, decides and writes one batch once; *clock* tells the instant of reception."""
        self._attempt = attempt
        self._clock = clock
        self._lanes = lanes
        self._idle = lanes
        self._queue: deque[_Waiting] = deque()
        self._filled = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self._tapped_at = float("-inf")

    @property
    def tapped_at(self) -> float:
        """When somebody tapped last, on the loop's clock."""
        return self._tapped_at

    @property
    def waiting(self) -> int:
        """How many taps wait for a lane."""
        return len(self._queue)

    def start(self) -> None:
        """Start the workers in the running loop."""
        self._tasks = [asyncio.create_task(self._run(number), name=f"lane-{number}") for number in range(self._lanes)]

    async def stop(self) -> None:
        """Take nothing new; return when all that waited has its answer."""
        self._stopping = True
        self._filled.set()
        await asyncio.gather(*self._tasks)

    def submit(self, tap: Tap) -> "asyncio.Future[Outcome]":
        """Queue *tap*; the future holds its answer once it is on disk. Raises `Overloaded` by the age of the queue.

        Who no longer waits for the future (a client that hung up) does not stop the lane.
        """
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._stopping or (self._queue and now - self._queue[0].since > QUEUE_AGE_SECONDS_MAX):
            raise Overloaded(retry_after=1)
        self._tapped_at = now
        waiting = _Waiting(tap, now, loop.create_future())
        self._queue.append(waiting)
        self._filled.set()
        return waiting.answer

    async def commit(self, number: int, taps: Sequence[Tap], received_at: datetime) -> list[Outcome | OnecardError]:
        """Record *taps* in order as one batch and return an outcome each; one that does not fit spoils only itself."""
        assert len(taps) <= BATCH_RECORDS_MAX
        own: set[UUID] = set()
        lost_until: float | None = None
        for _ in range(ATTEMPTS_MAX):
            try:
                return list(await self._attempt(number, taps, received_at, own))
            except Conflict:
                continue
            except DataRefused as refused:
                return await self._halve(number, taps, received_at, refused)
            except StoreLost:
                now = asyncio.get_running_loop().time()
                lost_until = lost_until or now + LOST_SECONDS_MAX
                if now > lost_until:
                    break
                await asyncio.sleep(LOST_WAIT_SECONDS)
        log.error("batch_given_up", taps=len(taps))
        return [StoreSilent(retry_after=2) for _ in taps]

    async def _halve(self, number: int, taps: Sequence[Tap], received_at: datetime, refused: DataRefused) -> list[Outcome | OnecardError]:
        if len(taps) == 1:
            log.warning("tap_unfit", terminal=taps[0].terminal, seq=taps[0].seq, why=str(refused))
            return [TapUnfit()]
        middle = len(taps) // 2
        return [
            *await self.commit(number, taps[:middle], received_at),
            *await self.commit(number, taps[middle:], received_at),
        ]

    async def _run(self, number: int) -> None:
        while self._queue or not self._stopping:
            await self._filled.wait()
            batch = [self._queue.popleft() for _ in range(self._share())]
            if not self._queue and not self._stopping:
                self._filled.clear()
            if batch:
                self._idle -= 1
                await self._serve(number, batch)
                self._idle += 1

    def _share(self) -> int:
        """Return how many a lane takes that comes to the queue: all, or its part where other lanes are idle too."""
        waiting = len(self._queue)
        return min(waiting if waiting < SHARED_FROM else -(-waiting // self._idle), BATCH_RECORDS_MAX)

    async def _serve(self, number: int, batch: list[_Waiting]) -> None:
        try:
            outcomes = await self.commit(number, [waiting.tap for waiting in batch], self._clock())
        except Exception as mistake:
            log.exception("lane_failed", taps=len(batch))
            for waiting in batch:
                _fail(waiting, mistake)
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, OnecardError):
                _fail(waiting, outcome)
            elif not waiting.answer.done():
                waiting.answer.set_result(outcome)


def _fail(waiting: _Waiting, mistake: Exception) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(mistake)
