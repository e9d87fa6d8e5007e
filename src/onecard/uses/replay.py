"""A record decided again from the version and the facts that it kept, every field compared. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace

from onecard.decision.decide import decide
from onecard.decision.model import Counter, Decision
from onecard.decision.offline import reconcile
from onecard.decision.reasons import is_of_credentials
from onecard.decision.rulebook import RuleBook
from onecard.uses.explanation import Recorded, recorded_from
from onecard.uses.record import InError, limits_json
from onecard.values.days import civil

__all__ = ["DecidedAgain", "decided_again", "differences"]

_read = msgspec.json.decode


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedAgain:
    """What a record would say: our decision, held against the terminal's own answer where it was alone."""

    decision: Decision
    upload: str | None
    in_error: InError


def decided_again(recorded: Recorded, rules: RuleBook, used: Mapping[Counter, int] | None = None) -> DecidedAgain:
    """Decide *recorded* under *rules*; *used* in place of where the limits stood then.

    What only the moment knew is taken from the record: the facts that were asked, the state of the credential, what a code
    came to, and what the terminal had answered by itself.
    """
    row = recorded.row
    decision = decide(recorded.subject, recorded.occasion, rules, recorded.used if used is None else used)
    if recorded.subject is None and is_of_credentials(row["reason"]):
        decision = replace(decision, reason=row["reason"])  # Which of them it was, no document knows.
    if row["offline"] is None:
        return DecidedAgain(decision=decision, upload=None, in_error=())
    alone = _read(row["offline"])
    group = recorded.occasion.facts["group"]
    assert isinstance(group, int)
    told = reconcile(decision, alone["outcome"], alone["paid"], row["list_price_fen"], group)
    return DecidedAgain(decision=told.decision, upload=told.upload, in_error=told.in_error)


def differences(row: Mapping[str, Any], rules: RuleBook) -> list[str]:
    """Return what is otherwise when *row* (`replay_store.uses_of_time`) is decided again: `paid: 100 on record, 200 decided again`."""
    recorded = recorded_from(row)
    again = decided_again(recorded, rules)
    decision = again.decision
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("day", row["day"], civil(row["occurred_at"]).date()),
        ("outcome", row["outcome"], decision.outcome),
        ("reason", row["reason"], decision.reason),
        ("paid", row["paid_fen"], decision.paid_fen),
        ("payers", tuple(zip(row["funds"], row["amounts_fen"], strict=True)), decision.payers),
        ("programme", row["programme"], decision.programme),
        ("version", row["version"], decision.version),
        ("upload", row["upload"], again.upload),
    )
    found = [_said(name, kept, now) for name, kept, now in pairs if kept != now]
    limits = _read(row["limits"])
    if limits != (now := _read(limits_json(decision.counts, again.in_error))):
        found.append(_said("limits", limits, now))
    if unasked := _read(row["facts"]).keys() - set(decision.asked):
        found.append(f"facts: {', '.join(sorted(unasked))} on record, and no document in force asks for it")
    if row["given_back"] is not None:
        found += _wrongly_given_back(limits, _read(row["given_back"]))
    return found


def _said(name: str, kept: object, now: object) -> str:
    return f"{name}: {_text(kept)} on record, {_text(now)} decided again"


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return " + ".join(f"{fund} {fen}" for fund, fen in value) or "nobody"
    return "none" if value is None else str(value)


def _wrongly_given_back(limits: list[list[Any]], given_back: list[list[Any]]) -> Iterator[str]:
    """Say which counts a reversal gave back that the use never counted, or counted otherwise; who left had some back already."""
    counted = {tuple(limit[1:6]): limit[8] for limit in limits if limit[8] > 0}
    for limit in given_back:
        had = counted.pop(tuple(limit[1:6]), 0)
        if -limit[8] > had or (limit[2] != "at_once" and -limit[8] != had):
            yield f"reversal: gave back {-limit[8]} of {limit[1]}, {had} were counted"
    for (name, per, *_), had in counted.items():
        if per != "at_once":
            yield f"reversal: gave back 0 of {name}, {had} were counted"
