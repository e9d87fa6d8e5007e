"""Serve what came while the last lot was being served as one lot: thousands of small writes become a few. No timer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

__all__ = ["LOT_MAX", "Together"]

LOT_MAX: Final = 1_000

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Together(Generic[Item, Answer]):
    """One worker at a time, which takes all that waits; it runs only while something does."""

    def __init__(self, serve: Callable[[Sequence[Item]], Awaitable[Sequence[Answer]]]) -> None:
        """*serve* returns an answer for each item, in order; what it raises, all of the lot get."""
        self._serve = serve
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def ask(self, item: Item) -> Answer:
        """Return the answer to *item* once its lot was served."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        try:
            while self._waiting:
                lot, self._waiting = self._waiting[:LOT_MAX], self._waiting[LOT_MAX:]
                await self._serve_one(lot)
        finally:
            self._worker = None

    async def _serve_one(self, lot: "list[tuple[Item, asyncio.Future[Answer]]]") -> None:
        try:
            answers = await self._serve([item for item, _ in lot])
        except Exception as mistake:
            for _, waiting in lot:
                if not waiting.done():
                    waiting.set_exception(mistake)
            return
        for (_, waiting), answer in zip(lot, answers, strict=True):
            if not waiting.done():
                waiting.set_result(answer)
