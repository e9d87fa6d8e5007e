"""What a run counted, as a table: printed, and on request written into its part of the page of proofs."""

import re
from collections.abc import Sequence
from pathlib import Path

__all__ = ["table_of", "write_proof"]


def table_of(heading: str, rows: Sequence[tuple[str, int | str]]) -> str:
    """Return *rows* as a table in Markdown under *heading*."""
    lines = [f"**{heading}**", "", "| counted | |", "|---|--:|"]
    return "\n".join([*lines, *(f"| {what} | {number} |" for what, number in rows), ""])


def write_proof(page: Path, table: str, part: str = "proof") -> None:
    """Put *table* between `<!-- part -->` and `<!-- end of part -->` of *page*."""
    made = re.compile(rf"(<!-- {part} -->\n).*?(<!-- end of {part} -->)", re.DOTALL)
    before = page.read_text(encoding="utf-8")
    assert made.search(before), f"{page} has no place for {part}"
    page.write_text(made.sub(lambda found: f"{found[1]}{table}{found[2]}", before), encoding="utf-8")
