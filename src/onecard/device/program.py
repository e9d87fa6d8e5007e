"""The terminal program: line by line, what was shown is answered; beside it the server is kept in touch with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from onecard.device.background import Background
from onecard.device.clock import CityClock, Clock
from onecard.device.contact import Contact
from onecard.device.errors import LogUnwritable, NotSignedIn, ServerRefuses, ServiceNotOffered
from onecard.device.folder import Folder
from onecard.device.line import Order, Shown, read_line, read_shown
from onecard.device.log import open_log
from onecard.device.server import connected
from onecard.device.standing import Standing
from onecard.device.tapper import ANSWER_SECONDS, SILENCE_MS, Asked, Tapper
from onecard.terminals.calendar import day_kind
from onecard.terminals.usual import usual_price_fen, usual_service
from onecard.values.days import civil, minute_of_day
from onecard.values.error import OnecardError

__all__ = ["LOG_FILE", "Options", "Program", "run_terminal"]

LOG_FILE: Final = "log.sqlite"
FINISH_SECONDS: Final = 10.0
"""How long a program that has no more lines goes on sending what waits."""

_FINISH_AGAIN_SECONDS: Final = 0.5

Show = Callable[[dict[str, Any]], None]
Notice = Callable[[str, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a terminal is told when it starts."""

    terminal: str  # Its number, or in a demo its key in the cast.
    url: str
    token: str
    folder: Path
    service: str | None = None  # None: what is usual there at that time.
    price_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Next:
    """What whoever serves said of the next tap."""

    way: str = "dine_in"
    ticket: str = "main"
    group: int = 1
    guardian: Shown | None = None


class Program:
    """Answers lines."""

    def __init__(self, standing: Standing, tapper: Tapper, background: Background, options: Options) -> None:
        self._standing = standing
        self._tapper = tapper
        self._background = background
        self._service = options.service
        self._price_fen = options.price_fen
        self._next = _Next()
        self.over = False  # Whoever serves said so.

    async def line(self, text: str) -> dict[str, Any]:
        """Return the one answer to a line; whatever is wrong with it is an answer too, and recorded nowhere."""
        try:
            told = read_line(text)
            return await (self._order(told) if isinstance(told, Order) else self._tap(told))
        except LogUnwritable as mistake:
            self._standing.storage_ok = False
            return _problem(mistake)
        except OnecardError as mistake:
            return _problem(mistake)

    async def _tap(self, shown: Shown) -> dict[str, Any]:
        following, self._next = self._next, _Next()
        service = self._service or self._usual_service()
        asked = Asked(
            shown=shown, service=service, list_price_fen=self._price(service), way=following.way, ticket=following.ticket,
            group=following.group, guardian=following.guardian,
        )  # fmt: skip
        return await self._tapper.tap(asked)

    async def _order(self, order: Order) -> dict[str, Any]:
        match order.name:
            case "service":
                self._check_service(order.text)
                self._service = order.text
            case "price":
                self._price_fen = order.number
            case "way":
                self._next = replace(self._next, way=order.text)
            case "ticket":
                self._next = replace(self._next, ticket=order.text)
            case "group":
                self._next = replace(self._next, group=order.number)
            case "guardian":
                self._next = replace(self._next, guardian=read_shown(order.text))
            case "sync":
                await self._background.sync()
            case "exit":
                self.over = True
        return {"order": order.name, **self.status()}

    def status(self) -> dict[str, Any]:
        """Return how this terminal stands."""
        standing = self._standing
        return {
            "terminal": standing.terminal or None, "online": not standing.away and standing.refused is None, "ready_alone": standing.ready,
            "waiting": standing.log.waiting_count(), "uses": standing.log.counts(), "hotlist": standing.hotlist.version,
            "hotlist_at": standing.hotlist_at, "bundle": standing.rules.etag if standing.rules else None, "now": standing.clock.now(),
            "clock_jumped_ms": standing.clock.jumped_ms, "cloned": standing.is_cloned, "storage_ok": standing.storage_ok,
            "refused": dict(standing.refused) if standing.refused else None, "service": self._service, "price": self._price_fen,
        }  # fmt: skip

    def _services(self) -> tuple[str, ...]:
        """Return what is offered here: of a demo's terminal what its cast says, else all that its site does."""
        standing = self._standing
        offered = standing.rules.place.site.services if standing.rules else tuple(standing.prices)
        return tuple(service for service in offered if service in standing.prices) or offered

    def _usual_service(self) -> str:
        services, rules, now = self._services(), self._standing.rules, self._standing.clock.now()
        if not services:
            raise NotSignedIn(why_zh="还没有收到点位数据", why_en="it was not yet told what its site offers")
        if rules is None:
            return services[0]
        kind = day_kind(civil(now).date(), rules.city.day_kinds)
        return usual_service(rules.place.site, services, kind, minute_of_day(now))

    def _check_service(self, service: str) -> None:
        offered = self._standing.rules.place.site.services if self._standing.rules else ()
        if offered and service not in offered:
            raise ServiceNotOffered(service=service, offered=", ".join(offered))

    def _price(self, service: str) -> int:
        if self._price_fen is not None:
            return self._price_fen
        told = self._standing.prices.get(service)
        scene = self._standing.rules.place.site.scene if self._standing.rules else ""
        return usual_price_fen(scene, service) if told is None else told


