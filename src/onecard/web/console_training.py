"""The training part of C14: a desk and a terminal with people who do not exist. Every page says so, and nothing is recorded."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from onecard.decision.reasons import load_reasons
from onecard.staff.errors import NotThere
from onecard.terminals.model import Place
from onecard.values.days import civil
from onecard.values.money import yuan
from onecard.web.console_access import Visiting
from onecard.web.console_desk_tasks import TASKS, Task, leads, needs_second, task_named
from onecard.web.console_desk_view import lock_view, task_words
from onecard.web.console_frame import Console, Visit, console_page
from onecard.web.console_route import console_route
from onecard.web.console_sandbox import PUPILS, Pupil, Sandbox, places, pupil_named, replayed, service_at, tried
from onecard.web.console_table import Tag, address
from onecard.web.explanation_view import state_of
from onecard.web.words import Catalogue, named

__all__ = ["training_routes"]

PATH: Final = "/console/training"

Short = Annotated[str, Query(max_length=40)]
Done = Annotated[str, Query(max_length=400)]


def training_routes(console: Console) -> APIRouter:
    """Return the routes of the training: everything by GET, for nothing is ever written."""
    router = APIRouter(route_class=console_route(console))
    anyone = Visiting(console)

    @router.get(PATH)
    async def choose(visit: Annotated[Visit, Depends(anyone)]) -> Response:
        return console_page(console, visit, "training.html", {"pupils": [_pupil(each, visit.t) for each in PUPILS]})

    @router.get(f"{PATH}/{{who}}")
    async def practise(who: str, visit: Annotated[Visit, Depends(anyone)], did: Done = "", ask: Short = "", at: Short = "") -> Response:
        pupil = pupil_named(who)
        if pupil is None:
            raise NotThere
        now = console.now()
        sandbox = replayed(pupil, [key for key in did.split(".") if key], now, _home(console, pupil))
        task = task_named(ask)
        view = _view(console, visit, sandbox, at)
        if task is not None and leads(sandbox.card, task, now):
            return console_page(console, visit, "training_check.html", {**view, **_asked(visit, sandbox, task)})
        return console_page(console, visit, "training_person.html", view)

    return router


def _view(console: Console, visit: Visit, sandbox: Sandbox, at: str) -> dict[str, Any]:
    t, card, did = visit.t, sandbox.card, ".".join(sandbox.done)
    path = f"{PATH}/{sandbox.pupil.key}"
    tasks = [task for task in TASKS if leads(card, task, console.now())]
    return {
        **_pupil(sandbox.pupil, t),
        "path": path, "back": address(path, {"did": did}),
        "card": t("console.training.card", number=sandbox.number),
        "locks": [lock_view(card.social, t), lock_view(card.bank, t)],
        "tasks": [{**task_words(task, card, t), "href": address(path, {"did": did}, ask=task.key)} for task in tasks],
        "steps": [t(f"console.desk.task.{key}.name") for key in sandbox.done],
        "after": [t(f"console.training.after_{each}") for each in ("card", "hangs", "benefits", "bank")] if sandbox.replaced else [],
        "places": [_place(console, t, sandbox, place, at, path, did) for place in places(console.app.masters.directory, _today(console))],
    }  # fmt: skip


def _place(console: Console, t: Catalogue, sandbox: Sandbox, place: Place, at: str, path: str, did: str) -> dict[str, Any]:
    """Return one place to tap at; once it is the one that was tapped, also what the rules in force would decide."""
    service, price_fen = service_at(place)
    kind = place.site.kind
    return {
        "name": named(kind, console.words, t.lang), "href": address(path, {"did": did}, at=kind) + "#tap",
        "what": t("console.training.priced", service=named(service, console.words, t.lang), price=yuan(price_fen)),
        "answer": _answer(console, t, sandbox, place, price_fen) if at == kind else None,
    }


def _answer(console: Console, t: Catalogue, sandbox: Sandbox, place: Place, price_fen: int) -> dict[str, Any]:
    decision = tried(sandbox, place, console.app.masters.rules, console.app.city, console.now())
    reason, english = load_reasons()[decision.reason], t.lang == "en"
    said = load_reasons().say(decision.outcome, decision.reason)
    paid = decision.paid_fen if decision.outcome == "accepted" else None
    return {
        "tag": Tag(state=state_of(decision.outcome, decision.reason), word=said[1] if english else said[0]),
        "why": reason.en if english else reason.zh, "next": reason.next_en if english else reason.next_zh,
        "pays": "" if paid is None else _pays(paid, price_fen - paid, t),
        "programme": decision.programme or "",
    }  # fmt: skip


def _pays(paid_fen: int, saved_fen: int, t: Catalogue) -> str:
    if saved_fen == 0:
        return t("console.training.pays_all", paid=yuan(paid_fen))
    return t("console.training.pays", paid=yuan(paid_fen), saved=yuan(saved_fen))


def _asked(visit: Visit, sandbox: Sandbox, task: Task) -> dict[str, Any]:
    t, done = visit.t, [*sandbox.done, task.key]
    words = task_words(task, sandbox.card, t)
    return {
        "words": words, "do": address(f"{PATH}/{sandbox.pupil.key}", {"did": ".".join(done)}),
        "second": t("console.training.second") if needs_second(sandbox.card, task) else "",
        "button": t(f"console.desk.task.{task.key}.button"),
    }  # fmt: skip


def _pupil(pupil: Pupil, t: Catalogue) -> dict[str, Any]:
    key = f"console.training.pupil.{pupil.key}"
    return {"href": f"{PATH}/{pupil.key}", "name": t(f"{key}.name"), "story": t(f"{key}.story")}


def _home(console: Console, pupil: Pupil) -> str:
    """Return an area of the city, or a city of the neighbourhood for a visitor."""
    city = console.app.city.lists.region
    inside = sorted(code for code in console.regions if code.startswith(city[:4]) and code != city)
    outside = sorted(code for code in console.regions if not code.startswith(city[:4]))
    return next(iter(inside if pupil.local else reversed(outside)), city)


def _today(console: Console) -> date:
    return civil(console.now()).date()
