"""What a terminal granted while it was alone, held against what the rules say: agreed, in error, or refused. Pure."""

from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from onecard.decision.decide import refusal
from onecard.decision.model import Count, Decision

__all__ = ["OPERATOR", "Reconciled", "reconcile"]

OPERATOR = "operator"
"""Bears what was granted offline beyond the rule where no document names a fund for it (POLICY §1, `in_error`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """The decision that is recorded, the word for it, and how far each limit was passed in error."""

    decision: Decision
    upload: Literal["agreed", "accepted_in_error", "refused"]
    in_error: tuple[tuple[Count, int], ...] = ()


def reconcile(decision: Decision, outcome: str, paid_fen: int, list_price_fen: int, group: int) -> Reconciled:
    """Return what is recorded where the terminal answered *outcome* and *paid_fen*, and *decision* is ours.

    What happened stays happened: who was let in is never turned into a refusal, and who was turned away is not
    charged. Where the holder got more than the rule gives, the fund that the document blames bears the difference.
    Where he got less, our decision counts and the difference is due to him.
    """
    if outcome == "refused":
        if decision.outcome == "refused":
            return Reconciled(decision=decision, upload="agreed")
        return Reconciled(decision=refusal("OFFLINE_DOUBTFUL", asked=decision.asked), upload="refused")
    if decision.outcome == "accepted" and decision.paid_fen <= paid_fen:
        return Reconciled(decision=decision, upload="agreed")
    owed_fen = decision.paid_fen if decision.outcome == "accepted" else list_price_fen
    payers = dict(decision.payers)
    if owed_fen > paid_fen:
        fund = decision.blamed or OPERATOR
        payers[fund] = payers.get(fund, 0) + owed_fen - paid_fen
    granted = Decision(
        outcome="accepted", reason=decision.reason, paid_fen=paid_fen, payers=tuple(payers.items()),
        programme=decision.programme, version=decision.version, counts=decision.counts, asked=decision.asked,
    )  # fmt: skip
    passed = tuple(
        (replace(count, counted=0), _beyond(count, owed_fen - paid_fen, group))
        for count in decision.counts
        if count.counted == 0 and count.used_before >= count.cap
    )
    return Reconciled(decision=granted, upload="accepted_in_error", in_error=passed)


def _beyond(count: Count, fen: int, group: int) -> int:
    if count.unit == "yuan":
        return fen
    return group if count.unit == "persons" else 1
