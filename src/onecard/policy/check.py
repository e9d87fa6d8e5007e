"""Check documents: every finding of POLICY §9, and a programme of each document that has none but notes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from onecard.policy.across import check_across
from onecard.policy.as_json import rule_of
from onecard.policy.begun import begun_by
from onecard.policy.document import Document, read_document
from onecard.policy.findings import Desk
from onecard.policy.heading import Heading, read_heading
from onecard.policy.model import CityLists, Facts, Finding, Programme, Source, Trace
from onecard.policy.nodes import Spot, Table
from onecard.policy.reader import read_page
from onecard.policy.to_python import compiled
from onecard.policy.trace import traced

__all__ = ["Checked", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found."""

    programmes: tuple[Programme, ...]  # In the order of the sources; a document with a finding that is no note yields none.
    findings: tuple[Finding, ...]  # By source, then line and column.
    skipped: int  # Claims, whose own content is not checked yet.


@dataclass(slots=True)
class _Read:
    """One source on its way."""

    source: Source
    desk: Desk
    page: Table | None = None
    heading: Heading | None = None
    document: Document | None = None
    version: int = 1
    programme: Programme | None = field(default=None)


def check(
    sources: Sequence[Source],
    lists: CityLists,
    *,
    at_hand: Sequence[Programme] = (),
    versions: Mapping[str, int] | None = None,
    begun: Mapping[str, tuple[date, date | None]] | None = None,
) -> Checked:
    """Check *sources* together with the programmes *at_hand*. Never raises, whatever the bytes are.

    Documents of one name are its versions 1, 2, … by `effective.from`, unless *versions* (file → number) says otherwise.
    The programme of a file in *begun* is made as if it had begun by that day, and with it what is felt from a later one (`begun_by`);
    the findings are those of the document itself.
    """
    reads = [_read(source, lists) for source in sources]
    _number(reads, versions or {})
    check_across([(read.page, read.document, read.heading, read.desk) for read in reads if read.page and read.heading], at_hand)
    for read in reads:
        if read.document is not None and read.desk.good:
            days = (begun or {}).get(read.source.file)
            read.programme = _programme(read.document if days is None else begun_by(read.document, *days), read)
    return Checked(
        programmes=tuple(read.programme for read in reads if read.programme),
        findings=tuple(finding for read in reads for finding in sorted(read.desk.findings, key=lambda found: (found.line, found.column))),
        skipped=sum(read.heading is not None and read.heading.kind == "claim" for read in reads),
    )


def _read(source: Source, lists: CityLists) -> _Read:
    read = _Read(source, Desk(source.file))
    read.page = read_page(source.content, read.desk)
    if read.page is None:
        return read
    read.heading = read_heading(read.page, read.desk)
    if read.heading is None or read.heading.kind == "claim":
        return read
    read.document = read_document(read.page, read.heading, lists, read.desk)
    return read


def _number(reads: Sequence[_Read], versions: Mapping[str, int]) -> None:
    """Give each document its version: by name, from the earliest `effective.from` up; of equal days in the order given."""
    counted: dict[str, int] = {}
    headed = [(read.heading, read) for read in reads if read.heading]
    for heading, read in sorted(headed, key=lambda pair: pair[0].from_day):
        counted[heading.name] = counted.get(heading.name, 0) + 1
        read.version = versions.get(read.source.file, counted[heading.name])


def _programme(document: Document, read: _Read) -> Programme | None:
    try:
        judge, share = compiled(document)
    except (SyntaxError, RecursionError, MemoryError):  # What Python's own compiler finds too large to write as one function.
        read.desk.add("EXPR_SIZE", Spot(1, 1), size=len(read.source.content), most=len(read.source.content) - 1)
        return None
    heading = document.heading

    def trace(facts: Facts) -> Trace:
        return traced(document, facts)

    return Programme(
        name=heading.name,
        version=read.version,
        kind=heading.kind,
        title_zh=heading.title_zh,
        title_en=heading.title_en,
        basis=heading.basis,
        from_day=heading.from_day,
        until_day=heading.until_day,
        where=document.where,
        facts=document.facts,
        limits=tuple(limit.rule for limit in document.limits),
        prefer_over=document.prefer_over,
        on_top_of=document.on_top_of,
        in_error=document.in_error,
        payout=document.payout,
        judge=judge,
        share=share,
        trace=trace,
        rule=rule_of(document, read.version),
        source=read.source.content.decode("utf-8-sig"),
        digest=hashlib.sha256(read.source.content).hexdigest(),
        cases=document.cases,
    )
