"""Make lines of ✓ and ✕ out of an explanation's conditions and limits: what decided stands first and bold. Pure."""

from collections.abc import Mapping
from typing import Any

from onecard.values.money import yuan
from onecard.web.words import Catalogue

__all__ = ["Line", "limit_line", "programme_groups"]

Line = dict[str, Any]
"""state ('ok', 'red' or 'none'), state_word, text, decisive."""


def programme_groups(explanation: Mapping[str, Any], t: Catalogue) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the conditions by programme: first the groups that made the answer what it is, then all others.

    `titles` of the explanation, where it brings any, holds a programme's title: {programme: {zh, en}}.
    """
    groups: dict[str, list[Line]] = {}
    reason, granting = explanation["reason"], frozenset((explanation["programme"] or "").split("+"))
    for condition in explanation["conditions"]:
        groups.setdefault(condition["programme"] or "", []).append(_condition(condition, reason, t))
    first: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for programme, lines in groups.items():
        title = explanation.get("titles", {}).get(programme, {}).get(t.lang, programme)
        group = {"title": title or t("explain.card"), "lines": lines}
        decides = not programme or programme in granting or any(line["decisive"] for line in lines)
        (first if decides else others).append(group)
    if len(first) <= 1 and len(others) == 1:
        return first + others, []
    return first, others


def limit_line(limit: Mapping[str, Any], t: Catalogue) -> Line:
    """Return where a limit stood and what this use counted; a limit in yuan is in fen."""
    cap, used, counted = limit["cap"], limit["used_before"], limit["counted"]
    stopped = used >= cap and counted <= 0
    text = t("explain.limit", per=t(f"explain.per.{limit['per']}"), cap=_amount(limit, cap), used=_amount(limit, used))
    end = ""
    if counted:
        end = t("explain.counted" if counted > 0 else "explain.leaves", counted=_amount(limit, abs(counted)))
    elif stopped:
        end = t("explain.full")
    state = "red" if stopped and not counted else "ok" if counted else "none"
    return {"state": state, "state_word": _state_word(state, t), "text": text + end, "decisive": state == "red"}


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
    """Return a condition in words with its value; a value that is not for this reader is said to be so."""
    says, value = str(condition["says"][t.lang]), condition["value"]
    if value == "withheld":
        return says + t("explain.withheld_value")
    told = [_plain(each) for each in (value.values() if isinstance(value, Mapping) else [value])]
    shown = t("explain.and").join(each for each in told if each)
    return t("explain.value", says=says, value=shown) if shown else says


def _plain(value: Any) -> str:
    """Return a value as it is read; yes and no say nothing beside a mark, so they are left out."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(sorted(str(part) for part in value))
    return str(value)


def _amount(limit: Mapping[str, Any], number: int) -> str:
    return yuan(number) if limit.get("unit") == "yuan" else f"{number:,}"
