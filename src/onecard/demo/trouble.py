"""What goes wrong in the demo on purpose, and the table that says where: later supervision is scored against it. Pure."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

__all__ = ["TROUBLE_KINDS", "Trouble", "TroubleKind", "trouble_table"]

TroubleKind = Literal["late", "duplicate", "hotlist_race", "bad_code", "overstay", "batch_swipe", "dead_holder", "two_sites"]

TROUBLE_KINDS: Final[tuple[TroubleKind, ...]] = (
    "late",  # A bus record that came in more than a day after the ride.
    "duplicate",  # A bus record that was sent twice.
    "hotlist_race",  # A ride on a card lost minutes before, let in by a bus that did not know yet.
    "bad_code",  # A code that nobody signed.
    "overstay",  # An exit from a school ground after it closed.
    "batch_swipe",  # One of ten cards that a canteen's clerk swiped within a minute.
    "dead_holder",  # A meal on the card of somebody who had died.
    "two_sites",  # One of two meals of one person, minutes and a county apart.
)
"""Every kind of trouble that touches a use (FIELD §9, "injected trouble")."""


class Trouble(NamedTuple):
    """One use that something is wrong with."""

    kind: TroubleKind
    terminal: str
    seq: int


def trouble_table(troubles: Iterable[Trouble]) -> dict[str, list[tuple[str, int]]]:
    """Return the uses (terminal, seq) of every kind, as `demo.json` keeps them under `trouble`."""
    table: dict[str, list[tuple[str, int]]] = {kind: [] for kind in TROUBLE_KINDS}
    for trouble in troubles:
        table[trouble.kind].append((trouble.terminal, trouble.seq))
    return table
