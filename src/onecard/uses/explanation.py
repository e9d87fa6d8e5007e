"""A record explained: decided again from the facts and counters it kept, in the shape that doors and pages show. Pure."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec.structs import replace

from onecard.decision.explain import Explanation, explain
from onecard.decision.model import Count, Counter, Occasion, Subject
from onecard.decision.reasons import OF_TERMINALS, Reasons, is_of_credentials
from onecard.decision.rulebook import RuleBook
from onecard.policy.facts import FACTS
from onecard.policy.model import AskedCondition, Value
from onecard.uses.record import facts_from
from onecard.values.days import civil
from onecard.values.money import yuan

__all__ = ["Recorded", "explained", "recorded_from", "replayed"]

WITHHELD = "withheld"
"""In place of a fact that is never shown at a terminal (POLICY §5, †)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A record, as far as it can be decided again."""

    subject: Subject | None
    occasion: Occasion
    used: Mapping[Counter, int]
    rules: int
    row: Mapping[str, Any]


def recorded_from(row: Mapping[str, Any]) -> Recorded:
    """Return what the *row* of `find_use` holds about its decision."""
    facts = facts_from(json.loads(row["facts"]))
    limits = json.loads(row["limits"])
    used = {_counter(limit): limit[7] for limit in limits}
    slots = [limit[4].partition("@")[0] for limit in limits if limit[2] == "slot"]
    occasion = Occasion(
        facts=facts, day=row["day"], service=row["service"], site=row["site"], site_kind=row["site_kind"],
        operator=row["operator"], region=row["region"], slot=slots[0] if slots else "", list_price_fen=row["list_price_fen"],
        barred=row["reason"] if row["reason"] in OF_TERMINALS else None,
    )  # fmt: skip
    barred = row["reason"] if is_of_credentials(row["reason"]) else None  # Also where a terminal let him in.
    subject = None if row["subject"] is None else Subject(facts={}, barred=barred)
    return Recorded(subject=subject, occasion=occasion, used=used, rules=row["rules"], row=row)


def replayed(recorded: Recorded, rules: RuleBook) -> tuple[Explanation, bool]:
    """Return the explanation, and whether deciding again gives the same as what is recorded."""
    row = recorded.row
    explanation = explain(recorded.subject, recorded.occasion, rules, recorded.used)
    if recorded.subject is None:
        explanation = _unnamed(explanation, row["reason"])
    decision = explanation.decision
    if row["upload"] in ("accepted_in_error", "refused"):
        return explanation, True  # What is recorded is what the terminal did; ours stands beside it.
    same = (
        decision.outcome == row["outcome"]
        and decision.reason == row["reason"]
        and decision.paid_fen == row["paid_fen"]
        and dict(decision.payers) == dict(zip(row["funds"], row["amounts_fen"], strict=True))
        and decision.programme == row["programme"]
    )
    return explanation, same


def _unnamed(explanation: Explanation, reason: str) -> Explanation:
    """Say why nobody stands behind the credential: a card that is unknown, or a code that is not authentic. The documents do not know."""
    shown = dataclasses.replace(explanation.conditions[0], reason=reason)
    return dataclasses.replace(
        explanation, decision=replace(explanation.decision, reason=reason), conditions=(shown, *explanation.conditions[1:])
    )


def explained(use: str, recorded: Recorded, rules: RuleBook, reasons: Reasons, *, place_zh: str, place_en: str) -> dict[str, Any]:
    """Return the explanation of a use in the shape of SURFACES §2, money in fen. Facts marked † say that they are withheld."""
    explanation, same = replayed(recorded, rules)
    row = recorded.row
    payers = [{"fund": fund, "amount": fen} for fund, fen in zip(row["funds"], row["amounts_fen"], strict=True)]
    zh, en = sentence(row, reasons, place_zh, place_en)
    return {
        "use": use,
        "outcome": row["outcome"],
        "reason": row["reason"],
        "sentence": {"zh": zh, "en": en},
        "conditions": [condition_shown(condition) for condition in explanation.conditions],
        "limits": [limit_shown(count) for count in explanation.limits],
        "money": {"list_price": row["list_price_fen"], "paid": row["paid_fen"], "payers": payers},
        "programme": row["programme"],
        "version": row["version"],
        "basis": explanation.basis,
        "titles": titles_of(rules, recorded.occasion.day),
        "facts": facts_shown(recorded.occasion.facts, _facts_told(json.loads(row["facts"]), explanation.decision.asked)),
        "replays": same,
        "upload": row["upload"],
        "offline": json.loads(row["offline"] or row["late_answer"] or "null"),
    }


def sentence(row: Mapping[str, Any], reasons: Reasons, place_zh: str, place_en: str) -> tuple[str, str]:
    """Return the answer in one sentence each of zh and en: the outcome first, then why, then what to do."""
    reason = reasons[row["reason"]]
    at = civil(row["occurred_at"])
    when_zh, when_en = f"{at.month} 月 {at.day} 日 {at:%H:%M} 在{place_zh}", f"at {place_en}, {at:%Y-%m-%d %H:%M}"
    next_zh, next_en = (f"{reason.next_zh}。" if reason.next_zh else ""), (f" {reason.next_en}" if reason.next_en else "")
    listed, paid = yuan(row["list_price_fen"]), yuan(row["paid_fen"])
    saved_fen = row["list_price_fen"] - row["paid_fen"]
    if row["outcome"] == "refused":
        return f"{when_zh}没有通过：{reason.zh}。{next_zh}", f"Refused {when_en}: {reason.en}.{next_en}"
    if not row["list_price_fen"]:
        return f"{when_zh}{reason.zh}。", f"Accepted {when_en}."
    if saved_fen:
        return (
            f"{when_zh}{reason.zh}：原价 {listed} 元，付 {paid} 元，省 {yuan(saved_fen)} 元。",
            f"{reason.en} {when_en}: list price ¥{listed}, paid ¥{paid}, saved ¥{yuan(saved_fen)}.",
        )
    if row["reason"] == "OK":
        return f"{when_zh}{reason.zh}：付 {paid} 元。", f"Accepted {when_en}: paid ¥{paid}."
    return (
        f"{when_zh}按原价付 {listed} 元：{reason.zh}。{next_zh}",
        f"Full price ¥{listed} {when_en}: {reason.en}.{next_en}",
    )


def condition_shown(condition: AskedCondition) -> dict[str, Any]:
    """Return a condition as doors show it: the value of its fact, or of each by name; those marked † are withheld."""
    values = facts_shown(condition.facts, condition.facts)
    value = next(iter(values.values())) if len(values) == 1 else values or condition.reason
    return {
        "programme": condition.programme or None,
        "reason": condition.reason,
        "text": condition.text,
        "says": {"zh": condition.zh, "en": condition.en},
        "value": value,
        "held": condition.held,
    }


def titles_of(rules: RuleBook, day: date) -> dict[str, dict[str, str]]:
    """Return the titles of the programmes in force on *day*, in zh and en."""
    return {programme.name: {"zh": programme.title_zh, "en": programme.title_en} for programme in rules.in_force(day)}


def limit_shown(count: Count) -> dict[str, Any]:
    """Return where a limit stood and what this use counted."""
    return {
        "programme": count.programme or None, "name": count.counter.name, "per": count.per, "unit": count.unit, "cap": count.cap,
        "used_before": count.used_before, "counted": count.counted,
    }  # fmt: skip


def facts_shown(facts: Mapping[str, Value], asked: Iterable[str]) -> dict[str, Any]:
    """Return the values of the facts *asked*; those marked † say that they are withheld."""
    return {fact: WITHHELD if FACTS[fact].secret else _plain(fact, facts[fact]) for fact in asked}


def _facts_told(kept: Iterable[str], asked: Iterable[str]) -> list[str]:
    """Return what is told of: what was kept, and every asked fact marked †, blank or not. Else its absence would tell."""
    return sorted({*kept, *(fact for fact in asked if FACTS[fact].secret)})


def _plain(fact: str, value: Value) -> Any:
    if FACTS[fact].type.base == "day" and isinstance(value, int):
        return date.fromordinal(value).isoformat()
    if FACTS[fact].type.base == "time" and isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    return sorted(value) if isinstance(value, frozenset) else value


def _counter(limit: list[Any]) -> Counter:
    return Counter(limit[5], date.fromisoformat(limit[3]), limit[1], limit[4])
