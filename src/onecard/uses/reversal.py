"""A use taken back: what it counted and who bore it, returned once. Pure."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from onecard.decision.model import Count, Counter
from onecard.ledger.model import Batch, ReversalRecord
from onecard.uses.record import Moves, Postings, limits_json
from onecard.values.days import civil

__all__ = ["counters_inside", "plan_reversal"]


def counters_inside(row: Mapping[str, Any]) -> list[tuple[str, date, str]]:
    """Return the person's memos of being inside that a use made: by them a reversal sees whether he has left already."""
    return [(limit[1], date.fromisoformat(limit[3]), limit[4]) for limit in json.loads(row["limits"]) if limit[4].startswith("inside@")]


def plan_reversal(
    row: Mapping[str, Any], inside: Mapping[tuple[str, date, str], int], *, batch: UUID, lane: str, number: int,
    received_at: datetime, reason: str, salt: bytes,
) -> Batch:  # fmt: skip
    """Return the batch that takes the use of *row* (`find_use`) back. *inside*: where its memos stand now.

    What `at once` counted is given back only as far as the person is still inside: leaving gave it back already.
    """
    counts = [_back(limit, _still(limit, inside), inside) for limit in json.loads(row["limits"]) if limit[8] > 0]
    counts = [count for count in counts if count.counted]
    moves = Moves()
    moves.add(row["subject"], counts)
    postings = Postings(civil(received_at).date())
    if row["outcome"] == "accepted":
        payers = dict(zip(row["funds"], row["amounts_fen"], strict=True))
        postings.add(row["operator"], row["programme"], row["list_price_fen"], row["paid_fen"], payers, sign=-1)
    reversal = ReversalRecord(
        terminal=row["terminal"], seq=row["seq"], subject=row["subject"], day=row["day"], reason=reason,
        limits=limits_json(counts), salt=salt,
    )  # fmt: skip
    return Batch(
        batch=batch, lane=lane, number=number, received_at=received_at, book_day=civil(received_at).date(), uses=(),
        reversals=(reversal,), moves=moves.all(), postings=postings.all(),
    )  # fmt: skip


def _still(limit: list[Any], inside: Mapping[tuple[str, date, str], int]) -> int:
    """Return how much of what *limit* counted is there to be given back."""
    counted: int = limit[8]
    if limit[2] != "at_once":
        return counted
    stands = [amount for (name, _, _), amount in inside.items() if name == limit[1]]
    return min([counted, *stands]) if stands else 0


def _back(limit: list[Any], amount: int, inside: Mapping[tuple[str, date, str], int]) -> Count:
    programme, name, per, start, within, site, cap, _, _, _ = limit
    counter = Counter(site, date.fromisoformat(start), name, within)
    before = inside.get((name, counter.window_start, within), amount)  # Only of memos is it known; of others this much is there.
    return Count(programme=programme, unit="times", per=per, counter=counter, cap=cap, used_before=before, counted=-amount)
