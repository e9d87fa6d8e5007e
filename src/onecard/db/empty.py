"""Empty a database of everything but its migrations: only ever a demo's, before it is built anew."""

from typing import Final

from onecard.db.pool import Connection

__all__ = ["empty"]

_EMPTY: Final = r"""
DO $$
BEGIN
    EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') FROM pg_tables
        WHERE schemaname = 'public' AND tableowner = current_user AND tablename NOT LIKE 'db\_%');
END
$$
"""


async def empty(connection: Connection) -> None:
    """Remove every row, as the owner; what others keep in memory goes stale, so whoever calls moves the change numbers on."""
    await connection.execute(_EMPTY)
