"""A list as a file: CSV that a spreadsheet opens rightly and runs nothing from, and a workbook whose texts are texts (SURFACES §6)."""

import asyncio
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from starlette.responses import Response
from xlsxwriter import Workbook

from onecard.values.days import civil
from onecard.web.rendering import PAGE_HEADERS

__all__ = ["CellValue", "Export", "Form", "export_response", "guarded"]

Form = Literal["csv", "xlsx"]
CellValue = str | int | float | datetime | None
"""A float is an amount in yuan, shown with two decimals; an instant is shown by the city's clock."""

_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
_WIDTH_MAX: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a file holds: rows of plain values under their labels, and beside them who took it out, when, and by which filter."""

    name: str  # Of the file, without its ending.
    sheet: str  # What the rows are.
    labels: Sequence[str]
    rows: Sequence[Sequence[CellValue]]
    about: Sequence[tuple[str, str]]


async def export_response(export: Export, form: Form) -> Response:
    """Return *export* as a file to keep; made beside the loop, for others wait."""
    content = await asyncio.to_thread(_csv if form == "csv" else _xlsx, export)
    told = {**PAGE_HEADERS, "Content-Disposition": f'attachment; filename="{export.name}.{form}"'}
    return Response(content, headers=told, media_type=_MEDIA[form])


def guarded(text: str) -> str:
    """Return a text cell so that no spreadsheet takes it for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def _csv(export: Export) -> bytes:
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(guarded, export.labels))
    writer.writerows([_plain(value) for value in row] for row in export.rows)
    return file.getvalue().encode("utf-8", "replace")


def _plain(value: CellValue) -> str | int:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, datetime):
        return f"{civil(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.2f}"
    return "" if value is None else value


def _xlsx(export: Export) -> bytes:
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(export.sheet[:31])
        bold, when, money = map(book.add_format, ({"bold": True}, {"num_format": "yyyy-mm-dd hh:mm:ss"}, {"num_format": "#,##0.00"}))
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(_widths(export)):
            sheet.set_column(column, column, width)
        for column, label in enumerate(export.labels):
            sheet.write_string(0, column, label, bold)
        for at, row in enumerate(export.rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, column, value)  # Never guessed at: a text stays one.
                elif isinstance(value, datetime):
                    sheet.write_datetime(at, column, civil(value).replace(tzinfo=None), when)
                elif value is not None:
                    sheet.write_number(at, column, value, money if isinstance(value, float) else None)
        about = book.add_worksheet("about")
        about.set_column(0, 1, 28)
        for at, (label, text) in enumerate(export.about):
            about.write_string(at, 0, label, bold)
            about.write_string(at, 1, text)
    return file.getvalue()


def _widths(export: Export) -> Iterable[int]:
    """Return how wide each column should be, by its first rows; a Chinese character takes two places."""
    for column, label in enumerate(export.labels):
        texts = [label, *(str(_plain(row[column])) for row in export.rows[:100])]
        yield min(_WIDTH_MAX, 2 + max(sum(2 if ord(character) > 0x2E7F else 1 for character in text) for text in texts))
