"""The bulletin's table: every figure with its label, its value and what it counts, in one language. Pure."""

from dataclasses import dataclass

from onecard.reports.model import Bulletin
from onecard.reports.words import value_text

__all__ = ["Row", "table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of the table in one language."""

    key: str
    label: str
    value: str
    definition: str


def table(bulletin: Bulletin, lang: str) -> tuple[Row, ...]:
    """Return every figure with its label, value and definition in *lang* ('zh' or 'en')."""
    return tuple(
        Row(
            key=key,
            label=figure.kpi.label.to(lang),
            value=value_text(key, figure.value, bulletin.city, lang),
            definition=figure.kpi.says.to(lang),
        )
        for key, figure in bulletin.figures.items()
    )
