"""What production refuses (DESIGN §4): a superuser, trust, and a server that may lose or silently spoil what it was given."""

import secrets

from onecard.db.door import Role
from onecard.db.errors import NotForProduction
from onecard.db.pool import Connection, Database

__all__ = ["production_findings", "refuse_unfit"]

_SERVING: tuple[Role, ...] = ("lane", "desk", "batch", "console", "audit_ro")
_SAFETY = ("fsync", "full_page_writes", "data_checksums")
_SYSTEM_USER_SINCE = 16


async def refuse_unfit(database: Database) -> None:
    """Raise `NotForProduction` with everything that is wrong, where anything is."""
    findings = await production_findings(database)
    if findings:
        raise NotForProduction(findings="; ".join(findings))


async def production_findings(database: Database) -> list[str]:
    """Return a phrase for each thing that production refuses; empty where *database* is fit."""
    findings = []
    for role in _SERVING:
        async with database.acquire(role) as connection:
            if await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = session_user"):
                findings.append(f"{role} logs in as superuser {await connection.fetchval('SELECT session_user')}")
    async with database.acquire("lane") as connection:
        for setting in _SAFETY:
            if await connection.fetchval("SELECT current_setting($1)", setting) != "on":
                findings.append(f"{setting} is off")
        if await _trusts(connection, database):
            findings.append("the server trusts whoever connects (pg_hba.conf: trust)")
    return findings


async def _trusts(connection: Connection, database: Database) -> bool:
    """Return whether we were let in unasked. From 16 on the server says so; an older one is tried with a wrong password.

    On the socket of an older server a wrong password proves nothing: peer asks for none either.
    """
    if connection.get_server_version().major >= _SYSTEM_USER_SINCE:
        return await connection.fetchval("SELECT system_user") is None
    if await connection.fetchval("SELECT inet_client_addr()") is None:
        return False
    return await database.password_opens("lane", secrets.token_hex(16))
