"""What the card desk shows of a person: his cards with both locks apart, what may be done now, what hangs on them, what waits. Pure."""

from collections.abc import Sequence
from typing import Any, Final

from onecard.app.staff_issuing import AtDesk
from onecard.cards.desk import Card
from onecard.cards.history import Move
from onecard.cards.life import ACTS, STATES, Standing
from onecard.people.model import FACT_FORMS, write_fact
from onecard.staff.model import Acting
from onecard.staff.permissions import decides
from onecard.values.days import civil
from onecard.web.console_approvals_view import PATH as APPROVALS
from onecard.web.console_approvals_view import kind_word
from onecard.web.console_desk_tasks import Task, needs_second, offered
from onecard.web.console_frame import Console, region_name
from onecard.web.console_table import Tag
from onecard.web.console_words import fact_name, fact_value, moment, person_name
from onecard.web.words import Catalogue

__all__ = ["PATH", "card_name", "desk_view", "lock_view", "task_words"]

PATH: Final = "/console/desk"

_TAGS: Final = {
    ("social", "active"): "ok", ("social", "sealed"): "amber", ("social", "pin_locked"): "amber", ("social", "temp_loss"): "red",
    ("social", "formal_loss"): "red", ("bank", "active"): "ok", ("bank", "inactive"): "amber", ("bank", "lost"): "red",
}  # fmt: skip
_LOST: Final = frozenset({"temp_loss", "formal_loss"})
_TAIL: Final = 4


def desk_view(console: Console, acting: Acting, t: Catalogue, person: AtDesk, done: str = "", done_card: str = "") -> dict[str, Any]:
    """Return the page of one person; *done* and *done_card* say what was just done, and the page tells how it stands by the records."""
    cards = [_card(acting, t, person, card, console) for card in person.cards]
    held = [card for card in cards if not card["over"]]
    return {
        "title": _title(t, person),
        "lead": _lead(console, t, person),
        "note": _note(t, person, done, done_card),
        "after": _after(t, person, person.card(done_card)) if done in ("reissue", "renew", "activate") else None,
        "waiting": [
            {"href": f"{APPROVALS}/{each.approval}", "what": kind_word(each.kind, t), "since": moment(each.at, t), "by": each.by}
            for each in person.waiting
        ],
        "cards": held,
        "earlier": [card for card in cards if card["over"]],
        "facts": _facts(console, t, person) if _sees_facts(acting, person) else None,
        "correct": f"{PATH}/{person.subject}/correct" if acting.may_at("residents.correct", region=person.region) else "",
        "whole": f"{PATH}/{person.subject}/whole" if acting.may_at("residents.full-id", region=person.region) else "",
        "uses": f"/console/uses?resident={person.subject}" if acting.may_at("uses.read", region=person.region) else "",
    }  # fmt: skip


def lock_view(standing: Standing, t: Catalogue) -> dict[str, Any]:
    """Return one of a card's two locks: its state with shape and word, since when, and until when a loss told by phone lasts."""
    words = STATES[standing.function][standing.state]
    since = t("console.desk.since", when=moment(standing.since, t)) if standing.since else ""
    return {
        "name": t(f"console.desk.lock_{standing.function}"),
        "tag": Tag(state=_TAGS.get((standing.function, standing.state), "none"), word=words.en if t.lang == "en" else words.zh),  # type: ignore[arg-type]
        "since": t("console.desk.until", when=moment(standing.until, t)) if standing.until else since,
        "means": t(f"console.desk.means_{standing.function}.{standing.state}"),
    }


def task_words(task: Task, card: Card, t: Catalogue) -> dict[str, str]:
    """Return a task's words: what it is called, what it does before anybody confirms it, and its button."""
    key, waits = f"console.desk.task.{task.key}", needs_second(card, task)
    told = [t(f"{key}.effect"), *([t("console.desk.second")] if waits else [])]
    return {
        "key": task.key, "name": t(f"{key}.name"), "asks": t(f"{key}.asks"), "effect": (" " if t.lang == "en" else "").join(told),
        "button": t("console.desk.hand_over") if waits else t(f"{key}.button"),
    }  # fmt: skip


def card_name(card: Card, t: Catalogue) -> str:
    """Return what a card is called: its kind and the end of its number."""
    return t(f"console.desk.card_{card.kind}", tail=str(card.number)[-_TAIL:])


