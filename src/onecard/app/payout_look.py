"""Payouts for who needs no sign-in: the home's owner looks at rosters, anyone at a published list, and a line is explained."""

from typing import Any, Final

from onecard.app.payout_views import public_view, status_view
from onecard.db.pool import Database
from onecard.decision.rulebook import RuleBook
from onecard.payouts.accounts import account_at
from onecard.payouts.explanation import explained_line
from onecard.payouts.looking import EVERYWHERE, found_roster, line_told, lines_of, rosters_inside, standing_of
from onecard.payouts.model import ROSTER_STATES, LineKey
from onecard.people.service import open_identities
from onecard.settings.keys import Keyring

__all__ = ["PUBLIC_LINES_MAX", "explain_line", "public_list", "rosters_here"]

PUBLIC_LINES_MAX: Final = 500

_ROSTERS_AT_ONCE: Final = 500
_PUBLISHED: Final = frozenset(ROSTER_STATES[ROSTER_STATES.index("publicity") :])
_TAIL: Final = 4


async def rosters_here(database: Database, roster: str | None = None) -> list[dict[str, Any]]:
    """Return every roster of the home with where its lines stand, or only *roster*; none where there is no such one."""
    told: list[dict[str, Any]] = []
    async with database.acquire("desk") as connection:
        if roster is not None:
            found = await found_roster(connection, roster, EVERYWHERE)
            return [] if found is None else [status_view(*await standing_of(connection, found))]
        after = ""
        while page := await rosters_inside(connection, EVERYWHERE, _ROSTERS_AT_ONCE, after=after):
            told += [status_view(*each) for each in page]
            after = page[-1].roster.roster
    return told


async def public_list(database: Database, keyring: Keyring, roster: str, after: int, most: int) -> list[dict[str, Any]] | None:
    """Return lines of a published list as anyone may see them; None where there is none, or it is not published yet."""
    async with database.acquire("desk") as connection:
        found = await found_roster(connection, roster, EVERYWHERE)
        if found is None or found.state not in _PUBLISHED:
            return None
        lines = await lines_of(connection, found, after, min(most, PUBLIC_LINES_MAX))
        identities = await open_identities(connection, keyring, [line.subject for line in lines])
        return [public_view(line, identities.get(line.subject), found.programme) for line in lines if line.state != "excluded"]


async def explain_line(database: Database, keyring: Keyring, rules: RuleBook, key: LineKey) -> dict[str, Any] | None:
    """Return why the line *key* is as it is, with the person's masked name; None where there is no such line."""
    async with database.acquire("desk") as connection:
        found = await line_told(connection, key)
        if found is None:
            return None
        roster, line, events = found
        version = next(each for each in rules.programmes if (each.name, each.version) == (roster.programme, roster.version))
        number = None
        if line.account is not None:
            number = await account_at(connection, keyring, line.subject, roster.programme, line.account.since)
        identity = (await open_identities(connection, keyring, [line.subject])).get(line.subject)
    tail = None if number is None else number.reveal()[-_TAIL:]
    return {**explained_line(line, roster, version, tail, events), "person": None if identity is None else str(identity.name)}

