"""C5, what may I do for this person now: whom it is about, his cards and their tasks, and each task by way of a page to check."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from onecard.app.staff_issuing import AtDesk
from onecard.cards.desk import Card
from onecard.staff.errors import NotAllowed, NotThere
from onecard.values.error import OnecardError
from onecard.values.person_number import typed_number
from onecard.web.console_access import Visiting
from onecard.web.console_desk_tasks import Task, offered, task_named
from onecard.web.console_desk_view import PATH, card_name, desk_view, lock_view, task_words
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, console_page, redirect
from onecard.web.console_new_card import new_cards
from onecard.web.console_reason import REASON_MAX, reason_wrong
from onecard.web.console_route import console_route
from onecard.web.console_table import Field
from onecard.web.console_words import person_name
from onecard.web.wire import BodyMalformed

__all__ = ["desk_routes"]

_FIELDS: Final = ("step", "reason", "damaged")
_STEPS: Final = ("check", "change", "do")
_TOLD_AGAIN: Final = 409  # What a card's state does not allow is told beside the form.


def desk_routes(console: Console) -> APIRouter:
    """Return the routes of the card desk."""
    router = APIRouter(route_class=console_route(console))
    finds = Visiting(console, "residents.find")
    reads = Visiting(console, "cards.read", anywhere=False)

    @router.get(PATH)
    async def whom(visit: Annotated[Visit, Depends(finds)]) -> Response:
        return console_page(console, visit, "desk_find.html", _find_view(visit))

    @router.post(PATH)
    async def find(visit: Annotated[Visit, Depends(finds)]) -> Response:
        typed = form_fields(visit.form, ("named",))["named"]
        kind, named = _named(typed)
        found = await console.desk.residents.found(visit.acting, kind, named) if named else []
        if found:
            return redirect(f"{PATH}/{found[0]['resident']}")
        error = visit.t("console.desk.not_found" if typed else "console.desk.named_missing")
        return console_page(console, visit, "desk_find.html", _find_view(visit, error), status=422)

    @router.get(f"{PATH}/{{resident}}")
    async def person(
        resident: str, visit: Annotated[Visit, Depends(reads)], done: Annotated[str, Query(max_length=20)] = "",
        card: Annotated[str, Query(max_length=64)] = "",
    ) -> Response:  # fmt: skip
        told = await console.desk.issuing.person(visit.acting, resident)
        view = {**desk_view(console, visit.acting, visit.t, told, done, card), "new": new_cards(visit.acting, visit.t, told)}
        return console_page(console, visit, "desk_person.html", view)

    @router.get(f"{PATH}/{{resident}}/{{card}}/{{task}}")
    async def ask(resident: str, card: str, task: str, visit: Annotated[Visit, Depends(reads)]) -> Response:
        work = await _work(console, visit, resident, card, task)
        return console_page(console, visit, "desk_task.html", _form_view(visit, work, {}))

    @router.post(f"{PATH}/{{resident}}/{{card}}/{{task}}")
    async def go_on(resident: str, card: str, task: str, visit: Annotated[Visit, Depends(reads)]) -> Response:
        work = await _work(console, visit, resident, card, task)
        told = form_fields(visit.form, _FIELDS)
        told["reason"] = " ".join(told["reason"].split())
        if told["step"] not in _STEPS:
            raise BodyMalformed(problem_zh="step 有误", problem_en="step is wrong", field="step")
        errors = [] if told["step"] == "change" else reason_wrong(told, visit.t)
        if errors or told["step"] == "change":
            return console_page(
                console, visit, "desk_task.html", _form_view(visit, work, told, errors), status=422 if errors else 200
            )  # fmt: skip
        if told["step"] == "check":
            return console_page(console, visit, "desk_check.html", _check_view(console, visit, work, told))
        try:
            return await _do(console, visit, work, told)
        except OnecardError as mistake:
            if mistake.http_status != _TOLD_AGAIN:
                raise
            said = mistake.said_en if visit.lang == "en" else mistake.said_zh
            return console_page(console, visit, "desk_task.html", _form_view(visit, work, told, [("", said)]), status=_TOLD_AGAIN)

    return router


class _Work:
    """A task on one card of a person."""

    def __init__(self, person: AtDesk, card: Card, task: Task) -> None:
        self.person, self.card, self.task = person, card, task
        self.path = f"{PATH}/{person.subject}/{card.number_key.hex()}/{task.key}"
        self.back = f"{PATH}/{person.subject}"


async def _work(console: Console, visit: Visit, resident: str, card: str, task: str) -> _Work:
    """Return the task that an address names. Raises `NotThere`, `NotAllowed`."""
    known = task_named(task)
    if known is None:
        raise NotThere
    person = await console.desk.issuing.person(visit.acting, resident)
    held = person.card(card)
    if held is None:
        raise NotThere
    if not visit.acting.may_at(known.permission, region=person.region):
        raise NotAllowed
    return _Work(person, held, known)


async def _do(console: Console, visit: Visit, work: _Work, told: dict[str, str]) -> Response:
    """Do it, and lead back to the person, where the records tell how it stands."""
    desk, acting, card, reason, task = console.desk, visit.acting, work.card, told["reason"], work.task
    name, answer = card.number_key.hex(), dict[str, Any]()
    if task.key in ("formal-loss", "bank-loss"):
        answer = await desk.cards.lose(acting, name, "formal", task.function, reason)
    elif task.key == "phone-loss":
        answer = await desk.cards.lose(acting, name, "temp", task.function, reason, "phone")
    elif task.act == "release":
        answer = await desk.cards.release(acting, name, task.function, reason)
    elif task.key == "cancel":
        answer = await desk.cards.cancel(acting, name, reason)
    elif task.key == "unlock":
        await desk.issuing.unlock(acting, name, reason)
    elif task.key == "activate":
        await desk.issuing.activate(acting, name, reason)
    else:
        why = "reissue" if task.key == "reissue" else "renew"
        issued = await desk.issuing.replace(acting, name, why, reason, damaged=told["damaged"] == "on")  # type: ignore[arg-type]
        name = issued.card.number_key.hex()
    return redirect(work.back, done="waiting" if "approval" in answer else task.key, card=name)


def _find_view(visit: Visit, error: str = "") -> dict[str, Any]:
    t = visit.t
    field = Field(name="named", label=t("console.desk.named"), hint=t("console.desk.named_hint"), error=error, required=True, most=64)
    return {"title": t("console.desk.find_title"), "field": field, "errors": [("named", error)] if error else [], "path": PATH}


def _form_view(visit: Visit, work: _Work, told: dict[str, str], errors: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    t = visit.t
    fields = [
        Field(
            name="reason", label=t("console.desk.reason"), hint=t(f"console.desk.task.{work.task.key}.reason_hint"), kind="textarea",
            value=told.get("reason", ""), error=dict(errors).get("reason", ""), required=True, most=REASON_MAX,
        )
    ]  # fmt: skip
    return {
        **_shared(visit, work), "fields": fields, "errors": list(errors),
        "damaged": (told.get("damaged") == "on") if work.task.key == "renew" else None,
        "possible": work.task in offered(work.card, visit.acting, work.person.region, work.person.at),
    }  # fmt: skip


def _check_view(console: Console, visit: Visit, work: _Work, told: dict[str, str]) -> dict[str, Any]:
    t, identity = visit.t, work.person.identity
    answers = [
        (t("console.desk.check_person"), person_name(identity, t) + (f" · {identity.number}" if identity else "")),
        (t("console.desk.check_card"), f"{card_name(work.card, t)} · {work.card.number}"),
        (t("console.desk.check_task"), t(f"console.desk.task.{work.task.key}.name")),
        (t("console.desk.reason"), told["reason"]),
    ]
    if work.task.key == "renew":
        answers.append((t("console.desk.damaged"), t("console.desk.yes" if told["damaged"] == "on" else "console.desk.no")))
    return {**_shared(visit, work), "answers": answers, "told": told}


def _shared(visit: Visit, work: _Work) -> dict[str, Any]:
    t = visit.t
    locks = [lock_view(work.card.social, t), lock_view(work.card.bank, t)]
    return {
        "words": task_words(work.task, work.card, t), "person": person_name(work.person.identity, t), "card": card_name(work.card, t),
        "locks": locks, "path": work.path, "back": work.back, "grave": work.task.grave or work.task.key in ("reissue", "renew"),
    }  # fmt: skip


def _named(typed: str) -> tuple[str, str]:
    """Return what was typed and of which kind it is by its shape, a card number, a chip's id or a person's number: nobody is asked."""
    plain = typed.replace(" ", "")
    if re.fullmatch(r"[0-9a-fA-F]{32}", plain):
        return "chip", plain
    number = typed_number(typed)
    return ("card", plain) if number is None else ("id", number)
