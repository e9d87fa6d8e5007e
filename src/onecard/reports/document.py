"""The bulletin as the document of `onecard bulletin --json` (SURFACES §5). Pure."""

from typing import Any

from onecard.reports.model import Bulletin

__all__ = ["bulletin_document"]


def bulletin_document(bulletin: Bulletin) -> dict[str, Any]:
    """Return the bulletin's keys as SURFACES §5 fixes them, with every figure's definition and the pass by month."""
    document: dict[str, Any] = {"as_of": bulletin.as_of.isoformat(), "scale": bulletin.scale, "synthetic": bulletin.synthetic}
    for key, figure in bulletin.figures.items():
        _put(document, key.split("."), figure.value)
    document["definitions"] = {key: {"zh": f.definition.zh, "en": f.definition.en} for key, f in bulletin.figures.items()}
    document["elder_pass_by_month"] = [{"month": f"{row.month:%Y-%m}", **row.uses} for row in bulletin.months]
    document["elder_pass_saved"] = bulletin.pass_saved_fen
    return document


def _put(document: dict[str, Any], path: list[str], value: object) -> None:
    """Put *value* into nested objects along *path*, making those that are not there yet."""
    *outer, last = path
    for name in outer:
        document = document.setdefault(name, {})
    document[last] = value
