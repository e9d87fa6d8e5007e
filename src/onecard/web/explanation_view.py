"""Make plain data for the explanation page out of an explanation (SURFACES §2): the answer first, then each reason. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from onecard.decision.reasons import load_reasons
from onecard.values.days import civil
from onecard.values.money import yuan
from onecard.web.conditions_view import Line, limit_line, programme_groups, programme_title
from onecard.web.rendering import yuan_html
from onecard.web.words import Catalogue, CityWords, catalogue, named

__all__ = ["explanation_view", "state_of"]

PAPER_ROWS_MAX = 12
"""So many records of the day are printed, so that an explanation stays on one sheet; the screen shows all."""

Explanation = Mapping[str, Any]


def state_of(outcome: str, reason: str) -> Literal["ok", "amber", "red"]:
    """Return which of the three states a person sees: 'ok', 'amber' (served at full price) or 'red' (refused)."""
    if outcome == "refused":
        return "red"
    return "ok" if reason.startswith("OK") or reason == "OFFLINE_ACCEPTED" else "amber"


def explanation_view(
    explanation: Explanation, words: CityWords, lang: str, use_address: Callable[[str], str] | None = None
) -> dict[str, Any]:
    """Return all that `explanation_body.html` shows, in *lang*; *use_address* tells where another use is explained.

    What no name is known for is shown by its code, never left out. `same_day` rows hold use, occurred_at, site, service,
    outcome, reason, list_price, paid, programme, version and reversed.
    """
    t = catalogue(lang)
    leads = use_address or (lambda use: f"/uses/{quote(use)}?lang={lang}")
    state = state_of(explanation["outcome"], explanation["reason"])
    when = _instant(explanation["occurred_at"])
    same_day = explanation.get("same_day", ())
    decisive, others = programme_groups(explanation, t)
    return {
        "title": _title(explanation, state, t),
        "sentence": explanation["sentence"][lang],
        "facts_line": _facts_line(explanation, words, when, lang),
        "notes": [t("explain.reversed_note")] * bool(explanation.get("reversed")),
        "alarm": "" if explanation.get("replays", True) else t("explain.no_replay"),
        "groups": decisive,
        "other_groups": others,
        "limits": _limits(explanation, t),
        "money": _money(explanation["money"], words, t),
        "rule": _rule(explanation, t),
        "next_step": _next_step(explanation["reason"], state, t),
        "links": [_link(record, t) | {"href": leads(record["use"])} for record in _used_before(explanation, same_day)],
        "same_day": [
            _record(record, explanation, words, t) | {"paper": at < PAPER_ROWS_MAX, "href": leads(record["use"])}
            for at, record in enumerate(same_day)
        ],
        "same_day_count": t("explain.same_day_count", day=_day(when, lang), count=len(same_day)),
        "terminal": explanation["terminal"],
        "use": explanation["use"],
    }


def _title(explanation: Explanation, state: str, t: Catalogue) -> str:
    """Say the answer: why not, or what was paid and saved."""
    word = _word(explanation["reason"], t.lang)
    if state != "ok":
        return t("explain.refused" if state == "red" else "explain.withheld", word=word)
    money = explanation["money"]
    paid, saved = money["paid"], money["list_price"] - money["paid"]
    if money["list_price"] == 0:
        return t("explain.free", word=word)
    return t("explain.granted" if saved else "explain.plain", word=word, paid=yuan_html(paid, t.lang), saved=yuan_html(saved, t.lang))


def _word(code: str, lang: str) -> str:
    """Return the big word of a reason, or its code where the table does not hold it."""
    reason = load_reasons().get(code)
    if reason is None:
        return code
    return reason.en if lang == "en" else reason.zh


def _next_step(code: str, state: str, t: Catalogue) -> str:
    reason = load_reasons().get(code)
    if state == "ok" or reason is None:
        return t("explain.ok")
    return reason.next_en if t.lang == "en" else reason.next_zh


def _facts_line(explanation: Explanation, words: CityWords, when: datetime, lang: str) -> list[str]:
    """Return who, when, where and what for, masked as the explanation brings it."""
    place = explanation["site"][lang]
    parts = [explanation.get("person"), f"{_day(when, lang)} {when:%H:%M}", place, named(explanation["service"], words, lang)]
    return [part for part in parts if part]


def _limits(explanation: Explanation, t: Catalogue) -> list[Line]:
    """Return one line a limit: programmes that share a limit would say the same twice."""
    lines = [limit_line(limit, t) for limit in explanation["limits"]]
    return [line for at, line in enumerate(lines) if line not in lines[:at]]


def _money(money: Mapping[str, Any], words: CityWords, t: Catalogue) -> list[dict[str, Any]]:
    """Return the list price, who bears what of the reduction, and what is left to pay."""
    payers: Sequence[Mapping[str, Any]] = money["payers"]
    borne = [
        {"label": t("explain.borne_by", fund=_fund(payer["fund"], words, t.lang)), "fen": payer["amount"], "sum": False} for payer in payers
    ]
    first = {"label": t("explain.list_price"), "fen": money["list_price"], "sum": False}
    return [first, *borne, {"label": t("explain.paid"), "fen": money["paid"], "sum": True}]


def _fund(fund: str, words: CityWords, lang: str) -> str:
    """Return a fund's name: 'transit-330400' is the fund 'transit' of a region, whose code stays beside the name."""
    kind, _, region = fund.rpartition("-")
    if not region.isdigit():
        return named(fund, words, lang)
    return f"{named(kind, words, lang)}（{region}）" if lang == "zh" else f"{named(kind, words, lang)} ({region})"


