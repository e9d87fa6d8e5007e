"""What a limit is, told in a few lines without a database: the model that histories are held against."""

from collections.abc import Callable

__all__ = ["Standing", "Step", "gives_back", "leaves", "standing_of", "takes"]

Standing = tuple[frozenset[tuple[str, int]], frozenset[str]]
"""How much of a limit each owner holds, and which uses were taken back."""

Step = Callable[[Standing], Standing | None]


def standing_of(**held: int) -> Standing:
    """Return a limit of which *held* is gone."""
    return _frozen(held), frozenset()


def takes(owner: str, amount: int, cap: int, *, granted: bool) -> Step:
    """A use that asks for *amount*: granted exactly where it fits."""

    def step(standing: Standing) -> Standing | None:
        held = dict(standing[0])
        fits = sum(held.values()) + amount <= cap
        if fits != granted:
            return None
        return (_frozen({**held, owner: held.get(owner, 0) + amount}), standing[1]) if granted else standing

    return step


def leaves(owner: str) -> Step:
    """Who leaves holds nothing any more."""

    def step(standing: Standing) -> Standing | None:
        return _frozen({other: amount for other, amount in standing[0] if other != owner}), standing[1]

    return step


def gives_back(use: str, owner: str, amount: int, *, duplicate: bool) -> Step:
    """A reversal: once for each use, and never more than its owner still holds."""

    def step(standing: Standing) -> Standing | None:
        held, taken_back = dict(standing[0]), standing[1]
        if (use in taken_back) != duplicate:
            return None
        if duplicate:
            return standing
        left = held.get(owner, 0)
        return _frozen({**held, owner: left - min(amount, left)}), taken_back | {use}

    return step


def _frozen(held: dict[str, int]) -> frozenset[tuple[str, int]]:
    return frozenset((owner, amount) for owner, amount in held.items() if amount)
