"""What a run counted, as a table: printed, and on request written into the page of proofs."""

import re
from collections.abc import Sequence
from pathlib import Path

__all__ = ["table_of", "write_proof"]

_MADE = re.compile(r"(<!-- proof -->\n).*?(<!-- end of proof -->)", re.DOTALL)


def table_of(heading: str, rows: Sequence[tuple[str, int | str]]) -> str:
    """Return *rows* as a table in Markdown under *heading*."""
    lines = [f"**{heading}**", "", "| counted | |", "|---|--:|"]
    return "\n".join([*lines, *(f"| {what} | {number} |" for what, number in rows), ""])


def write_proof(page: Path, table: str) -> None:
    """Put *table* in the made part of *page*."""
    before = page.read_text(encoding="utf-8")
    assert _MADE.search(before), f"{page} has no place for a proof"
    page.write_text(_MADE.sub(lambda found: f"{found[1]}{table}{found[2]}", before), encoding="utf-8")
