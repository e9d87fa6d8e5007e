"""A desk and a terminal to practise on: people who do not exist, cards whose life stands in the page's address, nothing recorded. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from onecard.cards.desk import Card
from onecard.cards.errors import MoveRefused
from onecard.cards.life import BARRED, Function, Standing, next_step
from onecard.decision.decide import decide
from onecard.decision.model import Decision, Subject
from onecard.decision.rulebook import RuleBook
from onecard.policy.model import Value
from onecard.terminals.model import Directory, Place
from onecard.uses.model import Tap
from onecard.uses.occasion import CityRules, occasion_of
from onecard.values.days import civil
from onecard.values.masked import CardNumber
from onecard.web.console_desk_tasks import Task, task_named

__all__ = ["PUPILS", "SERVICES", "STEPS_MAX", "Pupil", "Sandbox", "places", "pupil_named", "replayed", "service_at", "tried"]

STEPS_MAX: Final = 20

_LOST: Final = frozenset({"temp_loss", "formal_loss", "lost"})
_KEY: Final = bytes(32)
_CHIP: Final = "0" * 32
_NUMBER: Final = 100_000_001
_TEMP_LOSS_LASTS: Final = timedelta(days=5)

SERVICES: Final[Mapping[str, tuple[str, int]]] = {
    "bus": ("ride", 200), "scenic": ("entry", 5000), "merchant": ("purchase", 10_000), "museum": ("entry", 0), "library": ("entry", 0),
    "canteen": ("lunch", 1500), "campus": ("entry", 0),
}  # fmt: skip
"""Site kind → what is practised there, and the list price in fen (SURFACES §4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pupil:
    """Somebody who does not exist."""

    key: str  # His words: `console.training.pupil.KEY`.
    age: int
    local: bool = True  # Registered in the city; else a visitor.
    social: str = "active"
    bank: str = "active"


PUPILS: Final = (
    Pupil(key="elder", age=72),
    Pupil(key="lost", age=66, social="formal_loss"),
    Pupil(key="phone", age=70, social="temp_loss"),
    Pupil(key="fresh", age=61, social="sealed", bank="inactive"),
    Pupil(key="locked", age=45, social="pin_locked"),
    Pupil(key="visitor", age=68, local=False, bank="none"),
)
"""In the order in which one practises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """How a pupil's card stands after what was done to it in this practice."""

    pupil: Pupil
    home: str  # Where his card was issued, by GB/T 2260.
    card: Card
    done: tuple[str, ...] = ()  # Keys of tasks, in order.
    replaced: bool = False

    @property
    def number(self) -> int:
        """Return how many cards he has had."""
        return 1 + sum(key in ("reissue", "renew") for key in self.done)


def pupil_named(key: str) -> Pupil | None:
    """Return the pupil of that key."""
    return next((pupil for pupil in PUPILS if pupil.key == key), None)


def replayed(pupil: Pupil, keys: Sequence[str], at: datetime, home: str) -> Sandbox:
    """Return the sandbox after the tasks *keys*, of who is at *home* there; it stops before one that the state does not allow."""
    sandbox = Sandbox(pupil=pupil, home=home, card=_card(pupil, at, home))
    for key in keys[:STEPS_MAX]:
        task = task_named(key)
        moved = None if task is None else _moved(sandbox, task, at)
        if moved is None:
            break
        sandbox = moved
    return sandbox


def tried(sandbox: Sandbox, place: Place, rules: RuleBook, city: CityRules, at: datetime) -> Decision:
    """Return what the rules in force would decide, were the pupil's card shown at *place* now: nobody has used anything before."""
    service, price_fen = service_at(place)
    tap = Tap(
        terminal=place.terminal.terminal, seq=1, kind="card", value=str(_NUMBER), service=service, list_price_fen=price_fen, occurred_at=at
    )
    facts: dict[str, Value] = {"age": sandbox.pupil.age, "home_region": sandbox.home}
    if sandbox.pupil.local:
        facts["registered_region"] = sandbox.home
    return decide(Subject(facts=facts, barred=_barred(sandbox)), occasion_of(tap, place, city), rules, {})


def service_at(place: Place) -> tuple[str, int]:
    """Return what is practised at a place, and its list price in fen."""
    return SERVICES[place.site.kind]


def places(directory: Directory, day: date) -> list[Place]:
    """Return one live place of each kind that is practised, in the order of `SERVICES`."""
    found: dict[str, Place] = {}
    for name in sorted(directory.terminals):
        place = directory.terminals[name]
        kind = place.site.kind
        if kind in SERVICES and kind not in found and place.site.counts_on(day) and SERVICES[kind][0] in place.site.services:
            found[kind] = place
    return [found[kind] for kind in SERVICES if kind in found]


def _card(pupil: Pupil, at: datetime, home: str) -> Card:
    issued = civil(at).date() - timedelta(days=700)
    return Card(
        subject=-1, number=CardNumber(f"{_NUMBER}"), chip=CardNumber(_CHIP), number_key=_KEY, chip_key=_KEY, issued_on=issued,
        valid_until=issued + timedelta(days=3650), issue_region=home, kind="standard", replaces=None, steps=0,
        social=_standing("social", pupil.social, at), bank=_standing("bank", pupil.bank, at),
    )  # fmt: skip


def _standing(function: Function, state: str, at: datetime) -> Standing:
    until = at + _TEMP_LOSS_LASTS if state == "temp_loss" else None
    return Standing(function=function, state=state, since=at - timedelta(hours=2) if state in _LOST else None, until=until)


def _moved(sandbox: Sandbox, task: Task, at: datetime) -> Sandbox | None:
    card, done = sandbox.card, (*sandbox.done, task.key)
    try:
        step = next_step(card.standing(task.function), task.act, at)
    except MoveRefused:
        return None
    if not step.changed:
        return None
    if task.act in ("reissue", "renew"):
        fresh = replace(
            card, number=CardNumber(f"{_NUMBER + sandbox.number}"), issued_on=civil(at).date(), social=_standing("social", "active", at),
            bank=_standing("bank", card.bank.state if card.bank.state == "none" else "inactive", at),
        )  # fmt: skip
        return replace(sandbox, card=fresh, done=done, replaced=True)
    before = card.standing(task.function)
    back = before.back if before.state in _LOST else before.state
    moved = Standing(function=task.function, state=step.state, since=at, until=step.until, back=back)
    bank = replace(card.bank, state="closed" if card.bank.state != "none" else "none") if task.act == "cancel" else card.bank
    card = replace(card, social=moved, bank=bank) if task.function == "social" else replace(card, bank=moved)
    return replace(sandbox, card=card, done=done)


def _barred(sandbox: Sandbox) -> str | None:
    state = sandbox.card.social.state
    if state in BARRED:
        return "CARD_CANCELLED" if state == "cancelled" else "CARD_LOST"
    return {"sealed": "CARD_SEALED", "pin_locked": "PIN_LOCKED"}.get(state)
