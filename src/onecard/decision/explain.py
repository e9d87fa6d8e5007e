"""Why: the same documents asked again in their traced form, with what each limit stood at. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from onecard.decision.decide import EXIT, decide
from onecard.decision.limits import asked_counts
from onecard.decision.model import Count, Decision, Occasion, Subject, Used
from onecard.decision.rulebook import RuleBook
from onecard.policy.model import AskedCondition, Facts

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that was asked on the way to *decision*, in order; the credential's state comes first."""

    decision: Decision
    conditions: tuple[AskedCondition, ...]
    limits: tuple[Count, ...]
    basis: str | None  # The document that the granting programme rests on.


def explain(subject: Subject | None, occasion: Occasion, rules: RuleBook, used: Used) -> Explanation:
    """Decide again and keep every condition with what it saw. Same arguments as `decide`, same decision."""
    decision = decide(subject, occasion, rules, used)
    conditions = [_leaving() if occasion.service == EXIT and subject else _credential(subject, decision)]
    barred = subject is None or subject.barred or occasion.barred
    if occasion.barred is not None and occasion.service != EXIT:
        conditions.append(_terminal(occasion.barred))
    if barred or occasion.service == EXIT:
        return Explanation(decision=decision, conditions=tuple(conditions), limits=decision.counts, basis=None)
    assert subject is not None
    facts: Facts = {**occasion.facts, **subject.facts}
    asked = rules.asked(occasion)
    found_fen = {name: before_fen for name, before_fen, _ in decision.layers}
    for programme in (*asked.gates, *asked.bases, *asked.toppings):
        price_fen = found_fen.get(programme.name, decision.paid_fen if programme.on_top_of else occasion.list_price_fen)
        conditions += programme.trace({**facts, "price": price_fen}).conditions
    limits = {(count.programme, count.counter): count for count in _all_limits(facts, occasion, rules, used)}
    limits.update({(count.programme, count.counter): count for count in decision.counts})
    shown = tuple(count for count in limits.values() if not count.counter.within.startswith("inside@"))
    return Explanation(decision=decision, conditions=tuple(conditions), limits=shown, basis=_basis(decision, rules, occasion))


def _leaving() -> AskedCondition:
    """Leaving asks nothing of a card that somebody is known by: in the place of its state stands that."""
    zh, en = "离场不核对卡的状态", "Leaving asks nothing of the card"
    return AskedCondition(programme="", reason="OK", text="credential", zh=zh, en=en, facts={}, held=True)


def _terminal(reason: str) -> AskedCondition:
    """A terminal, or its site, that serves nobody: said apart, for the card may be good."""
    zh, en = "这台终端现在可以受理", "This terminal serves people now"
    return AskedCondition(programme="", reason=reason, text="terminal", zh=zh, en=en, facts={}, held=False)


def _credential(subject: Subject | None, decision: Decision) -> AskedCondition:
    """The credential's state as a condition: it is asked first, and of everybody."""
    reason = "CARD_UNKNOWN" if subject is None else subject.barred or "OK"
    good = subject is not None and (subject.barred is None or decision.outcome == "accepted")
    if subject is None and decision.reason != reason:
        reason = decision.reason
    said: Mapping[bool, tuple[str, str]] = {
        True: ("卡（码）有效", "The card or code is valid"),
        False: ("卡（码）现在不能用", "The card or code cannot be used now"),
    }
    zh, en = said[good]
    return AskedCondition(programme="", reason=reason, text="credential", zh=zh, en=en, facts={}, held=good)


def _all_limits(facts: Facts, occasion: Occasion, rules: RuleBook, used: Used) -> list[Count]:
    """Return where the limits stand of every document whose conditions hold."""
    asked = rules.asked(occasion)
    counts: list[Count] = []
    for programme in (*asked.gates, *asked.bases):
        verdict = programme.judge(facts)
        if programme.limits and not isinstance(verdict, str):
            counts += [_uncounted(count) for count in asked_counts(programme, verdict[1:], occasion, used, 0)]
    return counts


def _uncounted(count: Count) -> Count:
    return Count(
        programme=count.programme, unit=count.unit, per=count.per, counter=count.counter, cap=count.cap,
        used_before=count.used_before, counted=0,
    )  # fmt: skip


def _basis(decision: Decision, rules: RuleBook, occasion: Occasion) -> str | None:
    if not decision.layers:
        return None
    first = decision.layers[0][0]
    return next((programme.basis for programme in rules.in_force(occasion.day) if programme.name == first), None)
