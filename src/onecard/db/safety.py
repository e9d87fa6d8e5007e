"""Whether the server keeps what it was given, and whether the program's roles are as weak as they should be."""

from typing import Final

import asyncpg

from onecard.db.pool import Connection

__all__ = ["role_findings", "setting_findings"]

SAFE: Final = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    "data_checksums": ("on",),
    "ignore_checksum_failure": ("off",),
    "zero_damaged_pages": ("off",),
    "session_replication_role": ("origin",),
}
"""What each of these may be. The rest is taste."""

_SET_FOR_SOMEONE: Final = """
SELECT coalesce(r.rolname, 'every role') AS who, coalesce(d.datname, 'every database') AS place, c.setting
FROM pg_db_role_setting AS s LEFT JOIN pg_roles AS r ON r.oid = s.setrole LEFT JOIN pg_database AS d ON d.oid = s.setdatabase
CROSS JOIN LATERAL unnest(s.setconfig) AS c (setting)
WHERE (s.setdatabase = 0 OR d.datname = current_database()) AND split_part(c.setting, '=', 1) = ANY($1::text[])
"""
_IN_FILES: Final = "SELECT DISTINCT name, setting, sourcefile FROM pg_file_settings WHERE applied AND name = ANY($1::text[])"
_ROLES: Final = r"""
SELECT rolname, concat_ws(', ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolcreaterole THEN 'may make roles' END,
    CASE WHEN rolcreatedb THEN 'may make databases' END, CASE WHEN rolreplication THEN 'may replicate' END,
    CASE WHEN rolbypassrls AND rolname = 'onecard_console' THEN 'sees through the wall between regions' END) AS wrong
FROM pg_roles WHERE rolname LIKE 'onecard\_%'
"""
_MEMBERS: Final = r"""
SELECT m.rolname AS member, r.rolname AS role FROM pg_auth_members AS a JOIN pg_roles AS m ON m.oid = a.member
JOIN pg_roles AS r ON r.oid = a.roleid WHERE m.rolname LIKE 'onecard\_%'
"""


async def setting_findings(connection: Connection) -> list[str]:
    """Return a sentence for each setting under which the server may lose or silently spoil what it was given.

    Also for what stands in a file and begins with the next start, and for what was set for one role or database alone.
    """
    found = []
    for name, good in SAFE.items():
        value = await connection.fetchval("SELECT current_setting($1)", name)
        if value not in good:
            found.append(f"{name} is {value}, and should be {good[0]}")
    for row in await connection.fetch(_SET_FOR_SOMEONE, list(SAFE)):
        name, _, value = row["setting"].partition("=")
        if value not in SAFE[name]:
            found.append(f"{name} is {value} for {row['who']} in {row['place']}, and should be {SAFE[name][0]}")
    return [*found, *await _in_files(connection)]


async def role_findings(connection: Connection) -> list[str]:
    """Return a sentence for each role of the program that may do more than the migrations allow any of them."""
    rights = [f"role {row['rolname']}: {row['wrong']}" for row in await connection.fetch(_ROLES) if row["wrong"]]
    members = [f"role {row['member']} is a member of {row['role']}" for row in await connection.fetch(_MEMBERS)]
    return rights + members


async def _in_files(connection: Connection) -> list[str]:
    try:
        rows = await connection.fetch(_IN_FILES, list(SAFE))
    except asyncpg.InsufficientPrivilegeError:
        return []  # Only a superuser reads the files; what is in force was looked at.
    return [
        f"{row['name']} is {row['setting']} in {row['sourcefile']}"
        for row in rows
        if row["setting"] not in (*SAFE[row["name"]], "true", "yes", "1")
    ]
