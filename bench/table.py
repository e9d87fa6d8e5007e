"""The performance table: as JSON, as text for a terminal, as Markdown for the reference. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from bench.rounds import Row

__all__ = ["as_document", "as_markdown", "as_text"]

_HEADINGS: Final = ("row", "value", "unit", "beside", "its value", "ratio", "smallest to largest", "rounds")


def as_document(machine: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """Return what `onecard bench --json` prints."""
    return {"machine": dict(machine), "rows": [{key: _rounded(value) for key, value in asdict(row).items()} for row in rows]}


def as_text(rows: Sequence[Row]) -> str:
    """Return the table in columns."""
    cells = [_HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(_HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells)


def as_markdown(machine: Mapping[str, Any], rows: Sequence[Row], *, day: str, command: str) -> str:
    """Return the table under a sentence that tells the day, the *command* and the machine."""
    told = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in machine.items())
    lines = [
        f"Measured on {day} by `{command}`, {max(row.rounds for row in rows)} rounds. Machine: {told}.",
        "",
        "| " + " | ".join(_HEADINGS) + " |",
        "|---|--:|---|---|--:|--:|---|--:|",
        *("| `{}` | {} | {} | `{}` | {} | **{}** | {} | {} |".format(*_cells(row)) for row in rows),
    ]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    spread = f"{_shown(row.ratio_min)} – {_shown(row.ratio_max)}"
    return row.name, _shown(row.value), row.unit, row.peer, _shown(row.peer_value), _shown(row.ratio), spread, str(row.rounds)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _rounded(value: Any) -> Any:
    """Four significant digits are more than any of these figures has."""
    return float(f"{value:.4g}") if isinstance(value, float) else value
