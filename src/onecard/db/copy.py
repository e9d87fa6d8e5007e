"""COPY: the fastest way in for rows that are known to be new."""

from collections.abc import Iterable, Sequence
from typing import Any

from onecard.db.pool import Connection

__all__ = ["copy_rows"]


async def copy_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write *rows*, each with its values in the order of *columns*; return how many. A row that is refused fails them all.

    PostgreSQL lets nobody COPY behind a policy of rows. Who stands before one, as the console does, writes row by row.
    """
    if await connection.fetchval("SELECT row_security_active($1)", table):
        listed = list(rows)
        values = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
        await connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})", listed)  # noqa: S608  # Names of ours.
        return len(listed)
    status = await connection.copy_records_to_table(table, columns=list(columns), records=rows)
    return int(status.removeprefix("COPY "))
