"""Write a document as JSON-able typed trees: the rule as other people's terminals read it (POLICY §10)."""

from collections.abc import Mapping
from typing import Any

from onecard.policy.document import Document
from onecard.policy.model import Payout

__all__ = ["rule_of"]


def rule_of(document: Document, version: int) -> Mapping[str, Any]:
    """Return the document as plain lists, texts and whole numbers: days as ordinals, regions as prefixes, money as fen."""
    heading, where = document.heading, document.where
    return {
        "programme": heading.name,
        "version": version,
        "kind": heading.kind,
        "title": {"zh": heading.title_zh, "en": heading.title_en},
        "from": heading.from_day.toordinal(),
        "until": heading.until_day.toordinal() if heading.until_day else None,
        "where": {key: list(getattr(where, key)) for key in ("region", "service", "site_kind", "operator", "site")},
        "figures": {
            figure.name: {"unit": figure.unit, "source": figure.source, "rows": [[begin, level] for begin, level in figure.rows]}
            for figure in document.figures.values()
        },
        "let": [[name, tree] for name, tree in document.lets.items()],
        "who": [[condition.typed.tree, condition.reason] for condition in document.who],
        "base": document.base or None,
        "pay": [[row.condition.tree if row.condition else None, row.value.tree, row.text] for row in document.pay],
        "limits": [
            {
                "name": limit.rule.name,
                "unit": limit.rule.unit,
                "per": limit.rule.per,
                "of_site": limit.rule.of_site,
                "in_part": limit.rule.in_part,
                "reason": limit.rule.reason,
                "cap": limit.cap.tree,
            }
            for limit in document.limits
        ],
        "funding": [[part.fund, part.of or None, part.by, part.tree] for part in document.funding],
        "prefer_over": list(document.prefer_over),
        "on_top_of": list(document.on_top_of),
        "in_error": document.in_error,
        "facts": list(document.facts),
    } | ({"payout": _payout(document.payout)} if document.payout else {})


def _payout(payout: Payout) -> Mapping[str, Any]:
    return {
        "cycle": payout.cycle,
        "as_of": payout.as_of,
        "to": "operator" if payout.to_operator else "person",
        "sums": list(payout.sums),
        "not_with": list(payout.not_with),
        "department": payout.department or None,
        "publicity": payout.publicity_days or None,
        "evidence": list(payout.evidence),
    }
