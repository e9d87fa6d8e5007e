"""The digest of a row that a change wrote, by which the row is held to its entry for ever."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from onecard.audit.leaves import canonical_json
from onecard.audit.model import RowWritten
from onecard.db.rows import rows_told

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["row_digest", "rows_content", "rows_written"]

# The same content under a newer key; that it opens is a check of its own.
_RESEALED: Final = frozenset({"key_id", "sealed", "totp_key_id", "totp_sealed"})


async def rows_written(connection: "Connection", table: str, key: Mapping[str, Any]) -> list[RowWritten]:
    """Return the digests of the rows of *table* that have the values of *key*, as the transaction of *connection* sees them.

    *key* need not be the whole key: all rows that it fits are told. Instants are given aware, bytes as bytes.
    """
    told = await rows_told(connection, table, [{name: _text(value) for name, value in key.items()}])
    return [_written(table, sorted(key), row) for row in sorted(told, key=canonical_json)]


def rows_content(rows: Sequence[RowWritten]) -> dict[str, Any]:
    """Return what an entry's `content` says of *rows*."""
    return {"rows": [{"table": r.table, "key": dict(r.key), "columns": list(r.columns), "sha256": r.digest.hex()} for r in rows]}


def row_digest(row: Mapping[str, Any], columns: Sequence[str]) -> bytes:
    """Return SHA-256 over those *columns* of *row* that hold something, as JSON with sorted keys.

    Columns that later versions add change nothing about rows that are there.
    """
    return hashlib.sha256(canonical_json({name: row[name] for name in columns if row.get(name) is not None}).encode()).digest()


def _written(table: str, key: Sequence[str], row: Mapping[str, Any]) -> RowWritten:
    columns = sorted(row.keys() - _RESEALED)
    named = {name: _text(row[name]) for name in key}
    return RowWritten(table=table, key=named, columns=columns, digest=row_digest(row, columns))


def _text(value: object) -> str:
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)
