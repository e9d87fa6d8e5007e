"""Keep a run in the reference: tables stand in `docs/reference/performance.md` between two marks, one for each run."""

import re
from pathlib import Path
from typing import Final

__all__ = ["PAGE", "keep", "with_table"]

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance.md"

_BETWEEN: Final = re.compile(r"(<!-- bench -->\n)(.*?)(<!-- end of bench -->)", re.DOTALL)
_RUN: Final = re.compile(r"^(?=Measured on )", re.MULTILINE)
_ROW: Final = re.compile(r"^\| `([^`]+)`.*\n", re.MULTILINE)


def keep(table: str, page: Path = PAGE) -> None:
    """Put *table* on the page."""
    page.write_text(with_table(page.read_text(encoding="utf-8"), table), encoding="utf-8")


def with_table(text: str, table: str) -> str:
    """Return the *text* of the page with *table* before those of earlier runs, which lose what it measures anew.

    A run of one question leaves the rows of the others as they are, under the day and the machine of their own run.
    """
    anew = set(_ROW.findall(f"{table}\n"))

    def joined(match: re.Match[str]) -> str:
        earlier = [_without(run, anew) for run in _RUN.split(match[2]) if run.startswith("Measured on ")]
        return match[1] + "\n\n".join(run.strip() for run in (table, *earlier) if _ROW.search(f"{run}\n")) + "\n" + match[3]

    text, found = _BETWEEN.subn(joined, text)
    assert found == 1, "the page has lost its marks"
    return text


def _without(run: str, names: set[str]) -> str:
    return _ROW.sub(lambda row: "" if row[1] in names else row[0], run)
