"""The room's door: record a tap or many, take one back, tell why. Reads, plans, writes."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from onecard.cards.code import Issuers
from onecard.cards.ecard import CODE_RULES, CodeRules
from onecard.db.errors import StoreUnreachable
from onecard.db.faults import Conflict, StoreLost
from onecard.db.pool import Connection, Database
from onecard.decision.reasons import load_reasons
from onecard.decision.rulebook import RuleBook
from onecard.ledger import service as ledger
from onecard.terminals.model import Directory, Site
from onecard.uses import store
from onecard.uses.codes import NO_CODES, CodeBook, Reading, is_ours
from onecard.uses.explanation import explained, recorded_from
from onecard.uses.intake import check_tap
from onecard.uses.known import known_from
from onecard.uses.lane import ATTEMPTS_MAX, Lanes, Outcome, StoreSilent
from onecard.uses.links import keep_evidence, with_links
from onecard.uses.model import Answer, Tap, use_id, use_key
from onecard.uses.occasion import CityRules
from onecard.uses.pace import Pace
from onecard.uses.plan import Prepared, SeqReused, anonymous_salt, plan_batch, prepare
from onecard.uses.record import offline_json
from onecard.uses.reversal import counters_inside, plan_reversal
from onecard.values.error import OnecardError

__all__ = ["UPLOAD_LANE", "ForeignReader", "Master", "Uses", "UsesContext"]

UPLOAD_LANE = 90
"""Lane numbers from here on serve whole batches (uploads, the demo) beside the lanes that serve single taps."""

REVERSAL_LANE = 80

ASKED_AT_ONCE = 8
"""How many codes of others are asked about together."""

VOUCHED_MAX = 10_000
"""How many answers about codes of others are kept; far more than a lane decides at once."""


class Master(Protocol):
    """What is in force, and how to read it anew once the store says that it changed."""

    rules: RuleBook
    directory: Directory

    async def reload(self) -> None:
        """Read rule book and directory again."""

    async def rules_at(self, number: int) -> RuleBook:
        """Return the rule book as it stood at *number*: what decided then explains now."""


class ForeignReader(Protocol):
    """Knows codes of other places."""

    async def reading(self, text: str, terminal: str, at: datetime) -> Reading:
        """Return what the code *text* comes to, within a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesContext:
    """Everything this room is given: the store, what is in force, keys, clock and chance."""

    database: Database
    master: Master
    city: CityRules
    hash_key: bytes
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    chance: Callable[[int], bytes]  # chance(n): n random bytes.
    server: str  # Names this process in the lanes' names.
    issuers: Callable[[], Issuers] = dict  # Whose codes are believed now.
    code_rules: CodeRules = CODE_RULES
    foreign: ForeignReader | None = None  # Whom to ask about codes that are not ours.


