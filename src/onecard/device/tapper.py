"""One tap from what was shown to the answer: written down, asked of the server, decided here where it is refused or silent."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from onecard.decision.decide import EXIT
from onecard.decision.reasons import load_reasons
from onecard.device.alone import Alone, Memory, decide_alone
from onecard.device.errors import ClockUnsure, LogUnwritable, NotSignedIn
from onecard.device.line import Shown
from onecard.device.log import Remembered, Written
from onecard.device.reading import Looked, look_up
from onecard.device.seen import EVERYBODY, Seen
from onecard.device.server import Reply, Server, Unreachable
from onecard.device.standing import Standing
from onecard.uses.model import Tap, use_id
from onecard.values.days import epoch_milliseconds
from onecard.values.error import OnecardError

__all__ = ["ANSWER_SECONDS", "SILENCE_MS", "Asked", "Tapper"]

SILENCE_MS: Final = 800
"""How long a server may be silent, until the bundle says otherwise."""

ANSWER_SECONDS: Final = 10.0
"""How long a terminal waits for the server that cannot decide alone."""

_BUSY_SECONDS: Final = 1.0
_NOT_SIGNED: Final = "TERMINAL_NOT_SIGNED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants: a credential, for a service at a list price."""

    shown: Shown
    service: str
    list_price_fen: int
    way: str = "dine_in"
    ticket: str = "main"
    group: int = 1
    guardian: Shown | None = None


