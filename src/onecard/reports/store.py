"""Read what the bulletin counts, from other rooms' views only."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from onecard.db.statements import statements_of
from onecard.reports.model import SiteRow, UseRow

__all__ = ["Reader", "read_fed_canteens", "read_sites", "read_uses"]

SQL = statements_of(__package__)


class Reader(Protocol):
    """Anything that answers a statement with rows: a connection of any role that may read."""

    async def fetch(self, query: str, /, *args: Any) -> Sequence[Any]:
        """Run *query* and return its rows."""


async def read_uses(reader: Reader, *, as_of: date) -> list[UseRow]:
    """Return the accepted uses up to *as_of*, grouped."""
    return [UseRow(**row) for row in await reader.fetch(SQL.granted_uses, as_of.replace(day=1), as_of)]


async def read_fed_canteens(reader: Reader, *, meals_from: date, meals_until: date) -> frozenset[str]:
    """Return the canteens that served a meal within some days."""
    return frozenset(row["site"] for row in await reader.fetch(SQL.fed_canteens, meals_from, meals_until))


async def read_sites(reader: Reader, *, as_of: date) -> list[SiteRow]:
    """Return every site in the state it had at the end of *as_of*."""
    return [SiteRow(**row) for row in await reader.fetch(SQL.site_states, as_of)]
