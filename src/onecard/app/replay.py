"""Days decided again: every record of them under the rule book that decided it, in pages, with what came out otherwise."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from onecard.decision.rulebook import RuleBook
from onecard.ledger.verify import PROBLEMS_MAX, Check
from onecard.policy.model import CityLists
from onecard.releases.service import load_rule_book
from onecard.uses.replay import differences
from onecard.uses.replay_store import count_of_time, day_of, pages_of_time

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["PAGE_USES", "replay_days"]

PAGE_USES: Final = 5_000

Told = Callable[[int, int], None]
"""Is told how many uses are done, of how many."""


async def replay_days(
    connection: "Connection", lists: CityLists, first: date, last: date, told: Told = lambda _done, _all: None
) -> Check:
    """Decide every use from the civil day *first* to *last* again and compare every field; it counts when it happened, not when it arrived.

    The city's own names are those of today (*lists*). Of what differs the first `PROBLEMS_MAX` are told.
    """
    span = day_of(first, last)
    total = await count_of_time(connection, span)
    books: dict[int, RuleBook] = {}
    examined, problems = 0, list[str]()
    async for page in pages_of_time(connection, span, PAGE_USES):
        for number in {row["rules"] for row in page} - books.keys():
            books[number] = await load_rule_book(connection, lists, at=number)
        problems += _problems(page, books)
        examined += len(page)
        told(examined, total)
        await asyncio.sleep(0)  # Whoever waits for Ctrl-C is heard between pages.
    name = f"replay-{first}" if first == last else f"replay-{first}..{last}"
    return Check(name=name, examined=examined, problems=problems[:PROBLEMS_MAX])


def _problems(page: Sequence[Any], books: dict[int, RuleBook]) -> list[str]:
    found = []
    for row in page:
        if different := differences(row, books[row["rules"]]):
            found.append(f"use {row['terminal']}.{row['seq']} of batch {row['batch']}: {'; '.join(different)}")
    return found
