"""A whole batch, decided in order: taps and what the store knows go in, answers and one write come out. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from msgspec.structs import replace

from onecard.cards.code import CodeReason
from onecard.decision.decide import EXIT, decide
from onecard.decision.model import EVERYWHERE, Decision, Occasion, Subject
from onecard.decision.offline import reconcile
from onecard.decision.rulebook import RuleBook
from onecard.ledger.model import Batch, SpentCode, UseRecord
from onecard.policy.model import Facts, Value
from onecard.terminals.model import Directory
from onecard.uses.codes import NO_CODES, CodeBook, Reading, reading_of
from onecard.uses.intake import content_digest, looked_up_kind
from onecard.uses.known import CredentialRow, Known, Person
from onecard.uses.model import Answer, Tap, UploadVerdict, use_id
from onecard.uses.occasion import SECONDS_SINCE_NEVER, CityRules, guards, occasion_of, subject_of, with_person
from onecard.uses.record import InError, Moves, Postings, use_record
from onecard.values.days import civil
from onecard.values.keyed_hash import keyed_hash

__all__ = ["Planned", "Prepared", "SeqReused", "anonymous_salt", "plan_batch", "prepare"]

LAST_USE_LOOK_BACK = timedelta(seconds=SECONDS_SINCE_NEVER)


@dataclass(frozen=True, slots=True)
class SeqReused:
    """Other content under a key that is taken: refused, and both are kept."""

    terminal: str
    seq: int
    digest: bytes


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A tap with all that can be known before the store is asked."""

    tap: Tap
    digest: bytes
    key: bytes  # Of the credential.
    guardian_key: bytes | None
    reading: Reading | None = None  # Of a code.
    guardian_reading: Reading | None = None
    occasion: Occasion
    counted: bool  # Its site is live on that day.
    paced: bool  # A gate asks how long ago this credential was here.

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Return what the codes of this tap come to; none where no code was shown."""
        if self.reading is None and self.guardian_reading is None:
            return ()
        return tuple(reading for reading in (self.reading, self.guardian_reading) if reading is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is answered, tap by tap, once *batch* is on disk; None where there is nothing to write."""

    answers: Sequence[Answer | SeqReused]
    batch: Batch | None


def anonymous_salt(hash_key: bytes) -> bytes:
    """Return what salts the seals of uses whose credential is nobody's: 16 bytes, one for each home."""
    return keyed_hash(hash_key, "salt", "anonymous")[:16]


def prepare(
    tap: Tap, directory: Directory, rules: RuleBook, city: CityRules, hash_key: bytes, received_at: datetime, codes: CodeBook = NO_CODES
) -> Prepared:
    """Return *tap* (checked by intake) with its keys and its occasion; its codes are read and judged by *codes*."""
    place = directory.terminals[tap.terminal]
    occasion = occasion_of(tap, place, city)
    kind, guardian = tap.kind, tap.guardian
    reading = reading_of(tap.value, tap, received_at, codes, hash_key) if kind == "code" else None
    other = reading_of(guardian[1], tap, received_at, codes, hash_key) if guardian and guardian[0] == "code" else None
    return Prepared(
        tap=tap,
        digest=content_digest(hash_key, tap),
        key=reading.key if reading else _key_of(hash_key, kind, tap.value),
        guardian_key=other.key if other else _key_of(hash_key, *guardian) if guardian else None,
        reading=reading,
        guardian_reading=other,
        occasion=occasion,
        counted=place.site.counts_on(occasion.day),
        paced=tap.service != EXIT and "seconds_since_last" in rules.asked(occasion).facts,
    )


def plan_batch(
    waiting: Sequence[Prepared], known: Known, rules: RuleBook, *, batch: UUID, lane: str, number: int, received_at: datetime,
    own: Iterable[UUID] = (), anonymous_salt: bytes,
) -> Planned:  # fmt: skip
    """Decide *waiting* in order and return their answers with the one write that makes them true.

    *own* are batches of this lane whose fate was unknown: what is found recorded under them is no duplicate.
    *anonymous_salt* salts the seals of uses whose credential is nobody's.
    """
    mine = {str(each) for each in own}
    plan = _Plan(known, rules, civil(received_at).date(), anonymous_salt)
    answers = [plan.take(prepared, mine) for prepared in waiting]
    if not plan.records:
        return Planned(answers=answers, batch=None)
    written = Batch(
        batch=batch, lane=lane, number=number, received_at=received_at, book_day=civil(received_at).date(), uses=plan.records,
        reversals=(), moves=plan.moves.all(), postings=plan.postings.all(), codes=plan.spent,
    )  # fmt: skip
    return Planned(answers=answers, batch=written)


