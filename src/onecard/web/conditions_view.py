"""Make lines of ✓ and ✕ out of an explanation's conditions and limits: what decided stands first and bold. Pure."""

from collections.abc import Mapping
from typing import Any

from onecard.values.money import yuan
from onecard.web.words import Catalogue

__all__ = ["Line", "limit_line", "programme_groups", "programme_title"]

Line = dict[str, Any]
"""state ('ok', 'red' or 'none'), state_word, text, decisive."""


def programme_groups(explanation: Mapping[str, Any], t: Catalogue) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the conditions by programme: first the groups that made the answer what it is, then all others."""
    groups: dict[str, list[Line]] = {}
    reason, deciding = explanation["reason"], frozenset((explanation["programme"] or "").split("+"))
    if reason.startswith("LIMIT_"):
        deciding |= {limit.get("programme") for limit in explanation["limits"] if _is_full(limit)}
    for condition in explanation["conditions"]:
        groups.setdefault(condition["programme"] or "", []).append(_condition(condition, reason, t))
    first: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for programme, lines in groups.items():
        group = {"title": programme_title(programme, explanation, t.lang) or t("explain.card"), "lines": lines}
        decides = not programme or programme in deciding or any(line["decisive"] for line in lines)
        (first if decides else others).append(group)
    if len(first) <= 1 and len(others) == 1:
        return first + others, []
    return first, others


def programme_title(programme: str, explanation: Mapping[str, Any], lang: str) -> str:
    """Return the title of *programme*, or of each member of a pile 'a+b', as far as the explanation's `titles` know it."""
    titles: Mapping[str, Mapping[str, str]] = explanation.get("titles", {})
    return " + ".join(titles.get(member, {}).get(lang, member) for member in programme.split("+"))


def limit_line(limit: Mapping[str, Any], t: Catalogue) -> Line:
    """Return where a limit stood and what this use counted; a limit in yuan is in fen."""
    cap, used, counted = limit["cap"], limit["used_before"], limit["counted"]
    text = t("explain.limit", per=t(f"explain.per.{limit['per']}"), cap=_amount(limit, cap), used=_amount(limit, used))
    end = ""
    if counted:
        end = t("explain.counted" if counted > 0 else "explain.leaves", counted=_amount(limit, abs(counted)))
    elif _is_full(limit):
        end = t("explain.full")
    state = "red" if _is_full(limit) else "ok" if counted else "none"
    return {"state": state, "state_word": _state_word(state, t), "text": text + end, "decisive": state == "red"}


def _is_full(limit: Mapping[str, Any]) -> bool:
    return bool(limit["used_before"] >= limit["cap"] and not limit["counted"])


def _condition(condition: Mapping[str, Any], reason: str, t: Catalogue) -> Line:
    held = condition["held"]
    state = "none" if held is None else "ok" if held else "red"
    return {
        "state": state,
        "state_word": _state_word(state, t),
        "text": _said(condition, t),
        "decisive": held is False and condition["reason"] == reason,
    }


def _state_word(state: str, t: Catalogue) -> str:
    return t({"ok": "explain.held", "red": "explain.failed", "none": "explain.unknown"}[state])


def _said(condition: Mapping[str, Any], t: Catalogue) -> str:
    """Return a condition in its own words, which name its value; a value that is not for this reader is said to be so."""
    says = str(condition["says"][t.lang])
    return says + t("explain.withheld_value") if condition["value"] == "withheld" else says


def _amount(limit: Mapping[str, Any], number: int) -> str:
    return yuan(number) if limit.get("unit") == "yuan" else f"{number:,}"