async def run_terminal(
    options: Options, lines: AsyncIterator[str], show: Show, *, clock: Clock, chance: Callable[[], float], notice: Notice
) -> None:
    """Answer each of *lines* by *show*, in order, until they end or `#exit` comes; then send what waits, for a bounded time.

    *notice* hears, zh and en, what whoever looks after the machine should know. Raises `FolderUnusable`, `FolderTaken`,
    `FolderOfAnother`, `LogDamaged`, `LogUnwritable`, `ServerAddressWrong`, `TerminalNotSpokenFor`, `ServerRefuses` at the start.
    """
    with Folder(options.folder) as folder:
        log = open_log(folder.path / LOG_FILE)
        offset = log.meta("offset_ms")
        standing = Standing(folder=folder, log=log, clock=CityClock(clock, None if offset is None else int(offset)), notice=notice)
        standing.load()
        async with connected(options.url, options.token) as server:
            contact = Contact(standing, server, options.terminal)
            contact.known()
            background = Background(standing, server, contact, chance)
            tapper = Tapper(standing, server, sign_in=background.sign_in, kick=background.kick)
            program = Program(standing, tapper, background, options)
            await _first_word(standing, background)
            beside = asyncio.create_task(background.run())
            try:
                await _answer(program, lines, show)
                await _finish(standing, background)
            finally:
                beside.cancel()
                await asyncio.gather(beside, return_exceptions=True)
        log.close()


async def _answer(program: Program, lines: AsyncIterator[str], show: Show) -> None:
    async for line in lines:
        show(await program.line(line))
        if program.over:
            return


async def _first_word(standing: Standing, background: Background) -> None:
    """Sign in before the first line is answered; who can decide alone does not wait long for that."""
    patience = SILENCE_MS / 1000 if standing.ready else ANSWER_SECONDS
    try:
        async with asyncio.timeout(patience):
            await background.sign_in()
    except TimeoutError:
        standing.away = True
    if standing.refused is not None and not standing.terminal:
        title = standing.refused.get("title", {})
        raise ServerRefuses(why_zh=title.get("zh", ""), why_en=title.get("en", ""))


async def _finish(standing: Standing, background: Background) -> None:
    """Send what waits while that gets on; what does not arrive now is sent when the program starts again."""
    with suppress(TimeoutError):
        async with asyncio.timeout(FINISH_SECONDS):
            if standing.log.waiting_count() and not await background.sync() and not standing.away:
                await asyncio.sleep(_FINISH_AGAIN_SECONDS)  # The server asked for patience: once more.
                await background.sync()
    left = standing.log.waiting_count()
    if left:
        en = f"{left} uses wait to be sent; they are kept, and sent after the next start."
        standing.notice(f"还有 {left} 笔待上传，已保存，下次启动后继续。", en)


def _problem(mistake: OnecardError) -> dict[str, Any]:
    """Return the answer to a line that came to nothing."""
    told = {"type": mistake.code, "title": {"zh": mistake.said_zh, "en": mistake.said_en}}
    return {"seq": None, "outcome": None, "reason": None, "paid": None, "offline": False, "problem": told}