def _title(t: Catalogue, person: AtDesk) -> str:
    name = person_name(person.identity, t)
    held = [card for card in person.cards if card.social.state != "cancelled"]
    if not held:
        return t("console.desk.title_none", name=name)
    words = STATES["social"][held[0].social.state]
    expired = held[0].valid_until < civil(person.at).date()
    state = t("console.desk.expired_word") if expired else words.en if t.lang == "en" else words.zh
    return t("console.desk.title", name=name, state=state)


def _lead(console: Console, t: Catalogue, person: AtDesk) -> list[str]:
    identity = person.identity
    told = [region_name(console, person.region, t.lang)]
    if identity is not None:
        told.append(t("console.desk.number", number=str(identity.number)))
        told += [t("console.desk.phone", phone=str(identity.phone))] if identity.phone is not None else []
    return told


def _card(acting: Acting, t: Catalogue, person: AtDesk, card: Card, console: Console) -> dict[str, Any]:
    today = civil(person.at).date()
    tasks = offered(card, acting, person.region, person.at)
    return {
        "id": card.number_key.hex(), "name": card_name(card, t),
        "over": card.social.state == "cancelled",
        "issued": t("console.desk.issued", region=region_name(console, card.issue_region, t.lang), day=card.issued_on.isoformat()),
        "valid": t("console.desk.expired" if card.valid_until < today else "console.desk.valid", day=card.valid_until.isoformat()),
        "expired": card.valid_until < today,
        "locks": [lock_view(card.social, t), lock_view(card.bank, t)],
        "apart": t("console.desk.apart") if card.social.state in _LOST and card.bank.state in ("active", "inactive") else "",
        "tasks": [{**task_words(task, card, t), "href": f"{PATH}/{person.subject}/{card.number_key.hex()}/{task.key}"} for task in tasks],
        "first_loss": t("console.desk.first_loss") if card.social.state == "temp_loss" else "",
        "hangs": _hangs(t, person, card),
        "history": [_move(t, move) for key, move in reversed(person.history) if key == card.number_key],
    }  # fmt: skip


def _hangs(t: Catalogue, person: AtDesk, card: Card) -> list[tuple[str, str]]:
    told = [(t(f"console.desk.binding.{each.kind}"), str(each.reference)) for each in person.bindings if each.number_key == card.number_key]
    account = person.account(card)
    return told + ([(t("console.desk.account", bank=account.bank), str(account.account))] if account is not None else [])


def _move(t: Catalogue, move: Move) -> dict[str, str]:
    act = ACTS[move.act].en.capitalize() if t.lang == "en" else ACTS[move.act].zh
    return {
        "at": moment(move.at, t), "act": act, "lock": t(f"console.desk.lock_{move.function}"), "reason": move.reason,
        "channel": t(f"console.desk.channel.{move.channel}"),
    }  # fmt: skip


def _note(t: Catalogue, person: AtDesk, done: str, done_card: str) -> str:
    """Return how it stands by the records, never by what an address says."""
    if done == "waiting":
        return t("console.desk.done_waiting") if person.waiting else ""
    card = person.card(done_card)
    if not done or card is None:
        return ""
    words = [STATES[each.function][each.state] for each in (card.social, card.bank)]
    social, bank = ((word.en if t.lang == "en" else word.zh) for word in words)
    return t("console.desk.done", card=card_name(card, t), social=social, bank=bank)


def _after(t: Catalogue, person: AtDesk, card: Card | None) -> dict[str, Any] | None:
    """Return what followed to a card that came in another's place."""
    old = None if card is None or card.replaces is None else person.card(card.replaces.hex())
    if card is None or old is None:
        return None
    account = person.account(card)
    followed: Sequence[str] = [t("console.desk.followed", what=what, reference=reference) for what, reference in _hangs(t, person, card)]
    return {
        "old": t("console.desk.old_over", card=card_name(old, t)), "followed": followed,
        "bank": t("console.desk.bank_again", bank=account.bank) if account is not None else "",
        "benefits": t("console.desk.benefits"),
    }  # fmt: skip


def _sees_facts(acting: Acting, person: AtDesk) -> bool:
    """Poverty and illness are shown to who prepares or decides corrections, and to nobody else."""
    return any(acting.may_at(may, region=person.region) for may in ("residents.correct", decides("person-correction")))


def _facts(console: Console, t: Catalogue, person: AtDesk) -> list[tuple[str, str]]:
    return [
        (fact_name(fact, t), fact_value(fact, write_fact(fact, person.facts[fact]), t, console.words, console.regions))
        for fact in FACT_FORMS
        if fact in person.facts
    ]
