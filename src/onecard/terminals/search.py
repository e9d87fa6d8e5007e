"""Find sites by a part of their name, and devices by the beginning of theirs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from onecard.terminals.store import SQL

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["FoundSite", "search_sites", "search_terminals"]


class FoundSite(NamedTuple):
    """A site that was found, and the device by whose name it was."""

    site: str
    kind: str
    scene: str
    region: str
    name_zh: str
    name_en: str
    terminal: str = ""


async def search_sites(connection: "Connection", prefixes: Sequence[str], text: str, most: int) -> list[FoundSite]:
    """Return at most *most* sites inside *prefixes* whose name holds *text*, whatever its capitals."""
    return [FoundSite(**dict(row)) for row in await connection.fetch(SQL.search_sites, prefixes, text.lower(), most)]


async def search_terminals(connection: "Connection", prefixes: Sequence[str], text: str, most: int) -> list[FoundSite]:
    """Return at most *most* devices inside *prefixes* whose name begins with *text*."""
    rows = await connection.fetch(SQL.search_terminals, prefixes, text.lower(), most)
    return [FoundSite(**dict(row)) for row in rows]
