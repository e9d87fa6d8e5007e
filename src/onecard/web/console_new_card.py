"""A card for who has none, and a temporary one for who waits for his own: asked, checked on a page, made at once."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from onecard.app.staff_issuing import AtDesk
from onecard.cards.issuing import HasCard, in_the_way
from onecard.cards.model import CardKind
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting
from onecard.web.console_access import Visiting
from onecard.web.console_desk_view import PATH
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, console_page, redirect
from onecard.web.console_reason import REASON_MAX, reason_wrong
from onecard.web.console_route import console_route
from onecard.web.console_table import Field
from onecard.web.console_words import person_name
from onecard.web.wire import BodyMalformed
from onecard.web.words import Catalogue

__all__ = ["new_card_routes", "new_cards"]

_KINDS: Final[dict[str, CardKind]] = {"first": "standard", "temporary": "temporary"}
_FIELDS: Final = ("step", "reason", "damaged")
_STEPS: Final = ("check", "change", "do")


def new_cards(acting: Acting, t: Catalogue, person: AtDesk) -> list[dict[str, str]]:
    """Return the cards that *acting* may make for *person* as he stands, each with its words and where it leads."""
    if not acting.may_at("cards.issue", region=person.region):
        return []
    return [{**_words(key, t), "href": f"{PATH}/{person.subject}/new/{key}"} for key in _KINDS if _is_possible(person, key)]


def new_card_routes(console: Console) -> APIRouter:
    """Return the routes of a new card. They stand before those of a card that is there, whose addresses are alike."""
    router = APIRouter(route_class=console_route(console))
    issues = Visiting(console, "cards.issue", anywhere=False)

    @router.get(f"{PATH}/{{resident}}/new/{{kind}}")
    async def ask(resident: str, kind: str, visit: Annotated[Visit, Depends(issues)]) -> Response:
        person = await _person(console, visit, resident, kind)
        return console_page(console, visit, "desk_task.html", _form_view(visit, person, kind, {}))

    @router.post(f"{PATH}/{{resident}}/new/{{kind}}")
    async def go_on(resident: str, kind: str, visit: Annotated[Visit, Depends(issues)]) -> Response:
        person = await _person(console, visit, resident, kind)
        told = form_fields(visit.form, _FIELDS)
        told["reason"] = " ".join(told["reason"].split())
        if told["step"] not in _STEPS:
            raise BodyMalformed(problem_zh="step 有误", problem_en="step is wrong", field="step")
        errors = [] if told["step"] == "change" else reason_wrong(told, visit.t)
        if told["step"] == "do" and not errors:
            try:
                issued = await console.desk.issuing.issue(visit.acting, resident, _KINDS[kind], told["reason"])
            except HasCard as mistake:
                errors = [("", mistake.said_en if visit.lang == "en" else mistake.said_zh)]
            else:
                return redirect(f"{PATH}/{person.subject}", done=kind, card=issued.card.number_key.hex())
        if errors or told["step"] == "change":
            view = _form_view(visit, person, kind, told, errors)
            return console_page(console, visit, "desk_task.html", view, status=422 if errors else 200)
        return console_page(console, visit, "desk_check.html", _check_view(visit, person, kind, told))

    return router


async def _person(console: Console, visit: Visit, resident: str, kind: str) -> AtDesk:
    """Return whom the card is for. Raises `NotThere`, `NotAllowed`."""
    if kind not in _KINDS:
        raise NotThere
    person = await console.desk.issuing.person(visit.acting, resident)
    if not visit.acting.may_at("cards.issue", region=person.region):
        raise NotAllowed
    return person


def _form_view(
    visit: Visit, person: AtDesk, kind: str, told: dict[str, str], errors: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:  # fmt: skip
    t = visit.t
    reason = Field(
        name="reason", label=t("console.desk.reason"), hint=t(f"console.desk.task.{kind}.reason_hint"), kind="textarea",
        value=told.get("reason", ""), error=dict(errors).get("reason", ""), required=True, most=REASON_MAX,
    )  # fmt: skip
    return {
        **_shared(visit, person, kind), "fields": [reason], "errors": list(errors), "damaged": None, "possible": _is_possible(person, kind),
    }  # fmt: skip


def _check_view(visit: Visit, person: AtDesk, kind: str, told: dict[str, str]) -> dict[str, Any]:
    t, identity = visit.t, person.identity
    answers = [
        (t("console.desk.check_person"), person_name(identity, t) + (f" · {identity.number}" if identity else "")),
        (t("console.desk.check_task"), t(f"console.desk.task.{kind}.name")),
        (t("console.desk.reason"), told["reason"]),
    ]
    return {**_shared(visit, person, kind), "answers": answers, "told": told, "grave": False}


def _shared(visit: Visit, person: AtDesk, kind: str) -> dict[str, Any]:
    t, back = visit.t, f"{PATH}/{person.subject}"
    return {
        "words": _words(kind, t), "person": person_name(person.identity, t), "card": t(f"console.desk.task.{kind}.name"), "locks": [],
        "path": f"{back}/new/{kind}", "back": back,
    }  # fmt: skip


def _words(kind: str, t: Catalogue) -> dict[str, str]:
    return {"key": kind, **{part: t(f"console.desk.task.{kind}.{part}") for part in ("name", "asks", "effect", "button")}}


def _is_possible(person: AtDesk, kind: str) -> bool:
    """Tell whether no card of his is in the way; a temporary one is for who has a card of his own that he cannot use."""
    if any(in_the_way(card, _KINDS[kind], person.at) for card in person.cards):
        return False
    return kind == "first" or any(card.kind == "standard" and card.social.state != "cancelled" for card in person.cards)