class Uses:
    """Taps in, answers out, each on disk before it is told."""

    def __init__(self, context: UsesContext) -> None:
        self._context = context
        self._master = context.master
        self._anonymous_salt = anonymous_salt(context.hash_key)
        self._numbers: dict[int, int] = {}
        self._batch_lock = asyncio.Lock()
        self._vouched: OrderedDict[str, Reading] = OrderedDict()
        self.lanes = Lanes(self._attempt, context.clock)
        self._pace = Pace(lambda: self.lanes.tapped_at)

    def check(self, tap: Tap, now: datetime) -> Tap:
        """Return *tap* in canonical form; raises what `check_tap` raises."""
        return check_tap(tap, self._master.directory, self._context.city.lists.services, now)

    async def tap(self, tap: Tap) -> Outcome:
        """Record one tap through the lanes. Raises `OnecardError`: malformed, overloaded, store silent."""
        checked = self.check(tap, self._context.clock())
        if checked.kind == "code" and self._context.foreign is not None:
            await self._ask_about([checked])
        return await self.lanes.submit(checked)

    async def record(self, taps: Sequence[Tap], received_at: datetime) -> list[Outcome | OnecardError]:
        """Record *taps* in order, however many, each chunk durable before the next; one bad tap spoils only itself."""
        outcomes: list[Outcome | OnecardError] = []
        clock = asyncio.get_running_loop().time
        async with self._batch_lock:
            while len(outcomes) < len(taps):
                start, begun = len(outcomes), clock()
                outcomes += await self._record_chunk(taps[start : start + self._pace.step], received_at)
                await self._pace.rest(clock() - begun)
        return outcomes

    async def _record_chunk(self, taps: Sequence[Tap], received_at: datetime) -> list[Outcome | OnecardError]:
        outcomes: list[Outcome | OnecardError | None] = []
        good: list[Tap] = []
        for tap in taps:
            try:
                good.append(self.check(tap, received_at))
                outcomes.append(None)
            except OnecardError as mistake:
                outcomes.append(mistake)
        if self._context.foreign is not None:
            await self._ask_about([tap for tap in good if tap.kind == "code"])
        decided = iter(await self.lanes.commit(UPLOAD_LANE, good, received_at) if good else ())
        return [next(decided) if outcome is None else outcome for outcome in outcomes]

    async def decide_only(self, tap: Tap, now: datetime) -> dict[str, Any]:
        """Return what *tap* would get at its own instant, with its explanation, and record nothing."""
        prepared = self._prepare([self.check(tap, now)], now)
        async with self._context.database.acquire("lane") as connection:
            known = known_from(await store.read_batch(connection, prepared), self._context.code_rules)
        planned = plan_batch(
            prepared, known, self._master.rules, batch=self._context.new_id(), lane="dry", number=0, received_at=now,
            anonymous_salt=self._anonymous_salt,
        )  # fmt: skip
        answer = planned.answers[0]
        if not isinstance(answer, Answer) or planned.batch is None:
            return {"answer": answer, "explanation": None}
        row = _row_of(planned.batch.uses[0])
        return {"answer": answer, "explanation": self._explained(answer.use, row, self._master.rules)}

    async def reverse(self, use: str, reason: str) -> dict[str, Any] | None:
        """Take *use* back, once; the same again changes nothing. None where there is no such use."""
        key = use_key(use)
        if key is None:
            return None
        for _ in range(ATTEMPTS_MAX):
            async with self._context.database.acquire("lane") as connection:
                row = await store.find_use(connection, *key)
                if row is None:
                    return None
                if row["reversed_at"] is not None:
                    return {"use": use, "reversed": True, "duplicate": True}
                try:
                    await self._reverse(connection, row, reason)
                except Conflict:
                    continue
                except StoreLost as lost:  # Its fate is unknown; sent again, it is found or done.
                    raise StoreSilent(retry_after=1) from lost
                return {"use": use, "reversed": True, "duplicate": False}
        raise StoreSilent(retry_after=1)

    async def explain(self, use: str) -> dict[str, Any] | None:
        """Return why *use* came out as it did, from its record; None where there is none."""
        async with self._context.database.acquire("desk") as connection:
            return await self.explain_through(connection, use)

    async def explain_through(
        self, connection: Connection, use: str, sees: Callable[[Site], bool] | None = None
    ) -> dict[str, Any] | None:
        """Return the same through the *connection* of somebody who may see less: then what he may not see is not there.

        *sees* tells of which sites he may be told what else the person did that day; left out, of all.
        """
        key = use_key(use)
        row = None if key is None else await store.find_use(connection, *key)
        if row is None:
            return None
        same_day = [] if row["subject"] is None else await store.uses_of_day(connection, row["subject"], row["day"])
        rules = await self._master.rules_at(row["rules"])
        told = self._explained(use, row, rules)
        told["reversed"] = row["reversed_at"] is not None
        told["subject"] = row["subject"]
        told["same_day"] = [self._line_of(each) for each in same_day if sees is None or self._is_seen(each, sees)]
        return told

    async def last_seq(self, terminal: str) -> int:
        """Return the highest number that *terminal* has used."""
        async with self._context.database.acquire("desk") as connection:
            return await store.last_seq(connection, terminal)

    def _explained(self, use: str, row: Any, rules: RuleBook) -> dict[str, Any]:
        site = self._master.directory.sites.get(row["site"])
        zh, en = (site.name_zh, site.name_en) if site else (row["site"], row["site"])
        told = explained(use, recorded_from(row), rules, load_reasons(), place_zh=zh, place_en=en)
        told |= {
            "terminal": row["terminal"], "seq": row["seq"], "occurred_at": row["occurred_at"].isoformat(), "service": row["service"],
            "site": {"zh": zh, "en": en}, "day": row["day"].isoformat(), "method": row["credential_kind"],
        }  # fmt: skip
        return told

    def _is_seen(self, row: Any, sees: Callable[[Site], bool]) -> bool:
        site = self._master.directory.sites.get(row["site"])
        return site is not None and sees(site)

    def _line_of(self, row: Any) -> dict[str, Any]:
        site = self._master.directory.sites.get(row["site"])
        return {
            "use": use_id(row["terminal"], row["seq"]), "occurred_at": row["occurred_at"].isoformat(), "service": row["service"],
            "site": {"zh": site.name_zh, "en": site.name_en} if site else None, "outcome": row["outcome"], "reason": row["reason"],
            "list_price": row["list_price_fen"], "paid": row["paid_fen"], "programme": row["programme"], "version": row["version"],
            "reversed": row["reversed"],
        }  # fmt: skip

    async def _reverse(self, connection: Connection, row: Any, reason: str) -> None:
        memos = counters_inside(row)
        inside = await store.counters_of(connection, row["subject"], memos) if memos else {}
        salt = await store.salt_of(connection, row["subject"]) if row["subject"] is not None else None
        batch = plan_reversal(
            row, inside, batch=self._context.new_id(), lane=self._lane(REVERSAL_LANE), number=self._next(REVERSAL_LANE),
            received_at=self._context.clock(), reason=reason, salt=salt or self._anonymous_salt,
        )  # fmt: skip
        await ledger.write(connection, batch)

    def _prepare(self, taps: Sequence[Tap], received_at: datetime) -> list[Prepared]:
        context, master = self._context, self._master
        shown = any(tap.kind == "code" or (tap.guardian is not None and tap.guardian[0] == "code") for tap in taps)
        codes = CodeBook(issuers=context.issuers(), vouched=self._vouched) if shown else NO_CODES
        return [prepare(tap, master.directory, master.rules, context.city, context.hash_key, received_at, codes) for tap in taps]

    async def _ask_about(self, taps: Sequence[Tap]) -> None:
        """Let others tell what codes that are not ours come to, before a lane decides about them."""
        foreign, issuers = self._context.foreign, self._context.issuers() if taps else {}
        assert foreign is not None
        asked = [tap for tap in taps if not is_ours(tap.value, issuers) and not self._is_vouched(tap.value)]
        for start in range(0, len(asked), ASKED_AT_ONCE):
            some = asked[start : start + ASKED_AT_ONCE]
            readings = await asyncio.gather(*(foreign.reading(tap.value, tap.terminal, tap.occurred_at) for tap in some))
            self._vouched.update((tap.value, reading) for tap, reading in zip(some, readings, strict=True))
        while len(self._vouched) > VOUCHED_MAX:
            self._vouched.popitem(last=False)

    def _is_vouched(self, text: str) -> bool:
        reading = self._vouched.get(text)
        return reading is not None and reading.spends is not None  # What nobody could name is asked again.

    async def _attempt(self, number: int, taps: Sequence[Tap], received_at: datetime, own: set[UUID]) -> Sequence[Outcome]:
        """Read, decide and write *taps* once: two round trips. Raises `Conflict`, `DataRefused`, `StoreLost`.

        That a use is on record already shows when it is written: its key is taken. Only then is its first answer looked up,
        so that nobody else pays for a question that is nearly always answered with no. Of uploads it is asked beforehand:
        one use in a thousand that came before would have them all decided twice.
        """
        try:
            async with self._context.database.acquire("lane") as connection:
                return await self._commit_once(connection, number, taps, received_at, own)
        except StoreUnreachable as silent:
            raise StoreLost(str(silent)) from silent

    async def _commit_once(
        self, connection: Connection, number: int, taps: Sequence[Tap], received_at: datetime, own: set[UUID]
    ) -> Sequence[Outcome]:
        master = self._master
        prepared = self._prepare(taps, received_at)
        known = known_from(await store.read_batch(connection, prepared), self._context.code_rules)
        if (known.changes["rules"], known.changes["sites"]) != (master.rules.number, master.directory.version):
            await master.reload()
            raise Conflict("rules or sites changed")
        if own or any(tap.offline is not None for tap in taps):  # A write failed, on a taken number or not; uploads are often sent twice.
            known.earlier = await store.earlier_uses(connection, prepared)
        planned = plan_batch(
            prepared, known, master.rules, batch=self._context.new_id(), lane=self._lane(number), number=self._next(number),
            received_at=received_at, own=own, anonymous_salt=self._anonymous_salt,
        )  # fmt: skip
        batch, links_beside = with_links(self._context.hash_key, self._context.chance, prepared, planned.batch)
        if batch is not None:
            own.add(batch.batch)
            await ledger.write(connection, batch)
        answers = list(zip(taps, planned.answers, strict=True))
        late = {
            (tap.terminal, tap.seq): offline
            for tap, answer in answers
            if isinstance(answer, Answer) and answer.duplicate and (offline := offline_json(tap)) is not None
        }
        await ledger.keep_offline_answers(connection, [(*key, offline) for key, offline in late.items()], received_at)
        reused = [(tap, answer) for tap, answer in answers if isinstance(answer, SeqReused)]
        if links_beside or reused:
            await keep_evidence(connection, links_beside, reused, received_at)
        return planned.answers

    def _lane(self, number: int) -> str:
        return f"{self._context.server}-{number}"

    def _next(self, number: int) -> int:
        self._numbers[number] = self._numbers.get(number, 0) + 1
        return self._numbers[number]


def _row_of(use: Any) -> dict[str, Any]:
    """Return a record that was planned and not written as the row it would be."""
    row = {name: getattr(use, name) for name in use.__struct_fields__}
    return {**row, "reversed_at": None, "reversal_reason": None, "late_answer": None}
