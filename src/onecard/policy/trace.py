"""The traced form of a document: the verdict of the generated code, and every condition asked on the way, in words."""

from onecard.policy.document import Document
from onecard.policy.evaluate import Evaluation
from onecard.policy.model import AskedCondition, Facts, Trace
from onecard.policy.sentences import Condition
from onecard.policy.trees import facts_read
from onecard.policy.words import Words

__all__ = ["traced"]


def traced(document: Document, facts: Facts) -> Trace:
    """Return what `judge` would say of *facts*, with all that was asked until then."""
    evaluation = Evaluation(document, facts)
    words = Words(document)
    asked: list[AskedCondition] = []
    for condition in document.who:
        held = bool(evaluation.of(condition.typed.tree))
        asked.append(_asked(document, condition, evaluation, words, held))
        if not held:
            return Trace(conditions=tuple(asked), verdict=condition.reason, row=None)
    price = int(facts[document.base]) if document.base else None  # type: ignore[arg-type]
    row = None
    for line in document.pay:
        if line.condition is None or evaluation.of(line.condition.tree):
            value, row = evaluation.of(line.value.tree), line.text
            price = value if price is None else min(price, value)
            break
    caps = tuple(evaluation.of(limit.cap.tree) for limit in document.limits)
    return Trace(conditions=tuple(asked), verdict=(price or 0, *caps), row=row)


def _asked(document: Document, condition: Condition, evaluation: Evaluation, words: Words, held: bool) -> AskedCondition:
    read = sorted(facts_read(condition.typed.tree, document.figures, document.lets))
    facts = {name: evaluation.facts[name] for name in read}
    zh, en = words.said(condition.typed.tree, facts, held)
    return AskedCondition(
        programme=document.heading.name,
        reason=condition.reason,
        text=condition.text,
        zh=zh,
        en=en,
        facts=facts,
        held=held,
    )
