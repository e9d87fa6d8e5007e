"""A draft before it is released: checked together with everything that is in force, numbered, and held to its simulation."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from onecard.decision.cases import run_cases
from onecard.policy.check import check
from onecard.policy.model import CityLists, Finding, Programme, Source
from onecard.releases import store
from onecard.releases.errors import AlreadyReleased, CasesFail, KindNotYet, NamesUnknown, SimulationForeign, SimulationUnreadable
from onecard.releases.model import Draft, Simulation
from onecard.releases.service import DocumentRefused

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["DOCUMENT_BYTES_MAX", "SIMULATION_BYTES_MAX", "read_draft", "read_simulation"]

DOCUMENT_BYTES_MAX: Final = 64 * 1024  # POLICY §9: YAML_SIZE.
SIMULATION_BYTES_MAX: Final = 4 * 1024 * 1024

_WORD_MAX: Final = 64
_FIGURES: Final = ("against", "source", "from", "until", "examined", "gain", "lose", "same", "old", "new")


async def read_draft(connection: "Connection", source: Source, lists: CityLists) -> Draft:
    """Return *source* as the next version of its programme, checked as servers will read it: with every released version.

    Raises `DocumentRefused` with the first finding that is no note, `NamesUnknown`, `KindNotYet`, `AlreadyReleased`, `CasesFail`.
    """
    rows = await store.all_documents(connection)
    released = [Source(file=f"{row['programme']}@{row['version']}.yaml", content=row["source"].encode()) for row in rows]
    numbers = {each.file: row["version"] for each, row in zip(released, rows, strict=True)}
    draft = Source(file=_named(source.file), content=source.content)
    checked = check([*released, draft], lists, versions={**numbers, draft.file: 1})
    _refuse([finding for finding in checked.findings if not finding.note or (finding.code == "ELSEWHERE" and finding.file == draft.file)])
    digest = hashlib.sha256(source.content).hexdigest()
    programme = next((each for each in checked.programmes if each.digest == digest), None)
    if programme is None:
        raise KindNotYet(file=draft.file)
    own = [row for row in rows if row["programme"] == programme.name]
    for row in own:
        if row["digest"] == digest:
            raise AlreadyReleased(programme=programme.name, version=row["version"])
    _refuse_failing(programme, checked.programmes, lists)
    version = max((row["version"] for row in own), default=0) + 1
    return Draft(programme=programme, version=version, file=draft.file, source=source.content.decode())


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
