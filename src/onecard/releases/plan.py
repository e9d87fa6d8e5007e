"""What a version that reaches back would change about one record: the record decided again, from what it kept. Pure."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from msgspec.structs import replace as changed

from onecard.decision.decide import EXIT
from onecard.decision.limits import is_memo
from onecard.decision.model import BLANKS, Counter, Occasion
from onecard.decision.rulebook import Asked, RuleBook
from onecard.people.model import FACT_FORMS
from onecard.policy.model import Facts, Programme, Value
from onecard.releases.model import Proposal
from onecard.terminals.calendar import DayKind, day_kind, weekday
from onecard.uses.explanation import Recorded, recorded_from
from onecard.uses.replay import decided_again
from onecard.values.days import civil

__all__ = ["OF_PEOPLE", "OF_THE_RECORD", "Between", "Carried", "Corrections", "Unknown", "told_by_record"]

Carried = Mapping[Counter, int]
"""How much more of a person's limits his earlier proposals count than the records do."""

OF_PEOPLE: Final = frozenset(FACT_FORMS) & frozenset(BLANKS)
"""What is known about a person by dates, and so also of days long gone."""

OF_THE_RECORD: Final = frozenset(
    {"day", "time", "weekday", "day_kind", "list_price", "price", "region", "service", "site_kind", "offline"}
)
"""What a record tells without having been asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A record that cannot be decided again: *missing* facts and limits, which the new version asks and nobody kept."""

    missing: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """What lies between the documents that decided a record and those that would decide it now."""

    differ: bool
    unkept: frozenset[str]  # Facts that only the new ones ask.
    uncounted: frozenset[str]  # Limits of theirs that other documents counted by then: the record does not tell where they stood.
    by_slot: bool


def told_by_record(row: Mapping[str, Any], names: Collection[str], day_kinds: Mapping[date, DayKind]) -> Facts:
    """Return those of the facts *names* that *row* tells without having been asked (`OF_THE_RECORD`)."""
    if not names:
        return {}
    at = civil(row["occurred_at"])
    told: dict[str, Value] = {
        "day": row["day"].toordinal(), "time": at.hour * 60 + at.minute, "weekday": weekday(row["day"]),
        "day_kind": day_kind(row["day"], day_kinds), "list_price": row["list_price_fen"], "price": row["list_price_fen"],
        "region": row["region"], "service": row["service"], "site_kind": row["site_kind"], "offline": row["offline"] is not None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if name in names}


