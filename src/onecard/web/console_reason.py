"""Why something is done, as the desk's forms ask it: one line that is kept for ever, so it names nobody by number. Pure."""

from collections.abc import Mapping
from typing import Final

from onecard.values.masked import holds_number
from onecard.web.words import Catalogue

__all__ = ["REASON_MAX", "reason_wrong"]

REASON_MAX: Final = 200


def reason_wrong(told: Mapping[str, str], t: Catalogue) -> list[tuple[str, str]]:
    """Return what is wrong with the field `reason`, as a form tells it; nothing where it is right."""
    reason = told["reason"]
    if not reason:
        return [("reason", t("console.desk.reason_missing"))]
    if len(reason) > REASON_MAX or not reason.isprintable() or holds_number(reason):
        return [("reason", t("console.desk.reason_long"))]
    return []
