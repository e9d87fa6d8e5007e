"""What terminals and killer count, and every answer that was acknowledged."""

import time
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Tally", "content_of"]


def content_of(answer: dict[str, Any]) -> tuple[Any, ...]:
    """Return what must be the same however often one use is answered, and what its record must say."""
    payers = tuple((payer["fund"], payer["amount"]) for payer in answer["payers"])
    return answer["outcome"], answer["reason"], answer["list_price"], answer["paid"], payers, answer["programme"], answer["version"]


@dataclass(slots=True)
class Tally:
    """Counts of one run; `answers` and `reversed` hold what the reckoning looks for in the store."""

    answers: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # By use: its first answer.
    reversed: set[str] = field(default_factory=set)
    conflicts: set[str] = field(default_factory=set)  # Uses under whose key other content was refused.
    mistakes: list[str] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    starts_failed: int = 0
    sent: int = 0
    resent: int = 0
    duplicates: int = 0
    hung_up: int = 0
    busy: int = 0
    silence_seconds_max: float = 0.0
    _heard_at: float = field(default_factory=time.monotonic)

    def acknowledge(self, answer: dict[str, Any]) -> None:
        """Keep an answer, or hold it against the first one to the same use."""
        use, content = answer["use"], content_of(answer)
        known = self.answers.setdefault(use, content)
        if known != content:
            self.mistakes.append(f"{use} was answered {known}, and then {content}")
        self.duplicates += answer["duplicate"]
        now = time.monotonic()
        self.silence_seconds_max = max(self.silence_seconds_max, now - self._heard_at)
        self._heard_at = now

    def rows(self) -> list[tuple[str, int | str]]:
        """Return what is printed, in order."""
        return [
            *((f"kill -9 of {victim}", times) for victim, times in sorted(self.kills.items())),
            ("starts cut short by a kill", self.starts_failed),
            ("taps acknowledged", len(self.answers)),
            ("requests sent", self.sent),
            ("of them sent again", self.resent),
            ("answered busy (503)", self.busy),
            ("left before the answer", self.hung_up),
            ("duplicates answered", self.duplicates),
            ("reversals acknowledged", len(self.reversed)),
            ("other content under a taken key, refused", len(self.conflicts)),
            ("longest silence, seconds", f"{self.silence_seconds_max:.1f}"),
        ]
