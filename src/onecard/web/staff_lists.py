"""Lists of `/v1` as files: the rows that a list tells, under the same names. Pure but for the making of the file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from starlette.responses import Response

from onecard.staff.model import Acting, Request
from onecard.values.days import civil
from onecard.web.console_export import CellValue, Export, Form, export_response

__all__ = ["Format", "approvals_file", "residents_file"]

Format = Annotated[Literal["json", "csv", "xlsx"], Query(description="csv and xlsx hold the whole list, without pages.")]

_RESIDENT: Final = ("resident", "region", "name", "number", "phone")
_APPROVAL: Final = (
    "approval", "kind", "object", "digest", "state", "region", "scene", "programme", "reason", "prepared_at", "prepared_by", "prepared_as",
    "decided_at", "decided_by", "decided_as", "decision_reason",
)  # fmt: skip


async def residents_file(form: Form, rows: Sequence[dict[str, Any]], acting: Acting, now: datetime, region: str) -> Response:
    """Return residents, masked, as a file."""
    cells = [[row[name] for name in _RESIDENT] for row in rows]
    return await export_response(_export("residents", _RESIDENT, cells, acting, now, {"region": region}), form)


async def approvals_file(form: Form, rows: Sequence[Request], acting: Acting, now: datetime, state: str, kind: str) -> Response:
    """Return what waits for a second person, or was decided, as a file."""
    export = _export("approvals", _APPROVAL, list(map(_approval, rows)), acting, now, {"state": state, "kind": kind})
    return await export_response(export, form)


def _approval(row: Request) -> list[CellValue]:
    made = row.decision
    decided: list[CellValue] = [None] * 4 if made is None else [made.at, made.by, made.as_person, made.reason]
    return [
        str(row.approval), row.kind, row.object, row.digest.hex(), row.state, row.region, row.scene, row.programme, row.reason, row.at,
        row.by, row.as_person, *decided,
    ]  # fmt: skip


def _export(
    name: str, labels: Sequence[str], rows: Sequence[Sequence[CellValue]], acting: Acting, now: datetime, told: dict[str, str]
) -> Export:
    """Return the file's content; who took it out, when, and by which filter stand beside, as for the console's files."""
    about = [("account", acting.account), ("at", f"{civil(now):%Y-%m-%d %H:%M:%S}"), *told.items()]
    return Export(name=f"{name}-{acting.account}-{civil(now):%Y%m%d-%H%M}", sheet=name, labels=labels, rows=rows, about=about)
