"""Collect the findings of one document: a code with its sentence in Chinese and English, a hint, a line and a column."""

from collections.abc import Iterable
from difflib import get_close_matches

from onecard.policy.catalogue import CATALOGUE
from onecard.policy.model import Finding
from onecard.policy.nodes import Spot

__all__ = ["FINDINGS_MAX", "SILENT", "Desk", "Refused", "nearest"]

FINDINGS_MAX = 100  # A document with more mistakes than this is told about the first hundred.
SILENT = ""  # The entry of a refusal that only follows from an earlier finding.
_SHOWN_MAX = 60  # Characters of a quoted name or value in a message.


class Refused(Exception):
    """An expression or value is refused: which entry of the catalogue, where, and the words for it."""

    def __init__(self, entry: str, spot: Spot, **words: object) -> None:
        super().__init__(entry)
        self.entry, self.spot, self.words = entry, spot, words


class Desk:
    """Where all findings of one file are handed in."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self._seen: set[tuple[str, Spot]] = set()

    def add(self, entry: str, spot: Spot, **words: object) -> None:
        """Record *entry* of the catalogue (`CODE` or `CODE.variant`) at *spot*; the same at one spot counts once."""
        if (entry, spot) in self._seen or len(self._seen) >= FINDINGS_MAX:
            return
        self._seen.add((entry, spot))
        zh, en, hint = CATALOGUE[entry]
        shown = {name: _shown(word) for name, word in words.items()}
        code = entry.partition(".")[0]
        finding = Finding(
            file=self.file,
            line=spot.line,
            column=spot.column,
            code=code,
            zh=zh.format_map(shown),
            en=en.format_map(shown),
            hint=hint.format_map(shown),
            note=code == "ELSEWHERE",
        )
        self.findings.append(finding)

    def take(self, refused: Refused) -> None:
        """Record what was refused, but for what only follows from an earlier finding."""
        if refused.entry != SILENT:
            self.add(refused.entry, refused.spot, **refused.words)

    @property
    def good(self) -> bool:
        """Whether nothing but notes was found so far."""
        return all(finding.note for finding in self.findings)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that looks most like *name*, else the first few of them."""
    names = sorted(set(known))
    close = get_close_matches(name.lower()[:_SHOWN_MAX], names, n=1, cutoff=0.5)
    return close[0] if close else " ".join(names[:12]) + (" …" if len(names) > 12 else "")


def _shown(word: object) -> str:
    text = str(word)
    text = text if len(text) <= _SHOWN_MAX * 4 else text[: _SHOWN_MAX * 4] + "…"
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