def _rule(explanation: Explanation, t: Catalogue) -> dict[str, str]:
    programme, version, basis = explanation["programme"], explanation["version"], explanation["basis"]
    if programme is None:
        return {"programme": t("explain.no_programme"), "basis": ""}
    told = basis[t.lang] if isinstance(basis, Mapping) else basis or ""
    title = programme_title(programme, explanation, t.lang)
    return {"programme": t("explain.version", programme=title, version=version), "basis": str(told)}


def _used_before(explanation: Explanation, same_day: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the uses of the day that may have used up the limit which stopped this one."""
    if not explanation["reason"].startswith("LIMIT_"):
        return []
    return [
        record
        for record in same_day
        if record["use"] != explanation["use"] and record["service"] == explanation["service"] and record["reason"].startswith("OK")
    ]


def _link(record: Mapping[str, Any], t: Catalogue) -> dict[str, str]:
    return {"use": record["use"], "text": t("explain.see_other", time=f"{_instant(record['occurred_at']):%H:%M}")}


def _record(record: Mapping[str, Any], explanation: Explanation, words: CityWords, t: Catalogue) -> dict[str, Any]:
    """Return one row of the day's table."""
    back = bool(record.get("reversed"))
    granted = record.get("programme")
    return {
        "use": record["use"],
        "this": record["use"] == explanation["use"],
        "time": f"{_instant(record['occurred_at']):%H:%M}",
        "site": record["site"][t.lang] if record["site"] else "",
        "service": named(record["service"], words, t.lang),
        "state": "none" if back else state_of(record["outcome"], record["reason"]),
        "word": t("explain.reversed") if back else _word(record["reason"], t.lang),
        "list_price": yuan(record["list_price"]),
        "paid": yuan(record["paid"]),
        "version": t("explain.version", programme=programme_title(granted, explanation, t.lang), version=record["version"])
        if granted
        else "",
    }


def _instant(text: str | datetime) -> datetime:
    return civil(text if isinstance(text, datetime) else datetime.fromisoformat(text))


def _day(when: datetime, lang: str) -> str:
    return f"{when.month}月{when.day}日" if lang == "zh" else f"{when.day} {when:%b}"
