"""What a terminal does beside its line of people: signs in, listens, tells how it does, and sends what waits."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

import structlog

from onecard.device.contact import Contact
from onecard.device.errors import LogUnwritable
from onecard.device.server import Server, Superseded, Unreachable
from onecard.device.standing import Standing
from onecard.device.upload import Uploader
from onecard.values.days import epoch_milliseconds
from onecard.values.error import OnecardError

__all__ = ["FORGET_DAYS", "Background"]

FORGET_DAYS: Final = 40
"""So long what is settled stays in the log: longer than the 30 days for which the server takes a use in."""

_DAY_MS: Final = 86_400_000
_AGAIN_SECONDS: Final = 2.0  # While the server is away it is tried so often.
_SYNC_SECONDS: Final = 5.0
_EVENTS_AGAIN_SECONDS: Final = 3.0
_SUPERSEDED_AGAIN_SECONDS: Final = 120.0  # A minute at the middle.

log = structlog.get_logger(__name__)


class Background:
    """Two loops: one listens for what moves, the other does the rest."""

    def __init__(self, standing: Standing, server: Server, contact: Contact, chance: Callable[[], float]) -> None:
        """*chance* is from 0 to 1: thousands that lost one server do not come back in one moment."""
        self._standing = standing
        self._server = server
        self._contact = contact
        self._chance = chance
        self._uploader = Uploader(standing, server)
        self._wake = asyncio.Event()
        self._signed = asyncio.Event()
        self._beaten_at = 0.0
        self._one = asyncio.Lock()  # What is on its way is waited for, not sent a second time.

    def kick(self) -> None:
        """Wake the loop that sends: something waits."""
        self._wake.set()

    async def sign_in(self) -> bool:
        """Sign in; False where the server does not let this terminal in, or does not answer."""
        try:
            good = await self._contact.sign_in()
        except Unreachable:
            self._standing.away = True
            return False
        if good:
            self._beaten_at = asyncio.get_running_loop().time()
            self._signed.set()
        return good

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sync_for_ever())
            group.create_task(self._listen_for_ever())

    async def sync(self) -> bool:
        """Do once what is due: be signed in, send what waits, tell how it does. Returns whether nothing waits any more."""
        async with self._one:
            return await self._sync()

    async def _sync(self) -> bool:
        standing = self._standing
        is_back = standing.away  # Who was away asks what moved meanwhile, and what time it is, as soon as it got through.
        try:
            if not self._signed.is_set() and not await self.sign_in():
                return False
            if standing.log.waiting_count() and not await self._uploader.run():
                return False
            if is_back or not standing.clock.is_sure or self._is_due():
                self._beaten_at = asyncio.get_running_loop().time()
                await self._beat()
        except Unreachable:
            standing.away = True
            return False
        except LogUnwritable as mistake:
            standing.storage_ok = False
            standing.notice(mistake.said_zh, mistake.said_en)
            return False
        return standing.log.waiting_count() == 0

    async def _beat(self) -> None:
        await self._contact.heartbeat()
        standing = self._standing
        for first, last in self._contact.gaps:
            standing.log.wait_again(first, last)
        standing.log.forget(epoch_milliseconds(standing.clock.now()) - FORGET_DAYS * _DAY_MS)

    def _is_due(self) -> bool:
        rules = self._standing.rules
        every = rules.params.heartbeat_seconds if rules else 60
        return asyncio.get_running_loop().time() - self._beaten_at >= every

    async def _sync_for_ever(self) -> None:
        while True:
            self._wake.clear()
            done = await self._kept_alive(self.sync())
            if not done:  # The server is away, or wants none of it: whoever kicks must not hurry us.
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _SYNC_SECONDS)

    async def _listen_for_ever(self) -> None:
        while True:
            await self._signed.wait()
            again = _EVENTS_AGAIN_SECONDS
            try:
                await self._kept_alive(self._listen())
            except Superseded:  # Others hold the same token: whoever came back at once would push them out in turn.
                again = _SUPERSEDED_AGAIN_SECONDS
            except Unreachable:
                pass
            await asyncio.sleep(self._chance() * again)

    async def _listen(self) -> bool:
        async for told in self._server.events(self._standing.terminal):
            if told is not None:
                await self._contact.refresh(told)
        return True

    async def _kept_alive(self, work: Coroutine[Any, Any, bool]) -> bool:
        """Do *work*; a mistake in it is said, and does not take the gate down with it."""
        try:
            return await work
        except OnecardError as mistake:
            self._standing.notice(mistake.said_zh, mistake.said_en)
        except Unreachable:
            raise
        except Exception as mistake:
            log.exception("background_failed", why=type(mistake).__name__)
        return False
