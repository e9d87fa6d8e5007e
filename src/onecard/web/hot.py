"""The hot endpoints, in bare ASGI: one tap, and a batch of them. Read, check the token, hand to the lanes, answer."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, Final

import msgspec
from prometheus_client import Counter

from onecard.app.application import App
from onecard.decision.reasons import load_reasons
from onecard.uses.intake import TerminalUnknown
from onecard.uses.lane import Outcome, Overloaded, StoreSilent
from onecard.uses.model import Answer, Tap
from onecard.uses.pace import breathe
from onecard.uses.plan import SeqReused
from onecard.values.error import OnecardError
from onecard.web.bearer import spoken_for
from onecard.web.metrics import BATCHES, TAPS
from onecard.web.problem import MEDIA_TYPE, Failed, MethodWrong, problem_headers, problem_of, seq_reused
from onecard.web.wire import BATCH_BYTES_MAX, USE_BYTES_MAX, Receive, read_batch, read_body, read_use

__all__ = ["HOT_PATHS", "HotDoor", "Receive", "Scope", "Send"]

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HOT_PATHS: Final = frozenset({"/v1/uses", "/v1/uses/batch"})

_encode = msgspec.json.Encoder().encode


class HotDoor:
    """`POST /v1/uses` and `POST /v1/uses/batch`; any other method there is told so."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._uses = app.uses
        self._reasons = load_reasons()
        self._counters: dict[tuple[str, str], Counter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            if scope["method"] != "POST":
                raise MethodWrong(allowed="POST")
            if scope["path"] == "/v1/uses":
                answer = await self._tap(scope, receive)
            else:
                answer = await self._batch(scope, receive)
        except OnecardError as mistake:
            await _send_problem(send, mistake)
        except Exception:
            await _send_problem(send, Failed())
            raise  # To the log.
        else:
            await _send(send, 200, _encode(answer), b"application/json")

    async def _tap(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        terminals = self._terminals(scope)
        tap = read_use(await read_body(receive, USE_BYTES_MAX, "一笔最多 64 KB", "one use is at most 64 KB"))
        if tap.terminal not in terminals:
            raise TerminalUnknown(field="terminal")
        outcome = await self._uses.tap(tap)
        if isinstance(outcome, SeqReused):
            raise seq_reused(outcome)
        self._counted(outcome)
        return self._told(outcome)

    async def _batch(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        terminals = self._terminals(scope)
        bodies = read_batch(await read_body(receive, BATCH_BYTES_MAX, "一批最多 4 MB", "a batch is at most 4 MB"))
        slots: list[OnecardError | None] = []
        taps: list[Tap] = []
        for number, body in enumerate(bodies):
            await breathe(number)
            try:
                tap = read_use(body)
                if tap.terminal not in terminals:
                    raise TerminalUnknown(field="terminal")
                taps.append(tap)
                slots.append(None)
            except OnecardError as mistake:
                slots.append(mistake)
        outcomes = await self._uses.record(taps, self._app.now())
        _refuse_silence(outcomes)
        BATCHES.inc(len(bodies))
        decided = iter(outcomes)
        answers = []
        for number, slot in enumerate(slots):
            await breathe(number)
            answers.append(msgspec.Raw(_encode(self._uploaded(next(decided) if slot is None else slot))))
        return {"answers": answers}

    def _terminals(self, scope: Scope) -> frozenset[str]:
        """Return the terminals that the request's token speaks for."""
        return spoken_for(scope["headers"], self._app.masters.directory)

    def _counted(self, answer: Answer) -> None:
        counter = self._counters.get((answer.outcome, answer.reason))
        if counter is None:  # Looking a counter up by its labels costs more than counting.
            counter = self._counters[answer.outcome, answer.reason] = TAPS.labels(answer.outcome, answer.reason)
        counter.inc()

    def _told(self, answer: Answer) -> dict[str, Any]:
        zh, en = self._reasons.say(answer.outcome, answer.reason)
        return {
            "use": answer.use,
            "outcome": answer.outcome,
            "reason": answer.reason,
            "say": {"zh": zh, "en": en},
            "list_price": answer.list_price_fen,
            "paid": answer.paid_fen,
            "payers": [{"fund": fund, "amount": fen} for fund, fen in answer.payers],
            "programme": answer.programme,
            "version": answer.version,
            "duplicate": answer.duplicate,
        }

    def _uploaded(self, outcome: Outcome | OnecardError) -> dict[str, Any]:
        """Return the answer to one use of a batch, with the word for it."""
        if isinstance(outcome, SeqReused):
            outcome = seq_reused(outcome)
        if isinstance(outcome, OnecardError):
            return {"upload": "invalid", "problem": problem_of(outcome)}
        told = self._told(outcome)
        told["upload"] = _verdict(outcome)
        return told


def _verdict(answer: Answer) -> str:
    if answer.duplicate:
        return "duplicate"
    return answer.upload or ("agreed" if answer.outcome == "accepted" else "refused")


def _refuse_silence(outcomes: Sequence[Outcome | OnecardError]) -> None:
    """A batch of which the store lost a part is answered as a whole with "send it again": by key nothing happens twice."""
    for outcome in outcomes:
        if isinstance(outcome, StoreSilent | Overloaded):
            raise outcome


async def _send_problem(send: Send, mistake: OnecardError) -> None:
    TAPS.labels("problem", mistake.code).inc()
    headers = [(name.encode(), value.encode()) for name, value in problem_headers(mistake).items()]
    await _send(send, mistake.http_status, _encode(problem_of(mistake)), MEDIA_TYPE.encode(), headers)


async def _send(send: Send, status: int, body: bytes, media_type: bytes, more: Sequence[tuple[bytes, bytes]] = ()) -> None:
    headers = [(b"content-type", media_type), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
