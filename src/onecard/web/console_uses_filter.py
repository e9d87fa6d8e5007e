"""The filter of the records page: read out of an address, what is wrong in it told by field, and back into an address. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from onecard.decision.reasons import load_reasons
from onecard.staff.scope import is_scope_region, subtree
from onecard.uses.look import DAYS_MAX, SIFTED_DAYS_MAX, UseFilter
from onecard.web.words import Catalogue

__all__ = ["FIELDS", "IN_ERROR", "RESULTS", "Asked", "read_filter"]

FIELDS: Final = ("from", "until", "region", "kind", "result", "reason", "site", "terminal", "resident", "figure")

IN_ERROR: Final = "in_error"
RESULTS: Final = ("granted", "full", "refused", IN_ERROR)
"""What a use came to: reduced or free or as usual; at full price where a reduction was withheld; refused; accepted offline in error."""

_TEXT_MAX: Final = 64
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2099, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked for: the filter, the texts as he typed them, and what is wrong with them by field."""

    filter: UseFilter
    texts: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


def read_filter(
    query: Mapping[str, str], today: date, t: Catalogue, programmes_of: Callable[[str], tuple[str, ...]] = lambda figure: ()
) -> Asked:
    """Return what the *query* of an address asks. Without days it is *today*; a wrong field is told, and leaves nothing out.

    *programmes_of* tells which programmes a figure of the bulletin counts uses of; none: it is no such figure.
    """
    texts = {name: query.get(name, "").strip()[:_TEXT_MAX].replace("\0", "") for name in FIELDS}
    errors: dict[str, str] = {}
    told = {name: _day(texts[name]) for name in ("from", "until")}
    for name, day in told.items():
        if texts[name] and day is None:
            errors[name] = t("console.records.wrong_day")
    first = told["from"] or told["until"] or today
    last = told["until"] or first
    if not errors and first > last:
        errors["until"] = t("console.records.wrong_order")
    most = SIFTED_DAYS_MAX if texts["figure"] else DAYS_MAX
    if not errors and (last - first).days >= most:
        errors["from"] = t("console.records.too_long", most=most)
    if texts["region"] and not is_scope_region(texts["region"]):
        errors["region"] = t("console.records.wrong_region")
    if texts["resident"] and not (texts["resident"].isascii() and texts["resident"].isdigit() and len(texts["resident"]) < 19):
        errors["resident"] = t("console.records.wrong_resident")
    programmes, in_error = programmes_of(texts["figure"]), texts["result"] == IN_ERROR
    if texts["figure"] and not programmes:
        errors["figure"] = t("console.records.wrong_figure")
    if (programmes or in_error) and (texts["terminal"] or texts["resident"] or (programmes and in_error)):
        errors["result"] = t("console.records.wrong_sift")
    if errors:
        first, last, programmes, in_error = today, today, (), False
    outcome, reasons = _result(texts["result"])
    if texts["reason"]:
        reasons = (texts["reason"],)
    asked = UseFilter(
        first=first, last=last, region=subtree(texts["region"]) if texts["region"] and "region" not in errors else "", kind=texts["kind"],
        outcome=outcome, reasons=reasons, site=texts["site"], terminal=texts["terminal"],
        subject=int(texts["resident"]) if texts["resident"] and "resident" not in errors else None,
        programmes=programmes, in_error=in_error,
    )  # fmt: skip
    shown = {**texts, "from": texts["from"] or asked.first.isoformat(), "until": texts["until"] or asked.last.isoformat()}
    return Asked(filter=asked, texts=shown, errors=errors)


def _result(result: str) -> tuple[str, tuple[str, ...]]:
    """Return outcome and reasons of one of `RESULTS`; what is none of them leaves nothing out."""
    if result == "refused":
        return "refused", ()
    if result not in RESULTS or result == IN_ERROR:
        return "", ()
    plain = [code for code in load_reasons() if code.startswith("OK") or code == "OFFLINE_ACCEPTED"]
    if result == "granted":
        return "accepted", tuple(plain)
    return "accepted", tuple(code for code in load_reasons() if code not in plain)


def _day(text: str) -> date | None:
    """Return the day that *text* is; None for what is none, or lies too far off."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_DAY <= day <= _LAST_DAY else None
