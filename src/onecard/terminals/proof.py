"""Move a site on its way, and keep what its devices have shown: the guarded door to `live`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from onecard.db.change import move_on
from onecard.terminals import store
from onecard.terminals.model import Directory, Site, SiteState, Terminal
from onecard.terminals.service import load_directory
from onecard.terminals.way import TEST_CASES, Proof, check_move
from onecard.values.days import CITY_ZONE
from onecard.values.error import OnecardError

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["SiteUnknown", "keep_passes", "move_site", "move_site_with", "proof_of", "terminals_of"]


class SiteUnknown(OnecardError):
    """No site, or no terminal, of that name."""

    code = "terminals.site_unknown"
    http_status = 404
    exit_code = 1
    zh = "没有点位或终端 {named}。用 onecard site list 查看。"
    en = "There is no site or terminal {named}. See onecard site list."


async def move_site(connection: "Connection", named: str, to: SiteState, on: date) -> Site:
    """Let the site *named* become *to* from the day *on*, in the transaction of *connection*; return it as it stands then.

    Raises `SiteUnknown`, `MoveRefused`, `MoveTooEarly`, `NotProved`. Whoever else changes sites waits; every server hears of it.
    """
    directory = await load_directory(connection, await move_on(connection, "sites"))
    site = directory.sites.get(named)
    if site is None:
        raise SiteUnknown(named=named)
    return await move_site_with(connection, site, terminals_of(directory, named), to, on)


async def move_site_with(connection: "Connection", site: Site, terminals: Sequence[Terminal], to: SiteState, on: date) -> Site:
    """Do the same to a *site* and its *terminals* that were read after `db_change` 'sites' moved on in this transaction."""
    check_move(site, to, on, terminals, await proof_of(connection, site, terminals))
    await store.add_site_states(connection, [(site.site, on, to)])
    return replace(site, states=(*site.states, (on, to)))


async def keep_passes(connection: "Connection", terminal: str, cases: Sequence[str], at: datetime) -> None:
    """Write down which test *cases* the device *terminal* passed."""
    assert set(cases) <= set(TEST_CASES)
    await store.add_passes(connection, terminal, cases, at)


async def proof_of(connection: "Connection", site: Site, terminals: Sequence[Terminal]) -> Proof:
    """Return what *site* has shown. What a device passed before it was bound there, it passed somewhere else."""
    bound_at = {each.terminal: datetime.combine(each.bound_on, time(), CITY_ZONE) for each in terminals}
    passed: dict[str, set[str]] = {terminal: set() for terminal in bound_at}
    for row in await store.passes_of(connection, list(bound_at)):
        if row["passed_at"] >= bound_at[row["terminal"]]:
            passed[row["terminal"]].add(row["test_case"])
    trial = next((since for since, state in reversed(site.states) if state == "trial"), None)
    used = trial is not None and any([await store.used_on_trial(connection, terminal, trial) for terminal in bound_at])
    return Proof(passed={terminal: frozenset(cases) for terminal, cases in passed.items()}, used=used)


def terminals_of(directory: Directory, site: str) -> list[Terminal]:
    """Return the devices of a site, by name."""
    found = [place.terminal for place in directory.terminals.values() if place.site.site == site]
    return sorted(found, key=lambda terminal: terminal.terminal)
