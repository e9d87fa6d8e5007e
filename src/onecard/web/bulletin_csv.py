"""The bulletin's table as CSV that a spreadsheet opens rightly and runs nothing from (SURFACES §6). Pure."""

import csv
import io

from onecard.reports.model import Bulletin
from onecard.reports.table import table
from onecard.web.words import catalogue

__all__ = ["bulletin_csv", "cell"]

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def bulletin_csv(bulletin: Bulletin, lang: str) -> str:
    """Return key, label, value and definition of every figure; UTF-8 with BOM when encoded, values as plain numbers."""
    words = catalogue(lang)
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(["key", words("bulletin.figure"), words("bulletin.value"), words("bulletin.definition")])
    for row in table(bulletin, lang):
        value = bulletin.value(row.key)
        plain = value if isinstance(value, int | float) and not isinstance(value, bool) else row.value if value is not None else ""
        writer.writerow([row.key, cell(row.label), cell(str(plain)), cell(row.definition)])
    return file.getvalue()


def cell(text: str) -> str:
    """Return a text cell so that no spreadsheet takes it for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text
