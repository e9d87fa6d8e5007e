"""From decisions to what a batch writes: the records, one move per counter, one posting per account. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from onecard.decision.limits import is_memo
from onecard.decision.model import BLANKS, Count, Counter, Decision, Occasion
from onecard.ledger.model import CounterMove, Posting, UseRecord
from onecard.policy.model import Facts, Value
from onecard.uses.model import Tap

__all__ = ["InError", "Moves", "Postings", "facts_from", "facts_json", "limits_json", "offline_json", "use_record"]

InError = tuple[tuple[Count, int], ...]
"""Limits that were passed offline, each with how far."""

_encode = msgspec.json.Encoder(order="deterministic").encode


def use_record(
    tap: Tap, occasion: Occasion, decision: Decision, *, subject: int | None, home_region: str, salt: bytes, digest: bytes,
    credential: bytes, counted: bool, rules: int, facts: Facts, upload: str | None, in_error: InError = (),
) -> UseRecord:  # fmt: skip
    """Return the record of *tap* as it was decided; *facts* are all that were at hand, of which those asked are kept."""
    return UseRecord(
        terminal=tap.terminal, seq=tap.seq, subject=subject, day=occasion.day, occurred_at=tap.occurred_at, digest=digest,
        credential_kind=tap.kind, credential=credential, service=tap.service, site=occasion.site, site_kind=occasion.site_kind,
        operator=occasion.operator, region=occasion.region, home_region=home_region, counted=counted, outcome=decision.outcome,
        reason=decision.reason, list_price_fen=tap.list_price_fen, paid_fen=decision.paid_fen,
        funds=tuple(fund for fund, _ in decision.payers), amounts_fen=tuple(fen for _, fen in decision.payers),
        programme=decision.programme, version=decision.version, rules=rules, facts=facts_json(facts, decision.asked),
        limits=limits_json(decision.counts, in_error), upload=upload, offline=offline_json(tap), salt=salt,
    )  # fmt: skip


def facts_json(facts: Facts, asked: Iterable[str]) -> str:
    """Return what was asked and is not blank as JSON, sets as sorted lists. What is absent was blank."""
    return _encode({name: value for name in asked if (value := facts[name]) != BLANKS[name]}).decode()


def limits_json(counts: Iterable[Count], in_error: InError = ()) -> str:
    """Return every limit that was asked as JSON rows, in the form of `ledger_use.limits`."""
    rows = [_limit_row(count, 0) for count in counts]
    rows += [_limit_row(count, amount) for count, amount in in_error]
    return _encode(rows).decode() if rows else "[]"


def offline_json(tap: Tap) -> str | None:
    """Return the terminal's own answer as JSON, None where it did not decide."""
    if tap.offline is None:
        return None
    return _encode({"outcome": tap.offline.outcome, "paid": tap.offline.paid_fen, "hotlist": tap.offline.hotlist}).decode()


def _limit_row(count: Count, in_error: int) -> list[Any]:
    counter = count.counter
    return [
        count.programme, counter.name, count.per, counter.window_start, counter.within, counter.site, count.cap,
        count.used_before, count.counted, in_error,
    ]  # fmt: skip


class Moves:
    """The moves of a batch, one per counter, with the tightest cap that any of its uses relied on."""

    def __init__(self) -> None:
        self._moved: dict[tuple[int | str, Counter], int] = {}
        self._base_max: dict[tuple[int | str, Counter], int] = {}  # The most that the counter may stand at before the batch.
        self._floor: dict[tuple[int | str, Counter], int] = {}  # And the least.
        self._in_error: dict[tuple[int | str, Counter], int] = {}
        self._cap: dict[tuple[int | str, Counter], int] = {}

    def add(self, subject: int | None, counts: Iterable[Count], in_error: InError = ()) -> None:
        """Add what one use counts or gives back, and what it was told of counters that it leaves alone.

        What was decided must still be so where the counter stands when the batch is written, which is where others may
        have moved it since it was read: neither more than leaves room, nor less than was given back or made a refusal.
        """
        read = [(count, self._key(subject, count), count.used_before - self._moved_of(subject, count)) for count in counts]
        for count, key, as_read in read:
            moved = self._moved[key] = self._moved.get(key, 0) + count.counted
            if count.counted < 0:
                self._at_least(key, -moved)
                if is_memo(count.counter) and count.counted == -count.used_before:
                    self._at_most(key, as_read)  # Who leaves takes everything along that he holds.
                continue
            if count.counted == 0:
                self._at_least(key, as_read)
            if count.counted or as_read + moved <= count.cap:  # Else it was refused for this.
                self._at_most(key, count.cap - moved)
        for count, amount in in_error:
            key = self._key(subject, count)
            self._in_error[key] = self._in_error.get(key, 0) + amount
            self._cap[key] = max(self._cap.get(key, 0), count.cap, count.used_before)  # What is in error passes no cap of its own.

    def _at_most(self, key: tuple[int | str, Counter], base: int) -> None:
        self._base_max[key] = min(self._base_max.get(key, base), base)

    def _at_least(self, key: tuple[int | str, Counter], base: int) -> None:
        self._floor[key] = max(self._floor.get(key, 0), base)

    def all(self) -> list[CounterMove]:
        """Return one move per counter; what comes out at nothing is left out."""
        keys = [key for key in {**self._moved, **self._in_error} if self._moved.get(key) or self._in_error.get(key)]
        return [self._move(key) for key in keys]

    def _move(self, key: tuple[int | str, Counter]) -> CounterMove:
        owner, counter = key
        moved = self._moved.get(key, 0)
        base_max = self._base_max.get(key)
        cap = self._cap.get(key) if base_max is None else base_max + moved
        return CounterMove(
            owner=owner, window_start=counter.window_start, name=counter.name, within=counter.within, moved=moved, cap=cap,
            floor=self._floor.get(key, 0), in_error=self._in_error.get(key, 0),
        )  # fmt: skip

    def _moved_of(self, subject: int | None, count: Count) -> int:
        return self._moved.get(self._key(subject, count), 0)

    @staticmethod
    def _key(subject: int | None, count: Count) -> tuple[int | str, Counter]:
        if count.counter.site:
            return count.counter.site, count.counter
        assert subject is not None, "only a person counts"
        return subject, count.counter


class Postings:
    """The postings of a batch: what holders paid, what funds bear, what is due to operators; together zero."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._fen: dict[tuple[str, str, str], int] = {}

    def add(
        self, operator: str, programme: str | None, list_price_fen: int, paid_fen: int, payers: Mapping[str, int], sign: int = 1
    ) -> None:
        """Add one accepted use, or with *sign* −1 take it back."""
        if not list_price_fen:
            return
        named = programme or ""
        self._add(("due-to-operator", operator, named), -sign * list_price_fen)
        self._add(("holder", operator, named), sign * paid_fen)
        for fund, fen in payers.items():
            self._add((f"fund:{fund}", operator, named), sign * fen)

    def all(self) -> list[Posting]:
        """Return one posting per account, operator and programme; those of 0 are left out."""
        return [
            Posting(day=self._day, account=account, operator=operator, programme=programme, amount_fen=fen)
            for (account, operator, programme), fen in self._fen.items()
            if fen
        ]

    def _add(self, key: tuple[str, str, str], fen: int) -> None:
        if fen:
            self._fen[key] = self._fen.get(key, 0) + fen


def facts_from(kept: Mapping[str, Any]) -> dict[str, Value]:
    """Return the facts of a record with their blanks: the inverse of `facts_json`."""
    return {**BLANKS, **{name: frozenset(value) if isinstance(value, list) else value for name, value in kept.items()}}