class Tapper:
    """Takes taps, one after another."""

    def __init__(self, standing: Standing, server: Server, *, sign_in: Callable[[], Any], kick: Callable[[], None]) -> None:
        """*sign_in* asks the server for the next number; *kick* wakes whoever sends what waits."""
        self._standing = standing
        self._server = server
        self._sign_in = sign_in
        self._kick = kick
        self._late: set[asyncio.Task[Reply]] = set()

    async def tap(self, asked: Asked) -> dict[str, Any]:
        """Return the answer to one tap. Raises `NotSignedIn`, `LogUnwritable`: then nothing was done."""
        standing = self._standing
        if not (standing.terminal and standing.clock.is_told):  # A use at a time that nobody told would be no use at all.
            raise NotSignedIn(why_zh="服务器没有应答", why_en="the server did not answer")
        at = standing.clock.now()
        if standing.ready and (standing.away or asyncio.get_running_loop().time() < standing.asked_from):
            return self._decided(asked, at)
        return await self._online(asked, at, again=True)

    async def _online(self, asked: Asked, at: datetime, *, again: bool) -> dict[str, Any]:
        standing = self._standing
        written = standing.log.write(standing.least_seq, epoch_milliseconds(at), lambda seq: _content(asked, standing.terminal, seq, at))
        reply = await self._ask(written)
        if reply is None or reply.status >= 500:
            return self._alone(written, asked, at) if standing.ready else self._missed(written, asked, {})
        told = reply.told
        if reply.status == 200 and "outcome" in told:
            return self._answered(written, asked, told, at)
        if reply.status in (401, 403):
            return self._missed(written, asked, told)
        standing.log.void(written.seq, {"problem": told, "status": reply.status})
        if reply.status == 409 and again:  # Another device took the number: ask for the next one, once.
            await self._sign_in()
            return await self._online(asked, at, again=False)
        return _told(asked, {"seq": written.seq, "outcome": None, "reason": None, "paid": None, "offline": False, "problem": told})

    async def _ask(self, written: Written) -> Reply | None:
        """Return the server's reply; None where it refuses the connection, or is silent for longer than it may be."""
        standing, loop = self._standing, asyncio.get_running_loop()
        until = loop.time() + ANSWER_SECONDS
        while True:
            ready = standing.ready
            asking = asyncio.create_task(self._server.post("/v1/uses", written.body))
            done, _ = await asyncio.wait({asking}, timeout=self._silence() if ready else max(0.0, until - loop.time()))
            if not done:
                self._keep_late(asking, written.seq)
                standing.away = True
                return None
            try:
                reply = asking.result()
            except Unreachable:
                standing.away = True
                return None
            standing.away = False
            if reply.status != 503:
                return reply
            standing.asked_from = loop.time() + (reply.retry_after or _BUSY_SECONDS)
            if ready or standing.asked_from >= until:
                return reply
            await asyncio.sleep(reply.retry_after or _BUSY_SECONDS)

    def _silence(self) -> float:
        """Return how many seconds the server may be silent."""
        rules = self._standing.rules
        return (rules.params.silence_ms if rules else SILENCE_MS) / 1000

    def _keep_late(self, asking: "asyncio.Task[Reply]", seq: int) -> None:
        """Keep the answer that comes after this terminal's own; what was shown stands."""
        self._late.add(asking)

        def came(asking: "asyncio.Task[Reply]") -> None:
            self._late.discard(asking)
            if asking.cancelled() or asking.exception() is not None:
                return
            reply = asking.result()
            if reply.status == 200:
                try:
                    self._standing.log.keep_late(seq, reply.told)
                except LogUnwritable as mistake:
                    self._standing.notice(mistake.said_zh, mistake.said_en)
            self._kick()

        asking.add_done_callback(came)

    def _answered(self, written: Written, asked: Asked, told: dict[str, Any], at: datetime) -> dict[str, Any]:
        """Write the server's answer, and count here what it granted, so that the next tap, alone, knows of this one."""
        standing = self._standing
        seen: list[tuple[bytes, Seen]] = []
        code = None
        if standing.ready:
            alone, looked, memory = self._decide(asked, at, written.seq)
            code = looked.spends
            if told["outcome"] == "accepted" and alone.card is not None and alone.decision.programme == told["programme"]:
                was = memory.card  # Nothing was risked: the server decided.
                seen = _seen(alone, looked, risked=was)
        try:
            standing.log.settle(written.seq, told, Remembered(at_ms=epoch_milliseconds(at), seen=seen, code=code))
        except LogUnwritable as mistake:  # The server has it on disk: the answer holds, and whoever looks after the machine hears of it.
            self._full(mistake)
        return _told(asked, {**told, "seq": written.seq, "offline": False})

    def _alone(self, written: Written, asked: Asked, at: datetime) -> dict[str, Any]:
        """Decide what the server was asked in vain."""
        alone, looked, _ = self._decide(asked, at, written.seq)
        answer, offline = _answer(asked, alone), _offline(alone, self._standing)
        self._standing.log.stand_alone(written.seq, answer, offline, _remembered(alone, looked, at))
        self._kick()
        return self._said(asked, answer, written.seq)

    def _decided(self, asked: Asked, at: datetime) -> dict[str, Any]:
        """Decide without asking anybody: use, answer and counters are written at once."""
        standing = self._standing
        alone, looked, _ = self._decide(asked, at, standing.least_seq)
        answer, offline = _answer(asked, alone), _offline(alone, standing)
        written = standing.log.decide(
            standing.least_seq, lambda seq: _content(asked, standing.terminal, seq, at), answer, offline, _remembered(alone, looked, at)
        )
        self._kick()
        return self._said(asked, answer, written.seq)

    def _missed(self, written: Written, asked: Asked, problem: dict[str, Any]) -> dict[str, Any]:
        """Turn away whom neither the server nor this terminal can decide about; the server hears of it when it can."""
        clock = self._standing.clock
        if not problem and not clock.is_sure:
            unsure = ClockUnsure(seconds=round(clock.jumped_ms / 1000))
            problem = {"type": unsure.code, "title": {"zh": unsure.said_zh, "en": unsure.said_en}}
        answer: dict[str, Any] = {"outcome": "refused", "reason": _NOT_SIGNED, "paid": 0, "list_price": asked.list_price_fen}
        if problem:
            answer["problem"] = problem
        self._standing.log.stand_alone(written.seq, answer, {"outcome": "refused", "paid": 0}, Remembered(at_ms=0))
        self._kick()
        return self._said(asked, answer, written.seq)

    def _said(self, asked: Asked, answer: dict[str, Any], seq: int) -> dict[str, Any]:
        zh, en = _word(answer)
        name = use_id(self._standing.terminal, seq)
        return _told(asked, {**answer, "seq": seq, "use": name, "say": {"zh": zh, "en": en}, "offline": True})

    def _decide(self, asked: Asked, at: datetime, seq: int) -> tuple[Alone, Looked, Memory]:
        standing = self._standing
        holdings = standing.holdings()
        looked = look_up(asked.shown, holdings.rules, at)
        log = standing.log
        memory = Memory(card=log.seen(looked.alias), everybody=log.everybody(), code_seen=log.code_seen(looked.spends))
        tap = Tap(
            terminal=standing.terminal, seq=seq, kind=asked.shown.kind, value=asked.shown.value, service=asked.service,
            list_price_fen=asked.list_price_fen, occurred_at=at, way=asked.way, ticket=asked.ticket, group=asked.group,
        )  # fmt: skip
        guardian = look_up(asked.guardian, holdings.rules, at) if asked.guardian else None
        return decide_alone(tap, holdings, looked, memory, guardian), looked, memory

    def _full(self, mistake: OnecardError) -> None:
        self._standing.storage_ok = False
        self._standing.notice(mistake.said_zh, mistake.said_en)


