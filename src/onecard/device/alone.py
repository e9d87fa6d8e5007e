"""Decide without the server: the same occasion and the same `decide`, then the limits of what a terminal may risk. Pure.

Silent points are told in docs/guides/terminal/page.md and hold for the terminal's page too (`web/static/alone.js`).
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from msgspec.structs import replace as changed

from onecard.decision.decide import EXIT, decide, refusal
from onecard.decision.model import Decision, Occasion, Subject
from onecard.device.holdings import Holdings
from onecard.device.reading import Looked
from onecard.device.seen import Seen
from onecard.policy.model import Value
from onecard.uses.model import Tap
from onecard.uses.occasion import ADULT_AGE, SECONDS_SINCE_NEVER, occasion_of, with_person
from onecard.values.days import age_on, civil, epoch_milliseconds

__all__ = ["Alone", "Memory", "decide_alone"]

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What this terminal remembers that matters to one tap."""

    card: Seen = field(default_factory=Seen)
    everybody: Seen = field(default_factory=Seen)  # Counters of all persons together.
    code_seen: bool = False  # The very code was answered here before.


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """A decision of the terminal's own, and what it remembers from now on (None: as before)."""

    decision: Decision
    card: Seen | None = None
    everybody: Seen | None = None


def decide_alone(tap: Tap, holdings: Holdings, looked: Looked, memory: Memory, guardian: Looked | None = None) -> Alone:
    """Return what *tap*, of whom *looked* tells, gets by what this terminal holds and remembers; *guardian* came along."""
    occasion = _occasion(tap, holdings, memory.card)
    if guardian is not None and _guards(guardian, looked, occasion, holdings):
        occasion = with_person(occasion, {"guardian": True})
    decision = _decision(tap, occasion, holdings, looked, memory)
    if decision.outcome != "accepted":
        return Alone(decision=decision)
    own = [count for count in decision.counts if not count.counter.site]
    shared = [count for count in decision.counts if count.counter.site]
    card = memory.card.counted(own, occasion.day).here(tap.service, tap.occurred_at)
    card = card.risking(tap.list_price_fen - decision.paid_fen, tap.occurred_at)
    everybody = memory.everybody.counted(shared, occasion.day) if shared else None
    return Alone(decision=decision, card=card, everybody=everybody)


def _decision(tap: Tap, occasion: Occasion, holdings: Holdings, looked: Looked, memory: Memory) -> Decision:
    """Hold the silent points in their order: leaving, what is shown, the hotlist, who cannot be checked, the rules, the risk."""
    leaves = tap.service == EXIT  # Nobody is kept inside because a network is away.
    if not leaves and (looked.reason or memory.code_seen):
        return refusal(looked.reason or "CODE_REPLAYED")
    if not leaves and holdings.hotlist.holds(looked.alias):
        return refusal("HOTLIST_HIT")
    if not leaves and occasion.barred is None and looked.person is None:
        return _doubtful(tap, occasion)
    used = {**memory.card.used, **memory.everybody.used}
    decision = decide(_subject(looked, occasion), occasion, holdings.rules.book, used)
    if not leaves and decision.outcome == "accepted" and _is_risky(tap, decision, holdings, memory.card):
        return _doubtful(tap, occasion)
    return decision


def _occasion(tap: Tap, holdings: Holdings, card: Seen) -> Occasion:
    told: dict[str, Value] = {"offline": True, "hotlist_hours": max(timedelta(0), tap.occurred_at - holdings.hotlist_at) // _HOUR}
    last = card.last_ms.get(tap.service)
    if last is not None:
        since = (epoch_milliseconds(tap.occurred_at) - last) // 1000
        told["seconds_since_last"] = min(max(since, 0), SECONDS_SINCE_NEVER)
    return with_person(occasion_of(tap, holdings.rules.place, holdings.rules.city), told)


def _subject(looked: Looked, occasion: Occasion) -> Subject:
    """Return the person as a terminal may know him: hardship and standing are blank here, and the server's later word counts."""
    person = looked.person
    if person is None:
        return Subject(facts={})
    facts: dict[str, Value] = {
        "age": age_on(person.born, occasion.day), "home_region": person.home_region, "registered_region": person.registered_region,
    }  # fmt: skip
    return Subject(facts=facts)


def _guards(guardian: Looked, ward: Looked, occasion: Occasion, holdings: Holdings) -> bool:
    """Tell whether who came along may be a guardian: another person whom this terminal knows, of age, not on the hotlist."""
    person = guardian.person
    if person is None or guardian.reason or guardian.alias == ward.alias or holdings.hotlist.holds(guardian.alias):
        return False
    return age_on(person.born, occasion.day) >= ADULT_AGE


def _doubtful(tap: Tap, occasion: Occasion) -> Decision:
    """Who cannot be checked is let in at the list price, and checked later; not where the place is closed."""
    if not occasion.facts["open"]:
        return refusal("SITE_CLOSED")
    return changed(refusal("OFFLINE_DOUBTFUL"), outcome="accepted", paid_fen=tap.list_price_fen)


def _is_risky(tap: Tap, decision: Decision, holdings: Holdings, card: Seen) -> bool:
    params = holdings.rules.params
    uses, fen = card.risked_on(civil(tap.occurred_at).date())
    return (
        tap.occurred_at - holdings.hotlist_at > params.hotlist_age_hours * _HOUR
        or uses + 1 > params.uses_per_card_day
        or fen + tap.list_price_fen - decision.paid_fen > params.fen_per_card_day
    )
