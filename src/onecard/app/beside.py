"""Work that goes on beside the taps of a running server, and how it ends with it."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["Beside"]


class Beside(ABC):
    """Something that a server looks after while it runs. Of several servers each may; what is done twice must do no harm."""

    _ended = False
    """Whether the server is about to end: asked before each round, and between the parts of a long one."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look after it while the block runs."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._ended = True  # Before the cancelling: of a task that just gets its connection Python 3.11 may lose that.
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @abstractmethod
    async def _run(self) -> None:
        """Go on until `_ended`."""