def _content(asked: Asked, terminal: str, seq: int, at: datetime) -> dict[str, Any]:
    """Return a use as it is sent (SURFACES §3); what stands at its default is left out."""
    content: dict[str, Any] = {
        "terminal": terminal, "seq": seq, "credential": {"kind": asked.shown.kind, "value": asked.shown.value}, "service": asked.service,
        "list_price": 0 if asked.service == EXIT else asked.list_price_fen, "occurred_at": at.isoformat(timespec="milliseconds"),
    }  # fmt: skip
    more = {"way": (asked.way, "dine_in"), "ticket": (asked.ticket, "main"), "group": (asked.group, 1)}
    content.update({name: told for name, (told, usual) in more.items() if told != usual})
    if asked.guardian is not None:
        content["guardian"] = {"kind": asked.guardian.kind, "value": asked.guardian.value}
    return content


def _answer(asked: Asked, alone: Alone) -> dict[str, Any]:
    decision = alone.decision
    return {"outcome": decision.outcome, "reason": decision.reason, "paid": decision.paid_fen, "list_price": asked.list_price_fen}


def _offline(alone: Alone, standing: Standing) -> dict[str, Any]:
    return {"outcome": alone.decision.outcome, "paid": alone.decision.paid_fen, "hotlist": standing.hotlist.version}


def _word(answer: dict[str, Any]) -> tuple[str, str]:
    """Return the big word of an answer given alone: what was granted is "accepted offline", its price stands beside it."""
    granted = answer["outcome"] == "accepted" and answer["reason"].startswith("OK")
    return load_reasons().say(answer["outcome"], "OFFLINE_ACCEPTED" if granted else answer["reason"])


def _remembered(alone: Alone, looked: Looked, at: datetime) -> Remembered:
    return Remembered(at_ms=epoch_milliseconds(at), seen=_seen(alone, looked), code=looked.spends)


def _seen(alone: Alone, looked: Looked, *, risked: Seen | None = None) -> list[tuple[bytes, Seen]]:
    """Return what is to be remembered, by alias; *risked* is what the card had risked before, where that stays so."""
    found: list[tuple[bytes, Seen]] = []
    if alone.card is not None:
        found.append((looked.alias, alone.card if risked is None else alone.card.risking_as(risked)))
    if alone.everybody is not None:
        found.append((EVERYBODY, alone.everybody))
    return found


def _told(asked: Asked, answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer in the shape of a line out."""
    kept = ("seq", "outcome", "reason", "paid", "offline", "list_price", "say", "use", "problem")
    whole = {"list_price": asked.list_price_fen, "say": None, "use": None, **answer}
    return {name: whole[name] for name in kept if name in whole}
