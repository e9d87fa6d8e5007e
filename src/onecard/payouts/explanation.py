"""A line explained: the rule asked again with the facts that the line kept, in the shape of a use's explanation. Pure."""

from collections.abc import Sequence
from typing import Any, Final

from onecard.payouts.model import Event, Line, LineKey, Roster, line_id
from onecard.policy.facts import FACTS, blanks
from onecard.policy.model import Facts, Programme, Trace
from onecard.uses.explanation import condition_shown, facts_shown
from onecard.values.money import yuan

__all__ = ["explained_line", "facts_of_line"]

_PAID: Final = "OK"


def facts_of_line(line: Line) -> Facts:
    """Return what the rule could ask when the line was planned, blanks filled in."""
    return {**blanks("payout"), **{name: frozenset(value) if isinstance(value, list) else value for name, value in line.facts.items()}}


def explained_line(line: Line, roster: Roster, programme: Programme, tail: str | None, events: Sequence[Event]) -> dict[str, Any]:
    """Return why *line* is as it is, money in fen; `replays` tells whether the rule says the same again.

    *programme* is the version that planned it, *tail* the last digits of the account. Facts marked † are withheld.
    """
    facts = facts_of_line(line)
    trace = programme.trace(facts)
    zh, en = _sentence(line, roster, programme)
    account = line.account
    return {
        "line": line_id(LineKey(line.roster, line.seq)), "roster": roster.roster, "period": roster.period, "day": line.day.isoformat(),
        "state": line.state, "reason": line.reason, "sentence": {"zh": zh, "en": en},
        "conditions": [condition_shown(condition) for condition in trace.conditions], "row": trace.row,
        "money": {"amount": line.amount_fen, "payers": [{"fund": fund, "amount": fen} for fund, fen in line.payers]},
        "account": None if account is None else {"kind": account.kind, "bank": account.bank, "tail": tail},
        "events": [_event(event) for event in events], "programme": programme.name, "version": programme.version, "basis": programme.basis,
        "titles": {programme.name: {"zh": programme.title_zh, "en": programme.title_en}},
        "facts": facts_shown(facts, sorted({*line.facts, *(name for name in programme.facts if FACTS[name].secret)})),
        "replays": _replays(line, programme, facts, trace),
    }  # fmt: skip


def _replays(line: Line, programme: Programme, facts: Facts, trace: Trace) -> bool:
    """Tell whether the rule says of the kept facts what the line says. Where each day earns a part, one day does not tell the whole."""
    assert programme.payout is not None
    if isinstance(trace.verdict, str):
        return line.reason == trace.verdict
    if programme.payout.as_of != "every day" and trace.verdict[0] != line.amount_fen:
        return False
    return tuple(programme.share(facts, line.amount_fen)) == tuple(line.payers)


def _sentence(line: Line, roster: Roster, programme: Programme) -> tuple[str, str]:
    if line.reason != _PAID:
        return (
            f"{roster.period} 的{programme.title_zh}不发放：按 {line.day} 的情况不符合条件。",
            f"{programme.title_en} is not paid for {roster.period}: as of {line.day} a condition does not hold.",
        )
    amount = yuan(line.amount_fen)
    return (
        f"{roster.period} 的{programme.title_zh}为 {amount} 元，按 {line.day} 的情况计算。",
        f"{programme.title_en} for {roster.period} is ¥{amount}, reckoned as of {line.day}.",
    )


def _event(event: Event) -> dict[str, Any]:
    return {
        "step": event.step, "at": event.at.isoformat(), "state": event.state, "amount": event.amount_fen, "code": event.code or None,
        "batch": event.bank_batch or None, "reason": event.reason or None,
    }  # fmt: skip
