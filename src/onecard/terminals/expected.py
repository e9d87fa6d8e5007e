"""The cards that a site expects: its own register, and those its terminals saw lately. Told to them under their own key."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from onecard.terminals import store
from onecard.terminals.params import Params

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["ExpectedCard", "expect_cards", "expected_cards"]

ExpectedCard = tuple[bytes, date, str, str]
"""Alias, birth date, home region, registered region ('' where blank): all that a terminal may know of a person."""


async def expect_cards(connection: "Connection", site: str, credentials: Sequence[bytes], since: datetime) -> int:
    """Put *credentials* (their keys) into the register of *site*; return how many were new.

    Its terminals hear of them with the next day's bundle.
    """
    return await store.expect(connection, site, credentials, since)


async def expected_cards(
    connection: "Connection", site: str, terminals: Sequence[str], params: Params, day: date
) -> list[ExpectedCard]:
    """Return what the terminals of *site* are told of the cards they may see, by alias; facts as on *day*.

    Terminals are asked one by one: each lives on one machine of a cluster.
    """
    found = dict.fromkeys(await store.registered_at(connection, site, params.expected_cards))
    newest = params.expected_uses // max(1, len(terminals))
    for terminal in terminals:
        if len(found) >= params.expected_cards:
            break
        found.update(dict.fromkeys(await store.seen_at(connection, terminal, newest)))
    return await store.expected(connection, list(found)[: params.expected_cards], day)
