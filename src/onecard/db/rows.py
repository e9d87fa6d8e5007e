"""Rows of any table as PostgreSQL itself tells them, for whoever must hold a row to a digest: the one reader that knows no columns."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from onecard.db.pool import Connection

__all__ = ["rows_told"]

_TYPES: Final = """
SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute
WHERE attrelid = $1::regclass AND attname = ANY($2::text[]) AND attnum > 0 AND NOT attisdropped
"""


async def rows_told(connection: Connection, table: str, keys: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return the rows of *table* whose columns have the values in *keys*, each with its columns by name, blanks left out.

    All *keys* name the same columns; values are texts as this function tells them. Dates and instants (UTC) are ISO, bytes
    `\\x…`. A key that no row has is left out; the order is that of the store.
    """
    if not keys:
        return []
    names = sorted(keys[0])
    assert all(sorted(key) == names for key in keys), "keys of one call name the same columns"
    types = {row["attname"]: row["type"] for row in await connection.fetch(_TYPES, table, names)}
    assert len(types) == len(names), f"{table} has no such column"
    columns = ", ".join(f"${number}::text[]" for number in range(1, len(names) + 1))
    aliases = ", ".join(f"k{number}" for number in range(len(names)))
    held = " AND ".join(f't."{name}" = CAST(k{number} AS {types[name]})' for number, name in enumerate(names))
    sql = f'SELECT to_jsonb(t)::text FROM unnest({columns}) AS k ({aliases}) JOIN "{table}" AS t ON {held}'  # noqa: S608 - Names of ours.
    rows = await connection.fetch(sql, *[[key[name] for key in keys] for name in names])
    told = [json.loads(row[0]) for row in rows]
    return [{name: value for name, value in row.items() if value is not None} for row in told]
