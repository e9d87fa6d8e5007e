"""What is planned for a period: which version rules, what a file may be asked for, and who is left out beside another payout. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onecard.decision.payments import PAID, Payment, taken_together
from onecard.payouts.errors import (
    EvidenceMissing,
    FileNotAsked,
    LimitsUnplanned,
    PeriodMalformed,
    PeriodOpen,
    ProgrammeUnknown,
    VersionMissing,
)  # fmt: skip
from onecard.payouts.model import cycle_of
from onecard.policy.model import Payout, Programme
from onecard.policy.periods import Cycle, Period, days_read, period_of

__all__ = ["Planned", "Rival", "excluding", "left_out", "planned", "ruling"]

_LIKE: Mapping[Cycle, str] = {"month": "2024-10", "quarter": "2024-Q4", "year": "2024", "term": "2024-autumn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One programme and period, found good: *programme* is the version that rules, *beside* those that exclude each other with it."""

    programme: Programme
    period: Period
    beside: tuple[Programme, ...]

    @property
    def payout(self) -> Payout:
        """What only a payout says."""
        assert self.programme.payout is not None
        return self.programme.payout

    @property
    def cycle(self) -> str:
        """Where its lines lie."""
        return cycle_of(self.programme.name, self.period.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """What another payout pays somebody whom this one would pay. *frozen*: by a list that was published."""

    subject: int
    mine_fen: int
    programme: str
    fen: int
    frozen: bool


def planned(versions: Sequence[Programme], name: str, period: str, today: date, *, with_file: bool) -> Planned:
    """Return what is to be planned, out of all released *versions* of all programmes.

    Raises `ProgrammeUnknown`, `PeriodMalformed`, `VersionMissing`, `PeriodOpen`, `EvidenceMissing`, `FileNotAsked`, `LimitsUnplanned`.
    """
    own = [each for each in versions if each.name == name and each.payout is not None]
    if not own:
        raise ProgrammeUnknown(programme=name, field="programme")
    found = period_of(period)
    cycle = max(own, key=_begun).payout.cycle  # type: ignore[union-attr]  # Payouts alone are in `own`.
    if found is None or found.cycle != cycle:
        raise PeriodMalformed(programme=name, period=period, like=_LIKE[cycle], field="period")
    programme = ruling(own, found)
    if programme is None:
        first = min(each.from_day for each in own)
        raise VersionMissing(programme=name, period=period, first=first, field="period")
    assert programme.payout is not None
    day = days_read(found, programme.payout.as_of)[-1]
    if day > today:
        raise PeriodOpen(programme=name, period=period, day=day, field="period")
    if programme.payout.evidence and not with_file:
        raise EvidenceMissing(programme=name, facts=", ".join(programme.payout.evidence), field="roster")
    if with_file and not programme.payout.evidence:
        raise FileNotAsked(programme=name, field="roster")
    if programme.limits:
        raise LimitsUnplanned(programme=name)
    return Planned(programme=programme, period=found, beside=excluding(programme, versions, found))


def ruling(versions: Iterable[Programme], period: Period) -> Programme | None:
    """Return which of one programme's *versions* rules *period*: the newest in force at its end, else at its beginning."""
    listed = list(versions)
    for day in (period.last, period.first):
        held = [each for each in listed if each.from_day <= day and (each.until_day is None or day <= each.until_day)]
        if held:
            return max(held, key=_begun)
    return None


def excluding(programme: Programme, versions: Iterable[Programme], period: Period) -> tuple[Programme, ...]:
    """Return the payouts that `not_with` ties to *programme*, directly or through others, as they rule in *period*; one side is enough."""
    by_name: dict[str, list[Programme]] = {}
    for each in versions:
        if each.payout is not None and not each.payout.to_operator:
            by_name.setdefault(each.name, []).append(each)
    held = {name: found for name, own in by_name.items() if (found := ruling(own, period)) is not None}
    reached, waiting = {programme.name}, [programme.name]
    while waiting:
        name = waiting.pop()
        near = {other for other in held if other not in reached and name in held and _tied(held[name], held[other])}
        reached |= near
        waiting += sorted(near)
    return tuple(held[name] for name in sorted(reached - {programme.name}))


def left_out(plan: Planned, rivals: Iterable[Rival]) -> list[int]:
    """Return the subjects, sorted, whom *plan* does not pay because of what *rivals* pay: a published list first, then the largest."""
    versions = {each.name: each for each in plan.beside}
    by_subject: dict[int, list[Rival]] = {}
    for rival in rivals:
        by_subject.setdefault(rival.subject, []).append(rival)
    out = []
    for subject, told in by_subject.items():
        frozen = [rival for rival in told if rival.frozen]
        if any(_tied(plan.programme, versions[rival.programme]) for rival in frozen):
            out.append(subject)
            continue
        free = [rival for rival in told if not any(_tied(versions[rival.programme], versions[each.programme]) for each in frozen)]
        payments = [_payment(plan.programme, plan.period, told[0].mine_fen)]
        payments += [_payment(versions[rival.programme], plan.period, rival.fen) for rival in free if not rival.frozen]
        if all(each.programme is not plan.programme for each in taken_together(payments)):
            out.append(subject)
    return sorted(out)


def _tied(one: Programme, other: Programme) -> bool:
    assert one.payout is not None and other.payout is not None
    return other.name in one.payout.not_with or one.name in other.payout.not_with


def _payment(programme: Programme, period: Period, fen: int) -> Payment:
    """Return the payment as `taken_together` compares it: who bears it does not matter there."""
    return Payment(
        programme=programme, period=period, day=period.last, facts={}, reason=PAID, amount_fen=fen, payers=(("", fen),)
    )  # fmt: skip


def _begun(programme: Programme) -> tuple[date, int]:
    return programme.from_day, programme.version
