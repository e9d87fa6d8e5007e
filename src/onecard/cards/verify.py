"""What became of cards, held against itself: histories that the life of a card allows, one usable card a person, bindings that follow."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from onecard.cards import verify_store as store
from onecard.cards.life import BACK, MOVES, Standing, standing_at
from onecard.cards.model import StateRow, state_reason, with_lapses
from onecard.ledger.verify import PROBLEMS_MAX, Check

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["verify_cards"]

_USABLE: Final = (None, "PIN_LOCKED")
_FIRST: Final = {"standard": "inactive", "temporary": "none"}  # What a card is at the bank before anything is told of it.

Rows = Sequence[Any]  # Records, by column.


async def verify_cards(connection: "Connection", at: datetime) -> list[Check]:
    """Check all cards in the snapshot of *connection*, as they stand at the instant *at*.

    A card is named by its person and the head of its key: no number is in reach of whoever checks.
    """
    counts = await store.card_counts(connection)
    unlike = [f"{_named(row)}: its number and its chip have other states" for row in await store.unlike_chips(connection)]
    steps = [said async for said in _histories(connection)]
    several = list(_several(await store.cards_beside(connection), at))
    left = [f"{_named(row)}: a {row['kind']} reference still hangs on it, though another card took its place"
            for row in await store.left_bindings(connection, at)]  # fmt: skip
    return [
        Check(name="card-histories-hold", examined=counts["cards"] + counts["moves"], problems=[*unlike, *steps][:PROBLEMS_MAX]),
        Check(name="one-usable-card-a-person", examined=counts["cards"], problems=several[:PROBLEMS_MAX]),
        Check(name="bindings-follow", examined=counts["bindings"], problems=left[:PROBLEMS_MAX]),
    ]


async def _histories(connection: "Connection") -> AsyncIterator[str]:
    """Walk through what was done to each card: every step is counted, allowed where the card stood, and told to its state."""
    async for card, moves, social, bank in store.moved_cards(connection):
        for said in _steps(card, moves, {"social": social, "bank": bank}):
            yield said


def _steps(card: Mapping[str, Any], moves: Rows, rows: Mapping[str, Sequence[StateRow]]) -> Iterator[str]:
    if [move["step"] for move in moves] != list(range(1, len(moves) + 1)):
        yield f"{_named(card)}: its steps are not counted from 1 without a gap"
    for move in moves:
        function, told = move["function"], StateRow(move["at"], move["state"], move["until"])
        first = "active" if function == "social" else _FIRST[card["kind"]]
        if told not in rows[function]:
            yield f"{_named(card)}: step {move['step']} ({move['act']}) left no state"
            continue
        before = standing_at(function, [row for row in rows[function] if row.since < move["at"]], move["at"], first)
        if not _allowed(before, move):
            yield f"{_named(card)}: step {move['step']} ({move['act']}) led from {before.state} to {move['state']}"
    yield from _unmoved(card, moves, rows["social"])


def _allowed(before: Standing, move: Mapping[str, Any]) -> bool:
    to = MOVES.get((before.function, move["act"]), {}).get(before.state)
    state: str = move["state"]
    return state == (before.back if to == BACK else to)


def _unmoved(card: Mapping[str, Any], moves: Rows, social: Sequence[StateRow]) -> Iterator[str]:
    """A state after the first step that no step led to: somebody wrote it past the desk."""
    known = {move["at"] for move in moves if move["function"] == "social"}
    for row in social:
        if known and row.since > min(known) and row.since not in known:
            yield f"{_named(card)}: no step led to {row.state} of {row.since:%Y-%m-%d %H:%M:%S}"


def _several(rows: Iterable[Mapping[str, Any]], at: datetime) -> Iterator[str]:
    """Name persons with two standard cards that both open doors at *at*: *rows* are a state each."""
    states: dict[tuple[int, bytes], list[StateRow]] = defaultdict(list)
    valid: dict[tuple[int, bytes], Mapping[str, Any]] = {}
    for row in rows:
        card = row["subject"], row["number_key"]
        valid[card] = row
        if row["since"] is not None:
            states[card].append(StateRow(row["since"], row["state"], row["until"]))
    usable: dict[int, list[bytes]] = defaultdict(list)
    for card, told in valid.items():
        if state_reason(with_lapses(sorted(states[card])), told["issued_on"], told["valid_until"], at) in _USABLE:
            usable[card[0]].append(card[1])
    for subject, keys in usable.items():
        if len(keys) > 1:
            yield f"person {subject} has {len(keys)} cards that are good: {', '.join(key.hex()[:8] for key in sorted(keys))}"


def _named(card: Mapping[str, Any]) -> str:
    return f"card {card['number_key'].hex()[:8]} of person {card['subject']}"
