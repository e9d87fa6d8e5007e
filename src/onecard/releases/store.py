"""This room's tables: released documents, added and never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from onecard.db.statements import statements_of
from onecard.policy.model import Programme

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["add_document", "all_documents"]

SQL = statements_of(__package__)


async def all_documents(connection: "Connection") -> Sequence[Any]:
    """Return every released version with its source, oldest first."""
    rows: Sequence[Any] = await connection.fetch(SQL.all_documents)
    return rows


async def add_document(connection: "Connection", programme: Programme, version: int, rules: int, file: str, released_at: datetime) -> None:
    """Write one version."""
    await connection.fetchval(
        SQL.add_document, programme.name, version, programme.kind, programme.from_day, programme.until_day, rules,
        programme.digest, file, programme.source, released_at,
    )  # fmt: skip
