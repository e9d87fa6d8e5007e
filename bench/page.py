"""Keep a run in the reference: its table stands in `docs/reference/performance.md` between two marks."""

import re
from pathlib import Path
from typing import Final

__all__ = ["PAGE", "keep", "with_table"]

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance.md"

_BETWEEN: Final = re.compile(r"(<!-- bench -->\n).*?(<!-- end of bench -->)", re.DOTALL)


def keep(table: str, page: Path = PAGE) -> None:
    """Put *table* in the place of the last one."""
    page.write_text(with_table(page.read_text(encoding="utf-8"), table), encoding="utf-8")


def with_table(text: str, table: str) -> str:
    """Return the *text* of the page with *table* between its marks."""
    text, found = _BETWEEN.subn(lambda match: f"{match[1]}{table}\n{match[2]}", text)
    assert found == 1, "the page has lost its marks"
    return text
