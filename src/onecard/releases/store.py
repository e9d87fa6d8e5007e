"""This room's tables: released documents, added and never changed."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from onecard.db.statements import statements_of
from onecard.policy.model import Programme
from onecard.releases.model import Release, Simulation, Version

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["add_document", "add_job", "add_release", "all_documents", "source_of", "versions_of"]

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


async def add_release(connection: "Connection", programme: str, version: int, made: Release) -> None:
    """Write who brought a version into force, and why."""
    simulation = made.simulation
    await connection.fetchval(
        SQL.add_release, programme, version, made.approval, made.reason, simulation.digest if simulation else None,
        json.dumps(dict(simulation.figures)) if simulation else None, made.prepared_by, made.prepared_as, made.approved_by,
        made.approved_as, made.approved_reason,
    )  # fmt: skip


async def add_job(
    connection: "Connection", programme: str, version: int, rules: int, span: tuple[date, date], released_at: datetime
) -> None:
    """Let the records of the days *span* be decided again."""
    await connection.fetchval(SQL.add_job, programme, version, rules, *span, released_at)


async def versions_of(connection: "Connection", programme: str = "") -> list[Version]:
    """Return every version of *programme*, of all programmes where it is '', by programme and version."""
    return [_version(row) for row in await connection.fetch(SQL.versions_of, programme)]


async def source_of(connection: "Connection", programme: str, version: int) -> str | None:
    """Return the document of one version, None where there is none."""
    source: str | None = await connection.fetchval(SQL.source_of, programme, version)
    return source


def _version(row: Any) -> Version:
    release = None
    if row["approval"] is not None:
        simulation = row["simulation"] and Simulation(digest=row["simulation"], figures=json.loads(row["figures"]))
        release = Release(
            approval=row["approval"], reason=row["reason"], simulation=simulation, prepared_by=row["prepared_by"],
            prepared_as=row["prepared_as"], approved_by=row["approved_by"], approved_as=row["approved_as"],
            approved_reason=row["approved_reason"],
        )  # fmt: skip
    return Version(
        programme=row["programme"], version=row["version"], kind=row["kind"], from_day=row["from_day"], until_day=row["until_day"],
        digest=row["digest"], file=row["file"], released_at=row["released_at"], release=release,
    )  # fmt: skip
