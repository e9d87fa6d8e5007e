"""Look at rosters, their lines and what happened to them; find whom the numbers of a file mean."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from onecard.payouts import store
from onecard.payouts.model import Event, Line, LineKey, Roster, Totals

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["EVERYWHERE", "Standing", "found_roster", "line_told", "lines_of", "rosters_inside", "standing_of", "subjects_named"]

EVERYWHERE = ("",)
"""What every region begins with: for the home's owner, and for what is public."""


class Standing(NamedTuple):
    """A list, and what its lines come to by state and kind of account."""

    roster: Roster
    states: dict[tuple[str, str], Totals]


async def rosters_inside(
    connection: "Connection", prefixes: Sequence[str], most: int, *, programme: str = "", period: str = "", state: str = "", after: str = ""
) -> list[Standing]:
    """Return at most *most* lists whose region begins with one of *prefixes*, by name, after one; '' asks for all."""
    found = await store.list_rosters(connection, prefixes, programme, period, state, after, most)
    states = await store.states_of(connection, found)
    return [Standing(each, states[each.roster]) for each in found]


async def found_roster(connection: "Connection", roster: str, prefixes: Sequence[str]) -> Roster | None:
    """Return one list, if its region begins with one of *prefixes*."""
    return await store.find_roster(connection, roster, prefixes)


async def standing_of(connection: "Connection", roster: Roster) -> Standing:
    """Return where the lines of one list stand."""
    return Standing(roster, (await store.states_of(connection, [roster]))[roster.roster])


async def lines_of(connection: "Connection", roster: Roster, after: int, most: int) -> list[Line]:
    """Return at most *most* lines by number, after one."""
    return await store.lines_of(connection, roster.cycle, roster.roster, after, most)


async def line_told(connection: "Connection", key: LineKey) -> tuple[Roster, Line, list[Event]] | None:
    """Return one line with its list and what happened to it; None where there is none."""
    roster = await store.find_roster(connection, key.roster, EVERYWHERE)
    if roster is None:
        return None
    lines = await store.lines_of(connection, roster.cycle, key.roster, key.seq - 1, 1)
    if not lines or lines[0].seq != key.seq:
        return None
    return roster, lines[0], await store.events_of(connection, roster.cycle, key, lines[0].subject)


async def subjects_named(connection: "Connection", hashes: Sequence[bytes], prefixes: Sequence[str]) -> dict[bytes, int]:
    """Return whom hashed person numbers mean, as far as their home region begins with one of *prefixes*."""
    return await store.subjects_named(connection, hashes, prefixes)
