"""What the rooms above the ledger hold against their records when everything is checked: chains, cards, the hotlist."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from onecard.cards.model import TEMP_LOSS_LASTS
from onecard.cards.verify import verify_cards
from onecard.ledger.verify import PROBLEMS_MAX, Check
from onecard.terminals.barred import hotlist_told, unlisted
from onecard.uses.tally import verify_tally
from onecard.uses.verify_chain import verify_chain

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["verify_rooms"]


async def verify_rooms(connection: "Connection", hash_key: bytes, at: datetime) -> list[Check]:
    """Check everything that is not the ledger's own, in one snapshot, as it stands at the instant *at*."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return [
            *await verify_chain(connection, hash_key),
            await verify_tally(connection),
            *await verify_cards(connection, at),
            await _verify_hotlist(connection, TEMP_LOSS_LASTS),
        ]


async def _verify_hotlist(connection: "Connection", lasts: timedelta) -> Check:
    """Hold the list against the cards' states. Where nothing was ever barred there is no list to be wrong."""
    version, told, wrong = await unlisted(connection, lasts)
    problems = [
        f"credential {each.key.hex()[:8]} is {'barred and is missing from' if each.added else 'not barred and stands on'} the list"
        for each in wrong
    ]
    if version is not None and version > told:
        problems.insert(0, f"the list stands at version {version}, terminals are told {told}")
    listed = await hotlist_told(connection, version or 0)
    return Check(name="hotlist-equals-cards", examined=listed.entries, problems=problems[:PROBLEMS_MAX])