@dataclass(slots=True)
class Corrections:
    """Records held against the rule book *new*; each with the one that decided it."""

    new: RuleBook
    day_kinds: Mapping[date, DayKind]
    _between: dict[tuple[int, int], Between] = field(default_factory=dict)
    _asked: list[Asked] = field(default_factory=list)  # Kept, so that no other takes the place of one in memory.

    def between(self, row: Mapping[str, Any], old: RuleBook) -> Between | None:
        """Return what may let *row* come out otherwise; None for who got nothing, and for what was taken back: they are left alone."""
        if row["outcome"] != "accepted" or row["subject"] is None or row["service"] == EXIT or row["given_back"] is not None:
            return None
        before, after = _asked_by(row, old), _asked_by(row, self.new)
        key = id(before), id(after)
        if key not in self._between:
            self._asked += [before, after]
            self._between[key] = _compared(before, after, old.in_force(row["day"]))
        return self._between[key]

    def look(self, row: Mapping[str, Any], between: Between, told: Facts, carried: Carried) -> Proposal | Unknown | None:
        """Return what is proposed for *row*, None where it stays. *told*: facts about the person that were looked up."""
        recorded = recorded_from(row)
        missing = between.uncounted | between.unkept - OF_THE_RECORD - OF_PEOPLE
        slot = recorded.occasion.slot or (row["service"] if row["site_kind"] == "canteen" else "")
        if not slot and between.by_slot:
            missing |= {"slot"}
        if missing:
            return Unknown(missing=missing)
        facts = {**recorded.occasion.facts, **told_by_record(row, between.unkept, self.day_kinds), **told}
        occasion = changed(recorded.occasion, facts=facts, slot=slot)
        used = {**recorded.used, **{counter: recorded.used.get(counter, 0) + more for counter, more in carried.items()}}
        return self._proposal(replace(recorded, occasion=occasion), used)

    def _proposal(self, recorded: Recorded, used: Mapping[Counter, int]) -> Proposal | None:
        row = recorded.row
        decision = decided_again(recorded, self.new, {counter: max(amount, 0) for counter, amount in used.items()}).decision
        payers = [list(payer) for payer in decision.payers]
        old = _figures(row["outcome"], row["reason"], row["paid_fen"], _payers(row), row["programme"], row["version"])
        new = _figures(decision.outcome, decision.reason, decision.paid_fen, payers, decision.programme, decision.version)
        counted: dict[Counter, int] = {}
        for count in decision.counts:
            counted[count.counter] = counted.get(count.counter, 0) + count.counted
        moved = list(_moved(recorded, counted))
        if not moved and all(old[name] == new[name] for name in ("outcome", "paid", "payers")):
            return None
        return Proposal(
            terminal=row["terminal"], seq=row["seq"], subject=row["subject"], day=row["day"], occurred_at=row["occurred_at"],
            region=row["region"], old=old, new=new, moved=moved,
        )  # fmt: skip


def _asked_by(row: Mapping[str, Any], rules: RuleBook) -> Asked:
    place = Occasion(
        facts=BLANKS, day=row["day"], service=row["service"], site=row["site"], site_kind=row["site_kind"], operator=row["operator"],
        region=row["region"], slot="", list_price_fen=row["list_price_fen"],
    )  # fmt: skip
    return rules.asked(place)


def _compared(before: Asked, after: Asked, in_force: Sequence[Programme]) -> Between:
    limits = [rule for each in _documents(after) for rule in each.limits]
    kept = {rule.name for each in _documents(before) for rule in each.limits}
    elsewhere = {rule.name for each in in_force for rule in each.limits} - kept
    return Between(
        differ=_named(before) != _named(after), unkept=frozenset(after.facts) - frozenset(before.facts),
        uncounted=frozenset(f"limit {rule.name}" for rule in limits if rule.name in elsewhere),
        by_slot=any(rule.per == "slot" for rule in limits),
    )  # fmt: skip


def _documents(asked: Asked) -> tuple[Programme, ...]:
    return (*asked.gates, *asked.bases, *asked.toppings)


def _named(asked: Asked) -> tuple[Any, ...]:
    return asked.locked, [(each.name, each.version) for each in _documents(asked)]


def _figures(
    outcome: str, reason: str, paid_fen: int, payers: Sequence[Sequence[Any]], programme: str | None, version: int | None
) -> dict[str, Any]:
    return {"outcome": outcome, "reason": reason, "paid": paid_fen, "payers": payers, "programme": programme, "version": version}


def _payers(row: Mapping[str, Any]) -> list[list[Any]]:
    return [[fund, fen] for fund, fen in zip(row["funds"], row["amounts_fen"], strict=True)]


def _moved(recorded: Recorded, counted: Mapping[Counter, int]) -> Iterator[tuple[str, str, str, int]]:
    """Return by how much a person's own limits count more, or less, than the record says."""
    kept: dict[Counter, int] = {}
    for limit in json.loads(recorded.row["limits"]):
        counter = Counter(limit[5], date.fromisoformat(limit[3]), limit[1], limit[4])
        kept[counter] = kept.get(counter, 0) + limit[8]
    for counter in sorted({*kept, *counted}):
        more = counted.get(counter, 0) - kept.get(counter, 0)
        if more and not counter.site and not is_memo(counter):
            yield counter.name, counter.window_start.isoformat(), counter.within, more
