"""Tell whether there is an order of operations, true to real time, in which each could be answered as it was (Wing, Gong, Lowe)."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Operation", "is_linearisable"]

S = TypeVar("S", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[S]):
    """One operation as its client saw it."""

    said: str
    began: int
    ended: int  # Instants on one clock of the whole history.
    effect: Callable[[S], S | None]  # The state after it, None where it could not have been answered so.


def is_linearisable(operations: Sequence[Operation[S]], start: S) -> bool:
    """Search an order in which each operation takes effect at one instant between its beginning and its end.

    What is left to be done and the state it is to be done from are looked at once.
    """
    everything = frozenset(range(len(operations)))
    seen: set[tuple[frozenset[int], S]] = set()
    open_: list[tuple[frozenset[int], S]] = [(everything, start)]
    while open_:
        left, state = open_.pop()
        if not left:
            return True
        first_end = min(operations[place].ended for place in left)
        for place in left:
            if operations[place].began > first_end:
                continue  # Another had ended before this one began.
            after = operations[place].effect(state)
            found = (left - {place}, after)
            if after is not None and found not in seen:
                seen.add((left - {place}, after))
                open_.append((left - {place}, after))
    return False
