"""A draft before it is released: checked together with everything that is in force, numbered, and held to its simulation."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from onecard.decision.cases import run_cases
from onecard.policy.check import check
from onecard.policy.difference import changes_between
from onecard.policy.findings import Desk
from onecard.policy.heading import read_heading
from onecard.policy.model import CityLists, Finding, Programme, Source
from onecard.policy.reader import read_page
from onecard.releases import store
from onecard.releases.errors import AlreadyReleased, CasesFail, KindNotYet, NamesUnknown, SimulationForeign, SimulationUnreadable
from onecard.releases.model import Draft, Simulation
from onecard.releases.reach import first_day_changed
from onecard.releases.service import DocumentRefused

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["DOCUMENT_BYTES_MAX", "SIMULATION_BYTES_MAX", "Together", "check_drafts", "read_draft", "read_simulation"]

DOCUMENT_BYTES_MAX: Final = 64 * 1024  # POLICY §9: YAML_SIZE.
SIMULATION_BYTES_MAX: Final = 4 * 1024 * 1024

_WORD_MAX: Final = 64
_FIGURES: Final = ("against", "source", "from", "until", "examined", "gain", "lose", "same", "old", "new")


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Drafts, and every released version beside them."""

    drafts: tuple[Programme, ...]  # In the order they were given.
    released: tuple[Programme, ...]
    rules: Mapping[tuple[str, int], int]  # (programme, version) → the rule book's number that first held it.
    held: Mapping[tuple[str, str], int]  # (programme, SHA-256) → the version that is this very content.

    def next_version(self, programme: str) -> int:
        """Return the version that a draft of *programme* would become."""
        return max((version for name, version in self.rules if name == programme), default=0) + 1


async def read_draft(connection: "Connection", source: Source, lists: CityLists) -> Draft:
    """Return *source* as the next version of its programme, checked as servers will read it: with every released version.

    Raises `DocumentRefused` with the first finding that is no note, `NamesUnknown`, `KindNotYet`, `AlreadyReleased`, `CasesFail`.
    """
    together = await check_drafts(connection, [source], lists)
    (programme,) = together.drafts
    held = together.held.get((programme.name, programme.digest))
    if held is not None:
        raise AlreadyReleased(programme=programme.name, version=held)
    _refuse_failing(programme, (*together.released, programme), lists)
    version = together.next_version(programme.name)
    return Draft(programme=programme, version=version, file=_named(source.file), source=source.content.decode())


async def check_drafts(
    connection: "Connection", sources: Sequence[Source], lists: CityLists, *, begun: date | None = None, until: date | None = None
) -> Together:
    """Return *sources* as drafts, checked as servers would read them: with each other and with every released version.

    Each is made as if it had begun by *begun*, where a day is given; and where what it changes is felt after *until* alone (a tariff
    of next month), as if that held too. Raises `DocumentRefused` with the first finding that is no
    note, `NamesUnknown`, `KindNotYet`.
    """
    rows = await store.all_documents(connection)
    released = [Source(file=f"{row['programme']}@{row['version']}.yaml", content=row["source"].encode()) for row in rows]
    drafts = [Source(file=_named(source.file), content=source.content) for source in sources]
    files = {draft.file for draft in drafts}
    numbers = {each.file: row["version"] for each, row in zip(released, rows, strict=True)}
    days = {} if begun is None else {draft.file: (begun, _felt_after(until, draft, rows, lists)) for draft in drafts}
    checked = check([*released, *drafts], lists, versions={**numbers, **dict.fromkeys(files, 1)}, begun=days)
    _refuse([finding for finding in checked.findings if not finding.note or (finding.code == "ELSEWHERE" and finding.file in files)])
    made = checked.programmes[-len(drafts) :]  # They come in the order of the sources; a claim yields none.
    for draft in drafts:
        if hashlib.sha256(draft.content).hexdigest() not in {programme.digest for programme in made}:
            raise KindNotYet(file=draft.file)
    return Together(
        drafts=made, released=checked.programmes[: -len(drafts)],
        rules={(row["programme"], row["version"]): row["rules"] for row in rows},
        held={(row["programme"], row["digest"]): row["version"] for row in rows},
    )  # fmt: skip


def _felt_after(until: date | None, draft: Source, rows: Sequence[Any], lists: CityLists) -> date | None:
    """Return from which day on what *draft* changes is felt, where that is after *until*; None else, and for a new programme."""
    page = read_page(draft.content, Desk(draft.file))
    heading = read_heading(page, Desk(draft.file)) if page is not None else None
    own = [row for row in rows if heading is not None and row["programme"] == heading.name]
    if until is None or page is None or heading is None or not own:
        return None
    newest = max(own, key=lambda row: row["version"])
    before = read_page(newest["source"].encode(), Desk(""))
    assert before is not None, "what was released can be read"
    felt = first_day_changed(changes_between(before, page, lists), heading.from_day)
    return felt if felt is not None and felt > until else None


def read_simulation(content: bytes, draft: Draft) -> Simulation:
    """Return what *content* says was simulated. Raises `SimulationUnreadable`, `SimulationForeign`.

    It names the programme and may name the document's SHA-256 (`digest`): then that must be the draft's.
    """
    try:
        told: Any = json.loads(content) if len(content) <= SIMULATION_BYTES_MAX else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, Mapping) or not isinstance(told.get("programme"), str):
        raise SimulationUnreadable
    if told["programme"] != draft.programme.name:
        raise SimulationForeign(theirs=told["programme"][:64], ours=draft.programme.name)
    digest = told.get("digest", draft.programme.digest)
    if digest != draft.programme.digest:
        raise SimulationForeign(theirs=str(digest)[:64], ours=draft.programme.digest)
    figures = {name: told[name] for name in _FIGURES if _is_plain(told.get(name))}
    return Simulation(digest=hashlib.sha256(content).hexdigest(), figures=figures)


def _refuse_failing(draft: Programme, programmes: Sequence[Programme], lists: CityLists) -> None:
    """Raise `CasesFail` with the first of the document's own cases that comes out otherwise; of the others the newest are at hand."""
    newest = {each.name: each for each in sorted(programmes, key=lambda each: (each.from_day, each.version))}
    for failure in run_cases(draft, tuple({**newest, draft.name: draft}.values()), lists):
        raise CasesFail(file=failure.file, line=failure.line, case=failure.case, expected=failure.expected, got=failure.got, field="source")


def _is_plain(value: object) -> bool:
    """Tell whether a figure may be kept: a number, or a short word without control characters."""
    return isinstance(value, int) or (isinstance(value, str) and len(value) <= _WORD_MAX and value.isprintable())


def _named(file: str) -> str:
    return PurePosixPath(file).name[:120] or "document.yaml"


def _refuse(findings: list[Finding]) -> None:
    for finding in findings:
        refusal = NamesUnknown if finding.code == "ELSEWHERE" else DocumentRefused
        raise refusal(
            file=finding.file, line=finding.line, column=finding.column, zh_finding=finding.zh, en_finding=finding.en, field="source"
        )
