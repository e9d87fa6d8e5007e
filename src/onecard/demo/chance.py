"""What the demo asks of chance: a seeded source is handed in, so that the same seed builds the same city. Pure."""

from collections.abc import MutableSequence, Sequence
from typing import Protocol, TypeVar

__all__ = ["Chance", "weighted"]

T = TypeVar("T")


class Chance(Protocol):
    """The part of `random.Random` that the demo uses."""

    def random(self) -> float:
        """Return a number in [0, 1)."""

    def randrange(self, start: int, stop: int, /) -> int:
        """Return a whole number in [start, stop)."""

    def choice(self, seq: Sequence[T], /) -> T:
        """Return one of *seq*."""

    def choices(self, population: Sequence[T], *, cum_weights: Sequence[float], k: int) -> list[T]:
        """Return *k* of *population*, by weight, with repetition."""

    def sample(self, population: Sequence[T], k: int) -> list[T]:
        """Return *k* different ones of *population*."""

    def shuffle(self, x: MutableSequence[T], /) -> None:
        """Put *x* in another order."""

    def getrandbits(self, k: int, /) -> int:
        """Return *k* random bits."""

    def randbytes(self, n: int) -> bytes:
        """Return *n* random bytes."""


def weighted(chance: Chance, table: Sequence[tuple[T, float]]) -> T:
    """Return one of *table*'s values, by the weights beside them."""
    left = chance.random() * sum(weight for _, weight in table)
    for value, weight in table:
        left -= weight
        if left < 0:
            return value
    return table[-1][0]
