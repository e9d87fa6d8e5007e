"""This room's tables: the whole directory is read in two queries; sites and devices are added in bulk."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from onecard.db.statements import statements_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "add_operators", "add_site_states", "add_sites", "add_terminals", "add_tokens", "all_sites", "all_terminals", "drop_token", "models",
]  # fmt: skip

SQL = statements_of(__package__)


async def add_operators(connection: "Connection", rows: Sequence[tuple[str, str, str]]) -> int:
    """Add operators; return how many were new."""
    return len(await connection.fetch(SQL.add_operators, *_columns(rows, 3)))


async def add_sites(connection: "Connection", rows: Sequence[tuple[Any, ...]]) -> None:
    """Add sites; one that is there already fails the whole."""
    await connection.fetch(SQL.add_sites, *_columns(rows, 14))


async def add_site_states(connection: "Connection", rows: Sequence[tuple[Any, ...]]) -> int:
    """Add (site, since, state); return how many were new."""
    return len(await connection.fetch(SQL.add_site_states, *_columns(rows, 3)))


async def add_terminals(connection: "Connection", rows: Sequence[tuple[Any, ...]]) -> None:
    """Add devices; one that is there already fails the whole."""
    await connection.fetch(SQL.add_terminals, *_columns(rows, 5))


async def add_tokens(connection: "Connection", rows: Sequence[tuple[bytes, str]]) -> int:
    """Let tokens, by their hash, speak for terminals; return how many were new."""
    return len(await connection.fetch(SQL.add_tokens, *_columns(rows, 2)))


async def drop_token(connection: "Connection", token_hash: bytes) -> int:
    """Withdraw a token; return for how many terminals it spoke."""
    return len(await connection.fetch(SQL.drop_token, token_hash))


async def all_sites(connection: "Connection") -> Sequence[Any]:
    """Return every site with its way."""
    rows: Sequence[Any] = await connection.fetch(SQL.all_sites)
    return rows


async def all_terminals(connection: "Connection") -> Sequence[Any]:
    """Return every device with its tokens' hashes."""
    rows: Sequence[Any] = await connection.fetch(SQL.all_terminals)
    return rows


async def models(connection: "Connection") -> list[str]:
    """Return the models of all devices, each once."""
    return [row["model"] for row in await connection.fetch(SQL.models)]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    if not rows:
        return [[] for _ in range(width)]
    columns = [list(column) for column in zip(*sorted(rows, key=lambda row: row[:2]), strict=True)]
    assert len(columns) == width
    return columns
