"""Everything that author and second person look at before a release: findings, cases, what changes in words and in the text."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from onecard.decision.case_answers import CaseFailure
from onecard.decision.cases import run_cases
from onecard.policy.check import check
from onecard.policy.clauses import Clauses, clauses_of
from onecard.policy.difference import Change, changes_between
from onecard.policy.findings import Desk
from onecard.policy.heading import Heading, read_heading
from onecard.policy.model import CityLists, Finding, Programme, Source
from onecard.policy.nodes import Table
from onecard.policy.reader import read_page
from onecard.releases import store
from onecard.releases.model import states_of
from onecard.releases.text_difference import Hunk, hunks_between

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["CaseRun", "Review", "Standing", "review", "standing_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRun:
    """One of the document's own cases, and how it comes out otherwise than expected, if it does."""

    line: int
    name: str
    failure: CaseFailure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The version that a draft would take the place of."""

    version: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One draft, looked at. What could not be read leaves the rest blank."""

    source: str
    sha256: str
    heading: Heading | None
    version: int | None  # What it would be released as; None where it has no name.
    same_as: int | None  # A released version with this very content.
    against: Standing | None  # None: a new programme.
    findings: tuple[Finding, ...]  # What forbids a release.
    cases: tuple[CaseRun, ...]
    changes: tuple[Change, ...]
    hunks: tuple[Hunk, ...]
    clauses: Clauses | None

    @property
    def releasable(self) -> bool:
        """Whether it may be prepared for a second person."""
        return not self.findings and self.same_as is None and self.clauses is not None and all(run.failure is None for run in self.cases)


async def review(connection: "Connection", source: Source, lists: CityLists, today: date) -> Review:
    """Return what there is to say about *source*, read as servers would: with every released version. Refuses nothing."""
    rows = await store.all_documents(connection)
    page = read_page(source.content, Desk(source.file))
    heading = read_heading(page, Desk(source.file)) if page is not None else None
    name, sha256 = heading.name if heading else "", hashlib.sha256(source.content).hexdigest()
    own = [row for row in rows if row["programme"] == name]
    against = await standing_for(connection, name, max(today, heading.from_day) if heading else today)
    findings, programmes = _checked(source, rows, lists)
    drafted = next((each for each in programmes if each.digest == sha256 and each.name == name), None)
    text = source.content.decode("utf-8", "replace")
    return Review(
        source=text, sha256=sha256, heading=heading if name else None,
        version=max((row["version"] for row in own), default=0) + 1 if name else None,
        same_as=next((row["version"] for row in own if row["digest"] == sha256), None), against=against, findings=findings,
        cases=_cases(drafted, programmes, lists) if drafted and not findings else (),
        changes=tuple(_changes(against, page, lists)),
        hunks=hunks_between(against.source, text) if against else (), clauses=clauses_of(source.content, lists),
    )  # fmt: skip


async def standing_for(connection: "Connection", programme: str, day: date) -> Standing | None:
    """Return the version of *programme* that holds on *day* as things stand, before its first day that one; None where there is none."""
    versions = await store.versions_of(connection, programme) if programme else []
    if not versions:
        return None
    states = states_of(versions, day)
    holds = next((each for each in versions if states[each.version] == "in_force"), None)
    found = holds or max(versions, key=lambda each: (each.from_day <= day, each.from_day, each.version))
    source = await store.source_of(connection, programme, found.version)
    assert source is not None
    return Standing(version=found.version, source=source)


def _checked(source: Source, rows: Sequence[Any], lists: CityLists) -> tuple[tuple[Finding, ...], tuple[Programme, ...]]:
    """Return what forbids a release, and all programmes, the draft's own among them where it is good."""
    released = [Source(file=f"{row['programme']}@{row['version']}.yaml", content=row["source"].encode()) for row in rows]
    numbers = {each.file: row["version"] for each, row in zip(released, rows, strict=True)}
    checked = check([*released, source], lists, versions={**numbers, source.file: 1})
    found = [each for each in checked.findings if not each.note or (each.code == "ELSEWHERE" and each.file == source.file)]
    return tuple(found), checked.programmes


def _cases(drafted: Programme, programmes: Sequence[Programme], lists: CityLists) -> tuple[CaseRun, ...]:
    newest = {each.name: each for each in sorted(programmes, key=lambda each: (each.from_day, each.version))}
    failures = {each.line: each for each in run_cases(drafted, tuple({**newest, drafted.name: drafted}.values()), lists)}
    return tuple(CaseRun(line=case.line, name=case.name, failure=failures.get(case.line)) for case in drafted.cases)


def _changes(against: Standing | None, page: Table | None, lists: CityLists) -> Sequence[Change]:
    before = read_page(against.source.encode(), Desk("")) if against else None
    return changes_between(before, page, lists) if before is not None and page is not None else ()
