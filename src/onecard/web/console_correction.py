"""What is on record of a resident told anew: which fact, from which day, why; checked on a page, then decided by a second person."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from onecard.app.staff_issuing import AtDesk
from onecard.app.staff_residents import Correction
from onecard.people.model import FACT_FORMS, write_fact
from onecard.staff.errors import NotAllowed
from onecard.values.days import civil
from onecard.values.error import OnecardError
from onecard.web.console_access import Visiting
from onecard.web.console_desk_view import PATH
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, console_page, redirect, region_name
from onecard.web.console_reason import REASON_MAX, reason_wrong
from onecard.web.console_route import console_route
from onecard.web.console_table import Field
from onecard.web.console_words import fact_name, fact_value, person_name
from onecard.web.wire import BodyMalformed
from onecard.web.words import named

__all__ = ["correction_routes"]

_FIELDS: Final = ("step", "fact", "since", "value", "reason")
_INSURED: Final = ("none", "employee", "retired", "resident")
_LISTED: Final = {"hardship": "hardship", "standing": "standing", "blocked": "gated"}


def correction_routes(console: Console) -> APIRouter:
    """Return the routes of a correction: which fact, its new value, the page to check."""
    router = APIRouter(route_class=console_route(console))
    prepares = Visiting(console, "residents.correct", anywhere=False)

    @router.get(f"{PATH}/{{resident}}/correct")
    async def ask(
        resident: str, visit: Annotated[Visit, Depends(prepares)], fact: Annotated[str, Query(max_length=40)] = ""
    ) -> Response:  # fmt: skip
        person = await _person(console, visit, resident)
        if fact not in FACT_FORMS:
            return console_page(console, visit, "correct_choose.html", _choose_view(console, visit, person))
        return console_page(console, visit, "correct.html", _form_view(console, visit, person, {"fact": fact}))

    @router.post(f"{PATH}/{{resident}}/correct")
    async def go_on(resident: str, visit: Annotated[Visit, Depends(prepares)]) -> Response:
        person = await _person(console, visit, resident)
        told = form_fields({name: values for name, values in visit.form.items() if name != "values"}, _FIELDS)
        if told["fact"] not in FACT_FORMS or told["step"] not in ("check", "change", "do"):
            raise BodyMalformed(problem_zh="fact 或 step 有误", problem_en="fact or step is wrong", field="fact")
        told["reason"] = " ".join(told["reason"].split())
        if FACT_FORMS[told["fact"]] == "set" and told["step"] == "check":
            told["value"] = ",".join(sorted(set(visit.form.get("values", ()))))
        errors = [] if told["step"] == "change" else _wrong(console, visit, told)
        if told["step"] == "do" and not errors:
            correction = _correction(told, date.fromisoformat(told["since"]))
            await console.desk.residents.correct(visit.acting.because(told["reason"]), resident, correction)
            return redirect(f"{PATH}/{person.subject}", done="waiting")
        if errors or told["step"] == "change":
            view = _form_view(console, visit, person, told, errors)
            return console_page(console, visit, "correct.html", view, status=422 if errors else 200)
        return console_page(console, visit, "correct_check.html", _check_view(console, visit, person, told))

    return router


async def _person(console: Console, visit: Visit, resident: str) -> AtDesk:
    person = await console.desk.issuing.person(visit.acting, resident, "residents.correct")
    if not visit.acting.may_at("residents.correct", region=person.region):
        raise NotAllowed
    return person


def _choose_view(console: Console, visit: Visit, person: AtDesk) -> dict[str, Any]:
    t = visit.t
    return {
        **_shared(visit, person),
        "title": t("console.correction.choose"),
        "choices": [
            {
                "href": f"{PATH}/{person.subject}/correct?fact={fact}", "name": fact_name(fact, t),
                "now": _said(console, visit, fact, _now(person, fact)),
            }
            for fact in FACT_FORMS
        ],
    }  # fmt: skip


def _form_view(
    console: Console, visit: Visit, person: AtDesk, told: dict[str, str], errors: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:  # fmt: skip
    t, fact, wrong = visit.t, told["fact"], dict(errors)
    value = told.get("value", _now(person, fact) or "")
    fields = [
        Field(
            name="since", label=t("console.correction.since"), hint=t("console.correction.since_hint"), kind="date", required=True,
            value=told.get("since", civil(person.at).date().isoformat()), error=wrong.get("since", ""),
        ),
        Field(
            name="reason", label=t("console.desk.reason"), hint=t("console.correction.reason_hint"), kind="textarea", required=True,
            value=told.get("reason", ""), error=wrong.get("reason", ""), most=REASON_MAX,
        ),
    ]  # fmt: skip
    return {
        **_shared(visit, person), "title": t("console.correction.title", fact=fact_name(fact, t)), "fact": fact,
        "now": _said(console, visit, fact, _now(person, fact)),
        "value": _value_field(console, visit, fact, value, wrong.get("value", "")), "fields": fields, "errors": list(errors),
    }  # fmt: skip


def _value_field(console: Console, visit: Visit, fact: str, value: str, error: str) -> dict[str, Any] | Field:
    """Return how the new value is told: boxes for a set, a choice where the words are known, else a line."""
    t, form = visit.t, FACT_FORMS[fact]
    if form == "set":
        known, held = _listed(console, fact), set(value.split(",")) - {""}
        return {
            "label": t("console.correction.value"), "error": error, "hint": t("console.correction.set_hint"),
            "boxes": [(name, named(name, console.words, t.lang), name in held) for name in (*known, *sorted(held - set(known)))],
        }  # fmt: skip
    options: list[tuple[str, str]] = []
    if form == "yes_no":
        options = [(each, t(f"console.fact.{fact}_{each}")) for each in ("yes", "no")]
    elif fact == "insured_as":
        options = [(each, t(f"console.fact.insured_as_{each}")) for each in _INSURED]
    elif form == "region":
        codes = console.desk.residents.rules.areas()
        options = [(code, region_name(console, code, t.lang)) for code in codes]
        if value and value not in codes:
            options.insert(0, (value, region_name(console, value, t.lang)))
    return Field(
        name="value", label=t("console.correction.value"), kind="select" if options else "text", value=value, options=options, error=error,
        required=True, most=64,
    )  # fmt: skip


def _check_view(console: Console, visit: Visit, person: AtDesk, told: dict[str, str]) -> dict[str, Any]:
    t, fact = visit.t, told["fact"]
    old, new = _said(console, visit, fact, _now(person, fact)), _said(console, visit, fact, told["value"])
    answers = [
        (t("console.desk.check_person"), person_name(person.identity, t)),
        (fact_name(fact, t), t("console.correction.from_to", old=old, new=new)),
        (t("console.correction.since"), told["since"]), (t("console.desk.reason"), told["reason"]),
    ]  # fmt: skip
    return {**_shared(visit, person), "answers": answers, "told": told}


def _shared(visit: Visit, person: AtDesk) -> dict[str, Any]:
    return {
        "person": person_name(person.identity, visit.t), "back": f"{PATH}/{person.subject}", "path": f"{PATH}/{person.subject}/correct",
    }  # fmt: skip


def _wrong(console: Console, visit: Visit, told: dict[str, str]) -> list[tuple[str, str]]:
    t, wrong = visit.t, list[tuple[str, str]]()
    try:
        since = date.fromisoformat(told["since"])
    except ValueError:
        since = date.max
    if since > civil(console.now()).date():
        wrong.append(("since", t("console.correction.since_wrong")))
    if not told["value"] and FACT_FORMS[told["fact"]] != "set":
        wrong.append(("value", t("console.correction.value_missing")))
    wrong += reason_wrong(told, t)
    if not wrong:
        try:
            console.desk.residents.refuse_wrong(_correction(told, since))
        except OnecardError as mistake:
            wrong.append((mistake.field or "value", mistake.said_en if visit.lang == "en" else mistake.said_zh))
    return wrong


def _correction(told: dict[str, str], since: date) -> Correction:
    return Correction(fact=told["fact"], since=since, value=told["value"], reason=told["reason"])


def _listed(console: Console, fact: str) -> Sequence[str]:
    names: Sequence[str] = sorted(getattr(console.app.city.lists, _LISTED[fact]))
    return names


def _now(person: AtDesk, fact: str) -> str | None:
    return write_fact(fact, person.facts[fact]) if fact in person.facts else None


def _said(console: Console, visit: Visit, fact: str, text: str | None) -> str:
    return fact_value(fact, text, visit.t, console.words, console.regions)
