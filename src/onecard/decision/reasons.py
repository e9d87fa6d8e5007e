"""Every reason with its words, from `reasons.yaml`: the one source for terminals, pages, files and documents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pkgutil import get_data
from typing import Final

import yaml

__all__ = ["OF_TERMINALS", "Reason", "Reasons", "is_of_credentials", "load_reasons"]


OF_TERMINALS: Final = frozenset({"TERMINAL_UNBOUND", "TERMINAL_NOT_SIGNED", "MERCHANT_SUSPENDED"})
"""Said of the terminal or its site, whoever stands there."""

_OF_CREDENTIALS: Final = ("CARD_", "CODE_", "PIN_", "HOTLIST_")


def is_of_credentials(code: str) -> bool:
    """Tell whether a reason is said of what was shown, before any document is asked."""
    return code.startswith(_OF_CREDENTIALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason in the words a person reads and hears."""

    code: str
    zh: str  # At most 8 characters.
    en: str  # At most 3 words.
    next_zh: str  # What to do now.
    next_en: str
    voice: str  # The clip that speaks it.
    public: bool  # May be shown and spoken where others stand by.
    full_zh: str = ""  # The word where only the reduction is withheld.
    full_en: str = ""


class Reasons(Mapping[str, Reason]):
    """All reasons by code, in their order of precedence."""

    def __init__(self, reasons: list[Reason]) -> None:
        self._reasons = {reason.code: reason for reason in reasons}
        assert len(self._reasons) == len(reasons), "a reason stands twice"

    def __getitem__(self, code: str) -> Reason:
        return self._reasons[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._reasons)

    def __len__(self) -> int:
        return len(self._reasons)

    def say(self, outcome: str, code: str) -> tuple[str, str]:
        """Return the word a terminal says (zh, en): the full-price word where only a reduction is withheld."""
        reason = self._reasons[code]
        if outcome == "accepted" and reason.full_zh:
            return reason.full_zh, reason.full_en
        return reason.zh, reason.en


@cache
def load_reasons() -> Reasons:
    """Return the reasons that ship with the program."""
    content = get_data(__package__, "reasons.yaml")
    assert content is not None
    return Reasons([Reason(**row) for row in yaml.load(content, Loader=yaml.CSafeLoader)])
