"""What the desk may do to a card as it stands, for somebody's role: each task with its act, its permission and its second person. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from onecard.cards.desk import Card
from onecard.cards.errors import MoveRefused
from onecard.cards.life import Act, Function, next_step
from onecard.staff.model import Acting

__all__ = ["TASKS", "Task", "leads", "needs_second", "offered", "task_named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that the desk does; its words are `console.desk.task.KEY.…`."""

    key: str
    act: Act
    permission: str
    function: Function = "social"
    second: bool = False  # Always decided by a second person.
    grave: bool = False  # There is no way back.


TASKS: Final = (
    Task(key="activate", act="activate", permission="cards.issue"),
    Task(key="unlock", act="pin_reset", permission="cards.issue"),
    Task(key="reissue", act="reissue", permission="cards.issue"),
    Task(key="release", act="release", permission="cards.release"),
    Task(key="bank-release", act="release", permission="cards.release", function="bank"),
    Task(key="formal-loss", act="formal_loss", permission="cards.loss"),
    Task(key="phone-loss", act="temp_loss", permission="cards.loss"),
    Task(key="bank-loss", act="formal_loss", permission="cards.loss", function="bank"),
    Task(key="renew", act="renew", permission="cards.issue"),
    Task(key="cancel", act="cancel", permission="cards.cancel", second=True, grave=True),
)
"""In the order in which they are offered: what a state asks for comes first."""


def task_named(key: str) -> Task | None:
    """Return the task of that key."""
    return next((task for task in TASKS if task.key == key), None)


def offered(card: Card, acting: Acting, region: str, at: datetime) -> Sequence[Task]:
    """Return what *acting* may do to *card* of somebody in *region* at the instant *at*; only what would change something."""
    return [task for task in TASKS if acting.may_at(task.permission, region=region) and leads(card, task, at)]


def needs_second(card: Card, task: Task) -> bool:
    """Tell whether *task* is only prepared here: a second person decides. A loss told by phone is released at once."""
    return task.second or (task.act == "release" and card.standing(task.function).state != "temp_loss")


def leads(card: Card, task: Task, at: datetime) -> bool:
    """Tell whether *task* would change anything about *card* as it stands."""
    if task.act in ("reissue", "renew") and card.kind == "temporary":
        return False
    try:
        return next_step(card.standing(task.function), task.act, at).changed
    except MoveRefused:
        return False
