"""A server's part in keeping the log: each second what waits is taken in, each minute the head is signed and handed to the witness."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from onecard.app.code_keys import code_rules
from onecard.app.opening import Store
from onecard.app.witness import Witness, WitnessContradicts, WitnessSilent, witness_of
from onecard.audit.canary import canary_mark
from onecard.audit.heads import LogFigures, alarm_of_witness, heads_waiting, log_figures, mark_witnessed, newest_head
from onecard.audit.sequencer import sequence, sign_newest
from onecard.db.errors import StoreUnreachable
from onecard.people.telling import seal_older
from onecard.settings.city_folder import find_city
from onecard.settings.clock import read_clock
from onecard.settings.log_keys import LogKeys, load_log_keys, rotate_log_key
from onecard.settings.settings import Settings
from onecard.values.signed_head import SignedHead
from onecard.values.suites import SuiteName

__all__ = ["LogKeeper", "log_keeper_of", "log_keys_of"]

TAKE_SECONDS: Final = 1.0
SIGN_SECONDS: Final = 60.0
SWEEP_SECONDS: Final = 3600.0
HEADS_AT_ONCE: Final = 100

RECENT: Final = timedelta(minutes=10)
"""Each second only what is that new is looked at. What lay longer (no server ran) is found at start and once an hour."""

_EVER: Final = datetime(1970, 1, 2, tzinfo=UTC)

log = structlog.get_logger(__name__)


class LogKeeper:
    """Takes, signs and hands over. Any number of servers may each have one."""

    def __init__(self, store: Store, suite: SuiteName, clock: Callable[[], datetime], witness: Witness | None = None) -> None:
        """*suite* is that of a log that begins now; one that is there keeps its own."""
        self._database = store.database
        self._home = store.home
        self._keyring = store.keyring
        self._suite = suite
        self._clock = clock
        self._witness = witness
        self._ended = asyncio.Event()

    @property
    def keys(self) -> LogKeys:
        """The log's keys as they stand on the disk now. Raises `KeyringUnreadable`, `SealBroken`, `HomeUnusable`."""
        with self._home.usable():
            return load_log_keys(self._home.keys, self._keyring, self._suite, self._clock())

    def rotate(self) -> LogKeys:
        """Begin a new key; return all. Raises as `keys` does."""
        with self._home.usable():
            load_log_keys(self._home.keys, self._keyring, self._suite, self._clock())
            return rotate_log_key(self._home.keys, self._keyring, self._clock())

    async def take(self, since: datetime = _EVER) -> int:
        """Take all that was made *since* then and waits; return how many leaves came."""
        digest, taken = self.keys.suite.digest, 0
        if since == _EVER:
            await self._seal_older()
        async with self._database.acquire("batch") as connection:
            while (more := await sequence(connection, digest, since, self._mark)).leaves:
                taken, since = taken + more.leaves, more.until
        return taken

    async def sign(self) -> SignedHead | None:
        """Take everything in, sign the log, and hand the head over; None where it has not grown."""
        at = self._clock()
        await self.take(at - RECENT)
        async with self._database.acquire("batch") as connection:
            signed = await sign_newest(connection, self.keys, at)
        await self.hand_over()
        return signed

    async def close(self) -> SignedHead | None:
        """Take in all there is, also what lay for long, and sign: return the newest head, None of an empty log."""
        await self.take()
        await self.sign()
        async with self._database.acquire("batch") as connection:
            return await newest_head(connection)

    async def hand_over(self) -> int:
        """Give the witness what it has not had, at most `HEADS_AT_ONCE`, the newest first; return how many it took."""
        if self._witness is None:
            return 0
        async with self._database.acquire("batch") as connection:
            waiting = await heads_waiting(connection, HEADS_AT_ONCE)
        taken: list[int] = []
        for size, note in waiting:  # No connection is held meanwhile: a witness may be slow.
            try:
                await self._witness.take(size, note)
            except WitnessSilent as silent:
                log.warning("witness_silent", why=str(silent), heads_waiting=len(waiting) - len(taken))
                break
            except WitnessContradicts as contradiction:
                await self._alarm(size, contradiction)
                break
            taken.append(size)
        if taken:
            async with self._database.acquire("batch") as connection:
                await mark_witnessed(connection, taken, self._clock())
        return len(taken)

    async def figures(self) -> LogFigures:
        """Return how far the log, its heads and the witness are."""
        async with self._database.acquire("batch") as connection:
            return await log_figures(connection)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the log while the block runs; at its end what still waits is taken in and signed."""
        self._ended.clear()
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            self._ended.set()
            await task

    async def _seal_older(self) -> None:
        """Seal people who came before there were batches about them: once, after the upgrade that brought these."""
        more = 1
        while more:
            async with self._database.acquire("batch") as connection, connection.transaction():
                more = await seal_older(connection, uuid.uuid4(), self._clock())

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        sweep_at = sign_at = loop.time()
        while not self._ended.is_set():
            try:
                if loop.time() >= sweep_at:
                    await self.take()
                    sweep_at = loop.time() + SWEEP_SECONDS
                await self.take(self._clock() - RECENT)
                if loop.time() >= sign_at:
                    await self.sign()
                    sign_at = loop.time() + SIGN_SECONDS
            except StoreUnreachable:
                pass  # It comes back, and nothing is lost meanwhile.
            except Exception:
                log.exception("log_not_kept")  # The server lives on: taps are answered, and what waits is taken later.
            await self._pause(TAKE_SECONDS)
        await self._last()

    async def _last(self) -> None:
        try:
            await asyncio.wait_for(self.sign(), SIGN_SECONDS)
        except Exception as error:
            log.warning("log_not_closed", why=type(error).__name__)  # The next server takes it in.

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError:
            return

    async def _alarm(self, size: int, contradiction: WitnessContradicts) -> None:
        log.error("witness_contradicts", size=size)
        async with self._database.acquire("batch") as connection:
            await alarm_of_witness(connection, size, self._clock(), str(contradiction))

    def _mark(self, subject: int) -> bytes:
        return canary_mark(self._keyring.hash_key, subject)


def log_keeper_of(settings: Settings, store: Store) -> LogKeeper:
    """Return the keeper of the log of *store*, for commands that open nothing else. Raises `CodeRulesWrong`."""
    suite = code_rules(find_city(settings.city, settings.cities)).suite
    return LogKeeper(store, suite, read_clock(store.home.folder).now, witness_of(settings.witness))


def log_keys_of(settings: Settings, store: Store) -> LogKeys:
    """Return the keys of the log of *store*. Raises as `LogKeeper.keys` does."""
    return log_keeper_of(settings, store).keys
