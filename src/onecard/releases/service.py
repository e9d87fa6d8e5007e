"""Take checked documents into force, and read back what is."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from onecard.db.change import change_number, move_on
from onecard.decision.rulebook import RuleBook
from onecard.policy.check import check
from onecard.policy.model import CityLists, Finding, Programme, Source
from onecard.releases import store
from onecard.values.error import OnecardError

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["DocumentRefused", "Taken", "load_rule_book", "take_documents"]


class DocumentRefused(OnecardError):
    """A document has findings: nothing of what came with it is taken."""

    code = "releases.document_refused"
    exit_code = 1
    zh = "{file} 第 {line} 行第 {column} 列：{zh_finding} 没有载入任何文件，请先运行 onecard policy check。"
    en = "{file}:{line}:{column}: {en_finding} Nothing was loaded; run onecard policy check first."


class UnknownToStore(OnecardError):
    """A released version that this program no longer accepts: it was checked by another version of it."""

    code = "releases.unreadable"
    exit_code = 3
    zh = "已发布的 {file} 无法读取：{zh_finding}"
    en = "The released {file} cannot be read: {en_finding}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One document taken into force, or found there already."""

    programme: str
    version: int
    new: bool


async def take_documents(connection: "Connection", sources: Sequence[Source], lists: CityLists, released_at: datetime) -> list[Taken]:
    """Check *sources* together with what is in force and release those whose content is new, all or none.

    Raises `DocumentRefused` with the first finding that is no note. A document whose content is in force already
    keeps its version; versions of one programme count up from 1.
    """
    async with connection.transaction():
        number = await move_on(connection, "rules")  # First: whoever else releases waits here.
        rows = await store.all_documents(connection)
        held = {(row["programme"], row["digest"]): row["version"] for row in rows}
        newest: dict[str, int] = {}
        for row in rows:
            newest[row["programme"]] = max(newest.get(row["programme"], 0), row["version"])
        programmes = _checked(sources, lists)
        taken = []
        for programme in sorted(programmes, key=lambda each: (each.name, each.from_day)):
            version = held.get((programme.name, programme.digest))
            if version is None:
                version = newest[programme.name] = newest.get(programme.name, 0) + 1
                await store.add_document(connection, programme, version, number, _file_of(programme, sources), released_at)
                taken.append(Taken(programme=programme.name, version=version, new=True))
            else:
                taken.append(Taken(programme=programme.name, version=version, new=False))
        return taken


async def load_rule_book(connection: "Connection", lists: CityLists, *, at: int | None = None) -> RuleBook:
    """Return the rule book as it stands, or as it stood at number *at*.

    A version that was released again later with the same day of beginning holds by its higher number.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        number = at if at is not None else await change_number(connection, "rules")
        rows = [row for row in await store.all_documents(connection) if row["rules"] <= number]
    sources = [Source(file=f"{row['programme']}@{row['version']}.yaml", content=row["source"].encode()) for row in rows]
    versions = {source.file: row["version"] for source, row in zip(sources, rows, strict=True)}
    checked = check(sources, lists, versions=versions)
    for finding in checked.findings:
        if not finding.note:
            raise UnknownToStore(file=finding.file, zh_finding=finding.zh, en_finding=finding.en)
    return RuleBook(checked.programmes, gated=lists.gated, number=number)


def _checked(sources: Sequence[Source], lists: CityLists) -> tuple[Programme, ...]:
    checked = check(sources, lists)
    bad: Finding | None = next((finding for finding in checked.findings if not finding.note), None)
    if bad is not None:
        raise DocumentRefused(file=bad.file, line=bad.line, column=bad.column, zh_finding=bad.zh, en_finding=bad.en)
    return tuple(checked.programmes)


def _file_of(programme: Programme, sources: Sequence[Source]) -> str:

    named = [source.file for source in sources if hashlib.sha256(source.content).hexdigest() == programme.digest]
    return PurePosixPath(named[0]).name if named else f"{programme.name}.yaml"