class _Plan:
    """The batch as it grows."""

    def __init__(self, known: Known, rules: RuleBook, book_day: date, anonymous_salt: bytes) -> None:
        self.known = known
        self.rules = rules
        self.records: list[UseRecord] = []
        self.spent: list[SpentCode] = []
        self.moves = Moves()
        self.postings = Postings(book_day)
        self._anonymous_salt = anonymous_salt
        self._answered: dict[tuple[str, int], tuple[bytes, Answer]] = {}

    def take(self, prepared: Prepared, mine: set[str]) -> Answer | SeqReused:
        """Decide one tap, or find its earlier answer."""
        tap = prepared.tap
        place = (tap.terminal, tap.seq)
        recorded = self.known.earlier.get(place)
        if recorded is not None:
            digest, text = recorded
            return _earlier(tap, text, mine) if digest == prepared.digest else SeqReused(*place, prepared.digest)
        here = self._answered.get(place)
        if here is not None:
            digest, answer = here
            if digest != prepared.digest:
                return SeqReused(*place, prepared.digest)
            return replace(answer, duplicate=True, upload=_again(tap))
        answer = self._decide(prepared)
        self._answered[place] = (prepared.digest, answer)
        return answer

    def _decide(self, prepared: Prepared) -> Answer:
        tap, known = prepared.tap, self.known
        credential = known.credentials.get(prepared.key)
        person = known.people[credential.subject] if credential else None
        subject, occasion = self._told(prepared, credential, person)
        used = known.used(person, (occasion.site, EVERYWHERE))
        decision = decide(subject, occasion, self.rules, used)
        if subject is None and (refused := self._code_reason(prepared.reading)) is not None:
            decision = replace(decision, reason=refused)
        upload: UploadVerdict | None = None
        in_error: InError = ()
        if tap.offline is not None:
            reconciled = reconcile(decision, tap.offline.outcome, tap.offline.paid_fen, tap.list_price_fen, tap.group)
            decision, upload, in_error = reconciled.decision, reconciled.upload, reconciled.in_error
        self._keep(prepared, occasion, subject, person, decision, upload, in_error)
        return Answer(
            use=use_id(tap.terminal, tap.seq), outcome=decision.outcome, reason=decision.reason, list_price_fen=tap.list_price_fen,
            paid_fen=decision.paid_fen, payers=decision.payers, programme=decision.programme, version=decision.version, upload=upload,
        )  # fmt: skip

    def _told(self, prepared: Prepared, credential: CredentialRow | None, person: Person | None) -> tuple[Subject | None, Occasion]:
        """Return the person on that day, and the occasion with what only the store knows about it."""
        occasion, tap = prepared.occasion, prepared.tap
        if credential is None or person is None:
            return None, occasion
        subject, blocked = subject_of(person, credential, occasion, tap.occurred_at)
        if (refused := self._code_reason(prepared.reading)) is not None:
            subject = replace(subject, barred=refused)  # What is shown is asked before whose it is.
        told: dict[str, Value] = {"blocked": True} if blocked else {}
        if prepared.guardian_key is not None and self._code_reason(prepared.guardian_reading) is None:
            other = self.known.credentials.get(prepared.guardian_key)
            guardian = self.known.people[other.subject] if other else None
            told["guardian"] = guards(guardian, other, person, occasion, tap.occurred_at)
        if prepared.paced:
            told["seconds_since_last"] = self._seconds_since_last(prepared)
        return subject, with_person(occasion, told)

    def _code_reason(self, reading: Reading | None) -> CodeReason | None:
        """Return why a code is refused, a use before this one included; None where it is good, or no code was shown."""
        if reading is None or reading.reason is not None:
            return reading.reason if reading else None
        return "CODE_REPLAYED" if reading.spends in self.known.spent else None

    def _spend(self, prepared: Prepared) -> None:
        """Keep that the codes of an accepted tap have opened something: once is all they do."""
        tap = prepared.tap
        for reading in prepared.readings:
            if reading.spends is not None and reading.spends not in self.known.spent:
                self.known.spent.add(reading.spends)
                self.spent.append(SpentCode(code_hash=reading.spends, terminal=tap.terminal, seq=tap.seq, at=tap.occurred_at))

    def _seconds_since_last(self, prepared: Prepared) -> int:
        tap = prepared.tap
        before = [at for at in self.known.last.get((tap.terminal, prepared.key, tap.service), ()) if at <= tap.occurred_at]
        return min(int((tap.occurred_at - max(before)).total_seconds()), SECONDS_SINCE_NEVER) if before else SECONDS_SINCE_NEVER

    def _keep(
        self, prepared: Prepared, occasion: Occasion, subject: Subject | None, person: Person | None, decision: Decision,
        upload: UploadVerdict | None, in_error: InError,
    ) -> None:  # fmt: skip
        tap = prepared.tap
        facts: Facts = {**occasion.facts, **subject.facts} if subject else occasion.facts
        number = person.subject if person else None
        self.records.append(
            use_record(
                tap, occasion, decision, subject=number, home_region=person.home_region if person else "",
                salt=person.salt if person else self._anonymous_salt, digest=prepared.digest, credential=prepared.key,
                counted=prepared.counted, rules=self.rules.number, facts=facts, upload=upload, in_error=in_error,
            )
        )  # fmt: skip
        self.moves.add(number, decision.counts, in_error)
        self.known.move(person, decision.counts)
        if decision.outcome == "accepted":
            self._spend(prepared)
            self.postings.add(occasion.operator, decision.programme, tap.list_price_fen, decision.paid_fen, dict(decision.payers))
            if prepared.paced:
                self.known.last.setdefault((tap.terminal, prepared.key, tap.service), []).append(tap.occurred_at)


def _earlier(tap: Tap, text: str, mine: set[str]) -> Answer:
    """Return the answer that is recorded: the same as the first time, and marked as a duplicate unless it is our own."""
    row = json.loads(text)
    duplicate = row["batch"] not in mine
    return Answer(
        use=use_id(tap.terminal, tap.seq), outcome=row["outcome"], reason=row["reason"], list_price_fen=row["list_price_fen"],
        paid_fen=row["paid_fen"], payers=tuple(zip(row["funds"], row["amounts_fen"], strict=True)), programme=row["programme"],
        version=row["version"], duplicate=duplicate, upload=_again(tap) if duplicate else row["upload"],
    )  # fmt: skip


def _again(tap: Tap) -> UploadVerdict | None:
    return "duplicate" if tap.offline is not None else None


def _key_of(hash_key: bytes, kind: str, value: str) -> bytes:
    return keyed_hash(hash_key, looked_up_kind(value) if kind == "lookup" else kind, value)  # Canonical since intake.
