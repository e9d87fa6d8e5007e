"""A document as if it had begun earlier: what it says from its first day on, it says from another day on. Pure."""

from dataclasses import replace
from datetime import date

from onecard.policy.document import Document
from onecard.policy.figure import Figure

__all__ = ["begun_by"]


def begun_by(document: Document, day: date, felt: date | None = None) -> Document:
    """Return *document* in force by *day*, as a simulation asks it about days before its own.

    The figures that hold on its first day hold before it too, or those of the later day *felt*, where what it brings begins then;
    one that has begun by *day* stays as it is.
    """
    first = max(document.heading.from_day, felt or document.heading.from_day)
    if first <= day:
        return document
    figures = {name: _begun(figure, first.toordinal(), day.toordinal()) for name, figure in document.figures.items()}
    return replace(document, heading=replace(document.heading, from_day=day), figures=figures)


def _begun(figure: Figure, first: int, day: int) -> Figure:
    held = max(place for place, (begin, _) in enumerate(figure.rows) if begin <= first)
    return replace(figure, rows=((day, figure.rows[held][1]), *figure.rows[held + 1 :]))
