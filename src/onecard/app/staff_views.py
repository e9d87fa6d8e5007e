"""What staff are shown of people, cards and approvals, as JSON: names and numbers masked. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from onecard.cards.desk import Card
from onecard.cards.history import Move
from onecard.cards.life import ACTS, STATES, Standing
from onecard.people.model import Identity
from onecard.staff.model import Request, Right
from onecard.staff.permissions import KINDS
from onecard.staff.scope import EVERY, Scope
from onecard.values.days import civil

__all__ = ["card_view", "request_summary", "request_view", "resident_view", "right_view", "scope_view"]


def resident_view(subject: int, region: str, identity: Identity | None, cards: Sequence[Card] = ()) -> dict[str, Any]:
    """Return one person; `resident` is a number that means nothing, as text, for JavaScript rounds large ones."""
    return {
        "resident": str(subject), "region": region,
        "name": None if identity is None else str(identity.name),
        "number": None if identity is None else str(identity.number),
        "phone": None if identity is None or identity.phone is None else str(identity.phone),
        "cards": [_card_line(card) for card in cards],
    }  # fmt: skip


def card_view(card: Card, region: str, moves: Sequence[Move]) -> dict[str, Any]:
    """Return one card as it stands; `id` names it in addresses, where its number need not stand."""
    return {
        **_card_line(card), "resident": str(card.subject), "region": region,
        "history": [
            {"at": _time(move.at), "function": move.function, "act": move.act, "say": ACTS[move.act]._asdict(), "state": move.state,
             "until": _time(move.until), "channel": move.channel, "reason": move.reason}
            for move in moves
        ],
    }  # fmt: skip


def request_view(request: Request) -> dict[str, Any]:
    """Return what waits for a second person, or was decided, with all that it holds: of a policy its whole document."""
    return {**request_summary(request), "content": dict(request.payload)}


def request_summary(request: Request) -> dict[str, Any]:
    """Return the same as a list tells it: what, about what, by whom, when, and where it stands."""
    decision = request.decision
    return {
        "approval": str(request.approval), "kind": request.kind, "say": KINDS[request.kind]._asdict(), "object": request.object,
        "digest": request.digest.hex(), "state": request.state, "region": request.region, "scene": request.scene,
        "programme": request.programme, "reason": request.reason,
        "prepared_at": _time(request.at), "prepared_by": request.by, "prepared_as": request.as_person or None,
        "decision": None if decision is None else {
            "decision": decision.decision, "reason": decision.reason, "decided_at": _time(decision.at), "decided_by": decision.by,
            "decided_as": decision.as_person or None,
        },
    }  # fmt: skip


def right_view(right: Right) -> dict[str, Any]:
    """Return a role and where it holds."""
    return {"role": right.role, "scope": scope_view(right.scope), "may": sorted(right.permissions)}


def scope_view(scope: Scope) -> dict[str, Any]:
    """Return a scope (SURFACES §6): `*` where every scene or programme is meant; region null where the role concerns none."""
    return {
        "region": scope.region or None,
        "scenes": [scope.scene] if scope.scene != EVERY else [EVERY],
        "programmes": [scope.programme] if scope.programme != EVERY else [EVERY],
    }


def _card_line(card: Card) -> dict[str, Any]:
    return {
        "id": card.number_key.hex(), "card": str(card.number), "kind": card.kind, "issue_region": card.issue_region,
        "issued_on": card.issued_on.isoformat(), "valid_until": card.valid_until.isoformat(), "social": _standing(card.social),
        "bank": _standing(card.bank),
    }  # fmt: skip


def _standing(standing: Standing) -> dict[str, Any]:
    words = STATES[standing.function][standing.state]
    return {"state": standing.state, "say": words._asdict(), "since": _time(standing.since), "until": _time(standing.until)}


def _time(at: datetime | None) -> str | None:
    return None if at is None else civil(at).isoformat(timespec="seconds")
